#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The shell in docs/ci.md, run as a CI would: gh and curl are stood in for.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
docs=$(cd "$(dirname "$0")/../../docs" && pwd)/ci.md

# block LANGUAGE [N]: the Nth block of the language in the document
block()
{
	awk -v start="\`\`\`$1" -v want="${2:-1}" '
		$0 == "```" { inside = 0 }
		inside && n == want
		$0 == start { inside = 1; n++ }' "$docs"
}

# step FILE HEAD [N]: the lines of the Nth block behind "run: |" or "- |" that stand deeper
step()
{
	awk -v head="$2" -v want="${3:-1}" '
		{ match($0, /^ */); depth = RLENGTH }
		inside && $0 != "" && depth <= at { inside = 0 }
		inside && n == want { print substr($0, at + 3) }
		substr($0, depth + 1) == head { inside = 1; at = depth; n++ }' "$1"
}

mkdir "$tmp/repo" "$tmp/bin"
cd "$tmp/repo"
mkdir ci
block sh > ci/btf-size.sh
block text > ci/btf-budgets
block yaml 1 > "$tmp/github.yml"
block yaml 2 > "$tmp/gitlab.yml"
step "$tmp/github.yml" 'run: |' 1 > "$tmp/github.baseline"
step "$tmp/github.yml" 'run: |' 2 > "$tmp/github.measure"
step "$tmp/github.yml" 'run: |' 3 > "$tmp/github.comment"
step "$tmp/gitlab.yml" '- |' 1 > "$tmp/gitlab.baseline"
step "$tmp/gitlab.yml" '- |' 2 > "$tmp/gitlab.measure"
step "$tmp/gitlab.yml" '- |' 3 > "$tmp/gitlab.comment"
for ci in github gitlab; do
	expect_equal "the step that measures" "sh ci/btf-size.sh vmlinux staging" \
		"$(< "$tmp/$ci.measure")"
done
ln -s "$(realpath "$BTFBATCH")" "$tmp/bin/btfbatch"
PATH=$tmp/bin:$PATH

# The baseline is what $tmp/store has; comments go to $tmp/comments.
cat > "$tmp/bin/gh" <<'SH'
#!/bin/bash
set -eu
case "$1 $2" in
"run list")
	[[ " $* " == *" --branch main "* ]]
	[[ ! -f $tmp/store ]] || echo 42
	;;
"run download")
	[[ $3 == 42 && $4 == --name && $5 == btf-baseline && $6 == --dir ]]
	mkdir -p "$7"
	cp "$tmp/store" "$7/report.json"
	;;
"pr comment")
	[[ $3 == 7 && $6 == --body-file ]]
	cat "$7" >> "$tmp/comments"
	;;
*)
	exit 1
	;;
esac
SH
cat > "$tmp/bin/curl" <<'SH'
#!/bin/bash
set -eu
url=${!#}
[[ " $* " == *" PRIVATE-TOKEN: secret "* ]]
case "$url" in
https://gitlab.test/api/v4/projects/5/jobs/artifacts/main/raw/btf/report.json\?job=btf-size)
	while [[ $1 != --output ]]; do shift; done
	echo partial > "$2"
	cp "$tmp/store" "$2" 2> /dev/null
	;;
https://gitlab.test/api/v4/projects/5/merge_requests/7/notes)
	while [[ $1 != --data-urlencode ]]; do shift; done
	[[ $2 == body@* ]]
	cat "${2#body@}" >> "$tmp/comments"
	;;
*)
	exit 1
	;;
esac
SH
chmod +x "$tmp/bin/gh" "$tmp/bin/curl"
export tmp GITHUB_BASE_REF=main GITHUB_STEP_SUMMARY=$tmp/summary PR=7
export CI_MERGE_REQUEST_IID=7 CI_PROJECT_ID=5 CI_DEFAULT_BRANCH=main BTF_TOKEN=secret
export CI_API_V4_URL=https://gitlab.test/api/v4

# As GitHub calls it; the status of the step that counts goes to $status.
pipeline() # CI
{
	rm -rf baseline btf "$tmp/comments" "$tmp/summary"
	bash -eo pipefail "$tmp/$1.baseline" || fail "$1: no baseline step"
	status=0
	bash -eo pipefail "$tmp/$1.measure" > "$tmp/stdout" 2> "$tmp/stderr" || status=$?
	bash -eo pipefail "$tmp/$1.comment" || fail "$1: no comment step"
}

stage() # SUBTREE
{
	rm -rf staging
	mkdir -p staging/lib/modules
	cp -r "$tree/$1" staging/lib/modules/6.1.0
}

cp "$tree/vmlinux" vmlinux
for ci in github gitlab; do
	# The main branch: nothing to compare with.
	rm -f "$tmp/store"
	stage xz
	pipeline $ci
	expect_status 0
	[[ ! -e $tmp/comments && ! -e baseline/report.json ]] || fail "$ci: a comment on nothing"
	cp btf/report.json "$tmp/store"

	# The same again.
	pipeline $ci
	expect_status 0
	expect_equal "$ci: the comment" "as before" "$(sed -n '1s/.*, //p' "$tmp/comments")"

	# A module that grows beyond its budget.
	cp "$tree/xz/kernel/net/mod9.ko.xz" staging/lib/modules/6.1.0/kernel/fs/alpha/mod4.ko.xz
	pipeline $ci
	expect_status 3
	grep -q '^btfbatch: lib/modules/6.1.0/kernel/fs/alpha/mod4.ko.xz: over budget: .*btf-budgets:5 +5%' \
		"$tmp/stderr" || fail "$ci: $(< "$tmp/stderr")"
	grep -qF '**Over budget:**' "$tmp/comments" || fail "$ci: $(< "$tmp/comments")"

	# One that is an exception.
	mv ci/btf-budgets ci/strict
	sed 's/^total .*/total none/; s/^dummy\.ko /mod4.ko /' ci/strict > ci/btf-budgets
	pipeline $ci
	expect_status 0
	mv ci/strict ci/btf-budgets

	# A module that fails: the others are compared.
	echo bad > staging/lib/modules/6.1.0/kernel/fs/alpha/mod4.ko.xz
	pipeline $ci
	expect_status 1
	grep -qF '**1 failed**' "$tmp/comments" || fail "$ci: $(< "$tmp/comments")"

	# No base: nothing is done, and nothing said.
	mv vmlinux away
	pipeline $ci
	expect_status 2
	[[ ! -e $tmp/comments ]] || fail "$ci: a comment on nothing"
	mv away vmlinux
done

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# kernel_tree.sh VMLINUZ MODULES: btfbatch over a distribution's own modules, with
# its vmlinuz as the base. $BTFBATCH and $BTFJUDGE are the programs.
set -euo pipefail
. "$(dirname "$0")/../scripts/lib.sh"
vmlinuz=$1 modules=$2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

fail() {
	echo "kernel_tree.sh: $*" >&2
	exit 1
}

extract_btf "$vmlinuz" "$tmp/base.btf" || fail "no BTF found in $vmlinuz"

for jobs in 1 2; do
	"$BTFBATCH" --base "$vmlinuz" -j $jobs -q -o "$tmp/out$jobs" --json "$tmp/$jobs.json" "$modules" ||
		fail "-j$jobs: status $?"
done
cmp "$tmp/1.json" "$tmp/2.json" || fail "the reports of -j1 and -j2 differ"
diff -r "$tmp/out1" "$tmp/out2" || fail "the blobs of -j1 and -j2 differ"

files=$(find "$modules" -name '*.ko*' -type f | wc -l)
ok=$(jq .totals.ok "$tmp/1.json")
((ok == files && files > 500)) || fail "$ok of $files modules are ok"
grown=$(jq -r '.modules[] | select(.split_bytes > .input_bytes) | .path' "$tmp/1.json")
[[ ! $grown ]] || fail "larger than what the distribution ships: $grown"
[[ $(jq -r '[.modules[].input_form] | unique | .[]' "$tmp/1.json") == split ]] || fail "not split input"

"$BTFJUDGE" --base "$tmp/base.btf" "$modules" "$tmp/out1" || fail "the judge disagrees"

"$BTFBATCH" --base "$tmp/base.btf" -q -o "$tmp/again" "$tmp/out1" || fail "second run: status $?"
diff -r "$tmp/out1" "$tmp/again" || fail "a second run changes something"

for jobs in 1 2; do
	"$BTFBATCH" explain --base "$vmlinuz" -j $jobs -q --json "$tmp/why$jobs.json" --tree "$modules" ||
		fail "explain -j$jobs: status $?"
done
cmp "$tmp/why1.json" "$tmp/why2.json" || fail "the causes of -j1 and -j2 differ"
stay=$(jq .totals.stay.types "$tmp/why1.json")
[[ $stay == "$(jq .totals.split_types "$tmp/1.json")" ]] || fail "explain sees $stay types that stay"

"$BTFBATCH" check --base "$vmlinuz" -q "$modules" >"$tmp/check" || fail "the kernel is said to refuse its modules"
[[ ! -s $tmp/check ]] || fail "check complains of the modules"
"$BTFBATCH" check --base "$vmlinuz" --manifest "$tmp/1.json" -q "$tmp/out1" ||
	fail "the kernel is said to refuse what was made of its modules, or the manifest is not theirs"
# Over another kernel's, the one that runs here, they are of another base.
running=/sys/kernel/btf/vmlinux
if [[ -r $running ]] && ! cmp -s "$running" "$tmp/base.btf"; then
	"$BTFBATCH" check --base $running --json "$tmp/other.json" -q "$modules" >"$tmp/check" &&
		fail "modules are accepted over another base"
	[[ $(jq .totals.other_base "$tmp/other.json") == "$files" ]] ||
		fail "not all are told to be of another base"
fi

read=0
while read -r -d '' blob; do
	bpftool -B "$tmp/base.btf" btf dump file "$blob" >/dev/null || fail "bpftool cannot read $blob"
	read=$((read + 1))
done < <(find "$tmp/out1" -name '*.btf' -size -40k -print0 | sort -z | awk 'BEGIN { RS = ORS = "\0" } NR % 20 == 1')
((read > 20)) || fail "bpftool read $read blobs"

jq -r '.totals | "\(.ok) of \(.modules) modules ok, \(.input_bytes) bytes -> \(.split_bytes)"' "$tmp/1.json"
echo "1 passed, 0 failed"

# SPDX-License-Identifier: GPL-2.0-only
#
# What the scripts of this folder share; each begins with
#
#	set -euo pipefail
#	. "$(dirname "$0")/lib.sh"
#
# and then has: $tmp, a directory of its own; btfbatch in its PATH; block(), which takes the
# recipes out of docs/packaging.md; and the checks. $fixtures is what fixtures.sh made.
export LC_ALL=C
umask 022
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

: "${BTFBATCH:?names the program to test}" "${FIXTURES:?names what fixtures.sh made}"
fixtures=$FIXTURES
version=$(<"$fixtures/version")
tmp=$(mktemp -d "${TMPDIR:-/tmp}/btfbatch-packaging.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/bin"
ln -s "$(realpath "$BTFBATCH")" "$tmp/bin/btfbatch"
export PATH=$tmp/bin:$PATH

# Also out of a $(...): there, exit alone would end the subshell only.
fail() {
	printf '%s: line %s: %s\n' "${0##*/}" "${BASH_LINENO[-2]}" "$*" >&2
	kill -s TERM $$
	exit 1
}
trap 'exit 1' TERM

# block HEADING NUMBER: the NUMBERth block of code below the heading that begins so, as
# docs/packaging.md has it.
block() {
	awk -v heading="## $1" -v number="$2" '
		/^## / { here = index($0, heading) == 1; n = 0 }
		/^```/ {
			open = !open
			n += here && open
			next
		}
		open && here && n == number { print; found = 1 }
		END { exit !found }' "$here/../../docs/packaging.md" ||
		fail "no block $2 below \"$1\" in docs/packaging.md"
}

# logged COMMAND...: its output is shown only if it fails.
logged() {
	local status=0
	"$@" >"$tmp/log" 2>&1 || status=$?
	((status == 0)) || { cat "$tmp/log" >&2; fail "$1: status $status"; }
}

# section FILE NAME: its bytes. A copy to nowhere: without the second file objcopy would
# rewrite the first.
section() {
	objcopy --dump-section "$2=$tmp/section.$BASHPID" "$1" /dev/null || fail "$1 has no section $2"
	cat "$tmp/section.$BASHPID"
	rm -f "$tmp/section.$BASHPID"
}

has_section() { # FILE NAME
	readelf -SW "$1" | grep " \\$2 " >/dev/null
}

modules_in() { # DIR: the modules below it, relative to it
	(cd "$1" && find . -name '*.ko' -printf '%P\n' | sort)
}

is_signed() { # FILE
	[[ $(tail -c 28 "$1" | tr -d '\0') == '~Module signature appended~' ]]
}

# expect_modules BEFORE AFTER BLOBS: AFTER has the modules of BEFORE, each with the blob of
# BLOBS; modinfo, but for a signature, tells the same of both; no debug info is left.
expect_modules() {
	local module
	diff <(modules_in "$1") <(modules_in "$2") >"$tmp/diff" || fail "other modules: $(<"$tmp/diff")"
	[[ $(modules_in "$2") ]] || fail "no modules in $2"
	for module in $(modules_in "$2"); do
		section "$2/$module" .BTF | cmp - "$3/$module.btf" || fail "$module: another BTF"
		diff <(info "$1/$module") <(info "$2/$module") >"$tmp/diff" || fail "modinfo: $(<"$tmp/diff")"
		readelf -aW "$2/$module" >/dev/null 2>"$tmp/readelf"
		[[ ! -s $tmp/readelf ]] || fail "readelf about $module: $(<"$tmp/readelf")"
		! has_section "$2/$module" .debug_info || fail "$module was not stripped"
		[[ ${module##*/} != recipe_kfuncs.ko ]] || expect_kfuncs "$2/$module"
	done
}

info() { # FILE
	modinfo "$1" | sed -E '/^(filename|sig_id|signer|sig_key|sig_hashalgo|signature):/d; /^\t/d'
}

# expect_kfuncs FILE: the .BTF_ids of modules/kfuncs.c (a set of ids and flags: its count, 0, and
# pairs in the ids' order), by what another program says of the ids. KF_ACQUIRE is 1,
# KF_RET_NULL 4.
expect_kfuncs() {
	local expected name flags id
	bpftool -B "$fixtures/vmlinux.btf" btf dump file "$1" format raw >"$tmp/dump" || fail "bpftool: $1"
	expected=$(
		echo 3
		echo 0
		for name in recipe_write:0 recipe_acquire:5 recipe_count:0; do
			flags=${name#*:} name=${name%:*}
			id=$(sed -n "s/^\[\([0-9]*\)\] FUNC '$name' .*/\1/p" "$tmp/dump")
			[[ $id ]] || fail "no FUNC $name"
			echo "$id $flags"
		done | sort -n | tr ' ' '\n'
	)
	[[ $(section "$1" .BTF_ids | od -An -tu4 -w4 -v | tr -d ' ') == "$expected" ]] ||
		fail "$1: .BTF_ids: $(section "$1" .BTF_ids | od -An -tu4 -v), not" $expected
}

# signing_key DIR: DIR/signing_key.pem and .x509, as the kernel's build makes them.
signing_key() {
	mkdir -p "$1"
	logged openssl req -new -x509 -nodes -batch -subj '/CN=a test' -newkey rsa:2048 \
		-keyout "$1/signing_key.pem" -outform DER -out "$1/signing_key.x509"
}

# SPDX-License-Identifier: GPL-2.0-only
#
# What the scripts of this folder share; each begins with
#
#	set -euo pipefail
#	. "$(dirname "$0")/lib.sh"
#
# and then has: $tmp, a directory of its own, removed at the end; $tree, what
# make_tree.sh made (only to be read); run(), which runs btfbatch, and the checks.
# A check that fails ends the script: what was expected, what came instead.
#
# Environment: BTFBATCH, the program; BTFTREE, a ready tree (made anew without it).
export LC_ALL=C
umask 022
# Leaks are errors too, of another status than any of btfbatch's own.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}exitcode=97
export TSAN_OPTIONS=${TSAN_OPTIONS:+$TSAN_OPTIONS:}exitcode=97

: "${BTFBATCH:?names the program to test}"
tmp=$(mktemp -d "${TMPDIR:-/tmp}/btfbatch-cli.XXXXXX")
trap 'chmod -R u+rwx "$tmp" && rm -rf "$tmp"' EXIT

if [[ -z ${BTFTREE:-} ]]; then
	BTFTREE=$tmp/tree
	bash "$(dirname "${BASH_SOURCE[0]}")/make_tree.sh" "$BTFTREE"
fi
tree=$BTFTREE
base=$tree/vmlinux.btf

# Also out of a $(...): there, exit alone would end the subshell only.
fail()
{
	printf '%s: line %s: %s\n' "${0##*/}" "${BASH_LINENO[-2]}" "$*" >&2
	kill -s TERM $$
	exit 1
}
trap 'exit 1' TERM

# run ARGUMENT...: its streams go to $tmp/stdout and $tmp/stderr, its status to
# $status. $runner, when set, is a command to run it by.
runner=()
run()
{
	status=0
	"${runner[@]}" "$BTFBATCH" "$@" > "$tmp/stdout" 2> "$tmp/stderr" < /dev/null || status=$?
	if grep -q -e 'Sanitizer' -e 'runtime error:' "$tmp/stderr"; then
		fail "$(printf 'a sanitizer found:\n%s' "$(< "$tmp/stderr")")"
	fi
}

# expect_equal WHAT EXPECTED CAME
expect_equal()
{
	[[ $2 == "$3" ]] || fail "$(printf '%s: expected:\n%s\nbut came:\n%s' "$1" "$2" "$3")"
}

expect_status() # STATUS
{
	[[ $status == "$1" ]] ||
		fail "$(printf 'status: expected %s but came %s, with stderr:\n%s' \
			"$1" "$status" "$(< "$tmp/stderr")")"
}

expect_silent() # stdout|stderr
{
	[[ ! -s $tmp/$1 ]] || fail "$(printf '%s: expected nothing but came:\n%s' "$1" "$(< "$tmp/$1")")"
}

# expect_line stdout|stderr LINE: one of its lines is LINE
expect_line()
{
	grep -qxF -e "$2" "$tmp/$1" ||
		fail "$(printf '%s: expected the line\n%s\nbut came:\n%s' "$1" "$2" "$(< "$tmp/$1")")"
}

# expect_only_line stdout|stderr REGEX: it has one line, and REGEX matches all of that
expect_only_line()
{
	[[ $(wc -l < "$tmp/$1") == 1 ]] && grep -qxE -e "$2" "$tmp/$1" ||
		fail "$(printf '%s: expected one line\n%s\nbut came:\n%s' "$1" "$2" "$(< "$tmp/$1")")"
}

# expect_failure FILE REASON: the only line of stderr is that FILE failed, because
# of what the regular expression REASON matches; and that is the exit status.
expect_failure()
{
	expect_status 1
	expect_only_line stderr "btfbatch: $(quote "$1"): failed: $2"
}

quote() # TEXT: as a regular expression that matches it
{
	sed 's/[][\\.*^$+?(){}|]/\\&/g' <<< "$1"
}

expect_same() # FILE FILE
{
	cmp -s "$1" "$2" || fail "differ: $(cmp "$1" "$2" 2>&1 || true)"
}

expect_same_trees() # DIR DIR
{
	diff -r "$1" "$2" > "$tmp/diff" || fail "differ: $(head -n 20 "$tmp/diff")"
}

# All but directories in DIR, hidden ones too, sorted.
files_of() # DIR
{
	(cd "$1" && find . ! -type d -printf '%P\n' | sort)
}

expect_files() # DIR < LIST
{
	expect_equal "files in $1" "$(sort)" "$(files_of "$1")"
}

# json FILTER [FILE]: from the report, $tmp/json without FILE
json()
{
	jq -r "$1" "${2:-$tmp/json}" || fail "jq cannot do $1"
}

# btf_dump BASE|- FILE: as bpftool prints it, in its raw form
btf_dump()
{
	local -a with_base=()

	[[ $1 == - ]] || with_base=(-B "$1")
	bpftool "${with_base[@]}" btf dump file "$2" format raw ||
		fail "bpftool does not read $2"
}

# From here on run() is unprivileged, so that permissions count, until runner=(). What it needs is
# copied to $tmp, for want of permission to go to where it is.
be_nobody()
{
	[[ $(id -u) == 0 ]] || return 0
	if [[ $BTFBATCH != "$tmp/btfbatch" ]]; then
		chmod 755 "$tmp"
		install -m 755 "$BTFBATCH" "$tmp/btfbatch"
		install -m 644 "$base" "$tmp/base.btf"
		BTFBATCH=$tmp/btfbatch
		base=$tmp/base.btf
	fi
	runner=(setpriv --reuid=65534 --regid=65534 --clear-groups)
}

# -- Bytes and BTF written by hand, little-endian --

le32() # NUMBER...
{
	local n bytes

	for n; do
		printf -v bytes '\\x%02x\\x%02x\\x%02x\\x%02x' $((n & 255)) $((n >> 8 & 255)) \
			$((n >> 16 & 255)) $((n >> 24 & 255))
		printf "$bytes"
	done
}

# btf_header TYPE_LEN STR_LEN: the usual one of 24 bytes
btf_header()
{
	printf '\x9f\xeb\x01\x00'
	le32 24 0 "$1" "$1" "$2"
}

# btf_blob STRINGS WORD...: a blob of the type section's WORDs. STRINGS is for
# printf: '\0int\0' has int at offset 1.
btf_blob()
{
	local strings=$1

	shift
	btf_header $((4 * $#)) "$(printf "$strings" | wc -c)"
	le32 "$@"
	printf "$strings"
}

# The word behind a type's name: kind, vlen, kind_flag.
btf_info() # KIND [VLEN [FLAG]]
{
	echo $(((${3:-0} << 31) | ($1 << 24) | ${2:-0}))
}

# patch FILE OFFSET: writes stdin over it there
patch()
{
	dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# Where the section header of SECTION is in the 64-bit ELF file FILE.
section_header() # FILE SECTION
{
	local table number

	table=$(readelf -hW "$1" | sed -n 's/.*Start of section headers: *\([0-9]*\).*/\1/p')
	number=$(readelf -SW "$1" | sed -n "s/^ *\[ *\([0-9]*\)\] $2 .*/\1/p")
	echo $((table + 64 * number))
}

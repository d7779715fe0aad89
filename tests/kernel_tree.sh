#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# kernel_tree.sh VMLINUZ MODULES: btfbatch over a distribution's own modules, with
# its vmlinuz as the base. $BTFBATCH and $BTFJUDGE are the programs.
set -euo pipefail
vmlinuz=$1 modules=$2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

fail() {
	echo "kernel_tree.sh: $*" >&2
	exit 1
}

# The vmlinuz's BTF, taken out by other means than ours: as the kernel's own script
# does it, wherever a magic number stands, unpack what follows until that is ELF.
base=$tmp/vmlinux
: >"$base"
unpack_behind() {
	local magic=$1 offset
	shift
	while IFS=: read -r offset _; do
		tail -c +$((offset + 1)) "$vmlinuz" | "$@" >"$base" 2>/dev/null || true
		[[ $(head -c 4 "$base" | tail -c 3 | tr -d '\0') == ELF ]] && return 0
	done < <(LC_ALL=C grep -aobP "$magic" "$vmlinuz")
	return 1
}
unpack_behind '\x02\x21\x4c\x18' lz4 -dc || unpack_behind '\xfd7zXZ\x00' xz -dc ||
	unpack_behind '\x28\xb5\x2f\xfd' zstd -dc || unpack_behind '\x1f\x8b\x08' gzip -dc ||
	fail "no vmlinux found in $vmlinuz"
objcopy --dump-section .BTF="$tmp/base.btf" "$base" /dev/null
[[ -s $tmp/base.btf ]] || fail "no .BTF in the vmlinux of $vmlinuz"

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

read=0
while read -r -d '' blob; do
	bpftool -B "$tmp/base.btf" btf dump file "$blob" >/dev/null || fail "bpftool cannot read $blob"
	read=$((read + 1))
done < <(find "$tmp/out1" -name '*.btf' -size -40k -print0 | sort -z | awk 'BEGIN { RS = ORS = "\0" } NR % 20 == 1')
((read > 20)) || fail "bpftool read $read blobs"

jq -r '.totals | "\(.ok) of \(.modules) modules ok, \(.input_bytes) bytes -> \(.split_bytes)"' "$tmp/1.json"
echo "1 passed, 0 failed"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A base that cannot be used: one line that says why, status 2, nothing written;
# not even the output's directory or a report.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

expect_no_base() # BASE REASON
{
	rm -rf "$tmp/out"
	run -B "$1" -o "$tmp/out" --json "$tmp/json" --csv "$tmp/csv" "$tree/standalone"
	expect_status 2
	expect_silent stdout
	expect_only_line stderr "btfbatch: $(quote "$1"): cannot be the base: $2"
	for file in out json csv; do
		[[ ! -e $tmp/$file ]] || fail "$file was made"
	done
}

cd "$tmp"
expect_no_base missing '.*No such file or directory'
expect_no_base . '.*directory'
touch empty
expect_no_base empty 'empty file'
echo 'some text' > text
expect_no_base text '.+'
mkfifo fifo
expect_no_base fifo 'not a regular file'
expect_no_base /dev/null 'not a regular file'

# ELF without .BTF, ELF that is cut, .BTF that is not whole.
objcopy --remove-section=.BTF "$tree/vmlinux" no-btf
expect_no_base no-btf 'no \.BTF section'
head -c 4096 "$tree/vmlinux" > cut
expect_no_base cut 'broken ELF file: .*truncated.*'
head -c 10 "$tree/vmlinux" > cut
expect_no_base cut 'broken ELF file: .*'
head -c 1500 "$base" > cut.btf
expect_no_base cut.btf 'broken BTF: .*'
head -c 23 "$base" > cut.btf
expect_no_base cut.btf 'not BTF: .*'

# Split BTF needs a base of its own.
run -q -B "$base" -o split "$tree/standalone/extra/mod3.ko"
expect_status 0
expect_no_base split/mod3.ko.btf 'split BTF, not a base: .*'
expect_no_base "$tree/split/extra/mod3.ko" 'split BTF, not a base: .*'

# Two blobs are no base either.
cat "$base" "$base" > archive
expect_no_base archive 'unsupported: an archive, .*'

for packed in 'xz' 'gzip' 'zstd -q'; do
	$packed < "$tree/vmlinux" > corrupt
	printf 'broken' | patch corrupt 2000
	expect_no_base corrupt '.+'
	$packed < "$tree/vmlinux" > whole
	head -c 2000 whole > corrupt
	expect_no_base corrupt '.*truncated'
	$packed < text > corrupt
	expect_no_base corrupt 'unpacks to neither ELF nor BTF'
done

# Without -B it is the running kernel's, which may be there or not.
run "$tree/standalone/extra/mod3.ko"
if [[ $status == 2 ]]; then
	expect_only_line stderr 'btfbatch: /sys/kernel/btf/vmlinux: cannot be the base: .*'
	expect_silent stdout
else
	grep -q '^base  */sys/kernel/btf/vmlinux: ' "$tmp/stdout" ||
		fail "the table names another base: $(< "$tmp/stdout")"
fi

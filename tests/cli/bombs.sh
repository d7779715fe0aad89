#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Small files that unpack to far more than a module can be: refused at the limit,
# with no more memory than that, and the others are done.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

mkdir "$tmp/in"
cp "$tree/standalone/extra/mod3.ko" "$tmp/in/good.ko"
run -q -B "$base" -o "$tmp/expected" "$tmp/in"

expect_bomb() # NAME REASON
{
	rm -rf "$tmp/out"
	run -q -B "$base" -o "$tmp/out" "$tmp/in"
	expect_failure "$1" "$2"
	expect_same_trees "$tmp/expected" "$tmp/out"
	rm "$tmp/in/$1"
}

# Zeros are seen to be no module before there are many of them: this is why the
# first two begin as a module does. What is packed in pieces can be made quickly.
zeros() # COMMAND...: 9 times 64 MiB, packed by it
{
	head -c 64M /dev/zero | "$@" > "$tmp/zeros"
	cat "$tmp"/zeros{,,,,,,,,}
}

limit='unpacks to more than the limit of [0-9]+ bytes'
(zstd -q < "$tree/standalone/extra/mod3.ko" && zeros zstd -q -1) > "$tmp/in/elf.ko.zst"
expect_bomb elf.ko.zst "$limit"
(gzip < "$base" && zeros gzip -1) > "$tmp/in/btf.ko.gz"
expect_bomb btf.ko.gz "$limit"
zeros xz -0 > "$tmp/in/zeros.ko.xz"
expect_bomb zeros.ko.xz 'unpacks to neither ELF nor BTF'

# A frame that claims to be larger than all memory.
printf '\x28\xb5\x2f\xfd\xe0\xff\xff\xff\xff\xff\xff\x00\x00\x00\x58\x00\x00' > "$tmp/in/claim.ko.zst"
expect_bomb claim.ko.zst '.+'

# Sparse files: of BTF, of a module, and of a module that says it all is .BTF.
cp "$base" "$tmp/in/sparse.btf"
truncate -s 4G "$tmp/in/sparse.btf"
expect_bomb sparse.btf 'larger than the limit of [0-9]+ bytes'
cp "$tree/standalone/extra/mod3.ko" "$tmp/in/sparse.ko"
read -r header < <(section_header "$tmp/in/sparse.ko" .BTF)
le32 0xfffffff0 0 | patch "$tmp/in/sparse.ko" $((header + 32))
truncate -s 8G "$tmp/in/sparse.ko"
expect_bomb sparse.ko '\.BTF section larger than the limit of [0-9]+ bytes'

# A module may be as large as it likes, as long as its .BTF is not.
cp "$tree/standalone/extra/mod3.ko" "$tmp/in/good.ko"
truncate -s 3G "$tmp/in/good.ko"
run -q -B "$base" -o "$tmp/out" "$tmp/in"
expect_status 0
expect_same_trees "$tmp/expected" "$tmp/out"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Modules that are truncated, that lie about where things are, or that hold BTF we
# cannot take: one line for each, and the others of the batch are done.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

ko=$tree/standalone/extra/mod3.ko
mkdir "$tmp/in"
cd "$tmp/in"
cp "$tree/standalone/extra/mod7.ko" good.ko
run -q -B "$base" -o "$tmp/expected" .

# expect_bad NAME REASON: the same packed, too
expect_bad()
{
	local packed

	rm -rf "$tmp/out"
	run -q -B "$base" -o "$tmp/out" .
	expect_failure "$1" "$2"
	expect_same_trees "$tmp/expected" "$tmp/out"
	for packed in 'gzip gz' 'xz xz' 'zstd zst'; do
		${packed% *} < "$1" > "$1.${packed#* }"
		rm -rf "$tmp/out"
		run -q -B "$base" -o "$tmp/out" good.ko "$1.${packed#* }"
		expect_failure "$1.${packed#* }" "$2"
		expect_same_trees "$tmp/expected" "$tmp/out"
		rm "$1.${packed#* }"
	done
	rm "$1"
}

# Cut anywhere, from the magic number to the last byte of the section headers.
size=$(stat -c %s "$ko")
for len in 4 15 16 40 63 64 65 1000 $((size / 2)) $((size - 1)); do
	head -c "$len" "$ko" > cut.ko
	expect_bad cut.ko 'broken ELF file: .*'
done

# The header: class, byte order, version, where the sections are, and how many.
lie() # OFFSET < BYTES
{
	cp "$ko" lie.ko
	patch lie.ko "$1"
}

printf '\x05' | lie 4
expect_bad lie.ko 'broken ELF file: .*class'
printf '\x07' | lie 5
expect_bad lie.ko 'broken ELF file: .*order'
printf '\x02' | lie 5 # big-endian: all of it is then elsewhere
expect_bad lie.ko '.+'
printf '\x09' | lie 6
expect_bad lie.ko 'broken ELF file: .*version'
le32 $((size - 10)) 0 | lie 40
expect_bad lie.ko 'broken ELF file: .*'
le32 0xffffffff 0xffffffff | lie 40
expect_bad lie.ko 'broken ELF file: .*'
printf '\xff\x7f' | lie 60
expect_bad lie.ko 'broken ELF file: .*'
printf '\x20\x00' | lie 58
expect_bad lie.ko 'broken ELF file: section headers of a wrong size'
printf '\xf0\x00' | lie 62
expect_bad lie.ko 'broken ELF file: no section of section names'
printf '\x01\x00' | lie 62 # some section, not of names
expect_bad lie.ko 'broken ELF file: .*'

# The section header of .BTF: name, type, flags, offset and size.
read -r btf < <(section_header "$ko" .BTF)
le32 0x7fffffff | lie "$btf"
expect_bad lie.ko "broken ELF file: a section's name is outside of the section names"
le32 8 | lie $((btf + 4))
expect_bad lie.ko 'broken ELF file: its \.BTF section has no bytes in the file'
le32 0x800 | lie $((btf + 8))
expect_bad lie.ko 'unsupported: its \.BTF section is compressed'
le32 "$size" 0 | lie $((btf + 24))
expect_bad lie.ko 'broken ELF file: .*'
le32 0xfffffff0 0xffffffff | lie $((btf + 24))
expect_bad lie.ko 'broken ELF file: .*'
le32 "$size" 0 | lie $((btf + 32))
expect_bad lie.ko 'broken ELF file: .*'
le32 0xffffffff 0xffffffff | lie $((btf + 32))
expect_bad lie.ko 'broken ELF file: .*'
le32 20 0 | lie $((btf + 32)) # less than a header
expect_bad lie.ko 'not BTF: 20 bytes are too few for a header'
le32 0 0 | lie $((btf + 24)) # the ELF header itself
expect_bad lie.ko 'not BTF: it begins with 7f 45, .*'

# The names of the sections.
read -r names < <(section_header "$ko" .shstrtab)
le32 0xffffff00 0 | lie $((names + 24))
expect_bad lie.ko 'broken ELF file: .*'
le32 0xffffff00 0 | lie $((names + 32))
expect_bad lie.ko 'broken ELF file: .*'

# What comes in later versions is named, not misread.
cp "$base" "$tmp/distilled"
objcopy --add-section ".BTF.base=$tmp/distilled" "$ko" distilled.ko
expect_bad distilled.ko 'unsupported: it has a \.BTF\.base section: .*'
cat "$tree/raw/extra/mod3.ko.btf" "$tree/raw/extra/mod7.ko.btf" > "$tmp/archive"
objcopy --update-section ".BTF=$tmp/archive" "$ko" archive.ko
expect_bad archive.ko 'unsupported: an archive, a second BTF blob begins at byte [0-9]+'

# Without section headers, or with an empty .BTF, there is none: no failure.
printf '\x00\x00' | lie 60
cp "$ko" empty.ko
le32 0 0 | patch empty.ko $((btf + 32))
run -q -B "$base" --json "$tmp/json" .
expect_status 0
expect_equal states $'empty.ko no-btf\ngood.ko ok\nlie.ko no-btf' \
	"$(json '.modules[] | .path + " " + .status')"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# --embed: compressed modules come back in the same compression, in a form that the kernel's
# own decoders take.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/embed_lib.sh"
cd "$tmp"

run -q -B "$base" --embed -o plain "$tree/standalone"
expect_status 0
for packed in gz xz zst; do
	cp -a "$tree/$packed" "$packed"
	run -q -B "$base" --embed --in-place "$packed"
	expect_status 0
	run -q -B "$base" --embed -o "$packed.copies" "$tree/$packed"
	expect_status 0
	expect_same_trees "$packed" "$packed.copies"
	expect_equal "modules" 12 "$(find "$packed" -name "*.ko.$packed" | wc -l)"
	for file in $(cd "$packed" && find . -type f); do
		case $packed in
		gz) gzip -dc "$packed/$file" ;;
		xz) xz -dc "$packed/$file" ;;
		zst) zstd -qdc "$packed/$file" ;;
		esac > unpacked
		expect_same "plain/${file%.*}" unpacked
	done
	# A second run changes nothing.
	find "$packed" -type f -exec ls -i {} + > inodes
	run -q -B "$base" --embed --in-place "$packed"
	find "$packed" -type f -exec ls -i {} + | cmp - inodes || fail "$packed: replaced again"
done

xz --robot -lvv xz/extra/mod3.ko.xz > list
[[ $(awk '$1 == "file" { print $7 }' list) == CRC32 ]] || fail "xz: $(< list)"
grep -q 'dict=1MiB' list || fail "xz: $(< list)"
zstd -lv zst/extra/mod3.ko.zst > list 2>&1
grep -q 'Decompressed Size.*B' list || fail "zstd: $(< list)"
[[ $(head -c 8 gz/extra/mod3.ko.gz | tail -c 5 | tr -d '\0' | wc -c) == 0 ]] ||
	fail "gzip: flags or a time"

# What the content is packed with counts, not the name; what cannot be written stays.
xz --check=crc32 -c "$tree/standalone/extra/mod3.ko" > odd.ko
lz4 -q "$tree/standalone/extra/mod3.ko" lz4.ko
cp lz4.ko lz4.old
run -q -B "$base" --embed --in-place odd.ko
expect_status 0
xz -dc < odd.ko | cmp - plain/extra/mod3.ko || fail "packed another way"
run -q -B "$base" --embed --in-place lz4.ko
expect_failure lz4.ko 'unsupported: it cannot be packed again as lz4'
expect_same lz4.ko lz4.old

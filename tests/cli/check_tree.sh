#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A good tree is accepted, whatever form it comes in; the output is the same with one worker
# as with two.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

run check -B "$base" "$tree/split"
expect_status 0
expect_silent stderr
expect_line stdout "modules  12: 12 accepted"
expect_line stdout "rules    Linux 6.18"

run check -q -B "$base" "$tree/split"
expect_status 0
expect_silent stdout

# What a deduplication wrote, in raw form; raw standalone BTF, as a program loads it.
run -q -B "$base" -o "$tmp/out" "$tree/standalone"
for dir in "$tmp/out" "$tree/raw"; do
	run check -B "$base" "$dir"
	expect_status 0
	expect_line stdout "modules  12: 12 accepted"
done

mkdir "$tmp/packed"
cp "$tree/split/extra/mod3.ko" "$tree/split/kernel/net/mod5.ko" "$tree/split/extra/mod7.ko" "$tmp/packed"
xz "$tmp/packed/mod3.ko"
zstd -q --rm "$tmp/packed/mod5.ko"
gzip "$tmp/packed/mod7.ko"
printf 'int x;' | gcc -c -x c -o "$tmp/packed/none.ko" -
run check -v -B "$tree/vmlinux" "$tmp/packed"
expect_status 0
expect_line stdout "modules  4: 3 accepted, 1 without BTF"
expect_line stdout "none.ko: no-btf"
grep -q '^mod3.ko.xz: accepted: .* types$' "$tmp/stdout" || fail "mod3 is not listed"

for jobs in 1 2; do
	run check -j $jobs -v -B "$base" --json "$tmp/$jobs.json" "$tree"
	expect_status 1
	mv "$tmp/stdout" "$tmp/$jobs.txt"
done
expect_same "$tmp/1.txt" "$tmp/2.txt"
expect_same "$tmp/1.json" "$tmp/2.json"
expect_equal schema btfbatch-check/1 "$(json .schema "$tmp/1.json")"
expect_equal "statuses of split modules" accepted "$(json '[.modules[] | select(.path | startswith("split/")) |
	.status] | unique | .[]' "$tmp/1.json")"
expect_equal "accepted ones in the totals" "$(json '[.modules[] | select(.status == "accepted")] | length' \
	"$tmp/1.json")" "$(json .totals.accepted "$tmp/1.json")"
# The blob and the base are the files' own.
expect_equal "the base's bytes" "$(stat -c %s "$base")" "$(json .base.bytes "$tmp/1.json")"
objcopy -O binary --only-section=.BTF --set-section-flags .BTF=alloc "$tree/split/extra/mod3.ko" "$tmp/mod3.btf"
expect_equal "a blob's bytes" "$(stat -c %s "$tmp/mod3.btf")" \
	"$(json '.modules[] | select(.path == "split/extra/mod3.ko") | .bytes' "$tmp/1.json")"

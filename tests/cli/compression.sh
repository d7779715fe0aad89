#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every compression of a module gives the identical blob, however it was packed.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

ko=$tree/standalone/extra/mod3.ko
raw=$tree/raw/extra/mod3.ko.btf
run -q -B "$base" -o "$tmp/expected" "$ko"

mkdir "$tmp/in"
cd "$tmp/in"
gzip -1 < "$ko" > gzip-1.ko.gz
gzip -9 < "$ko" > gzip-9.ko.gz
(gzip < <(head -c 1000 "$ko"); gzip < <(tail -c +1001 "$ko")) > gzip-members.ko.gz
xz -0 --check=crc32 < "$ko" > xz-crc32.ko.xz # as the kernel's own xz wants it
xz -9 --check=crc64 < "$ko" > xz-9.ko.xz
xz --check=none < "$ko" > xz-unchecked.ko.xz
xz --check=crc32 --lzma2=dict=2MiB < "$ko" > xz-kbuild.ko.xz
xz -T2 --block-size=4096 < "$ko" > xz-blocks.ko.xz
(xz < <(head -c 1000 "$ko"); xz < <(tail -c +1001 "$ko")) > xz-streams.ko.xz
zstd -q -1 < "$ko" > zstd-1.ko.zst
zstd -q -19 --no-check < "$ko" > zstd-19.ko.zst
zstd -q --ultra -22 --long=27 < "$ko" > zstd-long.ko.zst
zstd -q --content-size "$ko" -o zstd-sized.ko.zst
(zstd -q < <(head -c 1000 "$ko"); zstd -q < <(tail -c +1001 "$ko")) > zstd-frames.ko.zst

# The suffix promises only that it is a module.
cp "$ko" not-packed.ko.xz
gzip < "$ko" > gzip-named.ko.zst
gzip < "$ko" > packed.ko

packed=(*)
run -q -B "$base" -o "$tmp/out" --json "$tmp/json" .
expect_status 0
expect_silent stderr
expect_equal "modules" "${#packed[@]}" "$(json .totals.ok)"
expect_equal "blobs" "${#packed[@]}" "$(files_of "$tmp/out" | wc -l)"
for blob in "$tmp"/out/*; do
	expect_same "$tmp/expected/mod3.ko.btf" "$blob"
done

# input_bytes is that of the BTF, not of the file.
expect_equal "input_bytes" "$(stat -c %s "$raw")" "$(json '[.modules[].input_bytes | values] | unique[]')"

# All workers at once, each with its own decoder.
for jobs in 1 2 8; do
	run -q -B "$base" -j "$jobs" -o "$tmp/out$jobs" "$tree/gz/kernel" "$tree/xz/extra"
	expect_status 0
	expect_same_trees "$tmp/out1" "$tmp/out$jobs"
done

# Raw BTF can be packed too, when it is named.
xz < "$raw" > "$tmp/raw.btf.xz"
run -q -B "$base" -o "$tmp/raw" "$tmp/raw.btf.xz"
expect_status 0
expect_files "$tmp/raw" <<< raw.btf
expect_same "$tmp/expected/mod3.ko.btf" "$tmp/raw/raw.btf"

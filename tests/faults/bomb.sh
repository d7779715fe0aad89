#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Modules of 2 GiB of zeros in 64 KB: a clear error, and memory is bounded.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

mkdir "$tmp/in"
# Blocks of zstd's that say "128 KiB of this byte", in four bytes each.
perl -e 'print "\x28\xb5\x2f\xfd\x80\x50", pack("V", 2 ** 31),
	pack("V", 131072 << 3 | 2) x 16383, pack("V", 131072 << 3 | 3)' > "$tmp/in/zeros.ko.zst"
expect_equal "size of the bomb" 65546 "$(stat -c %s "$tmp/in/zeros.ko.zst")"
expect_equal "zeros that it unpacks to" 2147483648 "$(zstd -dcq "$tmp/in/zeros.ko.zst" | wc -c)"

# The same behind what looks like a module.
(zstd -q < "$tree/standalone/extra/mod3.ko" && cat "$tmp/in/zeros.ko.zst") > "$tmp/in/elf.ko.zst"
for jobs in 1 2; do
	with_fault -- -q "-j$jobs" -B "$base" "$tmp/in"
	expect_status 1
	expect_line stderr 'btfbatch: zeros.ko.zst: failed: unpacks to neither ELF nor BTF'
	expect_line stderr \
		'btfbatch: elf.ko.zst: failed: unpacks to more than the limit of 536870912 bytes'
	expect_equal "lines on stderr" 2 "$(wc -l < "$tmp/stderr")"
	# The limit, and half of it while the buffer grows.
	peak=$(told peak)
	((peak < 900 * 1024)) || [[ $SANITIZED ]] || fail "it took $peak KiB"
done

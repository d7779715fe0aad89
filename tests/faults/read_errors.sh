#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Each read of the run fails once: the base's make the run fail, a module's that module, and
# the others are done.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

mkdir "$tmp/in"
cp "$tree/standalone/extra/mod3.ko" "$tmp/in/plain.ko"
cp "$tree/xz/extra/mod7.ko.xz" "$tmp/in/packed.ko.xz"
cp "$tree/raw/extra/mod11.ko.btf" "$tmp/in/raw.btf"
with_fault -- -q -j1 -B "$base" -o "$tmp/whole" "$tmp/in"
expect_status 0
reads=$(told reads)
((reads >= 8)) || fail "only $reads reads were seen"

unusable=0 failed=0
for ((n = 1; n <= reads; n++)); do
	rm -rf "$tmp/out"
	with_fault FAULT_READ=$n -- -q -j1 -B "$base" -o "$tmp/out" --json "$tmp/json" "$tmp/in"
	case $status in
	2)
		unusable=$((unusable + 1))
		expect_only_line stderr \
			"btfbatch: $(quote "$base"): cannot be the base: .*(Input/output error|read).*"
		[[ ! -e $tmp/out ]] || fail "something was written without a base"
		;;
	1)
		failed=$((failed + 1))
		expect_only_line stderr \
			'btfbatch: (plain\.ko|packed\.ko\.xz|raw\.btf): failed: .*(Input/output error|read).*'
		expect_part_of "$tmp/out" "$tmp/whole"
		expect_equal "blobs beside the one that failed" 2 "$(files_of "$tmp/out" | wc -l)"
		expect_equal "failed in the report" 1 "$(json .totals.failed)"
		;;
	*)
		fail "read $n of $reads failed, and the status is $status: $(< "$tmp/stderr")"
		;;
	esac
	expect_nothing_left "$tmp"
done
((unusable >= 2)) || fail "only $unusable reads of the base"
((failed >= 6)) || fail "only $failed reads of modules"

# With --embed: a module that cannot be read is left as it is.
cp "$tree"/{standalone,raw}/extra/mod3.ko* "$tmp" 2> /dev/null || true
rm "$tmp/in/raw.btf"
for ((n = 1; n <= reads; n++)); do
	rm -rf "$tmp/embedded"
	cp -r "$tmp/in" "$tmp/embedded"
	with_fault FAULT_READ=$n -- -q -j1 -B "$base" --embed --in-place "$tmp/embedded"
	((status == 0)) && break
	expect_nothing_left "$tmp/embedded"
	[[ $status == 2 ]] && expect_same_trees "$tmp/in" "$tmp/embedded"
	for file in plain.ko packed.ko.xz; do
		if grep -q "^btfbatch: $file: failed" "$tmp/stderr"; then
			expect_same "$tmp/in/$file" "$tmp/embedded/$file"
		fi
	done
done
((n > 5)) || fail "a run with --embed had only $((n - 1)) reads"

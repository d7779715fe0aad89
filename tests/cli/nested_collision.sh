#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# x.ko's blob would be a file where the tree has a directory, x.ko.btf/, with modules of
# its own: one of them has to fail, and it is the same one whatever the number of workers
# and whichever is larger.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

mkdir -p "$tmp/in/x.ko.btf"
cd "$tmp/in"
cp "$tree/standalone/extra/mod3.ko" x.ko
cp "$tree/standalone/extra/mod7.ko" x.ko.btf/y.ko

outcome() # JOBS
{
	rm -rf "$tmp/out"
	run -q -B "$base" -j "$1" -o "$tmp/out" --json "$tmp/json" .
	expect_status 1
	expect_equal "blobs of two" 1 "$(files_of "$tmp/out" | wc -l)"
	json '.modules[] | "\(.path) \(.status)"'
}

outcome 1 > "$tmp/first"
size=100000
for larger in x.ko x.ko.btf/y.ko x.ko; do
	truncate -s $size "$larger"
	size=$((2 * size))
	for jobs in 1 2 2 2 2; do
		expect_equal "outcome with $larger the larger, -j$jobs" "$(< "$tmp/first")" \
			"$(outcome "$jobs")"
	done
done

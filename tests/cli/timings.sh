#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# --timings tells where the time went: a line for each worker that there was, whose
# stages add up, and nothing else changes.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

cd "$tmp"

# What stands below @1 in the row of worker @2.
cell()
{
	awk -v name="$1" -v worker="$2" '
		$1 == "ms" { for (i = 2; i <= NF; i++) at[$i] = i + 1 }
		$1 == "worker" && $2 == worker { print $(at[name]) }' stderr
}

run -q -B "$base" -j2 --timings --json report.json "$tree/standalone"
expect_status 0
expect_silent stdout
expect_equal "lines of workers" 2 "$(grep -c '^worker ' stderr)"
for worker in 1 2; do
	sum=$(for stage in read unpack parse strings dedup write idle; do cell $stage $worker; done |
		awk '{ sum += $1 } END { print sum }')
	# Seven figures, each rounded to a tenth.
	awk -v a="$sum" -v b="$(cell all $worker)" 'BEGIN { exit !(a - b < 0.5 && b - a < 0.5) }' ||
		fail "worker $worker: stages add up to $sum, not $(cell all $worker)"
	expect_equal "unpacked by worker $worker" 0.0 "$(cell unpack $worker)"
done
grep -q '^before them: base read [0-9.]*, indexed [0-9.]*; modules found' stderr ||
	fail "nothing about the base"

run -q -B "$base" -j2 --json without.json "$tree/standalone"
cmp report.json without.json || fail "the report is another with --timings"
expect_silent stderr

# No more workers than modules; what is packed has to be unpacked.
mkdir one
gzip < "$(find "$tree/standalone" -name '*.ko' | head -n 1)" > one/m.ko.gz
run -q -B "$base" -j5 --timings one
expect_status 0
expect_equal "lines of workers" 1 "$(grep -c '^worker ' stderr)"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# An output directory inside of the tree: a second run does not take the first
# one's blobs for modules, and both give the same.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

run -q -B "$base" -o "$tmp/expected" "$tree/standalone"
cp -r "$tree/standalone" "$tmp/in"
for round in first second; do
	run -q -B "$base" -o "$tmp/in/btf" --json "$tmp/$round" "$tmp/in"
	expect_status 0
	expect_silent stderr
	expect_same_trees "$tmp/expected" "$tmp/in/btf"
done
expect_same "$tmp/first" "$tmp/second"

# By whatever name it goes.
cd "$tmp/in/kernel"
ln -s in/btf "$tmp/out-link"
for out in ../btf ../btf/ ../../out-link "$tmp/in/./btf"; do
	run -q -B "$base" -o "$out" --json "$tmp/json" ..
	expect_status 0
	expect_same "$tmp/first" "$tmp/json"
	expect_same_trees "$tmp/expected" "$tmp/in/btf"
done

# A report in the tree is no module either.
run -q -B "$base" -o "$tmp/in/btf" --json "$tmp/in/report.json" "$tmp/in"
run -q -B "$base" --json "$tmp/in/report.json" -o "$tmp/in/btf" "$tmp/in"
expect_status 0
expect_equal "modules" 12 "$(json .totals.modules "$tmp/in/report.json")"

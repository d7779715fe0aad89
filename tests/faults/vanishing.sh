#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A file that is found, and gone when it is to be read.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

cp -r "$tree/standalone" "$tmp/in"
run -q -B "$base" -o "$tmp/whole" "$tmp/in"
rm "$tmp/whole/extra/mod3.ko.btf"
for jobs in 1 4; do
	rm -rf "$tmp/out"
	cp "$tree/standalone/extra/mod3.ko" "$tmp/in/extra"
	with_fault FAULT_VANISH=mod3.ko -- -q "-j$jobs" -B "$base" -o "$tmp/out" --json "$tmp/json" "$tmp/in"
	expect_failure extra/mod3.ko 'cannot open: No such file or directory'
	expect_same_trees "$tmp/whole" "$tmp/out"
	expect_equal totals '12 11 1' "$(json '.totals | "\(.modules) \(.ok) \(.failed)"')"
	[[ ! -e $tmp/in/extra/mod3.ko ]] || fail "it did not vanish"
done

cp "$tree/standalone/extra/mod3.ko" "$tmp/in/extra"
with_fault FAULT_VANISH=mod3.ko -- -q -B "$base" --embed --in-place "$tmp/in"
expect_failure extra/mod3.ko 'cannot open: No such file or directory'
expect_nothing_left "$tmp/in"
cp "$base" "$tmp/vanishing.btf"
with_fault FAULT_VANISH=vanishing.btf -- -q -B "$tmp/vanishing.btf" "$tmp/in"
expect_status 2
expect_only_line stderr '.*vanishing\.btf: cannot be the base: cannot open: No such file or directory'

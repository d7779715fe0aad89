#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Two inputs whose outputs would have one name: the first is done, the second
# fails, and the reason names the first.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

mkdir "$tmp/in"
cp "$tree/standalone/extra/mod3.ko" "$tmp/in/x.ko"
cp "$tree/xz/extra/mod7.ko.xz" "$tmp/in/x.ko.xz"
run -q -B "$base" -o "$tmp/expected" "$tree/standalone"

for jobs in 1 2; do
	run -q -B "$base" -j "$jobs" -o "$tmp/out$jobs" --json "$tmp/json" "$tmp/in"
	expect_failure x.ko.xz "its output would replace that of $(quote "$tmp/in/x.ko")"
	expect_files "$tmp/out$jobs" <<< x.ko.btf
	expect_same "$tmp/expected/extra/mod3.ko.btf" "$tmp/out$jobs/x.ko.btf"
	expect_equal states $'x.ko ok\nx.ko.xz failed' "$(json '.modules[] | .path + " " + .status')"
done

# All five that can be.
cp "$tree/gz/extra/mod11.ko.gz" "$tmp/in/x.ko.gz"
cp "$tree/zst/extra/mod11.ko.zst" "$tmp/in/x.ko.zst"
cp "$tree/raw/extra/mod11.ko.btf" "$tmp/in/x.ko.btf"
run -q -B "$base" -o "$tmp/out" "$tmp/in"
expect_status 1
expect_equal "failures" $'x.ko.btf\nx.ko.gz\nx.ko.xz\nx.ko.zst' \
	"$(sed -n 's/^btfbatch: \(.*\): failed: its output would replace .*/\1/p' "$tmp/stderr")"
expect_same "$tmp/expected/extra/mod3.ko.btf" "$tmp/out/x.ko.btf"

# From two PATHs, under one relative name.
run -q -B "$base" -o "$tmp/two" "$tree/standalone/extra" "$tree/gz/extra"
expect_status 1
expect_equal "failures of two PATHs" 3 "$(grep -c 'its output would replace' "$tmp/stderr")"
for name in mod3 mod7 mod11; do
	expect_same "$tmp/expected/extra/$name.ko.btf" "$tmp/two/$name.ko.btf"
done

# Who only asks for a report gets one of all.
run -q -B "$base" --json "$tmp/json" "$tmp/in"
expect_status 0
expect_equal "modules reported" 5 "$(json .totals.ok)"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# 100,000 modules: no more descriptors than for a few, and little memory for each.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

modules=100000
if [[ $SANITIZED ]]; then
	modules=5000
fi
btf_blob '\0int\0one\0' 1 $((1 << 24)) 4 32 5 $((4 << 24 | 1)) 4 5 1 0 > "$tmp/blob"
mkdir "$tmp/in"
perl -e '
	my ($in, $blob, $n) = @ARGV;
	open(my $f, "<", $blob) or die; local $/; my $data = <$f>;
	for my $i (0 .. $n - 1) {
		my $dir = sprintf("%s/%03d", $in, $i / 1000);
		mkdir($dir);
		open(my $out, ">", sprintf("%s/module-%06d.btf", $dir, $i)) or die "$!";
		print $out $data; close($out) or die "$!";
	}' "$tmp/in" "$tmp/blob" "$modules"
ulimit -n 40
with_fault -- -q -j4 -B "$base" --json "$tmp/json" "$tmp/in"
expect_status 0
expect_equal "modules done" "$modules" "$(json .totals.ok)"
if [[ ! $SANITIZED ]]; then
	# Measured: 93 MB, of which the workers' buffers are 30.
	peak=$(told peak)
	((peak < 200000)) || fail "$modules modules took $peak KiB"
	echo "$modules modules took $peak KiB"
fi

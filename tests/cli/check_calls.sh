#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The command line of check, and a base that cannot be used.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

wrong() # REASON ARGUMENT...
{
	local reason=$1

	shift
	run check "$@"
	expect_status 2
	expect_silent stdout
	expect_only_line stderr "$reason"
}

wrong 'btfbatch: no PATH given: try --help'
wrong 'btfbatch: --kernel takes a version, such as 6\.12: six' --kernel six "$tree"
wrong 'btfbatch: --kernel takes a version, such as 6\.12: 6\.12x' --kernel 6.12x "$tree"
wrong 'btfbatch: --kernel: rules are known from 5\.15 on: 5\.10' --kernel 5.10 "$tree"
wrong 'btfbatch: --profile takes module, program or vmlinux: kernel' --profile kernel "$tree"
wrong 'btfbatch: --jobs takes a number from 1 to 1024: 0' -j 0 "$tree"
wrong "btfbatch: $(quote "$tmp/none"): cannot be the base: .*" -B "$tmp/none" "$tree"
wrong "btfbatch: $(quote "$tmp/none"): cannot be the old base: .*" -B "$base" --old-base "$tmp/none" "$tree"

run check --help
expect_status 0
expect_line stdout 'Usage: btfbatch check [-B BASE] [options] PATH...'

# The release of a kernel is as good as its version.
run check --kernel 6.1.0-56-amd64 -B "$base" "$tree/split"
expect_status 0
expect_line stdout 'rules    Linux 6.1'

# An attribute is known since 6.15.
btf_blob '\0tag\0' 1 "$(btf_info 18 0 1)" 0 > "$tmp/attribute.btf"
run check --kernel 6.12 -B "$base" "$tmp/attribute.btf"
expect_status 1
run check --kernel 6.15 -B "$base" "$tmp/attribute.btf"
expect_status 0

# The base is checked first: one that its kernel would reject is none, and one that
# makes no sense is used, but told.
btf_blob '\0a b\0' 1 "$(btf_info 8)" 0 > "$tmp/bad.btf"
wrong "btfbatch: $(quote "$tmp/bad.btf"): cannot be the base: its kernel would reject it: the name is .*; the kernel says: \[1\] TYPEDEF a b type_id=0 Invalid name" \
	-B "$tmp/bad.btf" "$tree/split"
btf_blob '\0s\0' 1 "$(btf_info 4 1)" 4 0 1 0 > "$tmp/loop.btf"
run check -B "$tmp/loop.btf" "$tmp/attribute.btf"
expect_status 0
expect_only_line stderr "btfbatch: $(quote "$tmp/loop.btf"): broken: .*"

# Standard output belongs to the JSON then.
run check -B "$base" --json - "$tree/split"
expect_status 0
jq -e '.totals.accepted == 12' "$tmp/stdout" > /dev/null || fail "not JSON alone"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A run over btfbatch's own output changes no byte; one over what pahole made
# split gives nothing larger than it was.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

for form in standalone split; do
	run -q -B "$base" -o "$tmp/$form" --json "$tmp/$form.json" "$tree/$form"
	expect_status 0
	run -q -B "$base" -o "$tmp/$form.again" --json "$tmp/json" "$tmp/$form"
	expect_status 0
	expect_same_trees "$tmp/$form" "$tmp/$form.again"
	expect_equal "forms of a second run" split "$(json '[.modules[].input_form] | unique[]')"
	expect_equal "modules that changed in a second run" '' \
		"$(json '.modules[] | select(.input_bytes != .split_bytes or
			.input_types != .split_types) | .path')"
	expect_equal "checksums of a second run" \
		"$(json '.modules[].xxh3' "$tmp/$form.json")" "$(json '.modules[].xxh3')"
done

# In place: the output takes the input's own name.
cp -r "$tmp/standalone" "$tmp/in-place"
run -q -B "$base" -o "$tmp/in-place" "$tmp/in-place"
expect_status 0
expect_same_trees "$tmp/standalone" "$tmp/in-place"

expect_equal "form of pahole's split BTF" split \
	"$(json '[.modules[].input_form] | unique[]' "$tmp/split.json")"
expect_equal "modules larger than pahole's" '' \
	"$(json '.modules[] | select(.split_bytes > .input_bytes) | .path' "$tmp/split.json")"

# A split BTF put back into its module is found there again.
objcopy --update-section ".BTF=$tmp/standalone/extra/mod3.ko.btf" \
	"$tree/standalone/extra/mod3.ko" "$tmp/mod3.ko"
run -q -B "$base" -o "$tmp/back" "$tmp/mod3.ko"
expect_status 0
expect_same "$tmp/standalone/extra/mod3.ko.btf" "$tmp/back/mod3.ko.btf"

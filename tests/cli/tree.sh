#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The output mirrors the tree, whatever the form of the input; without -o nothing
# is written.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

expected_outputs()
{
	(cd "$tree/standalone" && find . -name '*.ko' -printf '%P.btf\n')
}

# From .ko, .ko.gz, .ko.xz, .ko.zst and .ko.btf comes the same, under one name.
for form in standalone gz xz zst raw; do
	run -q -B "$base" -o "$tmp/$form" --json "$tmp/json" "$tree/$form"
	expect_status 0
	expect_silent stderr
	expect_silent stdout
	expected_outputs | expect_files "$tmp/$form"
	expect_same_trees "$tmp/standalone" "$tmp/$form"
	expect_equal "paths of $form" "$(files_of "$tree/$form")" "$(json '.modules[].path')"
	expect_equal "forms of $form" standalone "$(json '[.modules[].input_form] | unique[]')"
done

# The blobs are as readable as umask lets a new file be.
(
	umask 027
	run -q -B "$base" -o "$tmp/mode" "$tree/standalone/extra"
	expect_equal modes '640 750' \
		"$(find "$tmp/mode" -printf '%m\n' | sort -u | paste -sd ' ')"
)

# An output that is there already is replaced; what else is there stays.
cp -r "$tmp/standalone" "$tmp/again"
first=$(expected_outputs | head -n 1)
echo old > "$tmp/again/$first"
echo other > "$tmp/again/other"
run -q -B "$base" -o "$tmp/again" "$tree/standalone"
expect_status 0
expect_equal "what was there" other "$(< "$tmp/again/other")"
rm "$tmp/again/other"
expect_same_trees "$tmp/standalone" "$tmp/again"

# Without -o: the same report, and no file is new or changed.
cp -r "$tree/standalone" "$tmp/copy"
cd "$tmp/copy"
find . -type f -exec sha256sum {} + > "$tmp/before"
run -B "$base" --json - .
expect_status 0
expect_silent stderr
mv "$tmp/stdout" "$tmp/json"
find . -type f -exec sha256sum {} + > "$tmp/after"
expect_same "$tmp/before" "$tmp/after"
expect_equal "modules done" 12 "$(json .totals.ok)"

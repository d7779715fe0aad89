#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# --html: a page that has in it what --json says. What it looks like in a browser is
# tested in tests/html.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$tmp"
cp -r "$tree/standalone" in
cp in/kernel/net/mod1.ko 'in/<!--<script>.ko'

# The document of the block ID of the page FILE.
block() # ID FILE
{
	sed -n "/^<script type=\"application\/json\" id=\"data-$1\">\$/,/^<\/script>\$/p" "$2" | sed '1d;$d'
}

run -B "$base" --shared shared --json report.json --html deep/report.html in
expect_status 0
expect_silent stderr
block report deep/report.html > block.json
if grep -q '<' block.json; then
	fail "a < in the data of the page"
fi
expect_same <(jq . report.json) <(jq . block.json)
sed 's/\\u003c/</g' block.json > unescaped.json
expect_same report.json unescaped.json

# Equal inputs give equal pages; to standard output it goes alone.
run -B "$base" --shared shared --html - in
expect_status 0
expect_same deep/report.html stdout

# Nothing in it leads elsewhere: no address but those that comments and licences name.
expect_equal "links of the page" '' "$(grep -oiE '(src|href|action)="[^#"][^"]*"|url\(|@import' stdout || true)"

# The comparison of two.
run -q -B "$base" --json old.json "$tree/raw"
run diff --json diff.json --html diff.html old.json report.json
expect_status 0
block diff diff.html > block.json
expect_same <(jq . diff.json) <(jq . block.json)
run diff --html - old.json report.json
expect_same diff.html stdout

# Why types stay.
run explain -B "$base" --tree --json why.json --html why.html in
block causes why.html > block.json
expect_same <(jq . why.json) <(jq . block.json)
run explain -B "$base" --html x in/kernel/net/mod1.ko 'struct device'
expect_status 2
[[ ! -e x ]] || fail "a page about one type"

# Files are not shared, and a page that cannot be written is said.
for command in "-B $base in --html x --json x" "diff old.json report.json --html x --markdown x"; do
	run $command
	expect_status 2
	expect_only_line stderr 'btfbatch: --[a-z]* and --[a-z]* cannot go to the same file: x'
done
be_nobody # as root, a fault of ours would replace the device
run -q -B "$base" --html /dev/full in
expect_status 1
expect_only_line stderr 'btfbatch: /dev/full: the report cannot be written: No space left on device'

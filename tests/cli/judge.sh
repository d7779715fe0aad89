#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The judge finds every blob of the tree to mean what its module's BTF meant,
# whatever the form that this came in.
# Environment, too: BTFJUDGE, the program.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
: "${BTFJUDGE:?names the judge}"

judged() # IN OUT: without a complaint
{
	"$BTFJUDGE" --base "$base" "$1" "$2" > "$tmp/judge" 2>&1 ||
		fail "$(printf 'btfjudge %s %s:\n%s' "$1" "$2" "$(< "$tmp/judge")")"
}

for form in standalone split raw; do
	run -q -B "$base" -o "$tmp/$form" "$tree/$form"
	expect_status 0
	judged "$tree/$form" "$tmp/$form"
done

# A second run's output still means the same.
run -q -B "$base" -o "$tmp/again" "$tmp/standalone"
judged "$tree/standalone" "$tmp/again"

# It would not find so if another module's blob were there.
cp "$tmp/standalone/extra/mod3.ko.btf" "$tmp/again/extra/mod7.ko.btf"
if "$BTFJUDGE" --base "$base" "$tree/standalone" "$tmp/again" > "$tmp/judge" 2>&1; then
	fail "the judge takes one module's blob for another's"
fi

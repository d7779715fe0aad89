#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# explain --tree: causes over many modules.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

in=$tree/standalone
cd "$tmp"

# All twelve modules have a struct helper, that the base only declares; four have a slot
# with a member too many; the six with two units have a struct super.
run explain -B "$base" --json all.json --tree "$in"
expect_status 0
expect_silent stderr
expect_line stdout 'modules  12: 12 ok'
expect_equal causes 'struct helper 12
struct super 6
struct slot 4' "$(json '.causes | sort_by(-(.modules | length))[] | "\(.type) \(.modules | length)"' all.json)"
expect_equal 'modules of slot' "$(printf 'mod%d.ko\n' 12 3 6 9)" \
	"$(json '.causes[] | select(.type == "struct slot") | .modules[]' all.json | sed 's,.*/,,' | sort)"

# One cause of a tree is the sum of its modules'.
sums=$(while read -r module; do
	"$BTFBATCH" explain -q -B "$base" --json - "$in/$module"
done < <(files_of "$in") | jq -rs '[.[].causes[]] | group_by(.cause)[]
	| "\(.[0].cause) \(map(.waiting.bytes) | add) \(map(.alone.bytes) | add)"')
expect_equal 'sums of the modules' "$sums" \
	"$(json '[.causes[]] | sort_by(.cause)[] | "\(.cause) \(.waiting.bytes) \(.alone.bytes)"' all.json)"
expect_equal 'all together' "$(json .totals.caused.bytes all.json)" \
	"$(json '.causes[-1].together_bytes' all.json)"

# The order is by what waits; nothing depends on the number of workers or on how the
# files came.
expect_equal 'order' "$(json '[.causes[].waiting.bytes] | sort | reverse[]' all.json)" \
	"$(json '.causes[].waiting.bytes' all.json)"
cp stdout table
for jobs in 1 2 3 16; do
	run explain -B "$base" -j "$jobs" --json jobs.json --tree "$in"
	expect_same all.json jobs.json
	expect_same table stdout
done
run explain -B "$base" --json xz.json --tree "$tree/xz"
expect_equal 'compressed' "$(json '.causes[].cause' all.json)" "$(json '.causes[].cause' xz.json)"

# Several PATHs.
mapfile -t modules < <(find "$in" -name '*.ko' | sort)
run explain -q -B "$base" --json listed.json --tree "${modules[@]}"
expect_equal 'listed' "$(json '.causes[] | "\(.cause) \(.waiting.bytes)"' all.json)" \
	"$(json '.causes[] | "\(.cause) \(.waiting.bytes)"' listed.json)"

# A base of which nothing differs has no cause.
run explain -B "$base" --tree "$base"
expect_status 0
grep -q '^  caused 0 types, 0 B:' stdout || fail "something is caused: $(< stdout)"
if grep -q cause: stdout; then
	fail "a cause: $(< stdout)"
fi

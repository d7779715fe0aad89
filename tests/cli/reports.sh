#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Where the reports go: the table to stdout, unless -q or another report takes it.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

in=$tree/standalone
cd "$tmp"

# The table: totals first, then modules, the largest first; -v has them all.
run -B "$base" "$in"
expect_status 0
expect_silent stderr
cp stdout table
expect_equal "first words" $'base\nmodules' "$(awk 'NR <= 2 { print $1 }' table)"
run -v -B "$base" "$in"
expect_status 0
expect_equal "modules with -v" 12 "$(grep -c '\.ko$' stdout)"
if grep -q $'\x1b' stdout table; then
	fail "an escape sequence in a table that goes to no terminal"
fi

# Failures come last, with their reason.
echo bad > bad.ko
run -B "$base" "$in" bad.ko
expect_status 1
tail -n 1 stdout | grep -qE 'bad\.ko.*neither ELF nor BTF' ||
	fail "the table's last line: $(tail -n 1 stdout)"

# -q: nothing on stdout. Its failures are still said.
run -q -B "$base" "$in"
expect_status 0
expect_silent stdout
expect_silent stderr
run -q -B "$base" "$in" bad.ko
expect_failure bad.ko '.*'
expect_silent stdout

# To stdout goes one report alone, the same as to a file.
run -B "$base" --json report.json --csv report.csv "$in"
expect_status 0
expect_same table stdout
for form in json csv; do
	for quiet in '' -q; do
		run $quiet -B "$base" "--$form" - "$in"
		expect_status 0
		expect_silent stderr
		expect_same "report.$form" stdout
		run $quiet -B "$base" "--$form" /dev/stdout "$in"
		expect_status 0
	done
done
run -B "$base" --json - --csv other.csv "$in"
expect_same report.json stdout
expect_same report.csv other.csv

# One document, which has at least the keys of the contract.
has_keys() # FILTER KEY...
{
	local filter=$1

	shift
	expect_equal "keys that $filter lacks" '' \
		"$(jq -r "\$ARGS.positional - ($filter | keys) | .[]" --args "$@" < report.json)"
}

expect_equal "documents" 1 "$(jq -n '[inputs] | length' report.json)"
has_keys . base modules schema totals version
has_keys .base bytes path strings_bytes types xxh3
has_keys .totals failed input_bytes input_types modules no_btf ok split_bytes split_types
for i in 0 11; do
	has_keys ".modules[$i]" path status input_form input_bytes input_types split_bytes \
		split_types split_type_bytes split_string_bytes xxh3 kinds
	has_keys ".modules[$i].kinds.STRUCT" types bytes
done
expect_equal "lines of the CSV" 13 "$(wc -l < report.csv)"
expect_equal "columns of the CSV" 1 "$(awk -F, '{ print NF }' report.csv | sort -u | wc -l)"

# Equal inputs give equal files, elsewhere and at another time too.
cp -r "$in" elsewhere
find elsewhere -exec touch -d 2001-01-01 {} +
(cd / && run -q -B "$base" --json "$tmp/again.json" "$tmp/elsewhere")
expect_same report.json again.json

# A file in a directory that is not there yet, and one that replaces another.
echo old > new.json
chmod 644 new.json
run -q -B "$base" --json new.json --csv deep/below/new.csv "$in"
expect_status 0
expect_same report.json new.json
expect_same report.csv deep/below/new.csv

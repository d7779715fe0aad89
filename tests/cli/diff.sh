#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# btfbatch diff: two reports, and two trees, compared.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$tmp"

# The new kernel: packed, below its version; mod4 is another module, mod5 is gone, mod20 came,
# mod1 was moved.
new=new/lib/modules/6.2.0-1
mkdir -p new/lib/modules
cp -r "$tree/raw" old
cp -r "$tree/xz" "$new"
cp "$new/kernel/net/mod9.ko.xz" "$new/kernel/fs/alpha/mod4.ko.xz"
cp "$new/kernel/drivers/block/mod6.ko.xz" "$new/kernel/drivers/block/mod20.ko.xz"
rm "$new/kernel/net/mod5.ko.xz"
mv "$new/kernel/net/mod1.ko.xz" "$new/kernel/drivers/block/"

run -q -B "$base" --json old.json -o split/old old
expect_status 0
run -q -B "$base" --json new.json -o split/new new
expect_status 0

# -- What the reports say, worked out by jq --
run diff --json diff.json old.json new.json
expect_status 0
expect_silent stderr
mv stdout table
cat > expected.jq <<'JQ'
def rows: [.modules[] | {
	key: (.path | sub("^lib/modules/[^/]*/"; "") | sub("\\.xz$"; "") | sub("\\.btf$"; "")
		| sub("drivers/block/mod1\\."; "net/mod1.")),
	value: .}] | from_entries;
($o[0] | rows) as $old | ($n[0] | rows) as $new
| [($old + $new | keys[]) as $k
	| {k: $k, was: ($old[$k].split_bytes // 0), is: ($new[$k].split_bytes // 0)}
	| select(.was != .is)
	| "\(.k) \(.was) \(.is)"] | sort[]
JQ
expect_equal "changes of reports" \
	"$(jq -rn --slurpfile o old.json --slurpfile n new.json -f expected.jq)" \
	"$(jq -r '[.modules[] | select(.split_bytes.old != .split_bytes.new)
		| "\(.path | sub("^lib/modules/[^/]*/"; "") | sub("\\.xz$"; "") | sub("\\.btf$"; "")
			| sub("drivers/block/mod1\\."; "net/mod1.")) \(.split_bytes.old) \(.split_bytes.new)"]
		| sort[]' diff.json)"
for key in split_bytes input_bytes split_types input_types; do
	expect_equal "sum of $key" "$(jq ".totals.$key" old.json) $(jq ".totals.$key" new.json)" \
		"$(jq -r ".totals.$key | \"\(.old) \(.new)\"" diff.json)"
done
expect_equal "counts" "1 1" "$(jq -r '"\(.totals.came) \(.totals.went)"' diff.json)"
expect_equal "what went" old/kernel/net/mod5.ko.btf \
	"old/$(jq -r '.modules[] | select(.change == "went") | .path' diff.json)"
expect_equal "what was moved" kernel/net/mod1.ko.btf \
	"$(jq -r '.modules[] | select(.old_path) | .old_path' diff.json)"
expect_equal "the order of changes" "$(jq -c '[.modules[] | .split_bytes.new - .split_bytes.old | fabs]
	| sort | reverse' diff.json)" \
	"$(jq -c '[.modules[] | .split_bytes.new - .split_bytes.old | fabs]' diff.json)"
for kind in STRUCT ENUM PTR FUNC; do
	expect_equal "$kind" \
		"$(jq -s -c "{old: ([.[0].modules[].kinds.$kind.bytes] | add),
			new: ([.[1].modules[].kinds.$kind.bytes] | add)}" old.json new.json)" \
		"$(jq -c ".kinds.$kind.bytes" diff.json)"
done

# The table begins with what a build log is read for.
expect_equal "first words" "old new BTF types modules" \
	"$(awk 'NR <= 5 { print $1 }' table | paste -sd ' ')"

# Nothing changed.
run diff old.json old.json
expect_status 0
expect_line stdout "modules  12 the same"
run diff --markdown - old.json old.json
expect_equal "heading" "as before" "$(sed -n '1s/.*, //p' stdout)"

# The other way round, all changes are the opposite.
run diff -q --json back.json new.json old.json
expect_silent stdout
expect_equal "changes back" \
	"$(jq -c '[.modules[] | [.split_bytes.new, .split_bytes.old]] | sort' diff.json)" \
	"$(jq -c '[.modules[] | [.split_bytes.old, .split_bytes.new]] | sort' back.json)"

# -- Trees --
run diff -B "$base" --json trees.json --markdown trees.md old new
expect_status 0
expect_silent stderr
mv stdout trees
untyped='del(.old.name, .new.name, .modules[].types, .modules[].anonymous)'
expect_equal "trees and reports" "$(jq -c "$untyped" diff.json)" "$(jq -c "$untyped" trees.json)"
expect_equal "a report and a tree" "$(jq -c "$untyped" diff.json)" \
	"$("$BTFBATCH" diff --new-base "$base" --json - old.json new | jq -c "$untyped")"
expect_equal "a tree and a report" "$(jq -c "$untyped" diff.json)" \
	"$("$BTFBATCH" diff --old-base "$base" --json - old new.json | jq -c "$untyped")"
for jobs in 1 2 7; do
	run diff -j"$jobs" -B "$base" --json jobs.json --markdown jobs.md old new
	expect_same trees stdout
	expect_same trees.json jobs.json
	expect_same trees.md jobs.md
done

# The types by name that bpftool sees in one and not in the other.
names_of() # BLOB
{
	btf_dump "$base" "$1" | sed -n "s/^\[[0-9]*\] \([A-Z_0-9]*\) '\(.*\)'.*/\1 \2/p" |
		grep -v anon | sort -u
}
names_of split/old/kernel/fs/alpha/mod4.ko.btf > names.old
names_of split/new/lib/modules/6.2.0-1/kernel/fs/alpha/mod4.ko.btf > names.new
mod4='.modules[] | select(.path | endswith("mod4.ko.xz"))'
expect_equal "types that came" "$(comm -13 names.old names.new)" \
	"$(jq -r "$mod4 | .types[] | select(.bytes.old == 0) | \"\(.kind) \(.name)\"" trees.json | sort)"
expect_equal "types that went" "$(comm -23 names.old names.new)" \
	"$(jq -r "$mod4 | .types[] | select(.bytes.new == 0) | \"\(.kind) \(.name)\"" trees.json | sort)"

# Of these, the base has some in another form: mod9 has a struct slot and a struct super of its
# own.
btf_dump - "$base" | sed -n "s/^\[[0-9]*\] \(STRUCT\|UNION\|ENUM\|ENUM64\) '\(.*\)'.*/\1 \2/p" |
	sort -u > names.base
expect_equal "lost merges" "STRUCT slot STRUCT super" \
	"$(comm -12 names.base names.new | paste -sd ' ')"
expect_equal "lost merges" "$(comm -12 names.base names.new)" \
	"$(jq -r "$mod4 | .types[] | select(.lost_merge) | \"\(.kind) \(.name)\"" trees.json | sort)"
grep -qF "why: btfbatch explain --base '$base' 'new/lib/modules/6.2.0-1/kernel/fs/alpha/mod4.ko.xz' 'slot'" trees ||
	fail "no word of explain: $(< trees)"

# -- Modules that fail --
cp -r old bad
head -c 100 old/extra/mod3.ko.btf > bad/extra/mod3.ko.btf
run diff -B "$base" old bad
expect_status 1
expect_only_line stderr 'btfbatch: extra/mod3\.ko\.btf: failed in NEW: .*'
tail -n 1 stdout | grep -q '^FAILED in NEW  extra/mod3\.ko\.btf: ' ||
	fail "the table's last line: $(tail -n 1 stdout)"
run -q -B "$base" --json bad.json bad
run diff --json failed.json --markdown failed.md bad.json old.json
expect_status 1
expect_only_line stderr 'btfbatch: extra/mod3\.ko\.btf: failed in OLD: .*'
expect_equal "modules compared" "11 11" "$(jq -r '.totals.modules | "\(.old) \(.new)"' failed.json)"
grep -qF '**1 failed**' failed.md || fail "no failure in $(< failed.md)"

# -- Budgets --
grown=$(jq -r '[.modules[] | select(.change == "grew")][0].path' diff.json)
by=$(jq '[.modules[] | select(.change == "grew")][0].split_bytes | .new - .old' diff.json)
total=$(jq '.totals.split_bytes | .new - .old' diff.json)
size=$(jq '[.modules[].split_bytes] | max' new.json)
((by > 0 && total > 0)) || fail "nothing grew"

expect_over() # LINE-REGEX OPTION...
{
	local line=$1

	shift
	run diff -q "$@" old.json new.json
	expect_status 3
	expect_silent stdout
	expect_only_line stderr "$line"
}

expect_within() # OPTION...
{
	run diff -q "$@" old.json new.json
	expect_status 0
	expect_silent stderr
}

expect_within --max-total "+$total"
expect_over 'btfbatch: total: over budget: .* --max-total \+[0-9]+ allows .*' \
	--max-total "+$((total - 1))"
expect_within --max-total +1000%
expect_over 'btfbatch: total: .* --max-total \+0% .*' --max-total +0%
expect_within --max-module "+$by"
expect_over "btfbatch: $(quote "$grown"): over budget: .*" --max-module "+$((by - 1))"
expect_within --max-module "+$((by - 1))" --min-change "$((by + 1))"
expect_within --max-module "$size"
run diff -q --max-module "$((size - 1))" old.json new.json
expect_status 3
echo "mod4.ko  +$((by - 1))  # mod4 is not to grow" > budgets
expect_over "btfbatch: $(quote "$grown"): over budget: .* budgets:1 \+.* allows .*" --budgets budgets
echo "mod4.ko none" >> budgets
expect_within --budgets budgets
# Each limit is one of its own.
run diff -q --max-total +0 --max-module +0 --max-module +0% old.json new.json
expect_status 3
expect_equal "lines" 3 "$(wc -l < stderr)"
run diff --max-total +0 --json over.json --markdown over.md old.json new.json
expect_status 3
expect_equal "over budget" "null +0 --max-total" \
	"$(jq -r '.over_budget[] | "\(.path) \(.limit) \(.where)"' over.json)"
grep -q '^OVER BUDGET  total: ' stdout || fail "no budget in $(< stdout)"
grep -q '^| total | .*`--max-total`' over.md || fail "no budget in $(< over.md)"
# More than some failures.
run diff -q --max-module 1 bad.json old.json
expect_status 3

# -- Calls that are wrong --
expect_wrong() # REASON ARGUMENT...
{
	local reason=$1

	shift
	run diff "$@"
	expect_status 2
	expect_silent stdout
	expect_only_line stderr "btfbatch: $reason"
}
compares='diff compares two, OLD and NEW: try --help'
expect_wrong "$compares"
expect_wrong "$compares" old.json
expect_wrong "$compares" old.json new.json old.json
expect_wrong 'none\.json: cannot be read as a report: .*' none.json new.json
expect_wrong 'none\.json: cannot be read as a report: .*' old.json none.json
expect_wrong 'table: cannot be read as a report: not JSON: line 1, column .*' table new.json
expect_wrong 'diff\.json: cannot be read as a report: schema: not "btfbatch-report/1"' diff.json new.json
expect_wrong 'old: cannot be compared: a tree of modules needs its base' old new.json
expect_wrong 'no-base: .*' --old-base no-base old new.json
expect_wrong '--json and --markdown cannot go to the same file: -' --json - --markdown - old.json new.json
expect_wrong "--max-total: '5%' is no limit .*" --max-total 5% old.json new.json
expect_wrong "--max-module: '' is no limit .*" --max-module '' old.json new.json
expect_wrong "table: cannot be used as budgets: line 1: .*" --budgets table old.json new.json
expect_wrong '--min-change takes a number of bytes .*: \+1' --min-change +1 old.json new.json
expect_wrong '--jobs takes a number .*' -j0 old.json new.json

# Help names every option.
run diff --help
expect_status 0
for option in -B --base --old-base --new-base -j --jobs --json --markdown -q --quiet -v --verbose \
	      --max-total --max-module --budgets --min-change -h --help; do
	grep -qE -e "(^|[ ,])$option([ ,]|\$)" stdout || fail "--help does not tell of $option"
done

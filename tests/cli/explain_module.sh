#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# explain MODULE [TYPE], on a module whose sources say what has to be told: see
# module_source() of make_tree.sh.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

ko=$tree/standalone/extra/mod3.ko
cd "$tmp"

# Its causes: the base knows struct helper by name only; slot and super are others than
# the base's; everything else is equal or the module's own.
run explain -B "$base" "$ko"
expect_status 0
expect_silent stderr
for cause in 'struct helper: only declared in the base' \
	     'struct slot\.extra: not in the base' \
	     'struct super\.slots: only in the base'; do
	grep -qE "  $cause\$" stdout || fail "no cause '$cause': $(< stdout)"
done
cp stdout table

# JSON has the same and goes where it is told; then there is no table.
run explain -B "$base" --json - "$ko"
expect_status 0
cp stdout out.json
run explain -q -B "$base" --json again.json "$ko"
expect_silent stdout
expect_same out.json again.json
expect_equal schema btfbatch-explain/1 "$(json .schema out.json)"
expect_equal causes 'ambiguous struct slot [extra]
declared struct helper []
layout struct super [extra]' "$(json '.causes | sort_by(.kind)[] | "\(.kind) \(.type) "
	+ (if .kind == "declared" then "[]" else "[extra]" end)' out.json)"

# Every type has its place: what stays is new, or never merged, or has a cause; and the
# bytes are those of the report.
run -q -B "$base" --json report.json "$ko"
expect_equal 'types and bytes that stay' \
	"$(json '.modules[0] | "\(.split_types) \(.split_type_bytes)"' report.json)" \
	"$(json '.totals.stay | "\(.types) \(.bytes)"' out.json)"
expect_equal 'the sum of all' "$(json '.totals.stay | "\(.types) \(.bytes)"' out.json)" \
	"$(json '.totals | [.new, .never, .caused] | "\(map(.types) | add) \(map(.bytes) | add)"' out.json)"
expect_equal 'variables' "$(json '.modules[0].kinds | .VAR.types + .DATASEC.types' report.json)" \
	"$(json .totals.never.types out.json)"

# -n and -v.
run explain -B "$base" -n 1 "$ko"
expect_line stdout 'The 1 of 3 causes that most bytes wait for:'
run explain -v -B "$base" "$ko"
expect_same table stdout

# explain_type TYPE: its first line and its second
explain_type()
{
	run explain -B "$base" "$ko" "$1"
	expect_status 0
	expect_silent stderr
}

explain_type slot
grep -qE '^struct slot \[[0-9]+\]: stays \(48 B\), is not the base.s \[[0-9]+\]:$' stdout ||
	fail "slot: $(< stdout)"
expect_line stdout '  struct slot.extra: not in the base'
expect_line stdout '  kind of cause: ambiguous'
expect_line stdout '  the base has 2 of its name:'
id=$(sed -n 's/^struct slot \[\([0-9]*\)\].*/\1/p' stdout)
cp stdout slot

# By id and by the whole name it is the same.
for spec in "#$id" "[$id]" 'struct slot'; do
	explain_type "$spec"
	expect_same slot stdout
done

# It is the id that bpftool prints.
btf_dump - "$ko" > ko.dump
grep -q "^\[$id\] STRUCT 'slot'" ko.dump || fail "[$id] is not struct slot"

explain_type 'struct device'
expect_only_line stdout 'struct device \[[0-9]+\]: merged, it is the base.s \[[0-9]+\]'
id=$(sed "s/.*base's \[\([0-9]*\)\]/\1/" stdout)
btf_dump - "$base" > base.dump
grep -q "^\[$id\] STRUCT 'device'" base.dump || fail "[$id] is not struct device of the base"

explain_type own_3_a
expect_only_line stdout 'struct own_3_a .*: stays \(.*\): the base has nothing like it'
explain_type helper
expect_line stdout '  struct helper: only declared in the base'
run explain -B "$base" --json - "$ko" 'struct helper'
expect_equal 'a type in JSON' 'struct helper caused declared' \
	"$(json '.types[] | "\(.type) \(.fate) \(.kind)"' stdout)"
expect_equal 'what waits for it' 1 "$(json '.types[0].blocks.types' stdout)"

# What is not there.
expect_missing() # TYPE WHY
{
	run explain -B "$base" "$ko" "$1"
	expect_status 1
	expect_silent stdout
	expect_only_line stderr "btfbatch: $(quote "$ko"): has no such type: $2"
}
expect_missing devise 'close to it: device'
expect_missing 'union device' 'close to it: device'
expect_missing zzzzzzzzzz 'it has none that comes close'
expect_missing '#99999' 'its types are 1 to [0-9]+'
expect_missing '[0]' 'its types are 1 to [0-9]+'

# Split input: the same causes, and the base's ids are told too.
run explain -B "$base" --json split.json "$tree/split/extra/mod3.ko"
expect_status 0
expect_equal 'causes of the split module' "$(json '[.causes[].cause] | sort[]' out.json)" \
	"$(json '[.causes[].cause] | sort[]' split.json)"
run explain -B "$base" "$tree/split/extra/mod3.ko" '#1'
expect_only_line stdout '.* \[1\]: merged, it is the base.s \[1\]'

# Names that are no text do no harm, neither in the table nor in JSON.
evil=$'a\x1b[2J\xff\nb'
btf_blob '\0int\0foo\0m\0' $((1)) "$(btf_info 1)" 4 $((1 << 24 | 32)) \
	5 "$(btf_info 4 1)" 4 9 1 0 > evil_base.btf
btf_blob "\\0int\\0foo\\0$(printf '%s' "$evil" | sed 's/\\/\\\\/g')\\0" 1 "$(btf_info 1)" 4 $((1 << 24 | 32)) \
	5 "$(btf_info 4 1)" 4 9 1 0 > evil.btf
run explain -B evil_base.btf --json evil.json evil.btf
expect_status 0
if grep -q $'\x1b' stdout evil.json; then
	fail "an escape sequence reached the terminal"
fi
grep -qF 'struct foo.a\x1b[2J\xff\x0ab: named m in the base, a\x1b[2J\xff\x0ab here' stdout ||
	fail "an evil name: $(< stdout)"

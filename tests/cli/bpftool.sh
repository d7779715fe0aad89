#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# bpftool reads every blob, sees as many types of each kind as the JSON says, and
# the JSON's and the CSV's figures are those of the files.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

kinds_of() # DUMP: "KIND types" of each kind, in one line
{
	awk '/^\[/ { n[$2]++ } END { for (k in n) print k, n[k] }' "$1" | sort | paste -sd ' '
}

u32_at() # OFFSET FILE
{
	od -An -tu4 -j "$1" -N 4 "$2" | tr -d ' '
}

# The row that the report should have, from what od and bpftool see.
expected_row() # FORM PATH
{
	local blob=$tmp/$1/$2.btf input_base=-

	[[ $1 == standalone ]] || input_base=$base
	objcopy -O binary --only-section=.BTF --set-section-flags .BTF=alloc "$tree/$1/$2" "$tmp/input"
	btf_dump "$base" "$blob" > "$tmp/dump"
	echo "$2 ok $1 $(stat -c %s "$tmp/input")" \
		"$(btf_dump "$input_base" "$tmp/input" | grep -c '^\[')" \
		"$(stat -c %s "$blob") $(grep -c '^\[' "$tmp/dump")" \
		"$(u32_at 12 "$blob") $(u32_at 20 "$blob") $(kinds_of "$tmp/dump")"
}

reported_rows()
{
	json '.modules[] | [.path, .status, .input_form, .input_bytes, .input_types, .split_bytes,
		.split_types, .split_type_bytes, .split_string_bytes,
		(.kinds | to_entries | sort_by(.key)[] | .key, .value.types)] | join(" ")'
}

for form in standalone split; do
	run -q -B "$base" -o "$tmp/$form" --json "$tmp/json" --csv "$tmp/csv" "$tree/$form"
	expect_status 0
	while read -r path; do
		expected_row "$form" "$path"
	done < <(files_of "$tree/$form") > "$tmp/expected"
	expect_equal "rows of $form" "$(< "$tmp/expected")" "$(reported_rows)"
	expect_equal "modules whose kinds' bytes are not those of all types" '' \
		"$(json '.modules[] | select(([.kinds[].bytes] | add) != .split_type_bytes) | .path')"
	for sum in input_bytes split_bytes input_types split_types; do
		expect_equal "total of $sum" "$(json "[.modules[].$sum] | add")" \
			"$(json ".totals.$sum")"
	done
	expect_equal "the totals' counts" '12 12 0 0' \
		"$(json '.totals | "\(.modules) \(.ok) \(.no_btf) \(.failed)"')"

	# The CSV has the same rows: its columns are named as the JSON's keys.
	expect_equal "CSV of $form" "$(json '.modules[] | [.path, .status, .input_form, .input_bytes,
		.input_types, .split_bytes, .split_types, .split_type_bytes,
		.split_string_bytes, .xxh3, .kinds.STRUCT.types // 0] | join(",")')" \
		"$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		{
			n = split("path status input_form input_bytes input_types split_bytes " \
				  "split_types split_type_bytes split_string_bytes xxh3 " \
				  "STRUCT_types", want, " ")
			for (i = 1; i <= n; i++)
				printf "%s%s", $at[want[i]], i < n ? "," : "\n"
		}' "$tmp/csv")"
done

# What the report says of the base.
expect_equal "bytes of the base" "$(stat -c %s "$base")" "$(json .base.bytes)"
expect_equal "types of the base" "$(btf_dump - "$base" | grep -c '^\[')" "$(json .base.types)"
expect_equal "strings of the base" "$(u32_at 20 "$base")" "$(json .base.strings_bytes)"
expect_equal "path of the base" "$base" "$(json .base.path)"
expect_equal schema btfbatch-report/1 "$(json .schema)"
expect_equal "version" "btfbatch $(json .version)" "$("$BTFBATCH" --version)"

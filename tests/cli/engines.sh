#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# --engine libbpf does the same modules; ours are never larger than its.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

for form in standalone split raw; do
	for engine in own libbpf; do
		run -q -B "$base" --engine "$engine" -o "$tmp/$engine.$form" \
			--json "$tmp/$engine.json" "$tree/$form"
		expect_status 0
		expect_silent stderr
	done
	expect_equal "inputs of $form" \
		"$(json '.modules[] | "\(.path) \(.status) \(.input_form) \(.input_bytes) \(.input_types)"' \
			"$tmp/own.json")" \
		"$(json '.modules[] | "\(.path) \(.status) \(.input_form) \(.input_bytes) \(.input_types)"' \
			"$tmp/libbpf.json")"
	expect_equal "modules of $form that libbpf has smaller" '' \
		"$(jq -rn --slurpfile own "$tmp/own.json" --slurpfile libbpf "$tmp/libbpf.json" \
			'[$own[0].modules, $libbpf[0].modules] | transpose[]
			| select(.[0].split_bytes > .[1].split_bytes) | .[0].path')"
	expect_equal "files of $form" "$(files_of "$tmp/own.$form")" "$(files_of "$tmp/libbpf.$form")"
	while read -r blob; do
		btf_dump "$base" "$tmp/libbpf.$form/$blob" > /dev/null
	done < <(files_of "$tmp/libbpf.$form")
done

# --engine own is the default.
run -q -B "$base" -o "$tmp/default" "$tree/raw"
expect_same_trees "$tmp/own.raw" "$tmp/default"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# oracle.sh: on modules of real C (make_modules.sh), for each of them, over each base:
#   - our split BTF is not larger than what btf__dedup() gives;
#   - the judge agrees that it means the same;
#   - bpftool reads it;
#   - doing it again changes no byte.
#
# Environment: BTFBATCH, BTFJUDGE and CONCAT, the programs; BTFREAL, ready modules
# (made anew without it).
set -euo pipefail
export LC_ALL=C

tmp=$(mktemp -d "${TMPDIR:-/tmp}/btfbatch-real.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
if [[ -z ${BTFREAL:-} ]]; then
	BTFREAL=$tmp/real
	bash "$(dirname "$0")/make_modules.sh" "$BTFREAL"
fi

# Goes on after a failure, so that one run tells of all.
failures=0
complain()
{
	printf 'oracle: %s\n' "$*" >&2
	failures=$((failures + 1))
}

btfbatch() # STDERR-FILE ARGUMENT...
{
	local log=$1

	shift
	"$BTFBATCH" -q "$@" 2> "$log" || complain "btfbatch $*: status $?, $(< "$log")"
	[[ ! -s $log ]] || complain "btfbatch $*: on stderr: $(< "$log")"
}

# The modules of which ours is larger, each with both sizes.
larger() # OWN.json LIBBPF.json
{
	jq -rn --slurpfile own "$1" --slurpfile libbpf "$2" \
		'[$own[0].modules, $libbpf[0].modules] | transpose[]
		| if .[0].path != .[1].path or .[1].status != "ok" then
			"\(.[0].path): libbpf has it not"
		  elif .[0].split_bytes > .[1].split_bytes then
			"\(.[0].path): ours \(.[0].split_bytes) bytes, libbpf \(.[1].split_bytes)"
		  else empty end'
}

for dir in "$BTFREAL"/*/; do
	name=$(basename "$dir")
	base=$dir/base.btf
	work=$tmp/$name
	mkdir "$work"
	btfbatch "$work/log" -B "$base" -o "$work/own" --json "$work/own.json" "$dir/modules"
	btfbatch "$work/log" -B "$base" --engine libbpf --json "$work/libbpf.json" "$dir/modules"
	btfbatch "$work/log" -B "$base" -o "$work/again" "$work/own"

	while read -r line; do
		complain "$name/$line"
	done < <(larger "$work/own.json" "$work/libbpf.json")
	"$BTFJUDGE" --base "$base" "$dir/modules" "$work/own" > "$work/judge" 2>&1 ||
		complain "$name: the judge says: $(head -n 40 "$work/judge")"
	diff -r "$work/own" "$work/again" > "$work/diff" ||
		complain "$name: a second run changed: $(< "$work/diff")"
	for blob in "$work"/own/*; do
		bpftool -B "$base" btf dump file "$blob" > /dev/null ||
			complain "$name: bpftool cannot read ${blob##*/}"
	done
	jq -r --arg name "$name" --slurpfile libbpf "$work/libbpf.json" \
		'"\($name): \(.totals.ok) modules, \(.totals.input_bytes) bytes; "
		+ "ours \(.totals.split_bytes), libbpf \($libbpf[0].totals.split_bytes)"' \
		"$work/own.json"
	modules=$(find "$dir/modules" -type f | wc -l)
	[[ $modules -gt 0 && $modules == $(jq .totals.ok "$work/own.json") ]] ||
		complain "$name: there are $modules modules"
done
if ((failures)); then
	echo "oracle: $failures complaints" >&2
	exit 1
fi

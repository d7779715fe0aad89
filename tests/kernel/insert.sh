#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# insert.sh [-m MODULES] VMLINUZ DIR OUT.tsv
#
# What a kernel says of each .ko below DIR, inserted on its own; run.sh tells what OUT.tsv has.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

modules=
while getopts m: option; do
	case $option in
	m) modules=$OPTARG ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
(($# == 3)) || usage
vmlinuz=$1 dir=$2 out=$3
memory=2048
readarray -t files < <(modules_in "$dir")
((${#files[@]})) || die "$dir: no modules"

# What they depend on, by name: it stays inserted for all of them.
needed() {
	local file
	for file in "${files[@]}"; do
		modinfo -F depends "$dir/$file"
	done | tr , '\n' | sed '/^$/d' | sort -u
}

choose_accel "$vmlinuz"
root_make
blobs=/nonexistent
readarray -t needs < <(needed)
: >"$work/plan"
if ((${#needs[@]})); then
	[[ $modules ]] || die "they depend on ${needs[*]}: -m is needed"
	stage "$modules" "$modules"
	sequence "${needs[@]}" >"$work/sequence"
	plan_lines keep <"$work/sequence" >"$work/plan"
fi
first=$(($(wc -l <"$work/plan") + 1))
number=$first
for file in "${files[@]}"; do
	fields=$(root_module "$number" "$dir/$file" /nonexistent)
	unsign "$root/m/$number.ko"
	# Its own word, as files are named otherwise.
	name=$(modinfo -F name "$root/m/$number.ko") || die "$dir/$file: not a module"
	printf '%s\tremove\t%s\t%s\n' "${name//-/_}" "$fields" "$(seq -s ' ' 1 $((first - 1)))"
	number=$((number + 1))
done >>"$work/plan"
root_pack

echo "insert /plan 1 $((number - 1))" >"$work/job.first"
boot_plan "$vmlinuz" "$work/plan" "$work/job.first" "$work/log"

printf '%s\n' "${files[@]}" | awk -v first="$first" -f "$here/rows.awk" - "$work/log" >"$work/rows"
(($(tail -n +2 "$work/rows" | wc -l) == ${#files[@]})) || {
	tail -n 25 "$work/boot.log" | tr -d '\r' >&2
	die "not all modules were tried"
}
cp "$work/rows" "$out"
# A need that is not there makes each of them fail, which is no verdict.
if facts "$work/log" | awk -v first="$first" '
	$1 == "module" && $2 < first && $4 != "0" { print "needed: " $3 ": " $4; bad = 1 }
	END { exit !bad }' >&2; then
	die "what they need cannot be inserted"
fi

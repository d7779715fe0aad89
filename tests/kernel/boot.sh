#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# boot.sh [-a] [-o OUT] VMLINUZ MODULES EMBEDDED BLOBS [NAME...]
#
# A kernel's verdict on modules; run.sh tells what that is, and what the arguments are.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

all= out=
while getopts ao: option; do
	case $option in
	a) all=1 ;;
	o) out=$OPTARG ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
(($# >= 4)) || usage
vmlinuz=$1 modules=$2 embedded=$3 blobs=$4
shift 4
(($#)) || readarray -t names < <(sed 's/[[:space:]]*#.*//; /^$/d' "$here/modules.list")
(($# == 0)) || names=("$@")
memory=1024
[[ ! $all ]] || memory=4096

# Programs that need a module, and what they must do: `programs` and `trace` in guest/. Before
# the module is there, its kfuncs are not: ESRCH is libbpf's word for that.
programs=(
	'conntrack_xdp nf_conntrack loaded 1'
	'conntrack_tc nf_conntrack loaded 1'
	'nat nf_nat loaded 1'
	'tcp_bbr tcp_bbr loaded'
	'tcp_dctcp tcp_dctcp loaded'
)
# What they read is what trace_loop.c sets; and 739 is BBR's gain for its start, 2885/1000 of 256
# rounded up (bbr_high_gain in net/ipv4/tcp_bbr.c), its mode there BBR_STARTUP.
traces=(
	"loop loop fired 1 number 11 offset 4096 limit 65536 name 'a file of ours'"
	'bbr tcp_bbr fired 1 mode 0 pacing_gain 739 cwnd_gain 739'
)

# in_plan NAME: whether this module is in the first part.
in_plan() {
	head -n "$named" "$work/plan" | cut -f 1 | grep -x -- "$1" >/dev/null
}

# job_make: the job for the machine, and what it must say of it.
job_make() {
	local line name module result
	local -a objects=() tracers=()
	for line in "${programs[@]}"; do
		read -r name module result <<<"$line"
		in_plan "$module" || continue
		objects+=("/bpf/$name.bpf.o")
		printf 'must program %s before no-kfunc\nmust program %s after %s\n' "$name" "$name" "$result"
	done >>"$work/expected"
	for line in "${traces[@]}"; do
		read -r name module result <<<"$line"
		in_plan "$module" || continue
		tracers+=("$name")
		printf 'must trace %s %s\n' "$name" "$result"
	done >>"$work/expected"
	printf 'programs before %s\ninsert /plan 1 %d\nprograms after %s\ntrace %s\n' \
		"${objects[*]}" "$named" "${objects[*]}" "${tracers[*]}" >"$work/job.first"
	printf 'must inserted 1 %d\nmust end\n' "$named" >>"$work/expected"
	((named == count)) && return
	printf 'insert /plan %d %d\n' $((named + 1)) "$count" >>"$work/job.first"
}

choose_accel "$vmlinuz"
stage "$embedded" "$modules"
root_make
sequence "${names[@]}" >"$work/sequence"
named=$(wc -l <"$work/sequence")
if [[ $all ]]; then
	skipped=$(sed 's/[[:space:]]*#.*//; /^$/d' "$here/modules.skip")
	readarray -t there < <(modules_in "$stage/lib/modules/$version" | sed 's|.*/||; s/\.ko.*//')
	readarray -t rest < <(printf '%s\n' "${there[@]}" | grep -vxF "$skipped")
	skipped=$(printf '%s\n' "${there[@]}" | grep -xF "$skipped" || true)
	sequence "${names[@]}" "${rest[@]}" >"$work/sequence"
fi
count=$(wc -l <"$work/sequence")
plan_lines keep <"$work/sequence" >"$work/plan"
root_pack

awk -F '\t' -v named="$named" '{
	if (NR <= named)
		printf "must module %d %s 0 %s - \n", NR, $1, $4 == "-" ? "- none" : "0 same"
	else
		printf "tried %d %s\n", NR, $1
}' "$work/plan" | sed 's/ $//' >"$work/expected"
job_make
boot_plan "$vmlinuz" "$work/plan" "$work/job.first" "$work/log"

facts "$work/log" | awk '
	BEGIN { OFS = "\t"; print "name", "errno", "btf", "blob", "boot" }
	$1 == "boot" { boot = $2 }
	$1 == "module" && !($3 in seen) { seen[$3] = 1; print $3, $4, $5, $6, boot }' >"$work/results.tsv"
awk -f "$here/verdict.awk" "$work/expected" "$work/log" >"$work/complaints"
{
	printf '%s, %s: %d modules tried, %d inserted, each with its blob in /sys/kernel/btf\n' \
		"$version" "$accel" $(($(wc -l <"$work/results.tsv") - 1)) \
		"$(awk -F '\t' '$2 == "0" && $4 == "same"' "$work/results.tsv" | wc -l)"
	awk -F '\t' 'NR > 1 && $2 != "0" { names[$2] = names[$2] " " $1; count[$2]++ }
		END { for (e in names) print "not inserted, " e ", " count[e] ":" names[e] }' \
		"$work/results.tsv" | sort | fold -s -w 100
	[[ ! ${skipped:-} ]] || echo "left out:" $skipped
} >"$work/summary"
cat "$work/summary"
if [[ $out ]]; then
	mkdir -p "$out"
	cp "$work"/{log,results.tsv,complaints,expected,plan,summary} "$out/"
fi
[[ -s $work/complaints ]] || exit 0
cat "$work/complaints"
if [[ $ending != end ]]; then
	echo "the log ends with:"
	tail -n 25 "$work/boot.log" | tr -d '\r' | sed 's/^/    /'
fi
exit 1

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Each allocation of a run fails once, or all from it on; and the address space is too small. A
# message, a status that says so, nothing half-written; or it made no difference.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

mkdir "$tmp/in"
cp "$tree/standalone/extra/mod3.ko" "$tmp/in/plain.ko"
cp "$tree/xz/extra/mod7.ko.xz" "$tmp/in/packed.ko.xz"
cp "$tree/zst/extra/mod11.ko.zst" "$tmp/in/other.ko.zst"
cp "$tree/raw/kernel/net/mod1.ko.btf" "$tmp/in/raw.btf"

# check_run: the last run, whose output is in $tmp/out
check_run()
{
	expect_nothing_left "$tmp"
	expect_part_of "$tmp/out" "$tmp/whole"
	case $status in
	0)
		expect_same_trees "$tmp/whole" "$tmp/out"
		;;
	1 | 2)
		grep -q '^btfbatch: ' "$tmp/stderr" || fail "status $status without a message"
		;;
	*)
		fail "$what: status $status, and stderr: $(< "$tmp/stderr")"
		;;
	esac
	[[ $status != 2 || ! -e $tmp/out/report.json ]] || fail "$what: status 2, and a report"
}

# each_allocation STEP FAULT... -- ARGUMENT...: but for -o
each_allocation()
{
	local step=$1 n all failed=0
	local -a faults=()

	shift
	while [[ $1 != -- ]]; do
		faults+=("$1")
		shift
	done
	shift
	rm -rf "$tmp/whole"
	with_fault -- "$@" -o "$tmp/whole"
	expect_status 0
	all=$(told allocations)
	((all > 40)) || fail "only $all allocations were seen"
	for ((n = 1; n <= all; n += step)); do
		what="allocation $n of $all, $*"
		rm -rf "$tmp/out"
		with_fault FAULT_ALLOC=$n "${faults[@]}" -- "$@" -o "$tmp/out"
		check_run
		failed=$((failed + (status != 0)))
	done
	echo "$*: $all allocations, every ${step}. failed: $failed runs noticed"
	((failed * 2 > all / step)) || fail "only $failed of $((all / step)) runs noticed"
}

step=${FAULT_STEP:-1}
each_allocation "$step" -- -q -j1 -B "$base" "$tmp/in"
each_allocation $((3 * step)) FAULT_FOREVER=1 -- -q -j2 -B "$base" "$tmp/in"
rm "$tmp/in/raw.btf"
each_allocation $((2 * step)) -- -q -j1 -B "$base" --embed "$tmp/in"

# Reports.
each_report()
{
	local n all

	with_fault -- "$@" --json "$tmp/whole.json" "$tmp/in"
	all=$(told allocations)
	for ((n = 1; n <= all; n += 2 * step)); do
		rm -f "$tmp/out.json"
		with_fault FAULT_ALLOC=$n -- "$@" --json "$tmp/out.json" "$tmp/in"
		case $status in
		0) expect_same "$tmp/whole.json" "$tmp/out.json" ;;
		1) ;; # a module or the report
		2) [[ ! -e $tmp/out.json ]] || fail "allocation $n: status 2, and a report" ;;
		*) fail "allocation $n of $all: status $status, and stderr: $(< "$tmp/stderr")" ;;
		esac
		((status == 0)) || grep -q '^btfbatch: ' "$tmp/stderr" || fail "$status without a message"
		[[ ! -e $tmp/out.json ]] || json . "$tmp/out.json" > /dev/null
		expect_nothing_left "$tmp"
	done
}
each_report -v -j1 -B "$base"

# The other commands: what they print is what they print with memory, or they say why not.
each_call()
{
	local n all

	with_fault -- "$@"
	all=$(told allocations)
	((all > 20)) || fail "$1: only $all allocations were seen"
	expect_status 0
	cp "$tmp/stdout" "$tmp/whole.stdout"
	for ((n = 1; n <= all; n += step)); do
		with_fault FAULT_ALLOC=$n -- "$@"
		what="allocation $n of $all, $*: status $status"
		case $status in
		0) expect_same "$tmp/whole.stdout" "$tmp/stdout" ;;
		1 | 2 | 3)
			grep -q '^btfbatch: ' "$tmp/stderr" || grep -q 'no memory' "$tmp/stdout" ||
				fail "$what, without a message"
			;;
		*) fail "$what, and stderr: $(< "$tmp/stderr")" ;;
		esac
	done
	echo "$*: $all allocations"
}
run -q -B "$base" --json "$tmp/old.json" "$tmp/in"
each_call check -B "$base" -j1 "$tree/split/extra"
each_call explain -B "$base" "$tree/standalone/extra/mod3.ko"
each_call diff "$tmp/old.json" "$tmp/whole.json"
each_call -q -j1 -B "$base" --shared - "$tmp/in"

# An address space of so many KiB, from far too small to large enough.
cp "$tree/raw/kernel/net/mod1.ko.btf" "$tmp/in/raw.btf"
rm -rf "$tmp/whole"
run -q -j2 -B "$base" -o "$tmp/whole" "$tmp/in"
failed=0 done=0
for ((kib = 12000; kib < 400000 && done < 3; kib += kib / 12)); do
	# Where not even main() is reached, the loader or a library dies in its own way.
	(ulimit -v "$kib" && exec "$BTFBATCH" --version) > /dev/null 2>&1 || continue
	what="an address space of $kib KiB"
	rm -rf "$tmp/out"
	status=0
	(ulimit -v "$kib" && exec "$BTFBATCH" -q -j2 -B "$base" -o "$tmp/out" "$tmp/in") \
		> "$tmp/stdout" 2> "$tmp/stderr" || status=$?
	check_run
	failed=$((failed + (status != 0)))
	done=$((done + (status == 0)))
done
((failed > 0 && done > 0)) || fail "of the address spaces $failed were too small and $done not"

# SPDX-License-Identifier: GPL-2.0-only
#
# What the tests of faults share, beside tests/cli/lib.sh. Environment as there, and FAULT_SHIM, the
# library of shim.c; SANITIZED, not empty where a sanitizer is in the program.

# In memory, where there is room: many files, some of them synced, take long on a disk.
if [[ -w /dev/shm ]]; then
	export TMPDIR=/dev/shm
fi
. "$(dirname "${BASH_SOURCE[0]}")/../cli/lib.sh"
: "${FAULT_SHIM:?names the library that makes faults}"
# A library before ASan's own in the list is what we want here.
export ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0

# with_fault NAME=VALUE... -- ARGUMENT...: run() with the shim
with_fault()
{
	local -a faults=()

	while [[ $1 != -- ]]; do
		faults+=("$1")
		shift
	done
	shift
	runner=(env LD_PRELOAD="$FAULT_SHIM" FAULT_TELL="$tmp/told" "${faults[@]}")
	run "$@"
	runner=()
}

told() # reads|allocations|peak: of the last run with_fault
{
	local reads allocations peak

	read -r reads allocations peak < "$tmp/told"
	echo "${!1}"
}

# A temporary file that nobody needs any more.
expect_nothing_left() # DIR...
{
	local left

	left=$(find "$@" -name '.*.btfbatch')
	[[ -z $left ]] || fail "left behind: $left"
}

# What there is in DIR is whole: as it is in WHOLE.
expect_part_of() # DIR WHOLE
{
	local file

	[[ -d $1 ]] || return 0
	while read -r file; do
		[[ -f $2/$file ]] || fail "$1/$file should not be there"
		expect_same "$2/$file" "$1/$file"
	done < <(files_of "$1")
}

# How many microseconds COMMAND takes.
duration() # COMMAND...
{
	local start=${EPOCHREALTIME/./} end

	"$@"
	end=${EPOCHREALTIME/./}
	echo $((end - start))
}

# Makes $whole_run longer or shorter, where a signal came too early or too late: how long a run
# takes on a busy machine is not what it took the first time.
came_too()
{
	case $1 in
	early) whole_run=$((whole_run + whole_run / 16 + 1)) ;;
	late) whole_run=$((whole_run - whole_run / 10)) ;;
	esac
}

# ended_by SIGNAL MICROSECONDS ARGUMENT...: run(), and after so long the signal. $status is as
# a shell has it; the streams are read when it has ended.
ended_by()
{
	local signal=$1 after=$2

	shift 2
	status=0
	# Who started this may ignore signals. A shell tells of who is killed: not here.
	{
		env --default-signal=INT,TERM timeout --preserve-status --signal="$signal" \
			"$(printf '%d.%06d' $((after / 1000000)) $((after % 1000000)))" \
			"$BTFBATCH" "$@" > "$tmp/stdout" 2> "$tmp/stderr" < /dev/null
	} 2> /dev/null || status=$?
	if grep -q -e 'Sanitizer' -e 'runtime error:' "$tmp/stderr"; then
		fail "$(printf 'a sanitizer found:\n%s' "$(< "$tmp/stderr")")"
	fi
}

# killed_at CALL ARGUMENT...: run(), killed at a call, as FAULT_KILL counts them; a status of
# 0 says that there are not so many.
killed_at()
{
	local call=$1

	shift
	{
		with_fault "FAULT_KILL=$call" -- "$@"
	} 2> /dev/null
	[[ $status == 137 || $status == 0 ]] || fail "status $status: $(< "$tmp/stderr")"
}

# Of the form that the magic string of a module's signature has, whatever is signed by it.
signature()
{
	printf 'signature\0\0\2\0\0\0\0\0\0\0\0\x09~Module signature appended~\n'
}

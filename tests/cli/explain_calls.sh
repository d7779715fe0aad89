#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# explain: wrong calls, help, and modules that cannot be explained.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

ko=$tree/standalone/extra/mod3.ko
cd "$tmp"

# expect_wrong MESSAGE ARGUMENT...: status 2, said on stderr alone
expect_wrong()
{
	local message=$1

	shift
	run explain "$@"
	expect_status 2
	expect_silent stdout
	expect_only_line stderr "btfbatch: $message"
}

expect_wrong 'no MODULE given: try explain --help'
expect_wrong 'no MODULE given: .*' -B "$base"
expect_wrong 'no PATH given: .*' -B "$base" --tree
expect_wrong 'more than a MODULE and a TYPE given: --tree takes several modules' \
	-B "$base" "$ko" foo bar
expect_wrong 'the TYPE is empty' -B "$base" "$ko" ''
for lines in 0 -1 x 1x '' 99999999999999999999; do
	expect_wrong '--lines takes a number from 1 on.*' -B "$base" -n "$lines" "$ko"
done
expect_wrong '--jobs takes .*' -B "$base" -j 0 --tree "$ko"
expect_wrong ".*/standalone: is not one module: a directory is explained with --tree" \
	-B "$base" "$tree/standalone"
expect_wrong 'nothing\.btf: cannot be the base: .*' -B nothing.btf "$ko"
run explain -B "$base" --no-such-option "$ko"
expect_status 2

# Help names every option and goes to stdout.
for help in -h --help; do
	run explain "$help"
	expect_status 0
	expect_silent stderr
	for option in -B --base --tree -j --jobs -n --lines --json -q --quiet -v --verbose -h --help; do
		grep -qE -e "(^|[ ,])$option([ ,]|\$)" stdout ||
			fail "$help does not tell of $option: $(< stdout)"
	done
done

# A file of that name is still a PATH.
cp "$ko" explain
run -q -B "$base" ./explain
expect_status 0

# What fails, fails alone.
echo bad > bad.ko
gcc -c -x c -o none.ko - <<< 'int x;'
run explain -B "$base" bad.ko
expect_failure bad.ko 'neither ELF nor BTF.*'
run explain -B "$base" bad.ko int
expect_failure bad.ko 'neither ELF nor BTF.*'
run explain -B "$base" nowhere.ko int
expect_failure nowhere.ko '.*No such file or directory'
run explain -B "$base" none.ko
expect_status 0
expect_line stdout 'module   none.ko: no BTF'
run explain -B "$base" none.ko int
expect_failure none.ko 'it has no BTF'
run explain -B "$base" --json out.json --tree bad.ko none.ko "$ko"
expect_failure bad.ko 'neither ELF nor BTF.*'
expect_line stdout 'modules  3: 1 ok, 1 without BTF, 1 FAILED'
tail -n 1 stdout | grep -q '^FAILED  bad\.ko: ' || fail "the table's last line: $(tail -n 1 stdout)"
expect_equal 'failures in JSON' bad.ko "$(json '.failures[].path' out.json)"
expect_equal 'totals in JSON' '3 1 1 1' \
	"$(json '.totals | "\(.modules) \(.ok) \(.no_btf) \(.failed)"' out.json)"

# A report that cannot be written is a failure.
if [[ -c /dev/full ]]; then
	be_nobody # as root, a fault of ours would replace the device
	run explain -q -B "$base" --json /dev/full "$ko"
	expect_status 1
	expect_only_line stderr 'btfbatch: /dev/full: .*No space left on device'
	status=0
	"$BTFBATCH" explain -B "$base" "$ko" > /dev/full 2> stderr || status=$?
	expect_status 1
fi

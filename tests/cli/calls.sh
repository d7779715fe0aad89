#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What a wrong call gives, and what help and version give.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

ko=$tree/standalone/extra/mod3.ko
cd "$tmp"

# expect_wrong ARGUMENT...: status 2, said on stderr alone, and nothing done
expect_wrong()
{
	run -o "$tmp/out" "$@"
	[[ $status == 2 ]] || fail "status of '$*': expected 2 but came $status"
	expect_silent stdout
	[[ $(wc -l < "$tmp/stderr") == 1 ]] ||
		fail "$(printf "%s: expected one line but came:\n%s" "$*" "$(< "$tmp/stderr")")"
	[[ ! -e $tmp/out ]] || fail "'$*' made an output directory"
}

expect_wrong
expect_line stderr 'btfbatch: no PATH given: try --help'
expect_wrong -B "$base"
expect_wrong -B "$base" --
for jobs in 0 -1 x 1x 1025 99999999999999999999 '' ' ' 1.5; do
	expect_wrong -B "$base" -j "$jobs" "$ko"
	expect_wrong -B "$base" --jobs="$jobs" "$ko"
done
expect_wrong -B "$base" --engine foo "$ko"
expect_wrong -B "$base" --engine '' "$ko"
expect_wrong -B "$base" --no-such-option "$ko"
expect_wrong -B "$base" -Z "$ko"
expect_wrong -B "$base" --verbose=yes "$ko"
expect_wrong -B "$base" "$ko" --json
expect_wrong -B "$base" "$ko" -o
expect_wrong -B "$base" --json - --csv - "$ko"
expect_wrong -B "$base" "$ko" --output ''
expect_wrong -B "$base" --json - --shared - "$ko"
expect_wrong -B "$base" --shared x --csv x "$ko"
expect_wrong -B '' "$ko"

# Options may stand behind the PATHs.
run "$ko" -q --base "$base" --output=after
expect_status 0
expect_files after <<< mod3.ko.btf

# Help names every option and goes to stdout.
for help in -h --help; do
	run "$help"
	expect_status 0
	expect_silent stderr
	for option in -B --base -o --output -j --jobs --json --csv --shared -q --quiet -v --verbose \
		      --embed --in-place --btf-dir --drop-signature --sign-cmd -n --dry-run \
		      --engine --version -h --help; do
		grep -qE -e "(^|[ ,])$option([ ,]|\$)" stdout ||
			fail "$help does not tell of $option: $(< stdout)"
	done
done
run --version
expect_status 0
expect_silent stderr
expect_only_line stdout 'btfbatch [0-9]+\.[0-9]+\.[0-9]+'

# They may not be lost either.
if [[ -c /dev/full ]]; then
	for option in --help --version; do
		status=0
		"$BTFBATCH" "$option" > /dev/full 2> stderr || status=$?
		[[ $status != 0 ]] || fail "$option > /dev/full: expected a failure but came status 0"
	done
fi

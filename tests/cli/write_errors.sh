#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What cannot be written: a message, status 1, no half-written file, and what can
# be written is.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

cd "$tmp"
cp -r "$tree/standalone" in
in=$tmp/in

# -- Reports --

run -q -B "$base" --json good.json "$in"
mkdir -m 777 full for-all
for form in json csv; do
	be_nobody # as root, a fault of ours would replace the device
	run -q -B "$base" -o "$tmp/full" "--$form" /dev/full "$in"
	runner=()
	expect_status 1
	expect_only_line stderr \
		'btfbatch: /dev/full: the report cannot be written: No space left on device'
	expect_equal "blobs in spite of that" 12 "$(files_of full | wc -l)"
	mkdir -p "a-directory/of-$form"
	run -q -B "$base" "--$form" "a-directory/of-$form" "$in"
	expect_status 1
	expect_only_line stderr "btfbatch: a-directory/of-$form: the report cannot be written: .+"
	run -q -B "$base" "--$form" good.json/below "$in"
	expect_status 1
	expect_only_line stderr 'btfbatch: good\.json/below: the report cannot be written: .+'
done

# One report's failure is not another's.
be_nobody
run -B "$base" --json /dev/full --csv for-all/good.csv "$in"
runner=()
expect_status 1
expect_only_line stderr 'btfbatch: /dev/full: .*'
expect_equal "lines of the CSV" 13 "$(wc -l < for-all/good.csv)"
grep -q '^modules' stdout || fail "there is no table"

# stdout, for each of the three.
for report in -v '--json -' '--csv -'; do
	status=0
	"$BTFBATCH" -B "$base" $report "$in" > /dev/full 2> stderr || status=$?
	expect_status 1
	expect_only_line stderr \
		'btfbatch: standard output: cannot be written: No space left on device'
	status=0
	"$BTFBATCH" -B "$base" $report "$in" >&- 2> stderr || status=$?
	expect_status 1
	expect_only_line stderr 'btfbatch: standard output: cannot be written: .+'
done

# -- Blobs --

# expect_no_blobs REASON: in the directory `out`, for any of the modules
expect_no_blobs()
{
	run -q -B "$base" -o "$tmp/outs/out" --json - "$in"
	expect_status 1
	expect_equal "failures" 12 \
		"$(grep -cE "^btfbatch: [a-z/]+mod[0-9]+\.ko: failed: $1\$" stderr)"
	expect_equal "lines on stderr" 12 "$(wc -l < stderr)"
	expect_equal "modules done" 0 "$(json .totals.ok stdout)"
}

# The output directory is a file, or lies below one.
mkdir outs
echo file > outs/out
expect_no_blobs '.*Not a directory'
expect_equal "the file" file "$(< outs/out)"
rm outs/out

# One blob's place is taken by a directory, another one's directory by a file.
mkdir -p outs/out/extra/mod3.ko.btf/full outs/out/kernel
echo file > outs/out/kernel/net
run -q -B "$base" -o "$tmp/outs/out" "$in"
expect_status 1
expect_equal "failures of some" $'extra/mod3.ko\nkernel/net/mod1.ko\nkernel/net/mod5.ko\nkernel/net/mod9.ko' \
	"$(sed -n 's/^btfbatch: \(.*\): failed: .*/\1/p' stderr)"
expect_equal "files" 9 "$(files_of outs/out | wc -l)" # 8 blobs, and outs/out/kernel/net
rm -r outs/out

# A directory that may not be written.
chmod 755 .
be_nobody
mkdir outs/out
chmod 555 outs/out
expect_no_blobs '.*Permission denied'
expect_files outs/out < /dev/null
rmdir outs/out
runner=()

# A file system that fills up: what is there is whole, nothing else is there. Big
# enough for some of the blobs, a page each, and their directories.
mkdir outs/out whole
if unshare -m mount -t tmpfs none outs/out 2> /dev/null; then
	run -q -B "$base" -o "$tmp/whole" "$in"
	unshare -m bash -euc '
		mount -t tmpfs -o size=16k none "$1/outs/out"
		status=0
		"$BTFBATCH" -q -B "$2" -j1 -o "$1/outs/out" "$3" 2> "$1/stderr" || status=$?
		cp -r "$1/outs/out" "$1/filled"
		echo "$status" > "$1/status"
	' - "$tmp" "$base" "$in"
	expect_equal "status" 1 "$(< status)"
	failed=$(grep -c 'failed: .*No space left on device$' stderr)
	expect_equal "lines on stderr" "$failed" "$(wc -l < stderr)"
	expect_equal "blobs written or failed" 12 $(($(files_of filled | wc -l) + failed))
	while read -r blob; do
		expect_same "whole/$blob" "filled/$blob"
	done < <(files_of filled)
else
	echo "cannot mount a tmpfs: a full file system is not tested" >&2
fi

# Over a file size limit: an error as any other, not a signal. (Built with TSan the
# program writes a file of its own before main() and does not get there.)
if (ulimit -f 0 && "$BTFBATCH" --version > /dev/null) 2> /dev/null; then
	set +o pipefail
	(ulimit -f 0 && exec "$BTFBATCH" -q -B "$base" -o limited "$in" 2>&1) | cat > stderr
	status=${PIPESTATUS[0]}
	set -o pipefail
	expect_status 1
	expect_equal "failures over a limit" 12 "$(grep -c 'failed: File too large$' stderr)"
	expect_files limited < /dev/null
fi

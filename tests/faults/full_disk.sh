#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A file system that is full while modules are changed in their places: each is the old one or
# the new one, whole. (For blobs see tests/cli/write_errors.sh, for reports too.)
set -euo pipefail
. "$(dirname "$0")/lib.sh"

cp -r "$tree/standalone" "$tmp/new"
run -q -B "$base" --embed --in-place "$tmp/new"
expect_status 0
# A tmpfs gives files pages of 4 KiB.
size=$(find "$tree/standalone" -type f -printf '%s\n' | awk '{ k += 4 * int(($1 + 4095) / 4096) } END { print k }')

# on_full_disk KIB: with so much more than the modules need, in $tmp/after what is there then
on_full_disk()
{
	rm -rf "$tmp/after" "$tmp/again"
	mkdir -p "$tmp/disk"
	unshare -m bash -euc '
		mount -t tmpfs -o size="$1"k none "$2/disk"
		cp -r "$4" "$2/disk/modules" || exit 9
		status=0
		"$BTFBATCH" -q -j2 -B "$3" --embed --in-place "$2/disk/modules" 2> "$2/stderr" || status=$?
		cp -r "$2/disk/modules" "$2/after"
		echo "$status" > "$2/status"
		mount -o remount,size=100m "$2/disk"
		"$BTFBATCH" -q -j2 -B "$3" --embed --in-place "$2/disk/modules"
		cp -r "$2/disk/modules" "$2/again"
	' - "$1" "$tmp" "$base" "$tree/standalone"
}

if unshare -m mount -t tmpfs none "$tmp" 2> /dev/null; then
	failures=0
	for ((more = 0; more <= 48; more += 8)); do
		on_full_disk $((size + more)) 2> "$tmp/unshare" || fail "$(< "$tmp/unshare")"
		status=$(< "$tmp/status")
		expect_nothing_left "$tmp/after"
		failed=$(grep -c 'failed: .*No space left on device$' "$tmp/stderr" || true)
		expect_equal "lines on stderr" "$failed" "$(wc -l < "$tmp/stderr")"
		expect_equal "status" $((failed > 0)) "$status"
		failures=$((failures + failed))
		while read -r file; do
			cmp -s "$tmp/new/$file" "$tmp/after/$file" ||
				expect_same "$tree/standalone/$file" "$tmp/after/$file"
		done < <(files_of "$tree/standalone")
		expect_same_trees "$tmp/new" "$tmp/again"
	done
	((failures)) || fail "no disk was full"
else
	# Nothing can be mounted: a limit on the size of files in its stead.
	largest=$(find "$tree/standalone" -type f -printf '%k\n' | sort -n | tail -n 1)
	cp -r "$tree/standalone" "$tmp/after"
	(ulimit -f $((largest / 2)) && exec "$BTFBATCH" -q -B "$base" --embed --in-place "$tmp/after") \
		2> "$tmp/stderr" || status=$?
	expect_nothing_left "$tmp/after"
	while read -r file; do
		cmp -s "$tmp/new/$file" "$tmp/after/$file" ||
			expect_same "$tree/standalone/$file" "$tmp/after/$file"
	done < <(files_of "$tree/standalone")
	grep -q 'failed: File too large' "$tmp/stderr" || fail "nothing failed"
fi

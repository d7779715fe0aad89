#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Files that cannot be read or are no modules: each is one line on stderr, the
# modules beside it are done, and nothing else is left.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
be_nobody

mkdir "$tmp/in" "$tmp/outs"
chmod 777 "$tmp/outs"
cp "$tree/standalone/extra/mod3.ko" "$tmp/in/good1.ko"
cp "$tree/xz/extra/mod7.ko.xz" "$tmp/in/good2.ko.xz"
run -q -B "$base" -o "$tmp/outs/expected" "$tmp/in"
expect_status 0

# expect_bad NAME REASON: the batch with NAME in it, besides the good ones. Its path in
# the report is relative to the PATH.
expect_bad()
{
	rm -rf "$tmp/outs/out"
	run -q -B "$base" -o "$tmp/outs/out" --json - "$tmp/in"
	expect_status 1
	expect_only_line stderr "btfbatch: (.*/)?$(quote "$1"): failed: $2"
	expect_same_trees "$tmp/outs/expected" "$tmp/outs/out"
	expect_equal "what was done and what was not" "2 1 $1" \
		"$(json '"\(.totals.ok) \(.totals.failed) " +
			(.modules[] | select(.status == "failed") | .path)' "$tmp/stdout")"
	rm -rf "$tmp/in/$1"
}

cd "$tmp/in"
touch empty.ko
expect_bad empty.ko 'empty file'
echo 'no module' > text.ko
expect_bad text.ko 'neither ELF nor BTF, nor in a known compression'
printf '\x7f' > short.ko
expect_bad short.ko '.+'
mkfifo fifo.ko
expect_bad fifo.ko 'not a regular file'
cp good1.ko unreadable.ko
chmod 000 unreadable.ko
expect_bad unreadable.ko 'cannot open: Permission denied'
mkdir closed
cp good1.ko closed/x.ko
chmod 700 closed
if [[ $(id -u) != 0 ]]; then
	chmod 000 closed
fi
expect_bad closed '.*Permission denied'

# Packed files.
for packed in gz xz zst; do
	cp "$tree/$packed/extra/mod3.ko.$packed" whole
	head -c 2000 whole > "cut.ko.$packed"
	expect_bad "cut.ko.$packed" '.* data is truncated'
	cp whole "corrupt.ko.$packed"
	printf 'broken' | patch "corrupt.ko.$packed" 1500
	expect_bad "corrupt.ko.$packed" '.* data is corrupt: .*'
	(cat whole && echo 'and more') > "trailing.ko.$packed"
	expect_bad "trailing.ko.$packed" '.+'
	head -c 8 whole > "head.ko.$packed"
	expect_bad "head.ko.$packed" '.+'
done
rm whole
xz < /dev/null > nothing.ko.xz
expect_bad nothing.ko.xz '.+'
xz --lzma2=dict=1GiB < good1.ko > hungry.ko.xz
expect_bad hungry.ko.xz 'xz data needs more than [0-9]+ MiB to unpack'

# Text that grows when it is unpacked is no module, however much it is.
(echo 'no module' && head -c 200M /dev/zero) | xz -0 > text.ko.xz
expect_bad text.ko.xz 'unpacks to neither ELF nor BTF'

# PATHs that are not there.
expect_bad_path() # PATH REASON
{
	rm -rf "$tmp/outs/out"
	run -q -B "$base" -o "$tmp/outs/out" "$tmp/in/good1.ko" "$1" "$tmp/in/good2.ko.xz"
	expect_failure "$1" "$2"
	expect_same_trees "$tmp/outs/expected" "$tmp/outs/out"
}

expect_bad_path "$tmp/vanished.ko" '.*No such file or directory'
ln -s vanished.ko "$tmp/dangling.ko"
expect_bad_path "$tmp/dangling.ko" '.+'
ln -s circle.ko "$tmp/circle.ko"
expect_bad_path "$tmp/circle.ko" '.+'
expect_bad_path "$tmp/in/good1.ko/" '.*Not a directory'
expect_bad_path /dev/null 'not a regular file'
expect_bad_path '' '.*No such file or directory'

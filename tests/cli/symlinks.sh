#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A symbolic link inside of a tree is not followed; a PATH may be one.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

in=$tmp/in
mkdir -p "$in/sub" "$tmp/outside"
cp "$tree/standalone/extra/mod3.ko" "$in/sub/real.ko"
cp "$tree/standalone/extra/mod7.ko" "$tmp/outside/far.ko"
ln -s sub/real.ko "$in/inside.ko"
ln -s ../outside/far.ko "$in/far.ko"
ln -s ../outside "$in/outside"
ln -s . "$in/loop"
ln -s ../.. "$in/sub/up"
ln -s self.ko "$in/self.ko"
ln -s nowhere "$in/dangling.ko"

run -q -B "$base" -o "$tmp/out" --json "$tmp/json" "$in"
expect_status 0
expect_silent stderr
expect_equal paths sub/real.ko "$(json '.modules[].path')"
expect_files "$tmp/out" <<< sub/real.ko.btf

# To a directory, to a file, with a slash at the end, and through another link.
ln -s in "$tmp/dir-link"
ln -s dir-link "$tmp/second-link"
for path in dir-link dir-link/ second-link; do
	rm -rf "$tmp/out2"
	run -q -B "$base" -o "$tmp/out2" "$tmp/$path"
	expect_status 0
	expect_same_trees "$tmp/out" "$tmp/out2"
done
run -q -B "$base" -o "$tmp/out3" "$in/inside.ko"
expect_status 0
expect_files "$tmp/out3" <<< inside.ko.btf
expect_same "$tmp/out/sub/real.ko.btf" "$tmp/out3/inside.ko.btf"

# The file and a link to it are one file.
run -q -B "$base" --json "$tmp/json" "$in/inside.ko" "$in" "$tmp/dir-link"
expect_status 0
expect_equal "paths of the one file" inside.ko "$(json '.modules[].path')"

# A base may be a link too.
ln -s "$base" "$tmp/base-link"
run -q -B "$tmp/base-link" -o "$tmp/out4" "$in"
expect_status 0
expect_same_trees "$tmp/out" "$tmp/out4"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# --embed: a module of several names, hard links, is changed once and keeps them.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$tmp"

run -q -B "$base" --embed -o plain "$tree/standalone"
make_linked() # DIR
{
	mkdir -p "$1/in/sub" "$1/outside"
	cp "$tree/standalone/extra/mod3.ko" "$1/in/a.ko"
	ln "$1/in/a.ko" "$1/in/sub/b.ko"
	ln "$1/in/a.ko" "$1/in/c.ko"
	cp "$tree/standalone/extra/mod7.ko" "$1/in/d.ko"
	ln "$1/in/d.ko" "$1/outside/d.ko"
}

make_linked inplace
run -q -B "$base" --embed --in-place inplace/in
expect_status 0
expect_line stderr 'btfbatch: a.ko: note: 3 names of one file: all have the new one'
expect_line stderr "btfbatch: d.ko: note: 1 of the file's 2 names are outside of the PATHs and keep the old module"
expect_equal "messages" 2 "$(wc -l < stderr)"
for name in a.ko sub/b.ko c.ko; do
	expect_same plain/extra/mod3.ko "inplace/in/$name"
done
expect_equal "file and names" 3 "$(stat -c %h inplace/in/sub/b.ko)"
expect_same plain/extra/mod7.ko inplace/in/d.ko
expect_same "$tree/standalone/extra/mod7.ko" inplace/outside/d.ko

make_linked copied
run -q -B "$base" --embed -o out copied/in
expect_status 0
expect_files out <<< $'a.ko\nc.ko\nd.ko\nsub/b.ko'
expect_equal "one file" 3 "$(stat -c %h out/sub/b.ko)"
expect_same plain/extra/mod3.ko out/c.ko

# One name, found by two PATHs, is no link.
mkdir -p twice/sub
cp "$tree/standalone/extra/mod3.ko" twice/sub/a.ko
run -q -B "$base" --embed --in-place twice twice/sub
expect_status 0
expect_silent stderr
expect_same plain/extra/mod3.ko twice/sub/a.ko

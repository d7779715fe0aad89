#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The number of workers changes no byte: not in the blobs, not in any report, not
# in the messages.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# Enough modules that workers overtake each other, and failures among them.
for copy in 1 2 3 4; do
	cp -r "$tree/standalone" "$tmp/in$copy"
	cp -r "$tree/split" "$tmp/in$copy/split"
	cp -r "$tree/xz" "$tmp/in$copy/packed"
	head -c 3000 "$tree/standalone/extra/mod3.ko" > "$tmp/in$copy/kernel/cut.ko"
	echo bad > "$tmp/in$copy/bad.ko"
done

with_jobs() # N ARGUMENT...
{
	mkdir "$tmp/$1"
	for copy in 1 2 3 4; do
		run -B "$base" -o "$tmp/$1/out$copy" -j "$@" \
			--json "$tmp/$1/json$copy" --csv "$tmp/$1/csv$copy" "$tmp/in$copy"
		expect_status 1
		cp "$tmp/stdout" "$tmp/$1/table$copy"
		cp "$tmp/stderr" "$tmp/$1/messages$copy"
	done
}

with_jobs 1
expect_equal "failures" 2 "$(wc -l < "$tmp/1/messages1")"
expect_equal "blobs" 36 "$(files_of "$tmp/1/out1" | wc -l)"
for jobs in 2 3 8 100; do
	with_jobs "$jobs"
	expect_same_trees "$tmp/1" "$tmp/$jobs"
done

# -v, all in one run, and -j's default.
run -v -B "$base" -j1 "$tmp"/in[1-4]
mv "$tmp/stdout" "$tmp/one"
run -v -B "$base" --jobs=8 "$tmp"/in[1-4]
expect_same "$tmp/one" "$tmp/stdout"
run -v -B "$base" "$tmp"/in[1-4]
expect_same "$tmp/one" "$tmp/stdout"

# So it is for the reference engine.
run -v -B "$base" --engine libbpf -j1 "$tmp"/in[1-4]
mv "$tmp/stdout" "$tmp/one"
run -v -B "$base" --engine libbpf -j3 "$tmp"/in[1-4]
expect_same "$tmp/one" "$tmp/stdout"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# File names of any bytes: found, written under the same bytes, and reported so
# that no report breaks and each can be told from the others.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

names=(
	'with space.ko'
	$'new\nline.ko'
	$'not\xffutf-8.ko'
	$'\xc3\xbcmlaut.ko'
	$'esc\x1b[31mred.ko'
	'quote",comma.ko'
	'-B.ko'
	'%s%n.ko'
	'back\x0aslash.ko'
)
mkdir "$tmp/in" "$tmp/expected"
run -q -B "$base" -o "$tmp/one" "$tree/standalone/extra/mod3.ko"
for name in "${names[@]}"; do
	mkdir -p "$tmp/in/dir $name" "$tmp/expected/dir $name"
	cp "$tree/standalone/extra/mod3.ko" "$tmp/in/dir $name/$name"
	cp "$tmp/one/mod3.ko.btf" "$tmp/expected/dir $name/$name.btf"
done
cd "$tmp/in"
run -v -B "$base" -o "$tmp/out" --json "$tmp/json" --csv "$tmp/csv" .
expect_status 0
expect_silent stderr
expect_same_trees "$tmp/expected" "$tmp/out"
iconv -f UTF-8 -t UTF-8 "$tmp/json" > "$tmp/utf8" || fail "the JSON is not UTF-8"
expect_equal "different paths" "${#names[@]}" "$(json '[.modules[].path] | unique | length')"
json '.modules[].path' | grep -qF 'dir not\xffutf-8.ko/not\xffutf-8.ko' ||
	fail "the byte ff is not shown as \\xff: $(json '.modules[].path')"
json '.modules[].path' | grep -qF 'back\x5cx0aslash.ko' ||
	fail "a name with \\x0a looks like one with a newline: $(json '.modules[].path')"

# In the table each is one line that does nothing to the terminal.
expect_equal "lines that name a module" "${#names[@]}" "$(grep -cE '\.ko$' "$tmp/stdout")"
if grep -q $'\x1b' "$tmp/stdout"; then
	fail "an escape character is in the table"
fi

# So it is with messages.
rm -r "$tmp/in"/*
for name in "${names[@]}"; do
	echo bad > "$tmp/in/$name"
done
run -q -B "$base" "$tmp/in"
expect_status 1
expect_equal "lines of messages" "${#names[@]}" "$(wc -l < "$tmp/stderr")"
expect_equal "lines with a failure" "${#names[@]}" \
	"$(grep -cE '^btfbatch: .*\.ko: failed: ' "$tmp/stderr")"
expect_line stderr \
	'btfbatch: new\x0aline.ko: failed: neither ELF nor BTF, nor in a known compression'

# As PATHs: behind -- it is no option.
cp "$tree/standalone/extra/mod3.ko" "$tmp/in/-B.ko"
run -q -B "$base" -o "$tmp/out2" -- -B.ko
expect_status 0
expect_files "$tmp/out2" <<< -B.ko.btf

# The longest name that there can be leaves no room for the suffix of its output.
long=$(printf '%0252d' 0).ko
cp -- -B.ko "$long"
cp -- -B.ko fine.ko
run -q -B "$base" -o "$tmp/out3" fine.ko "$long"
expect_failure "$long" '.+'
expect_files "$tmp/out3" <<< fine.ko.btf

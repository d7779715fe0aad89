#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# --embed: a signature is never broken unasked.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/embed_lib.sh"
cd "$tmp"

run -q -B "$base" --embed -o plain "$tree/standalone"
mkdir in
cp "$tree/standalone/extra/mod3.ko" "in/a b'c.ko"
cp "$tree/standalone/extra/mod7.ko" in/unsigned.ko
append_signature "in/a b'c.ko" 200
cp -a in old

run -q -B "$base" --embed --in-place in
expect_failure "a b'c.ko" 'it is signed.*--drop-signature or --sign-cmd.*'
expect_same "in/a b'c.ko" "old/a b'c.ko"
expect_same in/unsigned.ko plain/extra/mod7.ko

cp -a old dropped
run -q -B "$base" --embed --in-place --drop-signature dropped
expect_status 0
expect_same "dropped/a b'c.ko" plain/extra/mod3.ko

# The command gets the finished module, whatever its path is, and works as the kernel's
# sign-file does: to another file that is renamed. What it prints is no result.
cat > sign <<'S'
#!/bin/bash
. embed_lib.sh
echo "signing $2"
cp "$2" "$2.~signed~"
append_signature "$2.~signed~" "$1"
mv "$2.~signed~" "$2"
S
chmod +x sign
cp "$(dirname "$0")/embed_lib.sh" .
cp -a old signed
run -q -B "$base" --embed --in-place --sign-cmd './sign 77 {}' signed
expect_status 0
expect_silent stdout
grep -q "^signing .*signed/.*a b'c.ko" stderr || fail "the command's words: $(< stderr)"
cp plain/extra/mod3.ko expected
append_signature expected 77
expect_same expected "signed/a b'c.ko"
expect_same plain/extra/mod7.ko signed/unsigned.ko
[[ -z $(find signed -name '.*') ]] || fail "left: $(find signed -name '.*')"

# A signed module that has the right BTF already keeps its signature.
run -q -B "$base" --embed --in-place --json json signed
expect_status 0
expect_equal "signed and right" unchanged "$(json '[.modules[].file] | unique[]')"
expect_same expected "signed/a b'c.ko"

# Signed, then packed.
mkdir packed
xz -c "old/a b'c.ko" > packed/m.ko.xz
run -q -B "$base" --embed --in-place --sign-cmd './sign 77 {}' packed
expect_status 0
xz -dc packed/m.ko.xz | cmp - expected || fail "not packed after signing"

# Commands that go wrong leave the old module.
for command in 'exit 3; {}' 'true {}' 'echo more >> {}' ': > {}' 'rm {}' 'kill -9 $$; {}' \
	'printf x > {}; ./sign 77 {}'; do
	rm -rf wrong && mkdir wrong && cp "old/a b'c.ko" wrong/m.ko
	run -q -B "$base" --embed --in-place --sign-cmd "$command" wrong
	expect_status 1
	grep -q '^btfbatch: m.ko: failed: ' stderr || fail "$command: $(< stderr)"
	expect_same wrong/m.ko "old/a b'c.ko"
	expect_files wrong <<< m.ko
done

# A length that is not the file's.
head -c 300 "$tree/standalone/extra/mod3.ko" > broken.ko
printf '\0\0\2\0\0\0\0\0\377\0\0\0~Module signature appended~\n' >> broken.ko
run -q -B "$base" --embed --in-place --drop-signature broken.ko
expect_failure broken.ko 'its signature claims to be longer than the file'

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A report is the fingerprint of a base and a tree: what is not the pair that it was made from is
# found out.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

run -q -B "$base" -o "$tmp/out" --json "$tmp/report.json" "$tree/standalone"
expect_status 0

# holds STATUS LINE PATH...: the manifest is held against the PATHs
holds()
{
	local wanted=$1 line=$2

	shift 2
	run check -B "$base" --manifest "$tmp/report.json" "$@"
	expect_status "$wanted"
	expect_line stdout "$line"
}

holds 0 'manifest of this base' "$tmp/out"

# The blobs back in modules, some of them packed.
cp -r "$tree/standalone" "$tmp/modules"
while read -r module; do
	objcopy --update-section ".BTF=$tmp/out/$module.btf" "$tmp/modules/$module"
done < <(files_of "$tmp/modules")
xz "$tmp/modules/extra/mod3.ko"
holds 0 'manifest of this base' "$tmp/modules"

# A byte of a string is another; a module has another's; one is missing; one is new.
blob=$tmp/out/extra/mod3.ko.btf
cp "$blob" "$tmp/keep"
printf x | patch "$blob" $(($(stat -c %s "$blob") - 2))
holds 1 'manifest of this base: 1 modules differ' "$tmp/out"
grep -q '^extra/mod3.ko.btf: not the manifest.s: BTF with the hash [0-9a-f]\{16\}, not [0-9a-f]\{16\}$' "$tmp/stdout" ||
	fail "the hash is not told"
cp "$tmp/out/extra/mod7.ko.btf" "$blob"
run check -B "$base" --manifest "$tmp/report.json" "$tmp/out"
expect_status 1
rm "$blob"
holds 1 'manifest of this base: 1 modules not found' "$tmp/out"
expect_line stdout 'extra/mod3.ko: not found, but the manifest has it'
cp "$tmp/keep" "$blob"
cp "$tmp/keep" "$tmp/out/extra/mod99.ko.btf"
run check -B "$base" --manifest "$tmp/report.json" --json "$tmp/json" "$tmp/out"
expect_status 1
expect_line stdout "extra/mod99.ko.btf: not the manifest's: the manifest does not know it"
expect_equal "in JSON" 'the manifest does not know it' \
	"$(json '.modules[] | select(.path == "extra/mod99.ko.btf") | .manifest')"
expect_equal "in JSON" '1 0' "$(json '.manifest | [.differ, (.not_found | length)] | join(" ")')"
rm "$tmp/out/extra/mod99.ko.btf"

# Another base, that the modules are accepted over.
cp "$base" "$tmp/other.btf"
printf x | patch "$tmp/other.btf" $(($(stat -c %s "$base") - 2))
run check -B "$tmp/other.btf" --manifest "$tmp/report.json" "$tmp/out"
expect_status 1
expect_line stdout 'manifest of another base'

# No manifest.
run check -B "$base" --manifest "$tmp/none.json" "$tmp/out"
expect_status 2
expect_only_line stderr "btfbatch: $(quote "$tmp/none.json"): cannot be the manifest: .*"
run check -B "$base" --manifest "$base" "$tmp/out"
expect_status 2

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The step for DKMS, in modules that dkms builds for the kernel, and signs; and what the kernel
# says of them.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# build NAME: the modules of modules/ as version 1 of NAME; they come to $tmp/NAME/out.
build() {
	local source=$tmp/src/$1-1
	mkdir -p "$source" "$tmp/dkms" "$tmp/$1/out"
	cp -r "$here/modules/." "$source/"
	cat >"$source/dkms.conf" <<-C
		PACKAGE_NAME=$1
		PACKAGE_VERSION=1
		BUILT_MODULE_NAME[0]=recipe_plain
		DEST_MODULE_LOCATION[0]=/updates
		BUILT_MODULE_NAME[1]=recipe_kfuncs
		DEST_MODULE_LOCATION[1]=/updates
		BUILT_MODULE_NAME[2]=recipe_sub
		BUILT_MODULE_LOCATION[2]=sub
		DEST_MODULE_LOCATION[2]=/updates
		$(block 'DKMS' 1)
	C
	block 'DKMS' 2 >"$source/embed-btf.mk"
	block 'DKMS' 3 >"$source/embed-btf.sh"
	logged dkms build --sourcetree "$tmp/src" --dkmstree "$tmp/dkms" -k "$version" "$1/1"
	mv "$tmp/dkms/$1/1/$version"/*/module/*.ko "$tmp/$1/out/"
	mkdir "$tmp/$1/out/sub"
	mv "$tmp/$1/out/recipe_sub.ko" "$tmp/$1/out/sub/"
}

export BTF_BASE=$fixtures/vmlinuz
build recipe
expect_modules "$fixtures/built" "$tmp/recipe/out" "$fixtures/blobs"
# By the machine's key.
for module in $(modules_in "$tmp/recipe/out"); do
	is_signed "$tmp/recipe/out/$module" || fail "$module is not signed"
done

# Each has what is in its .BTF, the blob as was seen above, in /sys/kernel/btf, and the kfuncs are
# registered. The kernel does not take it for an error when they cannot be, but says so.
cp -r "$tmp/recipe/out" "$tmp/booted"
cp "$fixtures/built/recipe_kfuncs.ko" "$tmp/booted/without.ko"
logged bash "$here/../kernel/insert.sh" "$fixtures/vmlinuz" "$tmp/booted" "$tmp/booted.tsv"
diff - <(cut -f 1-3 "$tmp/booted.tsv") <<-T || fail "the kernel says otherwise: $(<"$tmp/booted.tsv")"
	file	verdict	insert
	recipe_kfuncs.ko	accepted	0
	recipe_plain.ko	accepted	0
	sub/recipe_sub.ko	accepted	0
	without.ko	nobtf	0
T
grep 'cannot register kfuncs' "$tmp/booted.tsv" | cut -f 1 >"$tmp/unregistered" || true
[[ $(<"$tmp/unregistered") == without.ko ]] || fail "kfuncs: $(<"$tmp/booted.tsv")"

# Without the kernel, the modules are made nevertheless.
BTF_BASE=/nonexistent
if [[ ! -r /boot/vmlinuz-$version ]]; then
	build bare
	grep -qx 'no BTF: no kernel' "$tmp/dkms/bare/1/$version"/*/log/make.log || fail "nothing was said"
	! has_section "$tmp/bare/out/recipe_plain.ko" .BTF || fail "BTF from nowhere"
fi

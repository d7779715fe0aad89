#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The override_dh_* steps, in packages that dpkg-buildpackage builds.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# build BLOCK TREE...: a package of the modules in the TREEs, made by rules with that block; its
# modules come to $tmp/BLOCK/root. Its `make` stands for their build: it copies them.
build() {
	local dir=$tmp/$1/recipe-1
	mkdir -p "$dir/debian/source" "$tmp/$1/root"
	cat >"$dir/Makefile" <<-'M'
		.RECIPEPREFIX = >
		all:
		> mkdir -p built
		> cp -r $(TREES) built/
		install:
		> mkdir -p $(DESTDIR)/lib/modules/$(KVERS)
		> cp -r built/. $(DESTDIR)/lib/modules/$(KVERS)/
	M
	cat >"$dir/debian/control" <<-'C'
		Source: recipe
		Maintainer: Nobody <nobody@localhost>
		Build-Depends: debhelper-compat (= 13)
		Standards-Version: 4.6.2
		Rules-Requires-Root: no

		Package: recipe
		Architecture: any
		Description: modules
	C
	printf '%s\n' 'recipe (1) unstable; urgency=low' '' '  * Modules.' '' \
		' -- Nobody <nobody@localhost>  Thu, 01 Jan 2026 00:00:00 +0000' >"$dir/debian/changelog"
	echo '3.0 (native)' >"$dir/debian/source/format"
	cat >"$dir/debian/rules" <<-R
		#!/usr/bin/make -f
		export KVERS = $version
		PACKAGE = recipe
		export TREES = ${*:2}
		%: ; dh \$@
		$(block 'Debian' "$1")
		$(block 'Debian' 3)
	R
	chmod +x "$dir/debian/rules"
	block 'DKMS' 3 >"$dir/debian/embed-btf.sh"
	(cd "$dir" && logged dpkg-buildpackage -b -us -uc)
	dpkg-deb -x "$tmp/$1"/recipe_1_*.deb "$tmp/$1/root"
}

export BTF_BASE=$fixtures/vmlinuz

build 1 "$fixtures/encoded/." "$fixtures/shipped/."
mkdir "$tmp/before"
cp -r "$fixtures/encoded/." "$fixtures/shipped/." "$tmp/before/"
expect_modules "$tmp/before" "$tmp/1/root/lib/modules/$version" "$fixtures/blobs"

build 2 "$fixtures/built/."
expect_modules "$fixtures/built" "$tmp/2/root/lib/modules/$version" "$fixtures/blobs"

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The %install steps for RPM, in specs that rpmbuild builds.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# build NAME INSTALL-BLOCK EXTRA: a package of the modules in $fixtures, built in $tmp/NAME by a
# spec with that block; its files come to $tmp/NAME/root. `make modules_install` stands for
# the kernel's: it copies, and signs unless CONFIG_MODULE_SIG_ALL is emptied. EXTRA goes
# into the spec's head.
build() {
	local top=$tmp/$1 file
	mkdir -p "$top"/{BUILD,SPECS,root}
	cp -r "$fixtures/encoded" "$fixtures/shipped" "$top/BUILD/"
	ln -s "$fixtures/vmlinux" "$top/BUILD/vmlinux"
	ln -s "$fixtures/kbuild/scripts" "$top/BUILD/scripts"
	signing_key "$top/BUILD/certs"
	cat >"$top/BUILD/Makefile" <<-'M'
		.RECIPEPREFIX = >
		CONFIG_MODULE_SIG_ALL = y
		to = $(INSTALL_MOD_PATH)/lib/modules/$(KERNELRELEASE)/kernel
		modules_install:
		> mkdir -p $(to)
		> cp -r encoded/. shipped/. $(to)/
		> find $(to) -name '*.ko' -exec chmod 744 {} +
		ifdef CONFIG_MODULE_SIG_ALL
		> find $(to) -name '*.ko' | xargs -n 1 scripts/sign-file sha256 certs/signing_key.pem certs/signing_key.x509
		endif
	M
	cat >"$top/SPECS/recipe.spec" <<-S
		%global kernelrelease $version
		%global _build_id_links none
		# What comes after %install: debug info into a package of its own, stripping, and, as
		# a kernel's spec has it, compressing.
		%define __spec_install_post %{?__debug_package:%{__debug_install_post}}\\
		%{__os_install_post}\\
		find %{buildroot}/lib/modules -name '*.ko' -exec xz -1 --check=crc32 {} +
		Name: recipe
		Version: 1
		Release: 1
		Summary: Modules
		License: GPL-2.0-only
		$3
		%description
		Modules.
		$(block 'RPM' "$2")
		%files
		/lib/modules
	S
	# make takes KERNELRELEASE from here.
	(cd "$top" && KERNELRELEASE=$version logged rpmbuild -bb --nodeps --define "_topdir $top" \
		--define "_smp_mflags -j2" --define "_binary_payload w1.gzdio" SPECS/recipe.spec)
	file=$(find "$top/RPMS" -name 'recipe-1-*.rpm')
	(cd "$top/root" && rpm2cpio "$file" | cpio -idm --quiet)
	find "$top/root" -name '*.ko.xz' -exec xz -d {} +
	jq -e '.totals.ok == 10 and .totals.failed == 0' "$top/BUILD/btf-report.json" >/dev/null ||
		fail "the report: $(<"$top/BUILD/btf-report.json")"
}

mkdir "$tmp/before"
cp -r "$fixtures/encoded/." "$fixtures/shipped/." "$tmp/before/"
kernel=lib/modules/$version/kernel

build plain 1 ''
expect_modules "$tmp/before" "$tmp/plain/root/$kernel" "$fixtures/blobs"

build debug 1 "$(block 'RPM' 3)
%debug_package"
expect_modules "$tmp/before" "$tmp/debug/root/$kernel" "$fixtures/blobs"
[[ $(find "$tmp/debug/RPMS" -name 'recipe-debuginfo-*.rpm') ]] || fail "no debuginfo package"

# That spec does not strip, so that the signatures stay.
build signed 2 ''
for module in $(modules_in "$tmp/before"); do
	is_signed "$tmp/signed/root/$kernel/$module" || fail "$module is not signed"
	modinfo -F signer "$tmp/signed/root/$kernel/$module" | grep -qx 'a test' || fail "$module: signed by another"
	objcopy --strip-debug "$tmp/signed/root/$kernel/$module"
done
expect_modules "$tmp/before" "$tmp/signed/root/$kernel" "$fixtures/blobs"

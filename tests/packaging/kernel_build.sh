#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The steps of a kernel's build, with the kernel's own Makefiles. The modules are built outside
# of the kernel's tree (a whole kernel takes too long), which the same Makefile.modfinal does,
# in a directory that has what the steps use of a kernel's.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

cp -r "$fixtures/kbuild" "$tmp/kbuild"
cp "$fixtures/vmlinux" "$tmp/kbuild/"
kbuild() { # DIR ARGUMENT...
	command make -C "$tmp/kbuild" M="$1" "${@:2}" modules
}

# What it is to replace works here: pahole is called, and there is BTF.
cp -r "$here/modules" "$tmp/each"
logged kbuild "$tmp/each" RESOLVE_BTFIDS=true
for module in $(modules_in "$tmp/each"); do
	has_section "$tmp/each/$module" .BTF || fail "kbuild made no BTF, so that there is nothing to replace"
done

cp -r "$here/modules" "$tmp/tree"
make() {
	kbuild "$tmp/tree" "$@"
}
block "The modules of a kernel's build" 1 >"$tmp/block"
# Not in a shell of its own: it is to call make() above.
logged . "$tmp/block"
unset -f make
for module in $(modules_in "$tmp/tree"); do
	! has_section "$tmp/tree/$module" .BTF || fail "the build made BTF"
done

ln -s "$fixtures/vmlinux" "$tmp/tree/vmlinux"
ln -s "$fixtures/kbuild/scripts" "$fixtures/kbuild/include" "$tmp/tree/"
block "The modules of a kernel's build" 2 >"$tmp/block"
(cd "$tmp/tree" && logged sh -e "$tmp/block")
for module in $(modules_in "$tmp/tree"); do
	old=$(section "$tmp/each/$module" .BTF | wc -c) new=$(section "$tmp/tree/$module" .BTF | wc -c)
	((new <= old)) || fail "$module: $new bytes, with pahole alone $old"
done

# modules_install strips and signs them, or does not sign, as the page says of it.
signing_key "$tmp/kbuild/certs"
key=$(sed -n 's/^CONFIG_MODULE_SIG_KEY="\(.*\)"$/\1/p' "$tmp/kbuild/.config")
install -D "$tmp/kbuild/certs/signing_key.pem" "$tmp/kbuild/$key"
install_modules() { # DIR ARGUMENT...
	logged command make -C "$tmp/kbuild" M="$tmp/tree" INSTALL_MOD_PATH="$1" INSTALL_MOD_STRIP=1 \
		"${@:2}" modules_install
}
install_modules "$tmp/signed"
install_modules "$tmp/unsigned" CONFIG_MODULE_SIG_ALL=
for module in $(modules_in "$fixtures/built"); do
	is_signed "$tmp/signed/lib/modules/$version/extra/$module" || fail "$module is not signed"
	! is_signed "$tmp/unsigned/lib/modules/$version/extra/$module" || fail "$module is signed"
done
expect_modules "$fixtures/built" "$tmp/signed/lib/modules/$version/extra" "$fixtures/blobs"
expect_modules "$fixtures/built" "$tmp/unsigned/lib/modules/$version/extra" "$fixtures/blobs"

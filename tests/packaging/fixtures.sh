#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# fixtures.sh VMLINUZ MODULES DIR: what the recipes are tried on. Nothing but kbuild, pahole
# and, for the blobs, `btfbatch -o` has a hand in it.
#
#   DIR/version      the kernel's
#   DIR/vmlinuz
#   DIR/vmlinux      unpacked, its BTF still in it
#   DIR/vmlinux.btf  that alone
#   DIR/kbuild/      its headers, from Debian's package, in a copy that can be changed
#   DIR/built/       the modules of modules/, made with them: debug info, no BTF, .BTF_ids empty
#   DIR/encoded/     the same with standalone BTF, as of `pahole -J` without a base
#   DIR/shipped/     some of MODULES, from before they were signed
#   DIR/blobs/       the split BTF that all of these ought to get
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../scripts/lib.sh"
: "${BTFBATCH:?names the program to test}"
vmlinuz=$(realpath "$1") modules=$(realpath "$2") version=${2##*/}
mkdir -p "$3"
cd "$3"

echo "$version" >version
ln -s "$vmlinuz" vmlinuz
extract_vmlinux vmlinuz vmlinux
objcopy --dump-section .BTF=vmlinux.btf vmlinux /dev/null

headers=/usr/src/linux-headers-$version
cp -r "$headers" kbuild
for link in scripts tools; do
	ln -sfn "$(realpath "$headers/$link")" kbuild/$link
done
cp -r "$here/modules" source
make -C kbuild M="$PWD/source" -j "$(nproc)" modules >kbuild.log 2>&1 || { cat kbuild.log >&2; exit 1; }
mkdir built
(cd source && find . -name '*.ko' | cpio -pdm --quiet ../built)

cp -r built encoded
find encoded -name '*.ko' -print0 | LLVM_OBJCOPY=objcopy xargs -0 -n 1 pahole -J --btf_gen_floats --lang_exclude=rust

# With kfuncs and without, and one of the large ones.
mkdir shipped
for module in dummy veth loop nf_nat nf_conntrack tcp_bbr xfs; do
	path=$(cd "$modules" && find . -name "$module.ko")
	mkdir -p "shipped/${path%/*}"
	cp "$modules/$path" "shipped/$path"
	# A copy that objcopy makes of an ELF file ends where that does, in front of the signature.
	objcopy "shipped/$path"
done
"$BTFBATCH" --base vmlinux -q -o blobs encoded shipped

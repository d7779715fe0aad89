#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# make_modules.sh DIR: bases and modules of real C, each unit compiled by gcc and, if
# it is there, by clang; encoded by pahole as different kernels' builds would. The
# kernel's own headers for programs give them some thousand types. What is made:
#
#   DIR/BASE/base.btf
#   DIR/BASE/modules/NAME-FORM.ko or NAME-FORM.btf, where FORM is
#     pahole         standalone, as `pahole -J` makes it
#     features       the same, by an encoder with other features than the base's
#     split          by `pahole -J --btf_base base.btf`
#     units          standalone, of units that nobody has deduplicated
#     twice          the same, each unit twice
#     split-units    split BTF of such units
#
# Environment: CONCAT, the program of concat.c.
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
dir=$1
if [[ -e $dir/done && -z $(find "$here" -newer "$dir/done") ]]; then
	exit 0
fi
rm -rf "$dir"
mkdir -p "$dir"
cd "$dir"

compilers=(gcc)
for clang in clang clang-14 clang-15 clang-16; do
	if command -v $clang > /dev/null; then
		compilers+=($clang)
		break
	fi
done

# unit COMPILER NAME FLAG...: NAME.COMPILER.o, with every type that it sees
unit()
{
	local compiler=$1 name=$2

	shift 2
	"$compiler" -g -gdwarf-4 -O1 -fno-eliminate-unused-debug-types -w -DUNIT="$name" "$@" \
		-c -o "$name.$compiler.o" "$here/src/unit.c"
}

# The base's units are core, net, bpf and fs; a module's begin with its own name.
units=()
unit_of_all() # NAME FLAG...
{
	local compiler

	units+=("$1")
	for compiler in "${compilers[@]}"; do
		unit "$compiler" "$@"
	done
}

unit_of_all core
unit_of_all net -DWITH_NET -D'SLOT_FIELDS=u64 block; struct list dirty;'
unit_of_all bpf -DWITH_BPF
unit_of_all fs -DWITH_FS
unit_of_all plain1
unit_of_all plain2 -DWITH_NET
unit_of_all helper1 -DWITH_HELPER -DWITH_FS
unit_of_all helper2
unit_of_all helper3 -DWITH_HELPER -D'SLOT_FIELDS=struct helper helper;'
unit_of_all video1 -DWITH_VIDEO -DWITH_BPF
unit_of_all video2 -DWITH_VIDEO -DWITH_HELPER -D'SLOT_FIELDS=u64 block; struct list dirty;'
unit_of_all deep1 -DDEEP='unsigned int' -DWITH_KVM
unit_of_all deep2 -DBITS=4 -DWITH_HELPER
unit_of_all mixed1 -DDEEP=short
unit_of_all mixed2
unit_of_all enums1 -fshort-enums -DWITH_BPF
unit_of_all packed1 -fpack-struct=2 -DWITH_NET
modules=(plain helper video deep mixed enums packed)

section() # ELF OUT
{
	objcopy -O binary --only-section=.BTF --set-section-flags .BTF=alloc "$1" "$2"
}

for compiler in "${compilers[@]}"; do
	for name in "${units[@]}"; do
		cp "$name.$compiler.o" unit.elf
		pahole -J --btf_gen_floats unit.elf
		section unit.elf "$name.$compiler.btf"
	done
done

# module BASE COMPILER NAME PAHOLE-OPTION...: in all forms; the options are the base's
module()
{
	local base=$1 compiler=$2 name=$3 out=$1/modules/$3-$2

	shift 3
	ld -r -o module.elf "$name"[1-9]."$compiler.o"
	cp module.elf "$out-pahole.ko"
	pahole -J "$@" "$out-pahole.ko"
	cp module.elf "$out-features.ko"
	if [[ $* == *floats* ]]; then
		pahole -J --skip_encoding_btf_enum64 --skip_encoding_btf_type_tag "$out-features.ko"
	else
		pahole -J --btf_gen_floats "$out-features.ko"
	fi
	cp module.elf "$out-split.ko"
	pahole -J "$@" --btf_base "$base/base.btf" "$out-split.ko"
	"$CONCAT" "$out-units.btf" - "$name"[1-9]."$compiler.btf"
	"$CONCAT" "$out-twice.btf" - "$name"[1-9]."$compiler.btf" "$name"[1-9]."$compiler.btf"
	"$CONCAT" "$out-split-units.btf" "$base/base.btf" "$name"[1-9]."$compiler.btf"
}

# base NAME COMPILER PAHOLE-OPTION...: with modules of every compiler
base()
{
	local name=$1 base_compiler=$2 compiler module

	shift 2
	mkdir -p "$name/modules"
	ld -r -o base.elf {core,net,bpf,fs}."$base_compiler.o"
	pahole -J "$@" base.elf
	section base.elf "$name/base.btf"
	for compiler in "${compilers[@]}"; do
		for module in "${modules[@]}"; do
			module "$name" "$compiler" "$module" "$@"
		done
	done
}

for compiler in "${compilers[@]}"; do
	base "$compiler-all" "$compiler" --btf_gen_floats
done
base gcc-old gcc --skip_encoding_btf_enum64 --skip_encoding_btf_type_tag \
	--skip_encoding_btf_decl_tag
rm -f ./*.o ./*.btf ./*.elf
touch done

# SPDX-License-Identifier: GPL-2.0-only
# What the scripts share. To be sourced with `set -euo pipefail` in force.

say() {
	printf '\n== %s\n' "$*"
}

# Installs those of the packages that are not there yet.
need() {
	local missing=() package
	for package; do
		dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed ||
			missing+=("$package")
	done
	((${#missing[@]})) || return 0
	say "installing ${missing[*]}"
	if ((EUID)); then
		echo "not root: please install: ${missing[*]}" >&2
		return 1
	fi
	[[ ${apt_updated:-} ]] || apt-get update -q
	apt_updated=1
	DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
}

build_packages=(
	cmake gcc libc6-dev make pkg-config
	libbpf-dev libelf-dev libjansson-dev libjemalloc-dev liblz4-dev liblzma-dev
	libxxhash-dev libzstd-dev node-d3-hierarchy zlib1g-dev
)

# libFuzzer is in the package of clang's runtime; the rest makes the corpus.
fuzz_packages=(
	clang libclang-rt-14-dev llvm libcmocka-dev dwarves binutils bzip2 gzip lz4 xz-utils zstd
)

# fetch_kernel METAPACKAGE DIR: downloads and unpacks the image package that the
# metapackage stands for now, below DIR, unless it is there. Sets $kernel (the
# folder), $vmlinuz and $modules.
fetch_kernel() {
	local package version deb
	[[ -d /var/lib/apt/lists ]] && compgen -G '/var/lib/apt/lists/*Packages*' >/dev/null ||
		{ apt-get update -q; apt_updated=1; }
	package=$(apt-cache depends "$1" | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)$/\1/p' | head -n 1)
	[[ $package ]] || { echo "$1: no image package found" >&2; return 1; }
	version=${package#linux-image-}
	kernel=$2/$package
	if [[ ! -d $kernel/lib/modules/$version ]]; then
		say "fetching $package"
		mkdir -p "$2/download"
		(cd "$2/download" && apt-get download -q -o APT::Sandbox::User=root "$package")
		deb=$(compgen -G "$2/download/${package}_*.deb" | tail -n 1)
		rm -rf "$kernel.part"
		dpkg-deb -x "$deb" "$kernel.part"
		mv "$kernel.part" "$kernel"
		rm -rf "$2/download"
	fi
	vmlinuz=$kernel/boot/vmlinuz-$version
	modules=$kernel/lib/modules/$version
}

# extract_vmlinux VMLINUZ VMLINUX: takes the kernel out by other means than ours: as the
# kernel's own script does it, wherever a magic number stands, what follows is unpacked
# until that is ELF.
extract_vmlinux() {
	unpack_behind "$1" "$2" '\x02\x21\x4c\x18' lz4 -dc ||
		unpack_behind "$1" "$2" '\xfd7zXZ\x00' xz -dc ||
		unpack_behind "$1" "$2" '\x28\xb5\x2f\xfd' zstd -dc ||
		unpack_behind "$1" "$2" '\x1f\x8b\x08' gzip -dc
}

# extract_btf VMLINUZ BTF: the kernel's BTF, in the same way.
extract_btf() {
	local vmlinux=$2.vmlinux
	extract_vmlinux "$1" "$vmlinux" || return 1
	objcopy --dump-section .BTF="$2" "$vmlinux" /dev/null
	rm -f "$vmlinux"
	[[ -s $2 ]]
}

# unpack_behind IN OUT MAGIC COMMAND...
unpack_behind() {
	local in=$1 out=$2 magic=$3 offset
	shift 3
	while IFS=: read -r offset _; do
		tail -c +$((offset + 1)) "$in" | "$@" >"$out" 2>/dev/null || true
		[[ $(head -c 4 "$out" | tail -c 3 | tr -d '\0') == ELF ]] && return 0
	done < <(LC_ALL=C grep -aobP "$magic" "$in")
	return 1
}

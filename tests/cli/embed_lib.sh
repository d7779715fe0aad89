# SPDX-License-Identifier: GPL-2.0-only
# What the scripts about --embed share, besides lib.sh.

section() # FILE SECTION: its bytes
{
	local out=$tmp/section.$BASHPID

	objcopy --dump-section "$2=$out" "$1" /dev/null || fail "$1 has no section $2"
	cat "$out"
	rm -f "$out"
}

has_section() # FILE SECTION
{
	# Not -q: it leaves readelf to die of SIGPIPE, and the answer would be no.
	readelf -SW "$1" | grep " \\$2 " > /dev/null
}

# expect_embedded OLD NEW BLOB: the module NEW is OLD but for its BTF, which is BLOB, and
# nothing that reads ELF finds fault with it.
expect_embedded()
{
	section "$2" .BTF | cmp -s - "$3" || fail "$2: its .BTF is not $3"
	for module in "$1" "$2"; do
		objcopy --remove-section .BTF --remove-section .BTF_ids "$module" "$tmp/rest" 2> "$tmp/objcopy" &&
			[[ ! -s $tmp/objcopy ]] || fail "objcopy about $module: $(< "$tmp/objcopy")"
		readelf -aW "$tmp/rest" > "$tmp/rest.${module##*/}.txt"
		mv "$tmp/rest" "$tmp/rest.$([[ $module == "$1" ]] && echo old || echo new)"
	done
	expect_same "$tmp/rest.old" "$tmp/rest.new"
	readelf -aW "$2" > /dev/null 2> "$tmp/readelf"
	[[ ! -s $tmp/readelf ]] || fail "readelf about $2: $(< "$tmp/readelf")"
}

# Appends what the kernel's sign-file does, with a signature of NUMBER bytes.
append_signature() # FILE NUMBER
{
	head -c "$2" /dev/zero | tr '\0' S >> "$1"
	printf '\0\0\2\0\0\0\0\0\0\0\0\x'"$(printf %02x "$2")"'~Module signature appended~\n' >> "$1"
}

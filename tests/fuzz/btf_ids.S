/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * .BTF_ids as the macros of the kernel's include/linux/btf_ids.h leave it: single ids, a
 * set, and a set of pairs with flags.
 */
	.section .BTF_ids, "a"
	.balign 4
	.local __BTF_ID__struct__device__1
	.type __BTF_ID__struct__device__1, @object
	.size __BTF_ID__struct__device__1, 4
__BTF_ID__struct__device__1:
	.zero 4

	.local __BTF_ID__set__own_set
	.type __BTF_ID__set__own_set, @object
	.size __BTF_ID__set__own_set, 12
__BTF_ID__set__own_set:
	.zero 4
	.local __BTF_ID__func__own_3_exit__2
	.type __BTF_ID__func__own_3_exit__2, @object
	.size __BTF_ID__func__own_3_exit__2, 4
__BTF_ID__func__own_3_exit__2:
	.zero 4
	.local __BTF_ID__func__own_3_init__3
	.type __BTF_ID__func__own_3_init__3, @object
	.size __BTF_ID__func__own_3_init__3, 4
__BTF_ID__func__own_3_init__3:
	.zero 4

	.local __BTF_ID__set8__own_set8
	.type __BTF_ID__set8__own_set8, @object
	.size __BTF_ID__set8__own_set8, 24
__BTF_ID__set8__own_set8:
	.zero 8
	.local __BTF_ID__func__own_3_use__4
	.type __BTF_ID__func__own_3_use__4, @object
	.size __BTF_ID__func__own_3_use__4, 4
__BTF_ID__func__own_3_use__4:
	.zero 4
	.long 1
	.local __BTF_ID__func__own_3_init__5
	.type __BTF_ID__func__own_3_init__5, @object
	.size __BTF_ID__func__own_3_init__5, 4
__BTF_ID__func__own_3_init__5:
	.zero 4
	.long 2

	.section .note.GNU-stack, "", @progbits

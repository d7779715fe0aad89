// SPDX-License-Identifier: GPL-2.0-only
/*
 * Distributions and stable kernels take single changes back to older versions, so a rule that a
 * version is said to have begun with may hold earlier. Known of Debian's: 6.1 has the dots of 6.4.
 */
#include "merge/verify/rules.h"

#include <linux/btf.h>

#include "merge/blob.h"
#include "merge/verify/verify.h"

#define SINCE(major, minor) (kernel >= VERIFY_KERNEL(major, minor))

static uint32_t last_kind(uint32_t kernel)
{
	if (SINCE(6, 0))
		return BTF_KIND_ENUM64;
	if (SINCE(5, 17))
		return BTF_KIND_TYPE_TAG;
	return SINCE(5, 16) ? BTF_KIND_DECL_TAG : BTF_KIND_FLOAT;
}

struct rules rules_of(uint32_t kernel)
{
	return (struct rules){
		.header = SINCE(7, 1) ? BLOB_HEADER_LONG : BLOB_HEADER_SHORT,
		.info_mask = SINCE(7, 2) ? 0xffffffff : 0x9f00ffff,
		.last_kind = last_kind(kernel),
		.name_max = SINCE(6, 1) ? 512 : 128,
		.dots = SINCE(6, 1),
		.printable_section = SINCE(6, 12),
		.enum_kflag = SINCE(6, 0),
		.tag_kflag = SINCE(6, 15),
		.chains = SINCE(5, 19),
		.tag_order = !SINCE(7, 2),
		.distilled = SINCE(6, 11),
	};
}

// SPDX-License-Identifier: GPL-2.0-only
#include "tests/verify/kernel_load.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "merge/verify/verify.h"
#include "tests/gen/build.h"

/* With @log NULL without one: a log that is too small would make the call fail. */
static int load(const void *blob, size_t len, char *log)
{
	union bpf_attr attr;
	long fd;

	memset(&attr, 0, sizeof(attr));
	attr.btf = (uintptr_t)blob;
	attr.btf_size = (uint32_t)len;
	if (log) {
		attr.btf_log_buf = (uintptr_t)log;
		attr.btf_log_size = KERNEL_LOG_MAX;
		attr.btf_log_level = 1;
	}
	fd = syscall(SYS_bpf, BPF_BTF_LOAD, &attr, sizeof(attr));
	if (fd < 0)
		return -errno;
	close((int)fd);
	return 0;
}

int kernel_load(const void *blob, size_t len, char *log)
{
	int err = load(blob, len, NULL);
	size_t end;

	*log = '\0';
	if (!err)
		return 0;
	/* The errno of this one may be that the log has more than there is room for. */
	(void)load(blob, len, log);
	log[KERNEL_LOG_MAX - 1] = '\0';
	end = strlen(log);
	if (end && log[end - 1] == '\n')
		log[end - 1] = '\0';
	return err;
}

const char *kernel_load_refused(void)
{
	static char why[128];
	struct bld *b = bld_new(1, 0);
	size_t len;
	void *blob;
	int err;

	bld_int(b, "int", 4, 0, 0, 32);
	blob = bld_finish(b, &len);
	bld_free(b);
	err = load(blob, len, NULL);
	free(blob);
	if (!err)
		return NULL;
	snprintf(why, sizeof(why), "bpf(BPF_BTF_LOAD) of one int: %s", strerror(-err));
	return why;
}

uint32_t kernel_version(void)
{
	unsigned int major = 0, minor = 0;
	struct utsname name;

	if (uname(&name) || sscanf(name.release, "%u.%u", &major, &minor) != 2)
		return VERIFY_KERNEL_DEFAULT;
	return VERIFY_KERNEL(major, minor);
}

// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/embed/keep.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

/* What Linux has as limits: XATTR_LIST_MAX and XATTR_SIZE_MAX. */
#define LIST_MAX 65536
#define VALUE_MAX 65536

static bool may_be_missed(int err, bool copy)
{
	return copy && (err == EPERM || err == EACCES || err == ENOTSUP || err == EINVAL);
}

static int fail(struct diag *diag, const char *what)
{
	return diag_fail(diag, -errno, "cannot keep its %s: %m", what);
}

static bool is_about_contents(const char *name)
{
	return !strcmp(name, "security.ima") || !strcmp(name, "security.evm");
}

static int keep_xattr(const char *from, int to, const char *name, char *value, bool copy,
		      struct diag *diag)
{
	ssize_t len = getxattr(from, name, value, VALUE_MAX);

	if (len >= 0 && !fsetxattr(to, name, value, (size_t)len, 0))
		return 0;
	/* It went between the list and now. */
	if (errno == ENODATA)
		return 0;
	return may_be_missed(errno, copy) ? 0 : fail(diag, "extended attributes");
}

static int keep_xattrs(const char *from, int to, bool copy, struct diag *diag)
{
	char *list, *value;
	ssize_t len = listxattr(from, NULL, 0);
	int err = 0;

	if (!len || (len < 0 && errno == ENOTSUP))
		return 0;
	list = malloc(LIST_MAX + VALUE_MAX);
	if (!list)
		return diag_fail(diag, -ENOMEM, "out of memory");
	value = list + LIST_MAX;
	len = listxattr(from, list, LIST_MAX);
	if (len < 0)
		err = fail(diag, "extended attributes");
	for (const char *name = list; !err && name < list + len; name += strlen(name) + 1)
		if (!is_about_contents(name))
			err = keep_xattr(from, to, name, value, copy, diag);
	free(list);
	return err;
}

int keep_attributes(const char *from, int to, bool copy, struct diag *diag)
{
	struct stat st;
	int err;

	if (stat(from, &st))
		return diag_fail(diag, -errno, "cannot stat: %m");
	if (fchown(to, st.st_uid, st.st_gid) && !may_be_missed(errno, copy))
		return fail(diag, "owner");
	/* After the owner, whose change takes set-id bits away. */
	if (fchmod(to, st.st_mode & 07777))
		return fail(diag, "mode");
	err = keep_xattrs(from, to, copy, diag);
	if (err)
		return err;
	if (futimens(to, (struct timespec[]){st.st_atim, st.st_mtim}))
		return fail(diag, "time of modification");
	return 0;
}

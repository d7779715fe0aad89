// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/stream.h"

#include <errno.h>

int stream_status(FILE *f)
{
	if (!ferror(f))
		return 0;
	return errno ? -errno : -EIO;
}

int stream_flush(FILE *f)
{
	int err = stream_status(f);

	if (err)
		return err;
	if (fflush(f))
		return errno ? -errno : -EIO;
	return 0;
}

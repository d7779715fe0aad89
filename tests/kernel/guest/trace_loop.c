// SPDX-License-Identifier: GPL-2.0-only
/* A loop device over a file, with a number, an offset, a limit and a name of our own. */
#include "loop.skel.h"
#include "say.h"
#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define NUMBER 11
#define NUMBER_TEXT "11"

static int device_configure(int device, int backing)
{
	struct loop_config config = {
		.fd = (unsigned int)backing,
		.info = {.lo_offset = 4096,
			 .lo_sizelimit = 65536,
			 .lo_file_name = "a file of ours"},
	};

	return ftruncate(backing, 1 << 20) || ioctl(device, LOOP_CONFIGURE, &config) ? -errno : 0;
}

/* Makes loop_get_status() run; 0 or -errno. */
static int status_ask(void)
{
	int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	int backing = open("/backing", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	int device = -1, err = 0;
	struct loop_info64 info;

	if (control < 0 || backing < 0 || ioctl(control, LOOP_CTL_ADD, NUMBER) < 0)
		err = -errno;
	if (!err && (device = open("/dev/loop" NUMBER_TEXT, O_RDWR | O_CLOEXEC)) < 0)
		err = -errno;
	if (!err)
		err = device_configure(device, backing);
	if (!err && ioctl(device, LOOP_GET_STATUS64, &info))
		err = -errno;
	if (device >= 0)
		ioctl(device, LOOP_CLR_FD);
	close(device);
	close(backing);
	close(control);
	return err;
}

void trace_loop(void)
{
	struct loop *loop = loop__open_and_load();
	int err = loop ? loop__attach(loop) : -errno;

	if (!err)
		err = status_ask();
	if (err)
		say("trace loop failed %s", error_name(err));
	else
		say("trace loop fired %d number %d offset %lld limit %lld name '%s'",
		    loop->bss->fired, loop->bss->number, loop->bss->offset, loop->bss->limit,
		    loop->bss->name);
	loop__destroy(loop);
}

// SPDX-License-Identifier: GPL-2.0-only
/* A TCP connection to ourselves, with bbr as its congestion control. */
#include "bbr.skel.h"
#include "say.h"
#include "trace.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

/* Makes bbr_init() run, once: the listener keeps the kernel's default. 0 or -errno. */
static int connection_make(void)
{
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(1),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int err = 0;

	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) || listen(listener, 1) ||
	    setsockopt(client, IPPROTO_TCP, TCP_CONGESTION, "bbr", 3) ||
	    connect(client, (struct sockaddr *)&address, sizeof(address)))
		err = -errno;
	close(client);
	close(listener);
	return err;
}

void trace_bbr(void)
{
	struct bbr *bbr = bbr__open_and_load();
	int err = bbr ? bbr__attach(bbr) : -errno;

	if (!err)
		err = connection_make();
	if (err)
		say("trace bbr failed %s", error_name(err));
	else
		say("trace bbr fired %d mode %d pacing_gain %d cwnd_gain %d", bbr->bss->fired,
		    bbr->bss->mode, bbr->bss->pacing_gain, bbr->bss->cwnd_gain);
	bbr__destroy(bbr);
}

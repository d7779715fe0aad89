// SPDX-License-Identifier: GPL-2.0-only
/* Gives a new connection an address translation, by nf_nat's kfunc. */
#include "conntrack.h"

char _license[] SEC("license") = "GPL";

SEC("xdp")
int nat(struct xdp_md *context)
{
	struct bpf_ct_opts___own opts = conntrack_opts();
	struct bpf_sock_tuple tuple = conntrack_tuple(19);
	union nf_inet_addr address = {.ip = 0x0300007f};
	struct nf_conn *ct;
	int err;

	ct = bpf_xdp_ct_alloc(context, &tuple, sizeof(tuple.ipv4), &opts, sizeof(opts));
	if (!ct)
		return 10;
	bpf_ct_set_timeout(ct, 10000);
	err = bpf_ct_set_nat_info(ct, &address, 0, MANIP_SRC);
	ct = bpf_ct_insert_entry(ct);
	if (!ct)
		return 11;
	bpf_ct_release(ct);
	return err < 0 ? 12 : 1;
}

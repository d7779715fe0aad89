// SPDX-License-Identifier: GPL-2.0-only
/* Enters a connection into nf_conntrack's table from TC, and finds it there. */
#include "conntrack.h"

char _license[] SEC("license") = "GPL";

SEC("tc")
int conntrack(struct __sk_buff *context)
{
	struct bpf_ct_opts___own opts = conntrack_opts();
	struct bpf_sock_tuple tuple = conntrack_tuple(18);
	struct nf_conn *ct;

	ct = bpf_skb_ct_alloc(context, &tuple, sizeof(tuple.ipv4), &opts, sizeof(opts));
	if (!ct)
		return 10;
	bpf_ct_set_timeout(ct, 10000);
	bpf_ct_set_status(ct, STATUS_SET);
	ct = bpf_ct_insert_entry(ct);
	if (!ct)
		return 11;
	bpf_ct_change_timeout(ct, 20000);
	bpf_ct_change_status(ct, STATUS_CHANGED);
	bpf_ct_release(ct);

	ct = bpf_skb_ct_lookup(context, &tuple, sizeof(tuple.ipv4), &opts, sizeof(opts));
	if (!ct)
		return 12;
	bpf_ct_release(ct);
	return 1;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* The kfuncs of nf_conntrack and nf_nat as Linux 6.1 has them (net/netfilter/nf_conntrack_bpf.c,
 * nf_nat_bpf.c), for programs of XDP and TC. */
#ifndef GUEST_CONNTRACK_H
#define GUEST_CONNTRACK_H

#include <linux/bpf.h>
#include <linux/in.h>

#include <bpf/bpf_helpers.h>

/* libbpf compares the kfuncs' prototypes with the module's, where this is no declaration. */
struct nf_conn {
	unsigned long status;
} __attribute__((preserve_access_index));

/* The kernel checks the size, 12. */
struct bpf_ct_opts___own {
	int netns_id;
	int error;
	unsigned char l4proto;
	unsigned char dir;
	unsigned char reserved[2];
};

union nf_inet_addr {
	unsigned int ip;
	unsigned int all[4];
};

enum nf_nat_manip_type { MANIP_SRC, MANIP_DST };

struct nf_conn *bpf_xdp_ct_alloc(struct xdp_md *context, struct bpf_sock_tuple *tuple, __u32 size,
				 struct bpf_ct_opts___own *opts, __u32 opts_size) __ksym;
struct nf_conn *bpf_xdp_ct_lookup(struct xdp_md *context, struct bpf_sock_tuple *tuple, __u32 size,
				  struct bpf_ct_opts___own *opts, __u32 opts_size) __ksym;
struct nf_conn *bpf_skb_ct_alloc(struct __sk_buff *context, struct bpf_sock_tuple *tuple,
				 __u32 size, struct bpf_ct_opts___own *opts,
				 __u32 opts_size) __ksym;
struct nf_conn *bpf_skb_ct_lookup(struct __sk_buff *context, struct bpf_sock_tuple *tuple,
				  __u32 size, struct bpf_ct_opts___own *opts,
				  __u32 opts_size) __ksym;
struct nf_conn *bpf_ct_insert_entry(struct nf_conn *ct) __ksym;
void bpf_ct_release(struct nf_conn *ct) __ksym;
void bpf_ct_set_timeout(struct nf_conn *ct, __u32 timeout) __ksym;
int bpf_ct_change_timeout(struct nf_conn *ct, __u32 timeout) __ksym;
int bpf_ct_set_status(const struct nf_conn *ct, __u32 status) __ksym;
int bpf_ct_change_status(struct nf_conn *ct, __u32 status) __ksym;
int bpf_ct_set_nat_info(struct nf_conn *ct, union nf_inet_addr *addr, int port,
			enum nf_nat_manip_type manip) __ksym;

/* From the kernel's uapi, IPS_SEEN_REPLY | IPS_ASSURED and what insertion adds. */
#define STATUS_SET (1 << 1)
#define STATUS_CHANGED (1 << 1 | 1 << 2)

static inline struct bpf_ct_opts___own conntrack_opts(void)
{
	return (struct bpf_ct_opts___own){.netns_id = BPF_F_CURRENT_NETNS, .l4proto = IPPROTO_TCP};
}

/* A connection that nothing else has: PORT tells them apart. */
static inline struct bpf_sock_tuple conntrack_tuple(__u16 port)
{
	struct bpf_sock_tuple tuple = {};

	tuple.ipv4.saddr = 0x0100007f;
	tuple.ipv4.daddr = 0x0200007f;
	tuple.ipv4.sport = port;
	tuple.ipv4.dport = port;
	return tuple;
}

#endif

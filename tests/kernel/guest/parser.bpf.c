// SPDX-License-Identifier: GPL-2.0-only
/* btf_parse_module() is no function that can be watched: it is inlined. Its passes are. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char _license[] SEC("license") = "GPL";

int calls, error;

struct btf_verifier_env;
struct btf;

static int pass_ends(int result)
{
	calls++;
	if (result < 0 && !error)
		error = result;
	return 0;
}

SEC("fexit/btf_parse_hdr")
int BPF_PROG(header_ends, struct btf_verifier_env *env, int result)
{
	return pass_ends(result);
}

SEC("fexit/btf_parse_str_sec")
int BPF_PROG(strings_end, struct btf_verifier_env *env, int result)
{
	return pass_ends(result);
}

SEC("fexit/btf_check_all_metas")
int BPF_PROG(metas_end, struct btf_verifier_env *env, int result)
{
	return pass_ends(result);
}

SEC("fexit/btf_check_type_tags")
int BPF_PROG(tags_end, struct btf_verifier_env *env, struct btf *btf, int start, int result)
{
	return pass_ends(result);
}

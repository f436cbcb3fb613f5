/* The filter of system calls, made by libseccomp from cli/system_calls.def. */
#include "cli/privileges.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41 /* names of memory, which newer C libraries give */
#endif

/* Leak detection stops the process it looks at, from a process of its own, and reports run a program that knows names:
 * not part of what is shipped. */
#ifdef __SANITIZE_ADDRESS__
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

static const struct rule {
	const char *name;
	bool allowed;
} rules[] = {
#define ALLOW(name) {#name, true},
#define NEVER(name) {#name, false},
#include "cli/system_calls.def"
#undef ALLOW
#undef NEVER
};

/* 0 or a negative errno, as libseccomp has it. */
static int add_rule(scmp_filter_ctx filter, const struct rule *rule)
{
	const int number = seccomp_syscall_resolve_name(rule->name);

	if (number == __NR_SCMP_ERROR)
		return 0;
	if (rule->allowed || SANITIZED)
		return seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0);
	return seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, number, 0);
}

static int allow(scmp_filter_ctx filter, int number, struct scmp_arg_cmp condition)
{
	return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, SANITIZED ? 0 : 1, &condition);
}

static int add_conditional(scmp_filter_ctx filter)
{
	static const unsigned domains[] = {AF_UNIX, AF_NETLINK};
	static const unsigned options[] = {PR_SET_NAME, PR_GET_NAME, PR_SET_VMA};
	int result = allow(filter, SCMP_SYS(clone), SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));

	for (size_t i = 0; i < G_N_ELEMENTS(domains) && result == 0; i++)
		result = allow(filter, SCMP_SYS(socket), SCMP_A0(SCMP_CMP_EQ, domains[i]));
	for (size_t i = 0; i < G_N_ELEMENTS(options) && result == 0; i++)
		result = allow(filter, SCMP_SYS(prctl), SCMP_A0(SCMP_CMP_EQ, options[i]));
	return result;
}

static int fill(scmp_filter_ctx filter)
{
	int result = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);

	for (size_t i = 0; i < G_N_ELEMENTS(rules) && result == 0; i++)
		result = add_rule(filter, &rules[i]);
	return result == 0 ? add_conditional(filter) : result;
}

/* What a kernel with filters says to none at all. */
static bool kernel_has_filters(void)
{
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL, 0, 0) != 0 && errno == EFAULT;
}

gboolean system_calls_limit(GError **error)
{
	scmp_filter_ctx filter;
	int result;

	if (!kernel_has_filters())
		return TRUE;
	filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	result = filter ? fill(filter) : -ENOMEM;
	if (result == 0)
		result = seccomp_load(filter);
	seccomp_release(filter);
	if (result == 0)
		return TRUE;
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(-result), "system calls cannot be limited: %s",
	            g_strerror(-result));
	return FALSE;
}

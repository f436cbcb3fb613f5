/* Capabilities on Linux, by the system calls themselves: a dozen lines that must be there in every build, which a
 * library that may be missing could not promise.
 *
 * The bounding set can be emptied by root only. A program that got CAP_NET_RAW from its file has to leave it, and
 * loses nothing: without new privileges nothing in that set can be had again. */
#include "cli/privileges.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static gboolean failed(const char *what, GError **error)
{
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "privileges cannot be given up: %s: %s", what,
	            g_strerror(errno));
	return FALSE;
}

/* The list ends where the kernel's does. */
gboolean kernel_rights_bound(GError **error)
{
	for (unsigned long capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++) {
		if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0)
			continue;
		return errno == EPERM ? TRUE : failed("bounding set", error);
	}
	return TRUE;
}

gboolean kernel_rights_give_up(GError **error)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};

	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 && errno != EINVAL) /* before 4.3: none */
		return failed("ambient set", error);
	if (syscall(SYS_capset, &header, none) != 0)
		return failed("capabilities", error);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return failed("no new privileges", error);
	return TRUE;
}

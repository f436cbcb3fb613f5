/* What is checked is what was opened: the folder and, in it, the file without following links, each asked through its
 * descriptor. What stays open is that the file is loaded afterwards by name, because dlopen() offers no portable
 * way to load a descriptor: somebody who may rename a folder further up the path could swap in another
 * between the check and the load. Everyone who may do so nearer by is trusted with the content anyway.
 *
 * On Windows the access control lists are not looked at; there only folders named by the user and the install
 * folder, which needs an administrator to write to, are loaded from. */
#include "rules/host/trust.h"

#include "rules/host/rule_set.h"

#ifdef G_OS_UNIX

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A descriptor that closes itself. */
static void descriptor_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}
#define AUTO_CLOSE __attribute__((cleanup(descriptor_close)))

static bool is_trusted_owner(uid_t owner)
{
	struct stat program;

	return owner == 0 || owner == geteuid() ||
	       (stat("/proc/self/exe", &program) == 0 && program.st_uid == owner);
}

/* Many systems give each user a group of the same name with nobody else in it, and a umask that lets it write
 * (OpenSSH as shipped by Debian accepts the same for its key files). */
static bool is_private_group(gid_t gid, uid_t uid)
{
	const struct passwd *user = getpwuid(uid);
	const struct group *group = user != NULL && user->pw_gid == gid ? getgrgid(gid) : NULL;

	if (group == NULL || strcmp(group->gr_name, user->pw_name) != 0)
		return false;
	for (char **member = group->gr_mem; *member != NULL; member++) {
		if (strcmp(*member, user->pw_name) != 0)
			return false;
	}
	return true;
}

/* May a group do what its owner may? Its members must be trusted already. */
static bool is_trusted_group(const struct stat *status)
{
	return status->st_gid == 0 || is_private_group(status->st_gid, status->st_uid) ||
	       is_private_group(status->st_gid, geteuid());
}

/* Is it ours? `error_code` is what a refusal is called. */
static gboolean trust_status(const struct stat *status, const char *path, enum rule_error error_code, GError **error)
{
	const char *kind = S_ISDIR(status->st_mode) ? "folder" : "file";
	const unsigned mode = (unsigned)(status->st_mode & 07777);

	if (!is_trusted_owner(status->st_uid)) {
		g_set_error(error, RULE_ERROR, (int)error_code, "%s: %s belongs to user %u, wanted root or you (user %u)",
		            path, kind, (unsigned)status->st_uid, (unsigned)geteuid());
		return FALSE;
	}
	if (mode & S_IWOTH) {
		g_set_error(error, RULE_ERROR, (int)error_code, "%s: everybody may write to this %s (mode %04o), wanted "
		            "only its owner; chmod o-w it", path, kind, mode);
		return FALSE;
	}
	if ((mode & S_IWGRP) && !is_trusted_group(status)) {
		g_set_error(error, RULE_ERROR, (int)error_code, "%s: group %u may write to this %s (mode %04o), wanted only "
		            "its owner; chmod g-w it", path, (unsigned)status->st_gid, kind, mode);
		return FALSE;
	}
	return TRUE;
}

/* Opens a folder that may be trusted; -1 and error otherwise. */
static int trust_open_folder(const char *path, GError **error)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) != 0) {
		g_set_error(error, RULE_ERROR, RULE_ERROR_FOLDER, "%s: cannot open the folder: %s", path, g_strerror(errno));
		return -1;
	}
	if (!trust_status(&status, path, RULE_ERROR_FOLDER, error))
		return -1;
	const int trusted = fd;
	fd = -1;
	return trusted;
}

gboolean trust_folder(const char *path, GError **error)
{
	AUTO_CLOSE int fd = trust_open_folder(path, error);

	return fd >= 0;
}

/* O_NONBLOCK: opening a pipe must not wait for a writer. */
static gboolean trust_entry(int folder, const char *name, const char *path, GError **error)
{
	AUTO_CLOSE int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) != 0) {
		g_set_error(error, RULE_ERROR, RULE_ERROR_FILE, "%s: cannot open: %s", path, g_strerror(errno));
		return FALSE;
	}
	if (!S_ISREG(status.st_mode)) {
		g_set_error(error, RULE_ERROR, RULE_ERROR_FILE, "%s: is %s, wanted a regular file", path,
		            S_ISDIR(status.st_mode) ? "a folder" : "a pipe or device");
		return FALSE;
	}
	return trust_status(&status, path, RULE_ERROR_FILE, error);
}

char *trust_file(const char *path, GError **error)
{
	g_autofree char *plain = realpath(path, NULL);

	if (plain == NULL) {
		g_set_error(error, RULE_ERROR, RULE_ERROR_FILE, "%s: cannot open: %s", path, g_strerror(errno));
		return NULL;
	}
	g_autofree char *folder_path = g_path_get_dirname(plain);
	g_autofree char *name = g_path_get_basename(plain);
	AUTO_CLOSE int folder = trust_open_folder(folder_path, error);
	if (folder < 0 || !trust_entry(folder, name, plain, error))
		return NULL;
	return g_steal_pointer(&plain);
}

#else

char *trust_file(const char *path, GError **error)
{
	if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
		return g_canonicalize_filename(path, NULL);
	g_set_error(error, RULE_ERROR, RULE_ERROR_FILE, "%s: is no regular file", path);
	return NULL;
}

gboolean trust_folder(const char *path, GError **error)
{
	if (g_file_test(path, G_FILE_TEST_IS_DIR))
		return TRUE;
	g_set_error(error, RULE_ERROR, RULE_ERROR_FOLDER, "%s: is no folder", path);
	return FALSE;
}

#endif

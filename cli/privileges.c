/* Who hangup goes on as. Root is given up the way that cannot be taken back: groups first, then all three of each id,
 * and then it is tried whether the way back is really shut. */
#include "cli/privileges.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char NOBODY[] = "nobody";

static char *wanted; /* --user */
static struct identity chosen;
static bool changes; /* it takes a change of ids to become them */

static const GOptionEntry entries[] = {
	{"user", 0, 0, G_OPTION_ARG_STRING, &wanted,
	 "Once the capture is open go on as this user (default: who called sudo, else nobody); takes root", "NAME|UID"},
	{0}
};
const struct option_section privileges_section = {"Privileges", entries};

/* --------------------------------------------------------------------------------------- identities */

void identity_clear(struct identity *who)
{
	g_free(who->name);
	g_free(who->home);
	g_free(who->groups);
	*who = (struct identity){0};
}

static void set_groups(struct identity *who)
{
	int count = 32; /* to begin with; the second try knows */

	do {
		who->groups = g_renew(gid_t, who->groups, count);
	} while (getgrouplist(who->name, who->gid, who->groups, &count) < 0);
	who->groups_len = (size_t)count;
}

static void set_account(struct identity *out, const struct passwd *account)
{
	*out = (struct identity){.name = g_strdup(account->pw_name), .home = g_strdup(account->pw_dir),
	                         .uid = account->pw_uid, .gid = account->pw_gid};
	set_groups(out);
}

static bool is_number(const char *text, guint64 *out)
{
	return g_ascii_string_to_unsigned(text, 10, 0, (uid_t)-2, out, NULL);
}

/* A user id need not have a name: in a container few have one. */
static gboolean find_user(const char *text, struct identity *out, GError **error)
{
	guint64 number;
	const bool numeric = is_number(text, &number);
	const struct passwd *account = numeric ? getpwuid((uid_t)number) : getpwnam(text);

	if (account) {
		set_account(out, account);
	} else if (numeric) {
		*out = (struct identity){.name = g_strdup(text), .uid = (uid_t)number, .gid = (gid_t)number};
	} else {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "there is no user \"%s\"", text);
		return FALSE;
	}
	return TRUE;
}

/* Who called sudo: it says so in the environment, which only root can have set for root. */
static bool find_caller(struct identity *out)
{
	const char *uid = getenv("SUDO_UID"), *gid = getenv("SUDO_GID");
	guint64 uid_number, gid_number;

	if (!uid || !gid || !is_number(uid, &uid_number) || !is_number(gid, &gid_number) || uid_number == 0)
		return false;
	if (!find_user(uid, out, NULL))
		return false;
	out->gid = (gid_t)gid_number;
	return true;
}

gboolean privileges_choose(GError **error)
{
	identity_clear(&chosen);
	changes = geteuid() == 0;
	if (!changes && !wanted)
		return TRUE;
	if (!changes) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--user takes root");
		return FALSE;
	}
	if (wanted)
		return find_user(wanted, &chosen, error);
	return find_caller(&chosen) || find_user(NOBODY, &chosen, error);
}

const struct identity *privileges_other_user(void)
{
	return changes && (wanted || getenv("SUDO_UID")) ? &chosen : NULL;
}

/* --------------------------------------------------------------------------------------- giving up */

static gboolean still_can(const char *what, GError **error)
{
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_PERM, "root cannot be given up: %s", what);
	return FALSE;
}

static gboolean become(const struct identity *who, GError **error)
{
	if (setgroups(who->groups_len, who->groups) != 0 || setresgid(who->gid, who->gid, who->gid) != 0 ||
	    setresuid(who->uid, who->uid, who->uid) != 0) {
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
		            "cannot go on as %s: %s (choose somebody else with --user)", who->name, g_strerror(errno));
		return FALSE;
	}
	if (who->uid != 0 && (setuid(0) == 0 || seteuid(0) == 0))
		return still_can("there was a way back", error);
	return TRUE;
}

gboolean privileges_drop(GError **error)
{
	if (!kernel_rights_bound(error))
		return FALSE;
	if (changes && !become(&chosen, error))
		return FALSE;
	return kernel_rights_give_up(error) && system_calls_limit(error);
}

/* --------------------------------------------------------------------------------------- folders */

static gboolean cannot(const char *path, const char *what, GError **error)
{
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: cannot be %s: %s", path, what,
	            g_strerror(errno));
	return FALSE;
}

static gboolean make_folder(const char *path, GError **error)
{
	if (mkdir(path, 0755) != 0)
		return cannot(path, "made", error);
	if (changes && chown(path, chosen.uid, chosen.gid) != 0)
		return cannot(path, "given away", error);
	return TRUE;
}

/* 0 or errno, of a process that became them: every folder on the way counts, and access lists do. */
static int try_as_chosen(const char *path, int mode)
{
	const pid_t child = fork();
	int status = 0;

	if (child < 0)
		return errno;
	if (child == 0)
		_exit(!become(&chosen, NULL) ? EPERM : access(path, mode) == 0 ? 0 : errno);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
}

static gboolean refuse(const char *path, int why, GError **error)
{
	g_autofree char *whole = g_canonicalize_filename(path, NULL);

	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(why),
	            "%s: cannot be written to by %s, as whom hangup goes on once the capture is open (%s): name a folder of its "
	            "own, which is made for %s (/var/lib/hangup, say), or with --user somebody who can",
	            whole, chosen.name, g_strerror(why), chosen.name);
	return FALSE;
}

/* Asked of the folder that it would be made in, so that none is left behind that they cannot reach. */
static gboolean make_for_chosen(const char *path, GError **error)
{
	g_autofree char *parent = g_path_get_dirname(path);
	const int why = changes && access(parent, F_OK) == 0 ? try_as_chosen(parent, X_OK) : 0;

	return why == 0 ? make_folder(path, error) : refuse(path, why, error);
}

gboolean privileges_own_folder(const char *path, GError **error)
{
	struct stat folder;
	int why;

	if (stat(path, &folder) != 0)
		return errno == ENOENT ? make_for_chosen(path, error) : cannot(path, "looked at", error);
	if (!S_ISDIR(folder.st_mode)) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR, "%s: is no folder", path);
		return FALSE;
	}
	if (!changes)
		return access(path, W_OK | X_OK) == 0 ? TRUE : cannot(path, "written to", error);
	why = try_as_chosen(path, W_OK | X_OK);
	return why == 0 ? TRUE : refuse(path, why, error);
}

/* --------------------------------------------------------------------------------------- advice */

char *privileges_advice(void)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *quoted = g_shell_quote(self ? self : "hangup");
	const bool plain = self && strpbrk(self, " '\"\\$`!*?[](){}<>|&;~#\t\n") == NULL;

	return g_strdup_printf("sudo setcap cap_net_raw=ep %s", plain ? self : quoted);
}

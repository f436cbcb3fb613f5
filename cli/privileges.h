/* What hangup may do once its capture is open, which is as little as it needs. Before: whatever the capture takes to
 * open. After: no root, no capability, no new privileges, and where libseccomp was there at build time, only the
 * system calls of cli/system_calls.def. docs/privileges.md is for people.
 *
 * In this order: privileges_choose() first, privileges_own_folder() for what is written later, open the capture, then
 * privileges_drop(), before any thread is started and before anybody's rules are loaded: they are the user's code. */
#ifndef CLI_PRIVILEGES_H
#define CLI_PRIVILEGES_H

#include <stdbool.h>

#include <sys/types.h>

#include <glib.h>

#include "cli/command.h"

extern const struct option_section privileges_section; /* --user */

/* Somebody to go on as. */
struct identity {
	char *name;    /* for people: "ada" or "1000" */
	char *home;    /* or NULL */
	uid_t uid;
	gid_t gid;
	gid_t *groups; /* supplementary ones */
	size_t groups_len;
};
void identity_clear(struct identity *who);

/* Settles as whom to go on: --user, else whoever called sudo, else nobody; who is not root stays who they are. FALSE
 * with a sentence when there is no such user, or it takes root to become them. */
gboolean privileges_choose(GError **error);

/* Whether somebody was asked for with --user, or called sudo: as them. Borrowed. */
const struct identity *privileges_other_user(void);

/* Sees to it that whom hangup goes on as can write files there: a folder that is not there yet is made and given to
 * them; one that is there is left as it is. FALSE, before anything is made, with a sentence that names them and says what
 * to do when they could not write there. Before any thread is started. */
gboolean privileges_own_folder(const char *path, GError **error);

/* Gives it all up, for good. FALSE with a sentence when any of it could not be; then do not go on. */
gboolean privileges_drop(GError **error);

/* The command that grants the right to capture to this program, for people without. Free it. */
char *privileges_advice(void);

/* --- one system's parts, for privileges.c; each FALSE with a sentence --- */
/* While still root: what no program of this process shall have again. */
gboolean kernel_rights_bound(GError **error);
/* Whoever it is by now. */
gboolean kernel_rights_give_up(GError **error);
/* From now on only what cli/system_calls.def allows. */
gboolean system_calls_limit(GError **error);

#endif

/* The rules that come with hangup, as modules: found from the place of the running program, so that a build tree, an
 * installed tree and a moved installed tree all find their own. HANGUP_RULES_FROM_PROGRAM is the way from the
 * program's folder to the rules', the same in all of them. */
#include "rules/host/rule_set.h"

/* NULL where the system does not tell. */
static char *program_folder(void)
{
#ifdef G_OS_WIN32
	g_autofree char *package = g_win32_get_package_installation_directory_of_module(NULL);

	return g_build_filename(package, "bin", NULL);
#else
	static const char *const links[] = {"/proc/self/exe", "/proc/curproc/file"};

	for (size_t i = 0; i < G_N_ELEMENTS(links); i++) {
		g_autofree char *program = g_file_read_link(links[i], NULL);

		if (program != NULL)
			return g_path_get_dirname(program);
	}
	return NULL;
#endif
}

gboolean rule_set_add_default(struct rule_set *set, rule_refuse_fn refuse, void *user, GError **error)
{
	g_autofree char *program = program_folder();
	const size_t before = rule_set_len(set);

	if (program == NULL) {
		g_set_error_literal(error, RULE_ERROR, RULE_ERROR_FOLDER,
		                    "cannot tell where hangup is installed, so not where its rules are; name their folder");
		return FALSE;
	}
	g_autofree char *relative = g_build_filename(program, HANGUP_RULES_FROM_PROGRAM, NULL);
	g_autofree char *folder = g_canonicalize_filename(relative, NULL);
	if (!rule_set_add_folder(set, folder, refuse, user, error))
		return FALSE;
	if (rule_set_len(set) > before)
		return TRUE;
	g_set_error(error, RULE_ERROR, RULE_ERROR_FOLDER, "%s: no rule in this folder could be loaded", folder);
	return FALSE;
}

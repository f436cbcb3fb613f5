/* From a file to a rule in force. A plugin that is accepted stays loaded until exit: claims point to its texts. */
#include "rules/host/rule_set.h"

#include <gmodule.h>

#include "rules/host/trust.h"

/* NULL and a sentence when the file is not a shared object. */
static GModule *open_module(const char *path, GError **error)
{
	GModule *module = g_module_open(path, G_MODULE_BIND_LOCAL);

	if (module == NULL)
		g_set_error(error, RULE_ERROR, RULE_ERROR_LOAD, "%s: cannot be loaded, wanted a shared object: %s", path,
		            g_module_error());
	return module;
}

static gboolean add_module(struct rule_set *set, GModule *module, const char *path, GError **error)
{
	void *symbol = NULL;

	if (!g_module_symbol(module, "hangup_rule", &symbol) || symbol == NULL) {
		g_set_error(error, RULE_ERROR, RULE_ERROR_SYMBOL, "%s: exports no symbol hangup_rule, wanted one defined "
		            "with HANGUP_RULE", path);
		return FALSE;
	}
	return rule_set_add(set, symbol, path, error);
}

gboolean rule_set_add_file(struct rule_set *set, const char *path, GError **error)
{
	g_autofree char *plain = trust_file(path, error);
	GModule *module = plain != NULL ? open_module(plain, error) : NULL;

	if (module == NULL)
		return FALSE;
	if (!add_module(set, module, plain, error)) {
		g_module_close(module);
		return FALSE;
	}
	g_module_make_resident(module);
	return TRUE;
}

static int compare_names(gconstpointer x, gconstpointer y)
{
	return g_strcmp0(*(const char *const *)x, *(const char *const *)y);
}

/* The names of everything in the folder that is called like a plugin, sorted; NULL and error when it cannot be read. */
static GPtrArray *list_plugins(const char *path, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(GDir) folder = g_dir_open(path, 0, &why);
	const char *name;

	if (folder == NULL) {
		g_set_error(error, RULE_ERROR, RULE_ERROR_FOLDER, "%s", why->message);
		return NULL;
	}
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	while ((name = g_dir_read_name(folder)) != NULL) {
		if (name[0] != '.' && g_str_has_suffix(name, "." G_MODULE_SUFFIX))
			g_ptr_array_add(names, g_strdup(name));
	}
	g_ptr_array_sort(names, compare_names);
	return names;
}

gboolean rule_set_add_folder(struct rule_set *set, const char *path, rule_refuse_fn refuse, void *user, GError **error)
{
	if (!trust_folder(path, error))
		return FALSE;
	g_autoptr(GPtrArray) names = list_plugins(path, error);
	if (names == NULL)
		return FALSE;
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *file = g_build_filename(path, names->pdata[i], NULL);
		g_autoptr(GError) why = NULL;

		if (!rule_set_add_file(set, file, &why) && refuse != NULL)
			refuse(why, user);
	}
	return TRUE;
}

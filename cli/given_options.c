#include "cli/given_options.h"

#include <stdbool.h>
#include <string.h>

static char **given;

void given_options_keep(char **argv)
{
	g_strfreev(given);
	given = g_strdupv(argv);
}

/* By its long name (of len bytes), or with `name` NULL by its short one. */
static const GOptionEntry *find(const struct command *command, const char *name, size_t len, char short_name)
{
	for (size_t i = 0; command->sections[i]; i++) {
		for (const GOptionEntry *entry = command->sections[i]->entries; entry->long_name; entry++) {
			if (name ? strlen(entry->long_name) == len && memcmp(entry->long_name, name, len) == 0
			         : entry->short_name == short_name)
				return entry;
		}
	}
	return NULL;
}

static bool bears_on_result(const GOptionEntry *entry)
{
	static const char *const others[] = {"output", "format", "threads", "color", "ascii", "evidence", NULL};

	return !g_strv_contains(others, entry->long_name);
}

static bool takes_value(const GOptionEntry *entry)
{
	return entry->arg != G_OPTION_ARG_NONE && !(entry->flags & G_OPTION_FLAG_NO_ARG);
}

static void add(GPtrArray *out, const GOptionEntry *entry, const char *value)
{
	g_autofree char *quoted = value ? g_shell_quote(value) : NULL;

	if (bears_on_result(entry))
		g_ptr_array_add(out, value ? g_strdup_printf("--%s=%s", entry->long_name, quoted)
		                           : g_strdup_printf("--%s", entry->long_name));
}

/* "--name", "--name=value", "--name value". Returns how many of the words it took. */
static int take_long(GPtrArray *out, const struct command *command, char *const *word)
{
	const char *name = word[0] + 2, *equals = strchr(name, '=');
	const GOptionEntry *entry = find(command, name, equals ? (size_t)(equals - name) : strlen(name), 0);

	if (!entry)
		return 1;
	if (equals || !takes_value(entry)) {
		add(out, entry, equals ? equals + 1 : NULL);
		return 1;
	}
	add(out, entry, word[1]);
	return word[1] ? 2 : 1;
}

/* "-a", "-avalue", "-a value", and several that take none together. */
static int take_short(GPtrArray *out, const struct command *command, char *const *word)
{
	for (const char *letter = word[0] + 1; *letter; letter++) {
		const GOptionEntry *entry = find(command, NULL, 0, *letter);

		if (!entry)
			return 1;
		if (takes_value(entry)) {
			add(out, entry, letter[1] ? letter + 1 : word[1]);
			return letter[1] || !word[1] ? 1 : 2;
		}
		add(out, entry, NULL);
	}
	return 1;
}

GPtrArray *given_options(const struct command *command)
{
	GPtrArray *out = g_ptr_array_new_with_free_func(g_free);

	for (char *const *word = given ? given + 1 : NULL; word && *word && !g_str_equal(*word, "--");) {
		if (g_str_has_prefix(*word, "--"))
			word += take_long(out, command, word);
		else if (**word == '-' && (*word)[1])
			word += take_short(out, command, word);
		else
			word++;
	}
	return out;
}

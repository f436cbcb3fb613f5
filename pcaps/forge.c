/* forge: writes the sample captures that real stacks on Linux cannot be made to produce.
 *
 * A story (forge_stories.def) is told in the sentences of forge_talk.h by hosts whose habits are rows of
 * forge_stack.c; what the capture point sees of it becomes packets (forge_packet.c, by libnet) in a file
 * (forge_file.c). The same story always gives the same bytes: times and random numbers come from its name. */
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "pcaps/forge_stories.h"

struct chapter {
	const char *name; /* as the function; the user sees - for _ */
	const char *extension;
	const char *sentence;
	void (*tell)(struct story *s);
};

static const struct chapter chapters[] = {
#define FORGE_STORY(id, extension, sentence) { #id, extension, sentence, tell_##id },
#include "pcaps/forge_stories.def"
#undef FORGE_STORY
};

static char *chapter_name(const struct chapter *chapter)
{
	return g_strdelimit(g_strdup(chapter->name), "_", '-');
}

static const struct chapter *chapter_find(const char *wanted)
{
	for (size_t i = 0; i < G_N_ELEMENTS(chapters); i++) {
		g_autofree char *name = chapter_name(&chapters[i]);
		if (strcmp(name, wanted) == 0)
			return &chapters[i];
	}
	return NULL;
}

static gboolean chapter_write(const struct chapter *chapter, const char *path, GError **error)
{
	struct story *s = story_new(chapter->name);
	chapter->tell(s);
	g_autoptr(GByteArray) file = story_file(s);
	story_free(s);
	return g_file_set_contents(path, (const char *)file->data, file->len, error);
}

static gboolean write_all(const char *folder, GError **error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(chapters); i++) {
		g_autofree char *name = chapter_name(&chapters[i]);
		g_autofree char *file = g_strdup_printf("forged-%s.%s", name, chapters[i].extension);
		g_autofree char *path = g_build_filename(folder, file, NULL);
		if (!chapter_write(&chapters[i], path, error))
			return FALSE;
	}
	return TRUE;
}

static void list(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(chapters); i++) {
		g_autofree char *name = chapter_name(&chapters[i]);
		printf("%-32s %s\n", name, chapters[i].sentence);
	}
}

static int usage(void)
{
	fputs("usage: forge -l | forge STORY OUT.pcap | forge --all DIR\n", stderr);
	return 2;
}

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	if (argc == 2 && strcmp(argv[1], "-l") == 0) {
		list();
		return 0;
	}
	if (argc != 3)
		return usage();
	gboolean ok;
	if (strcmp(argv[1], "--all") == 0) {
		ok = write_all(argv[2], &error);
	} else {
		const struct chapter *chapter = chapter_find(argv[1]);
		if (!chapter) {
			fprintf(stderr, "forge: no story is called '%s'; forge -l lists them\n", argv[1]);
			return 2;
		}
		ok = chapter_write(chapter, argv[2], &error);
	}
	if (!ok)
		fprintf(stderr, "forge: %s\n", error->message);
	return ok ? 0 : 1;
}

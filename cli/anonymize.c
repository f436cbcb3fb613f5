#include "cli/anonymize.h"

#include <string.h>

#include <glib.h>

#include "cli/diagnostic.h"
#include "cli/random_key.h"

static gboolean wanted;
static char *key_path;
static struct anonymizer *anonymizer; /* lives as long as the program */

static const GOptionEntry entries[] = {
	{"anonymize", 0, 0, G_OPTION_ARG_NONE, &wanted,
	 "Show invented addresses that keep networks together, and no names of files, hosts or interfaces, no comments and no "
	 "MAC addresses; other ones in every run unless there is a key. It is no protection against somebody who knows part "
	 "of the traffic", NULL},
	{"anonymize-key", 0, 0, G_OPTION_ARG_FILENAME, &key_path,
	 "The same, with the secret in this file (16 bytes or more): the same addresses in every run with it", "FILE"},
	{0}
};
const struct option_section anonymize_section = {"Anonymity", entries};

static bool use_key_file(void)
{
	g_autofree char *key = NULL;
	gsize key_len;
	g_autoptr(GError) error = NULL;

	if (!g_file_get_contents(key_path, &key, &key_len, &error)) {
		diagnostic_error("--anonymize-key: %s", error->message);
		return false;
	}
	if (key_len < ANONYMIZER_KEY_MIN) {
		diagnostic_error("--anonymize-key: %s holds %zu bytes; a key has at least %d, best made by "
		                 "\"head -c 32 /dev/urandom > FILE\"", key_path, (size_t)key_len, ANONYMIZER_KEY_MIN);
		return false;
	}
	anonymizer = anonymizer_new((const uint8_t *)key, key_len);
	memset(key, 0, key_len);
	return true;
}

static bool use_random_key(void)
{
	uint8_t key[ANONYMIZER_KEY_BYTES];

	if (!random_key_make(key, sizeof(key))) {
		diagnostic_error("--anonymize: the system gives no random numbers for a key; see --anonymize-key");
		return false;
	}
	anonymizer = anonymizer_new(key, sizeof(key));
	memset(key, 0, sizeof(key));
	return true;
}

bool anonymize_prepare(void)
{
	if (anonymizer || (!wanted && !key_path))
		return true;
	return key_path ? use_key_file() : use_random_key();
}

struct anonymizer *anonymize_with(void)
{
	return anonymizer;
}

void anonymize_inputs(struct inputs *inputs)
{
	if (anonymizer)
		inputs_anonymize(inputs);
}

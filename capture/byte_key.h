/* Keys of a GHashTable that are compared as bytes: addresses, and structs whose padding, if there is any, is zeroed. */
#ifndef CAPTURE_BYTE_KEY_H
#define CAPTURE_BYTE_KEY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <glib.h>

/* Bernstein's, as g_str_hash() has it: for tables whose order nobody sees and whose keys nobody chooses. */
static inline guint byte_key_hash(gconstpointer key, size_t bytes)
{
	const uint8_t *at = key;
	guint hash = 5381;

	for (size_t i = 0; i < bytes; i++)
		hash = hash * 33 + at[i];
	return hash;
}

/* The two functions that g_hash_table_new() takes, for keys of one size: name_hash(), name_equal(). */
#define BYTE_KEY(name, bytes) \
	static guint name##_hash(gconstpointer key) \
	{ \
		return byte_key_hash(key, bytes); \
	} \
	static gboolean name##_equal(gconstpointer a, gconstpointer b) \
	{ \
		return memcmp(a, b, bytes) == 0; \
	}

#endif

/* Standard input that delivers one byte at a time gives the same frames as the file. */
#include "capture/source.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/every_capture.h"
#include "tests/unit/unit.h"

/* A byte costs two system calls: larger files would only take longer. */
enum { LARGEST_BYTES = 32 * 1024, MAX_FRAMES = 64 };

/* All that a source hands out, and how it ends, as one checksum. */
static char *digest(struct source *s)
{
	static struct frame frames[MAX_FRAMES];
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_MD5);
	g_autoptr(GError) error = NULL;
	size_t n;
	while ((n = source_next_batch(s, frames, MAX_FRAMES, &error)) > 0) {
		for (size_t i = 0; i < n; i++) {
			const struct frame *f = &frames[i];
			const uint64_t head[] = { f->number, (uint64_t)f->time_ns, f->bytes_len, f->wire_len,
				                  f->linktype, f->interface, f->direction, f->fcs_len };
			g_checksum_update(sum, (const guchar *)head, sizeof(head));
			g_checksum_update(sum, f->bytes, f->bytes_len);
		}
	}
	return g_strdup_printf("%s %u %d", g_checksum_get_string(sum), (unsigned)source_frames(s),
	                       error ? error->code : -1);
}

struct trickle {
	int fd;
	const char *bytes;
	size_t len;
};

/* Every read() of the other end of a sequential-packet socket returns one message: one byte. */
static gpointer write_single_bytes(gpointer data)
{
	const struct trickle *t = data;
	for (size_t i = 0; i < t->len; i++) {
		if (send(t->fd, t->bytes + i, 1, MSG_NOSIGNAL) != 1)
			break; /* the reader has seen enough: a damaged file */
	}
	close(t->fd);
	return NULL;
}

/* What standard input is between two files, so that no other file becomes it. */
static int nothing;

static char *digest_of_trickle(const char *bytes, size_t len)
{
	int ends[2];
	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	CU_ASSERT_NOT_EQUAL_FATAL(dup2(ends[0], STDIN_FILENO), -1);
	close(ends[0]);
	struct trickle t = { ends[1], bytes, len };
	GThread *writer = g_thread_new("trickle", write_single_bytes, &t);
	struct source *s = source_open("-", NULL);
	char *result = s ? digest(s) : g_strdup("refused");
	source_free(s);
	CU_ASSERT_NOT_EQUAL(dup2(nothing, STDIN_FILENO), -1); /* ends the writer, if it is still there */
	g_thread_join(writer);
	return result;
}

static void check_file(const char *path, void *user)
{
	g_autofree char *bytes = NULL;
	gsize len;
	(void)user;
	if (!g_file_get_contents(path, &bytes, &len, NULL) || len > LARGEST_BYTES || len == 0)
		return;
	struct source *s = source_open(path, NULL);
	g_autofree char *whole = s ? digest(s) : g_strdup("refused");
	source_free(s);
	g_autofree char *trickled = digest_of_trickle(bytes, len);
	CU_ASSERT_STRING_EQUAL(whole, trickled);
}

static void test_every_capture(void)
{
	CU_ASSERT_TRUE(every_capture(check_file, NULL) > 0);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "byte by byte", test_every_capture },
		CU_TEST_INFO_NULL,
	};
	nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return unit_main("capture: stream", tests);
}

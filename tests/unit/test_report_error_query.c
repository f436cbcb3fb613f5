/* What is recognised of what people paste, and what is not. */
#include "report/error_query.h"

#include <string.h>

#include "report/app_code.h"
#include "tests/unit/unit.h"

#define KIND(id) (UINT64_C(1) << ERROR_KIND_##id)

enum { LINUX = 1 << HANGUP_OS_LINUX, WINDOWS = 1 << HANGUP_OS_WINDOWS, MACOS = 1 << HANGUP_OS_MACOS,
       BSD = 1 << HANGUP_OS_BSD, POSIX = LINUX | MACOS | BSD, ALL = POSIX | WINDOWS };

static unsigned systems_of(const struct error_query *q)
{
	unsigned systems = 0;

	for (size_t i = 0; i < APP_CODE_COUNT; i++)
		systems |= (unsigned)q->codes[i] << app_codes[i].os;
	return systems;
}

static void is_recognised(void)
{
	static const struct {
		const char *text;
		uint64_t kinds;
		unsigned systems, calls;
		enum error_sides sides;
	} cases[] = {
		{"10053", KIND(ABORTED), WINDOWS, APP_CALL_ANY, ERROR_SIDES_EITHER},
		{"wsaeconnaborted", KIND(ABORTED), WINDOWS, APP_CALL_ANY, ERROR_SIDES_EITHER},
		{"ECONNRESET", KIND(RESET), ALL, APP_CALL_ANY, ERROR_SIDES_EITHER},
		{"  econnreset\n", KIND(RESET), ALL, APP_CALL_ANY, ERROR_SIDES_EITHER},
		{"104", KIND(RESET), LINUX, APP_CALL_ANY, ERROR_SIDES_EITHER},
		{"54", KIND(RESET), MACOS | BSD, APP_CALL_ANY, ERROR_SIDES_EITHER},
		{"64", KIND(NETNAME) | KIND(HOSTDOWN), WINDOWS | MACOS | BSD, APP_CALL_ANY, ERROR_SIDES_EITHER},
		{"60", KIND(TIMEDOUT), MACOS | BSD, APP_CALL_ANY, ERROR_SIDES_EITHER},
		{"EPIPE", KIND(PIPE), POSIX, APP_CALL_ANY, ERROR_SIDES_EITHER},
		{"EOF", KIND(END), ALL, APP_CALL_ANY, ERROR_SIDES_EITHER},
		{"Connection reset by peer", KIND(RESET), POSIX, APP_CALL_ANY, ERROR_SIDES_EITHER},
		{"BrokenPipeError", KIND(PIPE) | KIND(SHUTDOWN), ALL, APP_CALL_WRITE | APP_CALL_NEXT_WRITE, ERROR_SIDES_EITHER},
		{"BrokenPipeError: [Errno 32] Broken pipe", KIND(PIPE), POSIX, APP_CALL_WRITE | APP_CALL_NEXT_WRITE,
		 ERROR_SIDES_EITHER},
		{"ConnectionResetError: [Errno 104] Connection reset by peer", KIND(RESET), LINUX, APP_CALL_ANY,
		 ERROR_SIDES_EITHER},
		{"ConnectionAbortedError: [WinError 10053] An established connection was aborted by the software in your host "
		 "machine", KIND(ABORTED), WINDOWS, APP_CALL_ANY, ERROR_SIDES_EITHER},
		{"java.net.SocketException: Connection reset", KIND(RESET), ALL, APP_CALL_ANY, ERROR_SIDES_EITHER},
		{"read tcp 10.0.0.104:54->10.0.0.1:443: read: connection reset by peer", KIND(RESET), POSIX, APP_CALL_READ,
		 ERROR_SIDES_EITHER},
		{"recv() failed (104: Connection reset by peer) while reading response header from upstream, client: 10.0.0.32",
		 KIND(RESET), LINUX, APP_CALL_ANY, ERROR_SIDES_EITHER},
		{"2026/11/23 10:07:30 [error] 31#31: *54 upstream prematurely closed connection while reading response header",
		 KIND(END), ALL, APP_CALL_READ, ERROR_SIDES_CLIENT},
		{"socket hang up", KIND(RESET) | KIND(END), ALL, APP_CALL_READ, ERROR_SIDES_CLIENT},
		{"Error: read ECONNRESET\n    at TCP.onStreamRead {\n  errno: -104,\n  code: 'ECONNRESET'", KIND(RESET), ALL,
		 APP_CALL_READ, ERROR_SIDES_EITHER},
		{"ERR_CONNECTION_RESET", KIND(RESET), ALL, APP_CALL_ANY, ERROR_SIDES_CLIENT},
		{"192.0.2.7 - - [23/Nov/2026:10:07:30 +0000] \"GET /104 HTTP/1.1\" 499 0 \"-\"", KIND(RESET) | KIND(END), ALL,
		 APP_CALL_READ, ERROR_SIDES_SERVER},
		{"haproxy[7]: 192.0.2.7:5400 [x] web web/a 0/0/0/-1/104 200 54 - - CD-- 1/1/1/1/0", KIND(RESET) | KIND(END), ALL,
		 APP_CALL_ANY, ERROR_SIDES_SERVER},
		{"cD", KIND(TIMER), 0, APP_CALL_ANY, ERROR_SIDES_SERVER},
		{"curl: (56) Recv failure: Connection reset by peer", KIND(RESET), POSIX, APP_CALL_READ, ERROR_SIDES_CLIENT},
		{"TimeoutError: timed out", KIND(TIMER), 0, APP_CALL_ANY, ERROR_SIDES_EITHER},
		{"TimeoutError: [Errno 110] Connection timed out", KIND(TIMEDOUT), LINUX, APP_CALL_ANY, ERROR_SIDES_EITHER},
		{"{\"code\": 10054}", KIND(RESET), WINDOWS, APP_CALL_ANY, ERROR_SIDES_EITHER},
		{"prematurely clo", KIND(END) | KIND(RESET), ALL, APP_CALL_READ, ERROR_SIDES_EITHER},
		{"use of closed network connection", KIND(OWN_CLOSE), 0, APP_CALL_ANY, ERROR_SIDES_EITHER},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct error_query q;
		g_autoptr(GError) error = NULL;

		CU_ASSERT_TRUE_FATAL(error_query_parse(cases[i].text, &q, &error));
		const bool right = q.kinds == cases[i].kinds && systems_of(&q) == cases[i].systems
		                   && q.calls == cases[i].calls && q.sides == cases[i].sides;
		CU_ASSERT_TRUE(right);
		if (!right)
			printf("\n%s: kinds %" G_GINT64_MODIFIER "x, systems %x, calls %x, sides %d", cases[i].text, q.kinds,
			       systems_of(&q), q.calls, (int)q.sides);
	}
}

static void is_not_recognised(void)
{
	static const char *const texts[] = {"", " ", "1234", "7", "xyzzy", "port 104", "104 bytes from 10.0.0.54", "sc", "192.0.2.1:10053",
	                                    "E", "\xff\xfe"};

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct error_query q;
		g_autoptr(GError) error = NULL;
		const bool known = error_query_parse(texts[i], &q, &error);

		CU_ASSERT_FALSE(known);
		CU_ASSERT_PTR_NOT_NULL(error);
		if (known)
			printf("\n%s", texts[i]);
	}
}

static void near_ones_are_suggested(void)
{
	static const struct {
		const char *text, *near;
	} slips[] = {{"ECONRESET", "ECONNRESET"}, {"BrokenPipeEror", "BrokenPipeError"}, {"wsaeconnabortd", "WSAECONNABORTED"}};

	for (size_t i = 0; i < G_N_ELEMENTS(slips); i++) {
		struct error_query q;
		g_autoptr(GError) error = NULL;

		CU_ASSERT_FALSE_FATAL(error_query_parse(slips[i].text, &q, &error));
		CU_ASSERT_PTR_NOT_NULL(strstr(error->message, slips[i].near));
	}
}

static bool matches_name(const struct error_query *q, const struct error_name *name)
{
	for (size_t i = 0; i < q->matches_len; i++) {
		if (q->matches[i].name == name)
			return true;
	}
	return false;
}

/* Every row is found by its own text, alone and within a line. */
static void every_name_finds_itself(void)
{
	for (size_t i = 0; i < error_names_len; i++) {
		g_autofree char *line = g_strdup_printf("at 10:07, status %s!", error_names[i].text);
		struct error_query q;

		CU_ASSERT_TRUE(error_query_parse(error_names[i].text, &q, NULL) && matches_name(&q, &error_names[i]));
		CU_ASSERT_TRUE(error_query_parse(line, &q, NULL) && matches_name(&q, &error_names[i]));
		CU_ASSERT(error_names[i].kinds != 0 && error_names[i].kinds >> ERROR_KIND_COUNT == 0);
		for (size_t k = 0; k < i; k++)
			CU_ASSERT_FALSE(error_names[k].runtime == error_names[i].runtime
			                && strcmp(error_names[k].text, error_names[i].text) == 0);
	}
}

static void every_code_finds_itself(void)
{
	for (size_t i = 0; i < APP_CODE_COUNT; i++) {
		char number[16];
		struct error_query q;

		CU_ASSERT_TRUE(error_query_parse(app_codes[i].name, &q, NULL) && q.codes[i]);
		const bool found = error_query_parse(app_codes[i].message, &q, NULL) && q.codes[i];
		CU_ASSERT_TRUE(found);
		if (!found)
			printf("\n%s", app_codes[i].message);
		g_snprintf(number, sizeof(number), "%d", app_codes[i].number);
		CU_ASSERT_TRUE(!app_codes[i].number || (error_query_parse(number, &q, NULL) && q.codes[i]));
	}
}

/* Every kind has a code or a name, so that it can be asked for. */
static void every_kind_is_used(void)
{
	uint64_t used = 0;

	for (size_t i = 0; i < APP_CODE_COUNT; i++)
		used |= UINT64_C(1) << app_codes[i].kind;
	for (size_t i = 0; i < error_names_len; i++)
		used |= error_names[i].kinds;
	CU_ASSERT_EQUAL(used, (UINT64_C(1) << ERROR_KIND_COUNT) - 1);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"is recognised", is_recognised},
		{"is not recognised", is_not_recognised},
		{"near ones are suggested", near_ones_are_suggested},
		{"every name finds itself", every_name_finds_itself},
		{"every code finds itself", every_code_finds_itself},
		{"every kind is used", every_kind_is_used},
		CU_TEST_INFO_NULL,
	};

	return unit_main("error query", tests);
}

#include "pcaps/forge_stories.h"

/* TLS 1.2 record, ClientHello with two cipher suites and server_name "block.example". */
const uint8_t story_client_hello[] = {
	0x16, 0x03, 0x01, 0x00, 0x47, 0x01, 0x00, 0x00, 0x43, 0x03, 0x03,
	0x68, 0x61, 0x6e, 0x67, 0x75, 0x70, 0x20, 0x66, 0x6f, 0x72, 0x67, 0x65, 0x64, 0x20, 0x72, 0x61,
	0x6e, 0x64, 0x6f, 0x6d, 0x20, 0x33, 0x32, 0x20, 0x62, 0x79, 0x74, 0x65, 0x73, 0x20, 0x21, 0x21,
	0x00, 0x00, 0x04, 0xc0, 0x2f, 0xc0, 0x30, 0x01, 0x00,
	0x00, 0x16, 0x00, 0x00, 0x00, 0x12, 0x00, 0x10, 0x00, 0x00, 0x0d,
	'b', 'l', 'o', 'c', 'k', '.', 'e', 'x', 'a', 'm', 'p', 'l', 'e',
};
const size_t story_client_hello_len = sizeof(story_client_hello);

struct conn *story_pair(struct story *s, const struct path *path, const struct stack *client,
                        const struct stack *server)
{
	return conn_new(s, path, story_host(s, client, CLIENT_V4), story_host(s, server, SERVER_V4), SERVICE_PORT);
}

struct conn *story_plain(struct story *s, const struct path *path)
{
	struct conn *c = story_pair(s, path, &stack_windows, &stack_linux);
	talk_open(c);
	talk_exchange(c, 180, 900);
	story_wait(s, MS(150));
	talk_close(c, CLIENT);
	return c;
}

struct conn *story_plain_v6(struct story *s, const struct path *path)
{
	struct conn *c = conn_new(s, path, story_host(s, &stack_macos, CLIENT_V6), story_host(s, &stack_linux, SERVER_V6),
	                          SERVICE_PORT);
	talk_open(c);
	talk_exchange(c, 180, 900);
	talk_close(c, CLIENT);
	return c;
}

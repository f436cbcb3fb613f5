/* Every story is a function that tells it, and one row in forge_stories.def. */
#ifndef PCAPS_FORGE_STORIES_H
#define PCAPS_FORGE_STORIES_H

#include "pcaps/forge_box.h"
#include "pcaps/forge_conn.h"
#include "pcaps/forge_story.h"
#include "pcaps/forge_talk.h"

#define FORGE_STORY(id, extension, sentence) void tell_##id(struct story *s);
#include "pcaps/forge_stories.def"
#undef FORGE_STORY

/* Most stories are of one client and one server; these are their usual addresses (RFC 5737, RFC 3849). */
#define CLIENT_V4 "192.0.2.23"
#define SERVER_V4 "198.51.100.80"
#define OTHER_CLIENT_V4 "203.0.113.77"
#define OTHER_SERVER_V4 "203.0.113.9"
#define CLIENT_V6 "2001:db8:1::23"
#define SERVER_V6 "2001:db8:2::80"
enum { SERVICE_PORT = 9443 };

/* A connection between a client and a server with these stacks, at the usual addresses. */
struct conn *story_pair(struct story *s, const struct path *path, const struct stack *client,
                        const struct stack *server);

/* One request, one answer, an orderly close: for stories about what is around it. */
struct conn *story_plain(struct story *s, const struct path *path);
struct conn *story_plain_v6(struct story *s, const struct path *path);

/* A TLS ClientHello for the name block.example. */
extern const uint8_t story_client_hello[];
extern const size_t story_client_hello_len;

#endif

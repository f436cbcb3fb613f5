/* Which segments are one connection: addresses and ports as a pair, in either direction, and the VLAN. */
#include "analyzers/key.h"

#include "tests/unit/unit.h"

static const struct key_seed seed = {{1, 22, 333, 4444}};

static struct segment segment_of(uint8_t from, uint16_t from_port, uint8_t to, uint16_t to_port)
{
	return (struct segment){.source = {[15] = from}, .target = {[15] = to}, .source_port = from_port,
	                        .target_port = to_port};
}

static struct connection_key key_of(struct segment s, unsigned *out_side)
{
	struct connection_key key;

	*out_side = key_from_segment(&key, &s);
	return key;
}

static void both_directions_are_one(void)
{
	unsigned there_side, back_side;
	struct connection_key there = key_of(segment_of(1, 40000, 2, 443), &there_side);
	struct connection_key back = key_of(segment_of(2, 443, 1, 40000), &back_side);

	CU_ASSERT_TRUE(key_equal(&there, &back));
	CU_ASSERT_EQUAL(key_hash(&there, &seed), key_hash(&back, &seed));
	CU_ASSERT_NOT_EQUAL(there_side, back_side);
}

/* 1:443 to 2:40000 is not 1:40000 to 2:443: address and port are ordered as one. */
static void a_port_stays_with_its_address(void)
{
	unsigned side;
	struct connection_key a = key_of(segment_of(1, 443, 2, 40000), &side);
	struct connection_key b = key_of(segment_of(1, 40000, 2, 443), &side);

	CU_ASSERT_FALSE(key_equal(&a, &b));
	CU_ASSERT_NOT_EQUAL(key_hash(&a, &seed), key_hash(&b, &seed));
}

static void ports_come_back_as_they_went_in(void)
{
	unsigned side;
	struct connection_key key = key_of(segment_of(9, 65535, 3, 1), &side);

	CU_ASSERT_EQUAL(key_port(&key, side), 65535);
	CU_ASSERT_EQUAL(key_port(&key, !side), 1);
	CU_ASSERT_EQUAL(side, 1); /* the higher address */
	CU_ASSERT_EQUAL(key_scope(&key), 0);
}

/* Loopback: one address, told apart by the port alone. */
static void one_address_talks_to_itself(void)
{
	unsigned there_side, back_side;
	struct connection_key there = key_of(segment_of(7, 40000, 7, 80), &there_side);
	struct connection_key back = key_of(segment_of(7, 80, 7, 40000), &back_side);

	CU_ASSERT_TRUE(key_equal(&there, &back));
	CU_ASSERT_EQUAL(there_side, 1);
	CU_ASSERT_EQUAL(back_side, 0);
}

/* A "land" packet, from a port to itself: one side only, and nothing to crash on. */
static void one_port_talks_to_itself(void)
{
	unsigned side;
	struct connection_key key = key_of(segment_of(7, 80, 7, 80), &side);

	CU_ASSERT_EQUAL(side, 0);
	CU_ASSERT_EQUAL(key_port(&key, 0), key_port(&key, 1));
}

static void vlans_keep_apart_when_asked(void)
{
	struct segment s = segment_of(1, 40000, 2, 443);
	unsigned side;
	struct connection_key plain = key_of(s, &side), tagged;

	s.scope = 4094;
	tagged = key_of(s, &side);
	CU_ASSERT_FALSE(key_equal(&plain, &tagged));
	CU_ASSERT_EQUAL(key_scope(&tagged), 4094);
}

/* Each byte of the addresses counts, and each bit of the ports. */
static void every_byte_tells_apart(void)
{
	const struct segment base = segment_of(1, 40000, 2, 443);
	unsigned side;
	struct connection_key first = key_of(base, &side);

	for (unsigned at = 0; at < sizeof base.source; at++) {
		struct segment s = base;
		struct connection_key key;

		s.target[at] ^= 0x40;
		key = key_of(s, &side);
		CU_ASSERT_FALSE(key_equal(&first, &key));
		CU_ASSERT_NOT_EQUAL(key_hash(&first, &seed), key_hash(&key, &seed));
	}
	for (unsigned bit = 0; bit < 16; bit++) {
		struct segment s = base;
		struct connection_key key;

		s.source_port ^= (uint16_t)(1u << bit);
		key = key_of(s, &side);
		CU_ASSERT_FALSE(key_equal(&first, &key));
		CU_ASSERT_NOT_EQUAL(key_hash(&first, &seed), key_hash(&key, &seed));
	}
}

/* Nobody can aim at one bucket: another seed, another order. And one network's connections spread. */
static void the_seed_moves_the_hash(void)
{
	struct key_seed a, b;
	unsigned side;
	struct connection_key key = key_of(segment_of(1, 40000, 2, 443), &side);

	key_seed_random(&a);
	key_seed_random(&b);
	CU_ASSERT_NOT_EQUAL(key_hash(&key, &a), key_hash(&key, &b));
}

static void neighbouring_ports_spread(void)
{
	enum { PORTS = 4096, BUCKETS = 512, MEAN = PORTS / BUCKETS };
	unsigned filled[BUCKETS] = {0}, side;

	for (unsigned port = 0; port < PORTS; port++) {
		struct connection_key key = key_of(segment_of(1, (uint16_t)(32768 + port), 2, 443), &side);

		filled[key_hash(&key, &seed) % BUCKETS]++;
	}
	for (unsigned i = 0; i < BUCKETS; i++)
		CU_ASSERT_TRUE(filled[i] < 4 * MEAN);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"both directions are one", both_directions_are_one},
		{"a port stays with its address", a_port_stays_with_its_address},
		{"ports come back as they went in", ports_come_back_as_they_went_in},
		{"one address talks to itself", one_address_talks_to_itself},
		{"one port talks to itself", one_port_talks_to_itself},
		{"VLANs keep apart when asked", vlans_keep_apart_when_asked},
		{"every byte tells apart", every_byte_tells_apart},
		{"the seed moves the hash", the_seed_moves_the_hash},
		{"neighbouring ports spread", neighbouring_ports_spread},
		CU_TEST_INFO_NULL,
	};

	return unit_main("connection keys", tests);
}

/* Which packet of which file. With one input a packet's number is what Wireshark shows, from 1. With several, its upper
 * bits tell the input: numbers are then names, and say nothing of order. */
#ifndef HANGUP_PACKET_NUMBER_H
#define HANGUP_PACKET_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#define HANGUP_PACKET_NUMBER_BITS 48
#define HANGUP_INPUTS_MAX 65536 /* what the other bits can tell apart */

/* The packet's number in its own file. */
static inline uint64_t hangup_packet_in_file(uint64_t number)
{
	return number & ((UINT64_C(1) << HANGUP_PACKET_NUMBER_BITS) - 1);
}

/* Index of the packet's input, from 0, in the order they were given. */
static inline uint16_t hangup_packet_input(uint64_t number)
{
	return (uint16_t)(number >> HANGUP_PACKET_NUMBER_BITS);
}

static inline uint64_t hangup_packet_pack(uint16_t input, uint64_t in_file)
{
	return (uint64_t)input << HANGUP_PACKET_NUMBER_BITS | in_file;
}

/* Whether one packet came before another: within a file by number, as clocks may be set back; else by time, and then
 * in the order of the files. Number 0, no packet, comes before all. */
static inline bool hangup_packet_precedes(uint64_t number, int64_t time_ns, uint64_t other, int64_t other_time_ns)
{
	if (!number || !other || hangup_packet_input(number) == hangup_packet_input(other) || time_ns == other_time_ns)
		return number < other;
	return time_ns < other_time_ns;
}

#endif

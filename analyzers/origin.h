/* Whose RST was it: how little it resembles the other packets of the side in whose name it came. */
#ifndef ANALYZERS_ORIGIN_H
#define ANALYZERS_ORIGIN_H

#include "analyzers/connection.h"

/* 0 (like the side's own) to 100 (nothing like it). spoke_after: packets of that side seen after its RST. */
unsigned origin_alien(const struct connection *c, const struct reset *reset, unsigned spoke_after, unsigned side);

#endif

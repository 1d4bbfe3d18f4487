#ifndef TALLY_SCAN_H
#define TALLY_SCAN_H

#include "CArena.h"

// A walk over the wire form before it is unpacked.
struct tally_scan {
  const uint8_t *start;
  size_t max_depth;
  // What the values made from the message may still take, in bytes.
  size_t values_left;
  // Where the walk stopped.
  size_t offset;
};

// Walks the message from `at` to `end`, and those in it. `depth` is 1 for the outermost.
enum tally_unpack_code tally_scan(struct tally_scan *scan,
                                  const ProtobufCMessageDescriptor *descriptor, const uint8_t *at,
                                  const uint8_t *end, size_t depth);

#endif

#ifndef TALLY_ARENA_H
#define TALLY_ARENA_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Unpacking messages from strangers: bounded in depth and memory.
//
// protobuf-c bounds neither. So a message is scanned first, without a single allocation, and then
// unpacked in an arena that gives no more than its cap: a NULL from it fails the unpacking cleanly.

typedef struct tally_arena tally_arena;

enum tally_unpack_code {
  TALLY_UNPACK_OK = 0,
  // The bytes are no message.
  TALLY_UNPACK_MALFORMED = 1,
  // Messages lie deeper in one another than the limit.
  TALLY_UNPACK_TOO_DEEP = 2,
  // The values would take more memory than the cap.
  TALLY_UNPACK_TOO_LARGE = 3,
  // The system has no memory.
  TALLY_UNPACK_NO_MEMORY = 4,
  // A field has another wire type than it should.
  TALLY_UNPACK_WRONG_TYPE = 5,
};

struct tally_unpacked {
  // Set with TALLY_UNPACK_OK. Free the arena to free the message.
  const ProtobufCMessage *message;
  tally_arena *arena;
  enum tally_unpack_code code;
  // With TALLY_UNPACK_MALFORMED: where the field at fault begins, in bytes from the start.
  size_t offset;
};

// Unpacks `count` bytes as one message. `cap` bounds the bytes that the arena gives, and, counted
// separately, those that values made from the message may need.
struct tally_unpacked tally_unpack(const ProtobufCMessageDescriptor *descriptor,
                                   const uint8_t *bytes, size_t count, size_t max_depth,
                                   size_t cap);

// Frees the arena with all that was unpacked in it. NULL is allowed.
void tally_arena_free(tally_arena *arena);

// The bytes that an arena holds.
size_t tally_arena_size(const tally_arena *arena);

#endif

#include "CArena.h"

#include <stdlib.h>

#include "scan.h"

// A block of memory; the arena itself lies in its first one.
struct block {
  struct block *next;
};

// protobuf-c frees nothing but the tables it makes while it scans a message, one set a message.
// Their sizes are few and large, so they are kept for the next message: otherwise a message of
// 10,000 rows would leave 13 MB of dead tables behind.
enum { KEPT = 6, KEPT_SIZE = 512 };

struct tally_arena {
  ProtobufCAllocator allocator;
  struct block *blocks;
  uint8_t *next;
  size_t left;
  size_t block_size;
  size_t size;
  size_t cap;
  bool refused;
  bool no_memory;
  void *kept[KEPT];
};

// In front of each allocation: its size, for a later free. Keeps 16-byte alignment.
struct header {
  size_t size;
  size_t unused;
};

static size_t aligned(size_t size) { return (size + 15) & ~(size_t)15; }

static bool grow(tally_arena *arena, size_t needed) {
  size_t size = sizeof(struct header) + needed;
  if (size < arena->block_size) size = arena->block_size;
  if (size > arena->cap - arena->size) size = arena->cap - arena->size;
  if (size < sizeof(struct header) + needed) {
    arena->refused = true;
    return false;
  }
  struct block *block = malloc(size);
  if (block == NULL) {
    arena->no_memory = true;
    return false;
  }
  block->next = arena->blocks;
  arena->blocks = block;
  arena->next = (uint8_t *)block + sizeof(struct header);
  arena->left = size - sizeof(struct header);
  arena->size += size;
  if (arena->block_size < (size_t)4 << 20) arena->block_size *= 2;
  return true;
}

static void *arena_alloc(void *context, size_t size) {
  tally_arena *arena = context;
  if (size > arena->cap) {
    arena->refused = true;
    return NULL;
  }
  if (size >= KEPT_SIZE) {
    for (int i = 0; i < KEPT; i++) {
      if (arena->kept[i] == NULL) continue;
      if (((struct header *)arena->kept[i] - 1)->size != size) continue;
      void *found = arena->kept[i];
      arena->kept[i] = NULL;
      return found;
    }
  }
  size_t needed = sizeof(struct header) + aligned(size);
  if (needed > arena->left && !grow(arena, needed)) return NULL;
  struct header *header = (struct header *)arena->next;
  arena->next += needed;
  arena->left -= needed;
  header->size = size;
  return header + 1;
}

static void arena_release(void *context, void *pointer) {
  tally_arena *arena = context;
  if (pointer == NULL || ((struct header *)pointer - 1)->size < KEPT_SIZE) return;
  for (int i = 0; i < KEPT; i++) {
    if (arena->kept[i] != NULL) continue;
    arena->kept[i] = pointer;
    return;
  }
}

// The first block holds what a usual message needs, so that most need one malloc.
static tally_arena *arena_make(size_t count, size_t cap) {
  size_t first = 1024 + 4 * count;
  if (first > (size_t)256 << 10) first = (size_t)256 << 10;
  if (first > cap) first = cap;
  uint8_t *memory = malloc(sizeof(struct header) + aligned(sizeof(tally_arena)) + first);
  if (memory == NULL) return NULL;
  struct block *block = (struct block *)memory;
  block->next = NULL;
  tally_arena *arena = (tally_arena *)(memory + sizeof(struct header));
  *arena = (tally_arena){
      .allocator = {.alloc = arena_alloc, .free = arena_release, .allocator_data = arena},
      .blocks = block,
      .next = (uint8_t *)arena + aligned(sizeof(tally_arena)),
      .left = first,
      .block_size = 2048 + 2 * first,
      .size = first,
      .cap = cap,
  };
  return arena;
}

void tally_arena_free(tally_arena *arena) {
  if (arena == NULL) return;
  // The arena lies in the last of its blocks.
  struct block *block = arena->blocks;
  while (block != NULL) {
    struct block *next = block->next;
    free(block);
    block = next;
  }
}

size_t tally_arena_size(const tally_arena *arena) { return arena->size; }

struct tally_unpacked tally_unpack(const ProtobufCMessageDescriptor *descriptor,
                                   const uint8_t *bytes, size_t count, size_t max_depth,
                                   size_t cap) {
  struct tally_scan scan = {.start = bytes, .max_depth = max_depth, .values_left = cap};
  struct tally_unpacked result = {.code = tally_scan(&scan, descriptor, bytes, bytes + count, 1)};
  if (result.code != TALLY_UNPACK_OK) {
    result.offset = scan.offset;
    return result;
  }
  tally_arena *arena = arena_make(count, cap);
  if (arena == NULL) {
    result.code = TALLY_UNPACK_NO_MEMORY;
    return result;
  }
  result.message = protobuf_c_message_unpack(descriptor, &arena->allocator, count, bytes);
  if (result.message != NULL) {
    result.arena = arena;
    return result;
  }
  result.code = arena->refused     ? TALLY_UNPACK_TOO_LARGE
                : arena->no_memory ? TALLY_UNPACK_NO_MEMORY
                                   : TALLY_UNPACK_WRONG_TYPE;
  tally_arena_free(arena);
  return result;
}

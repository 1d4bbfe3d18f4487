#ifndef TALLY_CPREFETCH_H
#define TALLY_CPREFETCH_H

#include <stdint.h>

/// Starts to bring the memory at `address` into the processor's caches, and does not wait. Any
/// address may be given. Swift has no such instruction.
static inline void tally_prefetch(const void *_Nullable address) {
  __builtin_prefetch(address, 0, 3);
}

/// The same for the whole page of 4 KiB that holds `address`: for who reads on in it.
static inline void tally_prefetch_page(const void *_Nonnull address) {
  const char *page = (const char *)((uintptr_t)address & ~(uintptr_t)4095);
  for (int line = 0; line < 64; line++) {
    __builtin_prefetch(page + 64 * line, 0, 3);
  }
}

#endif

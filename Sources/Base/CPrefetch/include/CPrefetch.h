#ifndef TALLY_CPREFETCH_H
#define TALLY_CPREFETCH_H

/// Starts to bring the memory at `address` into the processor's caches, and does not wait. Any
/// address may be given. Swift has no such instruction.
static inline void tally_prefetch(const void *_Nullable address) {
  __builtin_prefetch(address, 0, 3);
}

#endif

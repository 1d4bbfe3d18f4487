// Shows ThreadSanitizer what Swift's Mutex does; preloaded by Scripts/stages for tests under it.
//
// Mutex takes and gives up a free lock in code that is compiled into its user, so the sanitizer sees
// it. A lock that another thread holds goes through libswiftSynchronization and the kernel
// (FUTEX_LOCK_PI), which it does not see: it then reports a race in every correct program whose
// threads meet at a Mutex. (20 lines of Swift with four threads that append to one array under a
// Mutex are enough for 5 reports; with this library there are none, and without the Mutex some.)
//
// This is the same function without the kernel: it waits until the lock is free, takes it, and says
// so. Nobody waits in the kernel then, so the lock is always given up in the code that is seen.

#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>

// In the program, if it has ThreadSanitizer.
__attribute__((weak)) void __tsan_acquire(void *address);

// Synchronization._MutexHandle._lockSlow(UInt32): the lock's word holds its owner's thread id, or 0.
__attribute__((swiftcall)) void lock_slow(uint32_t owner,
                                          __attribute__((swift_context)) _Atomic uint32_t *lock)
    __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");

__attribute__((swiftcall)) void lock_slow(uint32_t owner,
                                          __attribute__((swift_context)) _Atomic uint32_t *lock) {
  uint32_t expected = 0;
  while (!atomic_compare_exchange_weak_explicit(lock, &expected, owner, memory_order_acquire,
                                                memory_order_relaxed)) {
    expected = 0;
    sched_yield();
  }
  if (__tsan_acquire) __tsan_acquire(lock);
}

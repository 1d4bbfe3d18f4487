#ifndef TALLY_CCHECKSUM_H
#define TALLY_CCHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/// CRC32C (Castagnoli, reflected polynomial 0x82F63B78) of `count` bytes after those that gave
/// `crc`. Start with 0; the result is final, and goes in again to go on:
/// `tally_crc32c(tally_crc32c(0, a, n), b, m)` is the checksum of a and b together.
///
/// Uses the processor's instruction where it has one (SSE4.2, ARMv8 CRC), else a table.
/// Source: RFC 3720, section 12.1; test vectors in its appendix B.4.
uint32_t tally_crc32c(uint32_t crc, const void *_Nullable bytes, size_t count);

/// The same by table alone: what a processor without the instruction runs. For tests.
uint32_t tally_crc32c_by_table(uint32_t crc, const void *_Nullable bytes, size_t count);

/// Whether `tally_crc32c` uses the processor's instruction here.
int tally_crc32c_has_instruction(void);

#endif

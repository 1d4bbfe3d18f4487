#include "CChecksum.h"

#include <string.h>

#define POLYNOMIAL 0x82F63B78u

/// By 8 bytes at a time: table[k][b] is the register after byte b and then k zero bytes.
static uint32_t table[8][256];

static void fill_table(void) {
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; bit++) {
      crc = (crc & 1) ? (crc >> 1) ^ POLYNOMIAL : crc >> 1;
    }
    table[0][byte] = crc;
  }
  for (int zeros = 1; zeros < 8; zeros++) {
    for (int byte = 0; byte < 256; byte++) {
      uint32_t crc = table[zeros - 1][byte];
      table[zeros][byte] = table[0][crc & 0xFF] ^ (crc >> 8);
    }
  }
}

uint32_t tally_crc32c_by_table(uint32_t crc, const void *bytes, size_t count) {
  const uint8_t *next = bytes;
  crc = ~crc;
  while (count >= 8) {
    // By bytes, so that it holds on either byte order; compilers make one load of it.
    uint32_t low = crc ^ ((uint32_t)next[0] | (uint32_t)next[1] << 8 | (uint32_t)next[2] << 16 |
                          (uint32_t)next[3] << 24);
    crc = table[7][low & 0xFF] ^ table[6][(low >> 8) & 0xFF] ^ table[5][(low >> 16) & 0xFF] ^
          table[4][low >> 24] ^ table[3][next[4]] ^ table[2][next[5]] ^ table[1][next[6]] ^
          table[0][next[7]];
    next += 8;
    count -= 8;
  }
  while (count-- > 0) {
    crc = table[0][(crc ^ *next++) & 0xFF] ^ (crc >> 8);
  }
  return ~crc;
}

#if defined(__x86_64__)

#define WITH_INSTRUCTION __attribute__((target("sse4.2")))
#define STEP8(crc, word) ((uint32_t)__builtin_ia32_crc32di((crc), (word)))
#define STEP4(crc, word) ((uint32_t)__builtin_ia32_crc32si((crc), (word)))
#define STEP1(crc, byte) ((uint32_t)__builtin_ia32_crc32qi((crc), (byte)))

static int processor_has_instruction(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("sse4.2") != 0;
}

#elif defined(__aarch64__) && !defined(__AARCH64EB__)

#define WITH_INSTRUCTION __attribute__((target("crc")))
#define STEP8(crc, word) ((uint32_t)__builtin_arm_crc32cd((crc), (word)))
#define STEP4(crc, word) ((uint32_t)__builtin_arm_crc32cw((crc), (word)))
#define STEP1(crc, byte) ((uint32_t)__builtin_arm_crc32cb((crc), (byte)))

#if defined(__linux__)
#include <sys/auxv.h>
static int processor_has_instruction(void) {
  return (getauxval(AT_HWCAP) & (1UL << 7)) != 0;  // HWCAP_CRC32
}
#else
static int processor_has_instruction(void) { return 1; }
#endif

#endif

#if defined(WITH_INSTRUCTION)

/// The instruction gives its result after 3 cycles but may start each cycle: three runs side by
/// side of this many bytes each, joined by a shift, are nearly three times as fast as one.
#define LONG_RUN 8192u
#define SHORT_RUN 256u

static int has_instruction;
/// shift[k][b]: what byte b at place k of the register becomes after a run of zeros.
static uint32_t long_shift[4][256], short_shift[4][256];

WITH_INSTRUCTION static inline uint32_t step8(uint32_t crc, const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, 8);
  return STEP8(crc, word);
}

WITH_INSTRUCTION static void fill_shift(uint32_t shift[4][256], size_t zeros) {
  for (int place = 0; place < 4; place++) {
    for (uint32_t byte = 0; byte < 256; byte++) {
      uint32_t lowest = byte & (0u - byte);
      if (byte == 0) {
        shift[place][0] = 0;
      } else if (byte == lowest) {
        uint32_t crc = byte << (8 * place);
        for (size_t done = 0; done < zeros; done += 8) {
          crc = STEP8(crc, (uint64_t)0);
        }
        shift[place][byte] = crc;
      } else {
        // The shift is linear: the sum of its bits' shifts, and smaller bytes came before.
        shift[place][byte] = shift[place][lowest] ^ shift[place][byte ^ lowest];
      }
    }
  }
}

static inline uint32_t shifted(uint32_t shift[4][256], uint32_t crc) {
  return shift[0][crc & 0xFF] ^ shift[1][(crc >> 8) & 0xFF] ^ shift[2][(crc >> 16) & 0xFF] ^
         shift[3][crc >> 24];
}

WITH_INSTRUCTION static inline const uint8_t *three_runs(
    uint32_t *crc, const uint8_t *next, size_t *count, size_t run, uint32_t shift[4][256]) {
  while (*count >= 3 * run) {
    uint32_t first = *crc, second = 0, third = 0;
    for (const uint8_t *end = next + run; next < end; next += 8) {
      first = step8(first, next);
      second = step8(second, next + run);
      third = step8(third, next + 2 * run);
    }
    *crc = shifted(shift, shifted(shift, first) ^ second) ^ third;
    next += 2 * run;
    *count -= 3 * run;
  }
  return next;
}

WITH_INSTRUCTION static uint32_t by_instruction(uint32_t crc, const void *bytes, size_t count) {
  const uint8_t *next = bytes;
  crc = ~crc;
  if (count >= 3 * SHORT_RUN) {
    next = three_runs(&crc, next, &count, LONG_RUN, long_shift);
    next = three_runs(&crc, next, &count, SHORT_RUN, short_shift);
  }
  for (; count >= 8; count -= 8, next += 8) {
    crc = step8(crc, next);
  }
  if (count >= 4) {
    uint32_t word;
    memcpy(&word, next, 4);
    crc = STEP4(crc, word);
    next += 4;
    count -= 4;
  }
  while (count-- > 0) {
    crc = STEP1(crc, *next++);
  }
  return ~crc;
}

#endif

/// Before main, so that no call pays for asking whether the tables are there.
__attribute__((constructor)) static void prepare(void) {
  fill_table();
#if defined(WITH_INSTRUCTION)
  has_instruction = processor_has_instruction();
  if (has_instruction) {
    fill_shift(long_shift, LONG_RUN);
    fill_shift(short_shift, SHORT_RUN);
  }
#endif
}

uint32_t tally_crc32c(uint32_t crc, const void *bytes, size_t count) {
#if defined(WITH_INSTRUCTION)
  if (has_instruction) {
    return by_instruction(crc, bytes, count);
  }
#endif
  return tally_crc32c_by_table(crc, bytes, count);
}

int tally_crc32c_has_instruction(void) {
#if defined(WITH_INSTRUCTION)
  return has_instruction;
#else
  return 0;
#endif
}

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdint.h>

// HMAC-SHA-256 (RFC 2104, FIPS 180-4) into 32 bytes; 0 if the library cannot.
static inline int tally_hmac_sha256(const void *key, int key_size, const void *bytes, size_t size,
                                    uint8_t *out) {
  unsigned int written = 0;
  return HMAC(EVP_sha256(), key, key_size, (const uint8_t *)bytes, size, out, &written) != NULL &&
         written == 32;
}

// Whether both are the same, in a time that does not tell where they differ.
static inline int tally_equal(const void *first, const void *second, size_t size) {
  return CRYPTO_memcmp(first, second, size) == 0;
}

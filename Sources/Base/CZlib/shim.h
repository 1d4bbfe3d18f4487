#include <zlib.h>

// `inflateInit2` is a macro, which Swift does not see. 16 + MAX_WBITS: a gzip header is expected.
static inline int tally_inflate_init_gzip(z_stream *stream) {
  return inflateInit2(stream, 16 + MAX_WBITS);
}

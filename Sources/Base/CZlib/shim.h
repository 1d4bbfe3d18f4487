#include <zlib.h>

// `inflateInit2` is a macro, which Swift does not see. 16 + MAX_WBITS: a gzip header is expected.
static inline int tally_inflate_init_gzip(z_stream *stream) {
  return inflateInit2(stream, 16 + MAX_WBITS);
}

// The same for `deflateInit2`. A gzip header is written, without a time or a name; memory level 8
// is zlib's default.
static inline int tally_deflate_init_gzip(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
}

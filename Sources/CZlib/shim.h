// What Swift cannot call of zlib itself: deflateInit2 and inflateInit2, which are macros.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

// 15 is the largest window; 16 more ask for the gzip format (RFC 1952) instead of zlib's own.
#define LOCKWISE_GZIP_WINDOW (15 + 16)

// Compresses a whole text. Returns the number of bytes written, or 0 if they do not fit or zlib fails.
static inline size_t lockwise_gzip(const uint8_t *input, size_t input_count, uint8_t *output, size_t output_count) {
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, LOCKWISE_GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
  stream.next_in = (z_const Bytef *)input;
  stream.avail_in = (uInt)input_count;
  stream.next_out = output;
  stream.avail_out = (uInt)output_count;
  int result = deflate(&stream, Z_FINISH);
  size_t written = stream.total_out;
  deflateEnd(&stream);
  return result == Z_STREAM_END ? written : 0;
}

// Returns the maximum number of bytes that lockwise_gzip writes for an input of this size.
static inline size_t lockwise_gzip_bound(size_t input_count) { return compressBound(input_count) + 64; }

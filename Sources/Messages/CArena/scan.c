#include "scan.h"

// What a Swift value takes beside the fields that protobuf-c's struct has too: optional messages
// lie in it, and an array has room to grow.
enum { VALUE_OVERHEAD = 256, LIST_ELEMENT = 32 };

static const uint8_t *varint(const uint8_t *at, const uint8_t *end, uint64_t *value) {
  uint64_t result = 0;
  for (unsigned shift = 0; shift < 70; shift += 7) {
    if (at == end) return NULL;
    uint8_t byte = *at++;
    // Bits beyond the 64th are dropped, as protobuf does.
    result |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80) {
      *value = result;
      return at;
    }
  }
  return NULL;
}

static bool take(struct tally_scan *scan, size_t size) {
  if (size > scan->values_left) return false;
  scan->values_left -= size;
  return true;
}

enum tally_unpack_code tally_scan(struct tally_scan *scan,
                                  const ProtobufCMessageDescriptor *descriptor, const uint8_t *at,
                                  const uint8_t *end, size_t depth) {
  if (depth > scan->max_depth) return TALLY_UNPACK_TOO_DEEP;
  while (at < end) {
    scan->offset = (size_t)(at - scan->start);
    uint64_t tag, value;
    at = varint(at, end, &tag);
    if (at == NULL || tag >> 3 == 0 || tag > UINT32_MAX) return TALLY_UNPACK_MALFORMED;
    switch (tag & 7) {
    case 0:
      at = varint(at, end, &value);
      if (at == NULL) return TALLY_UNPACK_MALFORMED;
      continue;
    case 1:
      if (end - at < 8) return TALLY_UNPACK_MALFORMED;
      at += 8;
      continue;
    case 2:
      at = varint(at, end, &value);
      if (at == NULL || value > (uint64_t)(end - at)) return TALLY_UNPACK_MALFORMED;
      break;
    case 5:
      if (end - at < 4) return TALLY_UNPACK_MALFORMED;
      at += 4;
      continue;
    default:
      // Groups: protobuf-c has none, nor has proto3.
      return TALLY_UNPACK_MALFORMED;
    }
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(descriptor, (unsigned)(tag >> 3));
    if (field != NULL) {
      if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        const ProtobufCMessageDescriptor *inner = field->descriptor;
        if (!take(scan, inner->sizeof_message + VALUE_OVERHEAD)) return TALLY_UNPACK_TOO_LARGE;
        enum tally_unpack_code code = tally_scan(scan, inner, at, at + value, depth + 1);
        if (code != TALLY_UNPACK_OK) return code;
      } else if (!take(scan, value + LIST_ELEMENT)) {
        return TALLY_UNPACK_TOO_LARGE;
      }
    }
    at += value;
  }
  return TALLY_UNPACK_OK;
}

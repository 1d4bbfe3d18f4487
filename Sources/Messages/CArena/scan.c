#include "scan.h"

// What the elements of a list take in Swift beside the fields that protobuf-c's structs have too:
// messages in a message lie in it, whether they are set or not, and an array has room to grow.
enum { MESSAGE_ELEMENT = 256, TEXT_ELEMENT = 32 };

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
  uint64_t seen = 0;
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
      bool is_list = field->label == PROTOBUF_C_LABEL_REPEATED;
      if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        const ProtobufCMessageDescriptor *inner = field->descriptor;
        // protobuf-c would take the last of two parts where Google merges them: no encoder writes
        // parts, so to refuse them is safer than to lose one.
        size_t index = (size_t)(field - descriptor->fields);
        if (!is_list && index < 64) {
          if (seen >> index & 1) return TALLY_UNPACK_MALFORMED;
          seen |= UINT64_C(1) << index;
        }
        size_t size = inner->sizeof_message + (is_list ? MESSAGE_ELEMENT : 0);
        if (!take(scan, size)) return TALLY_UNPACK_TOO_LARGE;
        enum tally_unpack_code code = tally_scan(scan, inner, at, at + value, depth + 1);
        if (code != TALLY_UNPACK_OK) return code;
      } else if (!take(scan, value + (is_list ? TEXT_ELEMENT : 0))) {
        return TALLY_UNPACK_TOO_LARGE;
      }
    }
    at += value;
  }
  return TALLY_UNPACK_OK;
}

/// A descriptor set that protoc-c can work with, made from one of protoc.
///
/// protoc-c 1.4.1 refuses proto3 `optional`, cuts strings at the first NUL and knows nothing of
/// streams. So string fields become bytes, which keep their length (Swift checks their UTF-8); the
/// mark of an optional field goes and its one-member oneof stays, which is presence by another
/// name; a map is the repeated entries that it is on the wire, since its keys may not be bytes; and
/// services go. The wire format is the same.
enum DescriptorsForC {
  static func rewrite(set bytes: [UInt8]) -> [UInt8] {
    var out = WireOutput()
    for field in WireFields(bytes[...]) where field.number == 1 {
      out.bytes(1, file(field.bytes))
    }
    return out.bytes
  }

  private static func file(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var out = WireOutput()
    for field in WireFields(bytes) {
      switch field.number {
      case 4: out.bytes(4, message(field.bytes))
      case 6, 9: break
      default: out.raw(field.raw)
      }
    }
    return out.bytes
  }

  private static func message(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var out = WireOutput()
    for part in WireFields(bytes) {
      switch part.number {
      case 2: out.bytes(2, field(part.bytes))
      case 3: out.bytes(3, message(part.bytes))
      // Options, of which map_entry is the one that matters.
      case 7: break
      default: out.raw(part.raw)
      }
    }
    return out.bytes
  }

  private static func field(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var out = WireOutput()
    for part in WireFields(bytes) {
      switch part.number {
      case 5 where part.number64 == FieldType.string.rawValue:
        out.number(5, UInt64(FieldType.bytes.rawValue))
      case 17: break
      default: out.raw(part.raw)
      }
    }
    return out.bytes
  }
}

/// The fields of a fixed form where they lie, found in one pass and without allocation: what the
/// fold reads. Valid as long as the bytes are.
///
/// Of a field that occurs more than once it has the last; lists are walked with `WireReader`.
@safe
package struct FixedFormFields {
  /// The highest field number of any fact (events.proto: CourseFact.tags).
  @usableFromInline static var highest: Int { 11 }

  private let bytes: UnsafeRawBufferPointer
  private var present: UInt16 = 0
  private var slots = InlineArray<12, Slot>(repeating: Slot())

  /// A number, or bytes: where they start and how many there are. Both are zero if neither came.
  private struct Slot {
    var number: UInt64 = 0
    var start: UInt32 = 0
    var count: UInt32 = 0
  }

  /// - Throws: `ModelError` for bytes that are no protobuf message.
  package init(_ bytes: UnsafeRawBufferPointer) throws(ModelError) {
    unsafe self.bytes = unsafe bytes
    var reader = unsafe WireReader(bytes)
    while let field = try reader.next() {
      guard field.number <= Self.highest else { continue }
      present |= 1 << UInt16(field.number)
      let count = unsafe field.bytes.count
      slots[field.number] =
        field.type == .bytes
        ? Slot(start: UInt32(reader.position - count), count: UInt32(count))
        : Slot(number: field.value)
    }
  }

  /// Whether the field is there. Defaults are not, except elements of lists and times.
  package func has(_ field: Int) -> Bool {
    present & 1 << UInt16(field) != 0
  }

  /// An id or a text; empty if it is not there.
  package func bytes(_ field: Int) -> UnsafeRawBufferPointer {
    let slot = slots[field]
    let start = Int(slot.start)
    return unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(slot.count)])
  }

  /// A number; 0 if it is not there.
  package func number(_ field: Int) -> UInt64 { slots[field].number }

  package func enumeration(_ field: Int) -> Int32 { Int32(truncatingIfNeeded: slots[field].number) }

  package func flag(_ field: Int) -> Bool { slots[field].number != 0 }

  /// A time; `unset` if it is not there.
  package func time(_ field: Int) throws(ModelError) -> Timestamp {
    guard has(field) else { return .unset }
    let whole = unsafe WireReader.Field(
      number: field, type: .bytes, value: 0, bytes: bytes(field))
    return try whole.time()
  }
}

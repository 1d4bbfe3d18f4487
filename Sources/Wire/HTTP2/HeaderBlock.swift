/// The fields of one header block, in order, in one flat piece of memory.
///
/// Names and values are bytes: a peer may send any byte above 0x1F in a value.
package struct HeaderBlock: Hashable, Sendable {
  private(set) var bytes: [UInt8] = []
  private(set) var lengths: [Lengths] = []

  struct Lengths: Hashable {
    var name: Int32
    var value: Int32
  }

  package init() {}

  /// Makes room at once for `fields` fields of `bytes` bytes in all.
  package init(reserving fields: Int, bytes count: Int) {
    bytes.reserveCapacity(count)
    lengths.reserveCapacity(fields)
  }

  /// The number of fields.
  package var count: Int { lengths.count }

  /// The size that SETTINGS_MAX_HEADER_LIST_SIZE limits: names, values and 32 bytes a field.
  package var listBytes: Int { bytes.count + 32 * count }

  /// Adds a field; `name` is lower case.
  package mutating func add(_ name: StaticString, _ value: StaticString) {
    add(
      UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount),
      UnsafeRawBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
  }

  /// Adds a field; `name` is lower case.
  package mutating func add(_ name: String, _ value: String) {
    lengths.append(Lengths(name: Int32(name.utf8.count), value: Int32(value.utf8.count)))
    bytes.append(contentsOf: name.utf8)
    bytes.append(contentsOf: value.utf8)
  }

  /// Adds a field of bytes; `name` is lower case.
  package mutating func add(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
    lengths.append(Lengths(name: Int32(name.count), value: Int32(value.count)))
    bytes.append(contentsOf: name)
    bytes.append(contentsOf: value)
  }

  /// Lends each field in order; the pointers end with the call.
  package func forEach(
    _ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Void
  ) {
    bytes.withUnsafeBytes { all in
      var offset = 0
      for length in lengths {
        let middle = offset + Int(length.name)
        let end = middle + Int(length.value)
        body(
          UnsafeRawBufferPointer(rebasing: all[offset..<middle]),
          UnsafeRawBufferPointer(rebasing: all[middle..<end]))
        offset = end
      }
    }
  }

  /// The first value under `name` as text; bytes that are no UTF-8 are replaced.
  package subscript(name: String) -> String? {
    var found: String?
    forEach { fieldName, value in
      if found == nil, fieldName.elementsEqual(name.utf8) {
        found = String(decoding: value, as: UTF8.self)
      }
    }
    return found
  }
}

extension HeaderBlock: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, String)...) {
    for (name, value) in elements { add(name, value) }
  }
}

/// Metadata of a call, in order; a name may stand several times.
///
/// Names are lower case; names that end in `-bin` carry bytes, all others text of printable ASCII.
/// Source: grpc/doc/PROTOCOL-HTTP2.md, Custom-Metadata.
package struct Metadata: Sendable, Hashable {
  /// One entry.
  package struct Field: Sendable, Hashable {
    package let name: String
    package let value: FieldValue
  }

  /// Text, or bytes under a name that ends in `-bin`.
  package enum FieldValue: Sendable, Hashable {
    case text(String)
    case binary([UInt8])
  }

  /// The entries in the order in which they were added or received.
  package private(set) var fields: [Field] = []

  package init() {}

  package var isEmpty: Bool { fields.isEmpty }

  /// The first text under `name`.
  package subscript(name: String) -> String? {
    for field in fields where field.name == name {
      if case .text(let text) = field.value { return text }
    }
    return nil
  }

  /// The first bytes under `name`, which ends in `-bin`.
  package subscript(binary name: String) -> [UInt8]? {
    for field in fields where field.name == name {
      if case .binary(let bytes) = field.value { return bytes }
    }
    return nil
  }

  /// All texts under `name`, in order.
  package func texts(_ name: String) -> [String] {
    fields.compactMap { field in
      if field.name == name, case .text(let text) = field.value { text } else { nil }
    }
  }

  /// Adds a text; `name` must not end in `-bin`.
  package mutating func add(_ text: String, name: String) {
    precondition(!name.hasSuffix("-bin"), "'\(name)' carries bytes: add(binary:name:)")
    fields.append(Field(name: name.lowercased(), value: .text(text)))
  }

  /// Adds bytes; `name` must end in `-bin`.
  package mutating func add(binary bytes: [UInt8], name: String) {
    precondition(name.hasSuffix("-bin"), "'\(name)' must end in -bin to carry bytes")
    fields.append(Field(name: name.lowercased(), value: .binary(bytes)))
  }

  /// Adds an entry whose name is known to be lower case and to fit its value.
  mutating func add(_ field: Field) {
    fields.append(field)
  }

  /// Adds all entries of `other` behind these.
  package mutating func add(contentsOf other: Metadata) {
    fields.append(contentsOf: other.fields)
  }
}

extension Metadata: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, String)...) {
    for (name, text) in elements { add(text, name: name) }
  }
}

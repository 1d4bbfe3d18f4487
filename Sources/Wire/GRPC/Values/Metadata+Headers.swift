internal import HTTP2

extension Metadata {
  /// Adds a received field. Names that HTTP and gRPC keep for themselves are the caller's matter.
  ///
  /// - Returns: `false` if the name ends in `-bin` and a value is not Base64.
  mutating func add(
    received name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
  ) -> Bool {
    let name = String(decoding: name, as: UTF8.self)
    guard name.hasSuffix("-bin") else {
      let text = String(decoding: value.trimmingSpaces, as: UTF8.self)
      add(Field(name: name, value: .text(text)))
      return true
    }
    // Several values may have been joined on the way.
    for part in value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      let trimmed = UnsafeRawBufferPointer(rebasing: part).trimmingSpaces
      guard let bytes = Base64.decode(trimmed) else { return false }
      add(Field(name: name, value: .binary(bytes)))
    }
    return true
  }
}

extension HeaderBlock {
  /// Adds metadata as it travels, without spaces around a value (RFC 9113 §8.2.1).
  ///
  /// Entries whose name or value may not stand in a header (upper case was lowered already) are
  /// left out: a header that a peer refuses would lose the call.
  mutating func add(_ metadata: Metadata) {
    for field in metadata.fields where field.isSendable {
      switch field.value {
      case .text(let text): add(field.name, text.withoutOuterSpaces)
      case .binary(let bytes): add(field.name, Base64.encode(bytes))
      }
    }
  }
}

extension Metadata.Field {
  /// Names that speak of the connection or the body (RFC 9113 §8.2.2), or that stand in every
  /// header of ours already: a peer resets the stream for them.
  private static let namesOfHTTP: Set<String> = [
    "connection", "content-length", "content-type", "host", "keep-alive", "proxy-connection", "te",
    "transfer-encoding", "upgrade",
  ]

  fileprivate var isSendable: Bool {
    guard !name.isEmpty, !name.hasPrefix("grpc-") || name == "grpc-status-details-bin",
      !Self.namesOfHTTP.contains(name)
    else { return false }
    let hasLegalName = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
      case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): true
      default: false
      }
    }
    guard case .text(let text) = value else { return hasLegalName }
    return hasLegalName && text.utf8.allSatisfy { $0 >= 0x20 && $0 <= 0x7E }
  }
}

extension String {
  fileprivate var withoutOuterSpaces: String {
    let space = UInt8(ascii: " ")
    guard utf8.first == space || utf8.last == space else { return self }
    let start = utf8.drop { $0 == space }
    guard let last = start.lastIndex(where: { $0 != space }) else { return "" }
    return String(self[start.startIndex...last])
  }
}

extension UnsafeRawBufferPointer {
  /// Without the spaces and tabs at both ends.
  var trimmingSpaces: UnsafeRawBufferPointer {
    let isSpace: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    guard let first = firstIndex(where: { !isSpace($0) }),
      let last = lastIndex(where: { !isSpace($0) })
    else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(rebasing: self[first...last])
  }

  /// Whether the bytes are those of `text`.
  func equals(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount
      && elementsEqual(UnsafeRawBufferPointer(start: text.utf8Start, count: count))
  }

  /// Whether the bytes begin with those of `text`.
  func starts(with text: StaticString) -> Bool {
    let length = text.utf8CodeUnitCount
    return count >= length && UnsafeRawBufferPointer(rebasing: self[..<length]).equals(text)
  }
}

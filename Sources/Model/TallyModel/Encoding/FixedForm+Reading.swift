extension Fact {
  /// The fact of a kind whose fixed form these bytes are.
  ///
  /// Unknown fields are dropped. The bytes need not outlive the call. Where only ids and flags are
  /// wanted, `FixedFormFields` makes no strings.
  /// - Throws: `ModelError` for bytes that are no such message.
  package init(
    kind: FactKind, fixedForm bytes: UnsafeRawBufferPointer
  ) throws(ModelError) {
    var reader = unsafe WireReader(bytes)
    switch kind {
    case .user: self = .user(try User(reading: &reader))
    case .group: self = .group(try Group(reading: &reader))
    case .membership: self = .membership(try Membership(reading: &reader))
    case .course: self = .course(try Course(reading: &reader))
    case .activity: self = .activity(try Activity(reading: &reader))
    case .path: self = .path(try Path(reading: &reader))
    case .attempt: self = .attempt(try Attempt(reading: &reader))
    case .reaction: self = .reaction(try Reaction(reading: &reader))
    case .comment: self = .comment(try Comment(reading: &reader))
    case .post: self = .post(try Post(reading: &reader))
    case .like: self = .like(try Like(reading: &reader))
    case .download: self = .download(try Download(reading: &reader))
    }
  }

  /// The same from an array.
  package init(kind: FactKind, fixedForm bytes: [UInt8]) throws(ModelError) {
    let read = unsafe bytes.withUnsafeBytes { all in
      Result { () throws(ModelError) -> Fact in try unsafe Fact(kind: kind, fixedForm: all) }
    }
    self = try read.get()
  }
}

extension WireReader.Field {
  /// The field as text. The text was validated before it became a fixed form.
  package func text() throws(ModelError) -> String {
    guard type == .bytes else { throw wrongType() }
    return unsafe String(decoding: bytes, as: UTF8.self)
  }

  package func id<Kind>() throws(ModelError) -> ID<Kind> {
    ID(try text())
  }

  package func flag() throws(ModelError) -> Bool {
    guard type == .varint else { throw wrongType() }
    return value != 0
  }

  package func enumeration() throws(ModelError) -> Int32 {
    guard type == .varint else { throw wrongType() }
    return Int32(truncatingIfNeeded: value)
  }

  /// A time, from the message that protobuf has for it.
  package func time() throws(ModelError) -> Timestamp {
    guard type == .bytes else { throw wrongType() }
    var reader = unsafe WireReader(bytes)
    var seconds: Int64 = 0
    var nanos: Int32 = 0
    while let part = try reader.next() {
      switch part.number {
      case 1: seconds = Int64(bitPattern: part.value)
      case 2: nanos = Int32(truncatingIfNeeded: part.value)
      default: break
      }
    }
    return Timestamp(seconds: seconds, nanos: nanos)
  }

  /// The numbers of a list, packed or one by one.
  package func numbers() throws(ModelError) -> [UInt64] {
    guard type == .bytes else { return [value] }
    var reader = unsafe WireReader(bytes)
    var numbers: [UInt64] = []
    while !reader.isAtEnd { numbers.append(try reader.varint()) }
    return numbers
  }

  private func wrongType() -> ModelError {
    ModelError(code: .malformed, message: "field \(number) has the wire type \(type)")
  }
}

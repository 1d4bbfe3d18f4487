/// The messages of grpc/testing/messages.proto, as far as the cases need them. By hand: 150 lines
/// here cost less than a build of swift-protobuf, and messages are not what this judge is for.
protocol TestMessage: Sendable {
  init()
  /// Takes a field with a number as its value; unknown fields are ignored.
  mutating func take(_ field: Int, number: UInt64)
  /// Takes a field with bytes as its value: a string, bytes or a message.
  mutating func take(_ field: Int, bytes: ArraySlice<UInt8>) throws
  func write(_ out: inout FieldWriter)
}

extension TestMessage {
  mutating func take(_ field: Int, number: UInt64) {}
  mutating func take(_ field: Int, bytes: ArraySlice<UInt8>) throws {}
  func write(_ out: inout FieldWriter) {}

  var encoded: [UInt8] {
    var out = FieldWriter()
    write(&out)
    return out.bytes
  }

  init(decoding bytes: some Collection<UInt8>) throws {
    self.init()
    var reader = FieldReader(rest: ArraySlice(bytes))
    while !reader.rest.isEmpty {
      let tag = try reader.number()
      let field = Int(tag >> 3)
      switch tag & 7 {
      case 0: take(field, number: try reader.number())
      case 1: _ = try reader.take(8)
      case 2: try take(field, bytes: reader.take(reader.number()))
      case 5: _ = try reader.take(4)
      default: throw DecodingFailure()
      }
    }
  }
}

struct DecodingFailure: Error {}

struct FieldReader {
  var rest: ArraySlice<UInt8>

  mutating func number() throws -> UInt64 {
    var number: UInt64 = 0
    for shift in stride(from: 0, to: 70, by: 7) {
      guard let byte = rest.popFirst() else { throw DecodingFailure() }
      number |= UInt64(byte & 127) << UInt64(shift)
      if byte < 128 { return number }
    }
    throw DecodingFailure()
  }

  mutating func take(_ count: UInt64) throws -> ArraySlice<UInt8> {
    guard count <= rest.count else { throw DecodingFailure() }
    defer { rest = rest.dropFirst(Int(count)) }
    return rest.prefix(Int(count))
  }
}

struct FieldWriter {
  var bytes: [UInt8] = []

  mutating func field(_ field: Int, _ value: Int) {
    guard value != 0 else { return }
    number(UInt64(field) << 3)
    number(UInt64(bitPattern: Int64(value)))
  }

  mutating func field(_ field: Int, _ value: some Collection<UInt8>) {
    number(UInt64(field) << 3 | 2)
    number(UInt64(value.count))
    bytes += value
  }

  mutating func field(_ field: Int, _ value: (some TestMessage)?) {
    if let value { self.field(field, value.encoded) }
  }

  private mutating func number(_ value: UInt64) {
    var value = value
    while value >= 128 {
      bytes.append(UInt8(value & 127) | 128)
      value >>= 7
    }
    bytes.append(UInt8(value))
  }
}

struct Empty: TestMessage {}

struct BoolValue: TestMessage {
  var value = false

  mutating func take(_ field: Int, number: UInt64) { if field == 1 { value = number != 0 } }
  func write(_ out: inout FieldWriter) { out.field(1, value ? 1 : 0) }
}

struct Payload: TestMessage {
  var body: [UInt8] = []

  mutating func take(_ field: Int, bytes: ArraySlice<UInt8>) {
    if field == 2 { body = [UInt8](bytes) }
  }
  func write(_ out: inout FieldWriter) { out.field(2, body) }
}

extension Payload {
  init(zeros count: Int) { body = [UInt8](repeating: 0, count: count) }
}

struct EchoStatus: TestMessage {
  var code = 0
  var message = ""

  mutating func take(_ field: Int, number: UInt64) {
    if field == 1 { code = Int(truncatingIfNeeded: number) }
  }
  mutating func take(_ field: Int, bytes: ArraySlice<UInt8>) {
    if field == 2 { message = String(decoding: bytes, as: UTF8.self) }
  }
  func write(_ out: inout FieldWriter) {
    out.field(1, code)
    out.field(2, message.utf8)
  }
}

struct SimpleRequest: TestMessage {
  var responseSize = 0
  var payload: Payload?
  var responseCompressed: BoolValue?
  var responseStatus: EchoStatus?
  var expectCompressed: BoolValue?

  mutating func take(_ field: Int, number: UInt64) {
    if field == 2 { responseSize = Int(truncatingIfNeeded: number) }
  }
  mutating func take(_ field: Int, bytes: ArraySlice<UInt8>) throws {
    switch field {
    case 3: payload = try Payload(decoding: bytes)
    case 6: responseCompressed = try BoolValue(decoding: bytes)
    case 7: responseStatus = try EchoStatus(decoding: bytes)
    case 8: expectCompressed = try BoolValue(decoding: bytes)
    default: break
    }
  }
  func write(_ out: inout FieldWriter) {
    out.field(2, responseSize)
    out.field(3, payload)
    out.field(6, responseCompressed)
    out.field(7, responseStatus)
    out.field(8, expectCompressed)
  }
}

/// SimpleResponse, and with the same field StreamingOutputCallResponse.
struct PayloadResponse: TestMessage {
  var payload: Payload?

  mutating func take(_ field: Int, bytes: ArraySlice<UInt8>) throws {
    if field == 1 { payload = try Payload(decoding: bytes) }
  }
  func write(_ out: inout FieldWriter) { out.field(1, payload) }
}

struct StreamingInputCallRequest: TestMessage {
  var payload: Payload?
  var expectCompressed: BoolValue?

  mutating func take(_ field: Int, bytes: ArraySlice<UInt8>) throws {
    switch field {
    case 1: payload = try Payload(decoding: bytes)
    case 2: expectCompressed = try BoolValue(decoding: bytes)
    default: break
    }
  }
  func write(_ out: inout FieldWriter) {
    out.field(1, payload)
    out.field(2, expectCompressed)
  }
}

struct StreamingInputCallResponse: TestMessage {
  var aggregatedPayloadSize = 0

  mutating func take(_ field: Int, number: UInt64) {
    if field == 1 { aggregatedPayloadSize = Int(truncatingIfNeeded: number) }
  }
  func write(_ out: inout FieldWriter) { out.field(1, aggregatedPayloadSize) }
}

struct ResponseParameters: TestMessage {
  var size = 0
  var intervalMicroseconds = 0
  var compressed: BoolValue?

  mutating func take(_ field: Int, number: UInt64) {
    if field == 1 { size = Int(truncatingIfNeeded: number) }
    if field == 2 { intervalMicroseconds = Int(truncatingIfNeeded: number) }
  }
  mutating func take(_ field: Int, bytes: ArraySlice<UInt8>) throws {
    if field == 3 { compressed = try BoolValue(decoding: bytes) }
  }
  func write(_ out: inout FieldWriter) {
    out.field(1, size)
    out.field(2, intervalMicroseconds)
    out.field(3, compressed)
  }
}

struct StreamingOutputCallRequest: TestMessage {
  var responseParameters: [ResponseParameters] = []
  var payload: Payload?
  var responseStatus: EchoStatus?

  mutating func take(_ field: Int, bytes: ArraySlice<UInt8>) throws {
    switch field {
    case 2: responseParameters.append(try ResponseParameters(decoding: bytes))
    case 3: payload = try Payload(decoding: bytes)
    case 7: responseStatus = try EchoStatus(decoding: bytes)
    default: break
    }
  }
  func write(_ out: inout FieldWriter) {
    for parameters in responseParameters { out.field(2, parameters) }
    out.field(3, payload)
    out.field(7, responseStatus)
  }
}

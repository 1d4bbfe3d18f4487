internal import TallyMessages

@testable internal import Protobuf

/// Messages of every type, from the wire and from JSON.
enum MessageTarget: FuzzTarget {
  static let name = "messages"

  private static let isComplete: Bool = {
    var known: Set<String> = []
    for type in messageTypes { known.insert(type.fullName) }
    let missing = Descriptors.schema.messages.map(\.fullName).filter { !known.contains($0) }
    require(missing.isEmpty, "run Scripts/generate, for \(missing.joined(separator: ", "))")
    return true
  }()

  /// The input: form u8 (odd: JSON), type u8, the message.
  static func run(_ bytes: UnsafeRawBufferPointer) {
    require(isComplete, "the list of messages is complete")
    guard bytes.count >= 2 else { return }
    let message = UnsafeRawBufferPointer(rebasing: bytes[2...])
    let type = messageTypes[Int(bytes[1]) % messageTypes.count]
    if bytes[0] & 1 == 0 { judgeWire(message, as: type) } else { judgeJSON(message, as: type) }
  }

  static func seeds() -> [[UInt8]] {
    var seeds: [[UInt8]] = []
    for (index, type) in messageTypes.enumerated() {
      guard let schema = Descriptors.schema.message(type.fullName) else { continue }
      let example = SchemaExample.json(of: schema, in: Descriptors.schema)
      seeds.append([1, UInt8(index)] + example)
      if let wire = wire(of: example, as: type) { seeds.append([0, UInt8(index)] + wire) }
    }
    return seeds
  }

  private static func wire<M: Message>(of json: [UInt8], as type: M.Type) -> [UInt8]? {
    do throws(JSONError) {
      return try M(json: json).encoded()
    } catch {
      fatalError("the example of \(M.fullName) is none: \(error.message)")
    }
  }

  private static func judgeWire<M: Message>(_ bytes: UnsafeRawBufferPointer, as type: M.Type) {
    guard let message = try? M(decoding: bytes) else { return }
    judge(message)
  }

  private static func judgeJSON<M: Message>(_ text: UnsafeRawBufferPointer, as type: M.Type) {
    do throws(JSONError) {
      let message = try M(json: text)
      judge(message)
      _ = try message.json()
    } catch {
      let lines = text.count { $0 == 0x0A } + 1
      require(error.line >= 1 && error.line <= lines, "an error at line \(error.line) of \(lines)")
      require(error.column >= 1 && error.column <= text.count + 1, "at column \(error.column)")
    }
  }

  /// A value is the same after the wire and after JSON, and its size is what it says.
  private static func judge<M: Message>(_ message: M) {
    let wire = message.encoded()
    require(wire.count == message.encodedSize, "\(M.fullName) says another size than it has")
    do throws(DecodeError) {
      let again = try M(decoding: wire)
      require(again == message, "\(M.fullName) is another value after the wire")
      require(again.encoded() == wire, "\(M.fullName) has other bytes after the wire")
    } catch {
      // An element that took no byte of the hostile message takes one or two of ours, at most.
      require(error.code == .tooLarge, "what we encode we cannot decode: \(error.message)")
    }
    // A time beyond the years that JSON knows has no form there.
    guard let json = try? message.json() else { return }
    require(String(validating: json, as: UTF8.self) != nil, "JSON that is no UTF-8")
    do throws(JSONError) {
      let again = try M(json: json)
      require(again.encoded() == wire, "\(M.fullName) is another value after JSON")
    } catch {
      fatalError("JSON that we write we cannot read: \(error.message)")
    }
  }
}

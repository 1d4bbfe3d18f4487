internal import Foundation
internal import GRPC
internal import Protobuf
internal import TestMessages

extension Metadata {
  /// Bytes stand in Base64 in the suite's messages.
  init(_ headers: [Suite.Header]) {
    self.init()
    for header in headers {
      let name = header.name.lowercased()
      for value in header.value {
        guard name.hasSuffix("-bin") else {
          add(value, name: name)
          continue
        }
        let padding = String(repeating: "=", count: (4 - value.utf8.count % 4) % 4)
        add(binary: [UInt8](Data(base64Encoded: value + padding) ?? Data(value.utf8)), name: name)
      }
    }
  }

  /// One header a name, in the order of their first values.
  var headers: [Suite.Header] {
    var headers: [Suite.Header] = []
    for field in fields {
      let text =
        switch field.value {
        case .text(let text): text
        case .binary(let bytes): Data(bytes).base64EncodedString()
        }
      if let index = headers.firstIndex(where: { $0.name == field.name }) {
        headers[index].value.append(text)
      } else {
        headers.append(Suite.Header(name: field.name, value: [text]))
      }
    }
    return headers
  }
}

extension Suite.Packed {
  private static let prefix = "type.googleapis.com/"

  init(_ message: some Message) {
    self.init(typeUrl: Self.prefix + type(of: message).fullName, value: message.encoded())
  }

  /// A message of type `M` that is encoded already.
  init<M: Message>(_ type: M.Type, _ encoded: MessageBytes) {
    self.init(typeUrl: Self.prefix + M.fullName, value: encoded.bytes)
  }
}

private let detailsName = "grpc-status-details-bin"

extension RPCError {
  /// - Parameter info: appended to the details.
  init(_ error: Suite.Error, info: Suite.ConformancePayload.RequestInfo?) {
    let details = error.details + (info.map { [Suite.Packed($0)] } ?? [])
    let code = StatusCode(rawValue: Int(error.code)) ?? .unknown
    let message = error.message ?? ""
    var metadata = Metadata()
    if !details.isEmpty {
      let status = Suite.Status(code: error.code, message: message, details: details)
      metadata.add(binary: status.encoded(), name: detailsName)
    }
    self.init(code == .ok ? .unknown : code, message, metadata: metadata)
  }
}

extension Suite.Error {
  init(_ error: RPCError) {
    let status = error.metadata[binary: detailsName].flatMap { try? Suite.Status(decoding: $0) }
    self.init(
      code: Int32(error.code.rawValue), message: error.message, details: status?.details ?? [])
  }
}

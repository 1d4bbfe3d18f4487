internal import GRPC
internal import Protobuf
internal import TallyMessages
internal import TestMessages

/// How a call ended, and what came before its end.
struct Outcome {
  var initial = Metadata()
  var replies: [MessageBytes] = []
  var trailing = Metadata()
  /// `nil` is status OK.
  var error: RPCError?

  /// Reads a call to its end.
  init(of call: ClientCall) async {
    do throws(RPCError) {
      initial = try await call.initialMetadata
      for try await reply in call.responses { replies.append(reply) }
    } catch {
      self.error = error
    }
    trailing = call.trailingMetadata
  }

  /// Runs what ends a call by throwing, or well.
  init(_ run: () async throws(RPCError) -> Void) async {
    do throws(RPCError) {
      try await run()
    } catch {
      self.error = error
    }
  }

  func expectOK(replies count: Int) throws(CaseFailure) {
    if let error { throw CaseFailure("\(error) instead of OK") }
    try check(replies.count == count, "\(replies.count) replies instead of \(count)")
  }

  /// Also of SimpleResponse, which has its payload in the same field.
  func expectOK(sizes: [Int], compressed: [Bool]? = nil) throws {
    try expectOK(replies: sizes.count)
    for (reply, size) in zip(replies, sizes) {
      let body = try Testing.StreamingOutputCallResponse(response: reply).payload?.body ?? []
      try check(body.count == size, "\(body.count) bytes instead of \(size)")
      try check(body.allSatisfy { $0 == 0 }, "a body is not all zeros")
    }
    if let compressed {
      let seen = replies.map(\.wasCompressed)
      try check(seen == compressed, "compressed: \(seen) instead of \(compressed)")
    }
  }

  func expect(_ code: StatusCode, _ message: String? = nil) throws(CaseFailure) {
    guard let error else { throw CaseFailure("OK instead of \(code.name)") }
    try check(error.code == code, "\(error) instead of \(code.name)")
    if let message { try check(error.message == message, "'\(error.message)', not '\(message)'") }
  }
}

/// What a case found wrong.
struct CaseFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

func check(_ condition: Bool, _ what: @autoclosure () -> String) throws(CaseFailure) {
  if !condition { throw CaseFailure(what()) }
}

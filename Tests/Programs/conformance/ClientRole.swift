internal import Foundation
internal import GRPC
internal import Synchronization
internal import TLS
internal import TestMessages

/// The client under test: makes each call that stdin describes, and says on stdout how it went.
enum ClientRole {
  /// Calls at a time.
  private static let parallelCalls = 16

  static func run() async throws {
    let channels = Channels()
    try await withThrowingTaskGroup(of: Void.self) { group in
      var running = 0
      for try await request in requests() {
        if running == parallelCalls {
          try await group.next()
          running -= 1
        }
        running += 1
        group.addTask {
          var response = Suite.ClientCompatResponse(testName: request.testName)
          do {
            response.result = .response(try await TestCall(request, channels).run())
          } catch {
            response.result = .error(Suite.ClientErrorResult(message: "\(error)"))
          }
          try Frames.write(response)
        }
      }
      try await group.waitForAll()
    }
  }

  /// Reading blocks, so it has a thread of its own.
  private static func requests() -> AsyncThrowingStream<Suite.ClientCompatRequest, any Error> {
    AsyncThrowingStream { stream in
      Thread.detachNewThread {
        do {
          while let request = try Frames.read(Suite.ClientCompatRequest.self) {
            stream.yield(request)
          }
          stream.finish()
        } catch {
          stream.finish(throwing: error)
        }
      }
    }
  }
}

/// One channel for all calls that ask for the same connection.
final class Channels: Sendable {
  private struct Key: Hashable {
    let endpoint: Endpoint
    let limit: UInt32
    let roots: [UInt8]
    let certificate: [UInt8]
  }

  private let channels = Mutex([Key: GRPCChannel]())

  func channel(for request: Suite.ClientCompatRequest) throws -> GRPCChannel {
    let key = Key(
      endpoint: Endpoint(host: request.host, port: Int(request.port)),
      limit: request.messageReceiveLimit, roots: request.serverTlsCert,
      certificate: request.clientTlsCreds?.cert ?? [])
    return try channels.withLock { channels in
      if let channel = channels[key] { return channel }
      var options = GRPCChannel.Options()
      if key.limit > 0 { options.maxMessageBytes = Int(key.limit) }
      if !key.roots.isEmpty { options.security = try Self.security(request) }
      let channel = GRPCChannel(to: key.endpoint, options: options)
      channels[key] = channel
      return channel
    }
  }

  private static func security(_ request: Suite.ClientCompatRequest) throws -> ClientTLS {
    var options = ClientTLS.Options()
    options.roots = .text(request.serverTlsCert, name: "the server's certificate")
    if let credentials = request.clientTlsCreds {
      options.certificate = (
        .text(credentials.cert, name: "the runner's certificate"),
        .text(credentials.key, name: "the runner's key")
      )
    }
    return try ClientTLS(options)
  }
}

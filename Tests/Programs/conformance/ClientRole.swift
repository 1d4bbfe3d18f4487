internal import Foundation
internal import GRPC
internal import Synchronization
internal import TallyMessages
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

/// One channel a server and message limit.
final class Channels: Sendable {
  private struct Key: Hashable {
    let endpoint: Endpoint
    let limit: UInt32
  }

  private let channels = Mutex([Key: GRPCChannel]())

  func channel(for request: Suite.ClientCompatRequest) throws -> GRPCChannel {
    let endpoint = Endpoint(host: request.host, port: Int(request.port))
    let key = Key(endpoint: endpoint, limit: request.messageReceiveLimit)
    return channels.withLock { channels in
      if let channel = channels[key] { return channel }
      var options = GRPCChannel.Options()
      if request.messageReceiveLimit > 0 {
        options.maxMessageBytes = Int(request.messageReceiveLimit)
      }
      let channel = GRPCChannel(to: endpoint, options: options)
      channels[key] = channel
      return channel
    }
  }
}

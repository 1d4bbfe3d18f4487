internal import Foundation
internal import GRPC
internal import Synchronization
internal import TLS
internal import Testing

@Suite(.timeLimit(.minutes(2))) struct `certificates that change while the server runs` {
  let forge: Forge

  init() throws {
    forge = try Forge()
  }

  /// Looks at the files at each new connection.
  private func options(_ pair: Forge.Pair, clientCA: PEMSource? = nil) -> ServerTLS.Options {
    var options = ServerTLS.Options(pair, clientCA: clientCA)
    options.lookInterval = .zero
    return options
  }

  @Test func `new connections get the new pair, old ones go on, and no call fails`() async throws {
    let pair = try forge.issue("server")
    let renewals = try (1...3).map { number in
      try forge.issue("renewed\(number)", Forge.Wish(subject: "renewed \(number)"))
    }
    try await secured(options(pair)) { server in
      let trust = ClientTLS.Options.trusting(forge.authority("ca"))
      let old = try server.channel(trust)
      #expect(await Secured.call(old).reply == "nobody")
      let stop = Flag()

      let calls = try await withThrowingTaskGroup(of: [RPCError?].self) { group in
        for _ in 0..<3 {
          group.addTask {
            var errors: [RPCError?] = []
            while !stop.isSet.load(ordering: .relaxed) {
              errors.append(await Secured.call(old).error)
              errors.append(try await server.call(trust).error)
            }
            return errors
          }
        }
        for (number, renewal) in renewals.enumerated() {
          try forge.replace(pair, by: renewal)
          let isRead = try await server.eventually {
            server.notices.count { notice in
              if case .reloaded(let name) = notice { name.contains("localhost") } else { false }
            } > number
          }
          #expect(isRead)
        }
        stop.isSet.store(true, ordering: .relaxed)
        return try await group.reduce(into: []) { $0 += $1 }
      }

      #expect(!calls.isEmpty)
      #expect(calls.compactMap(\.self) == [])
      #expect(await Secured.call(old).reply == "nobody")
      await old.close()
    }
  }

  @Test func `what cannot be used keeps the old pair, and is told of once`() async throws {
    let pair = try forge.issue("server")
    let other = try forge.issue("other-pair")
    try await secured(options(pair)) { server in
      let trust = ClientTLS.Options.trusting(forge.authority("ca"))
      // A new certificate, and still the old key: as between the two steps of a renewal.
      try FileManager.default.removeItem(atPath: pair.certificate)
      try FileManager.default.copyItem(atPath: other.certificate, toPath: pair.certificate)

      let first = try await server.call(trust)
      let second = try await server.call(trust)

      #expect(first.reply == "nobody")
      #expect(second.reply == "nobody")
      guard case .reloadFailed(let error)? = server.notices.first else {
        Issue.record("nothing was said: \(server.notices)")
        return
      }
      #expect(server.notices.count == 1)
      #expect(error.code == .key)
      #expect(error.message.contains("does not belong to the certificate"))
    }
  }

  @Test func `a file that is gone keeps the old pair until it is back`() async throws {
    let pair = try forge.issue("server")
    try await secured(options(pair)) { server in
      let trust = ClientTLS.Options.trusting(forge.authority("ca"))
      let away = pair.key + ".away"
      try FileManager.default.moveItem(atPath: pair.key, toPath: away)

      let reply = try await server.call(trust).reply
      #expect(reply == "nobody")
      try FileManager.default.moveItem(atPath: away, toPath: pair.key)
      let again = try await server.call(trust).reply
      #expect(again == "nobody")

      guard case .reloadFailed(let error)? = server.notices.first,
        case .reloaded? = server.notices.last
      else {
        Issue.record("\(server.notices)")
        return
      }
      #expect(error.message == "there is no file '\(pair.key)'")
      #expect(server.notices.count == 2)
    }
  }

  @Test func `client CAs change too`() async throws {
    let authority = forge.path("clients.pem")
    try FileManager.default.copyItem(atPath: forge.path("other.pem"), toPath: authority)
    let worker = try forge.issue("worker", Forge.Wish(subject: "worker", names: []))
    let options = options(try forge.issue("server"), clientCA: .file(authority))
    try await secured(options) { server in
      let trust = ClientTLS.Options.trusting(forge.authority("ca"), as: worker)

      let before = try await server.call(trust)
      try FileManager.default.removeItem(atPath: authority)
      try FileManager.default.copyItem(atPath: forge.path("ca.pem"), toPath: authority)
      let after = try await server.call(trust)

      #expect(before.error?.code == .unauthenticated)
      #expect(after.reply == "worker")
    }
  }

  @Test func `reload reads the files whatever they look like`() async throws {
    var options = ServerTLS.Options(try forge.issue("server"))
    options.lookInterval = .seconds(3600)
    try await secured(options) { server in
      server.tls.reload()

      guard case .reloaded(let name)? = server.notices.first else {
        Issue.record("\(server.notices)")
        return
      }
      #expect(name.hasPrefix("'localhost', valid until 20"))
    }
  }
}

/// Told from one task to others.
private final class Flag: Sendable {
  let isSet = Atomic(false)
}

internal import GRPC
internal import Glibc
internal import Logging
internal import ServiceLifecycle
internal import TLS
internal import TallyService
internal import TallyStore

/// Serves until it is told to stop, then drains.
struct ServerTask: Service {
  let store: Store
  let tally: TallyServer
  let endpoint: Endpoint
  /// `nil` for plaintext.
  let tls: ServerTLS?
  let drain: Duration
  let limits: ServerLimits
  let logger: Logger

  func run() async throws {
    var options = GRPCServer.Options()
    options.load = tally.load
    options.limits = limits
    let journal = LoggedJournal(logger)
    options.journal = journal
    options.security = tls
    options.onFailedHandshake = { peer, failure in
      journal.failedHandshake(failure, peer: peer)
    }
    let server = GRPCServer(methods: tally.methods, options: options)
    let bound: Endpoint
    do throws(RPCError) {
      bound = try await server.start(endpoint)
    } catch {
      await tally.shutDown()
      store.close()
      throw error
    }
    // Not before: a server that does not start says one line, why.
    log(store.recovery)
    logger.notice(
      "listening",
      metadata: ["server.address": "\(bound)", "server.tls": "\(tls == nil ? "off" : "on")"])
    print("listening on \(bound)")
    // All open streams, for standard output itself is a global variable.
    fflush(nil)
    // An error says that it was cancelled: stop all the same.
    try? await gracefulShutdown()
    logger.notice("draining", metadata: ["server.drain": "\(drain)"])
    tally.stopServing()
    await server.shutDown(grace: drain)
    await tally.shutDown()
    store.close()
    logger.notice("stopped")
  }

  private func log(_ recovery: StoreRecovery) {
    if let tail = recovery.tornTail {
      logger.warning("log ended in the middle of a batch", metadata: ["log.tail": "\(tail)"])
    }
    logger.notice(
      "store opened",
      metadata: [
        "store.clean": "\(recovery.isCleanStop)",
        "store.unapplied": "\(recovery.unappliedBatches)",
      ])
  }
}

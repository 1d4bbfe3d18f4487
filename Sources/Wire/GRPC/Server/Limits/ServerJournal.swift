/// Told what an operator wants to read. Called on event loops: it must not block.
package protocol ServerJournal: Sendable {
  /// A call ended with a status other than OK, whoever made it: the handler or the wire.
  func failed(_ path: String, _ error: RPCError, peer: String)
  /// A request that is no gRPC was answered with this HTTP status.
  func refused(_ path: String, httpStatus: Int, peer: String)
  /// A limit struck; `peer` is who overstepped it.
  func struck(_ limit: ServerLimit, peer: String)
}

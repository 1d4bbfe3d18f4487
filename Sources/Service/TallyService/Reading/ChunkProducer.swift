internal import GRPC

/// What fills the chunks of one report, turn by turn, from the snapshot that it owns.
///
/// It lives on one reader loop and dies there; its end ends the snapshot.
protocol ChunkProducer: AnyObject {
  /// At most so many rows will come; decides whether the report needs a place among the large.
  var rowBound: UInt64 { get }

  /// Whether it reads in a transaction, which must not wait for a client: then it takes a place,
  /// and goes on to the spool when its client is slow.
  var holdsSnapshot: Bool { get }

  /// Appends whole framed messages until `chunk` holds about `limit` bytes.
  ///
  /// - Returns: whether there is more to come.
  func fill(_ chunk: inout Chunk, limit: Int) throws(RPCError) -> Bool
}

extension ChunkProducer {
  var holdsSnapshot: Bool { true }
}

/// How a report comes into being, once it is its turn.
struct ReportOpening: Sendable {
  /// Calls back, from any thread, once the store holds what the request waits for; with an error
  /// if it never will.
  typealias Ready = @Sendable (_ whenReady: @escaping @Sendable (RPCError?) -> Void) -> Void

  /// Nil: nothing to wait for.
  var ready: Ready?
  /// Opens a snapshot and finds the first row. Runs on a reader loop.
  var open: @Sendable (ReaderLane) throws(RPCError) -> sending any ChunkProducer
  /// Told once the network has taken the last byte, on its loop: must be quick.
  var whenSent: (@Sendable () -> Void)?
}

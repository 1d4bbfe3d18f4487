internal import GRPC

/// What fills the chunks of one report, turn by turn, from the snapshot that it owns.
///
/// It lives on one reader loop and dies there; its end ends the snapshot.
protocol ChunkProducer: AnyObject {
  /// At most so many rows will come; decides whether the report needs a place among the large.
  var rowBound: UInt64 { get }

  /// Appends whole framed messages until `chunk` holds about `limit` bytes.
  ///
  /// - Returns: whether there is more to come.
  func fill(_ chunk: inout Chunk, limit: Int) throws(RPCError) -> Bool
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
}

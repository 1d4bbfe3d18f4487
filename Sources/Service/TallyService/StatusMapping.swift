internal import GRPC
internal import Logging
internal import TallyStore

/// Which status a failure has for the client: decided here and nowhere else.
///
/// Their fault is INVALID_ARGUMENT (field and rule named), the wrong moment FAILED_PRECONDITION,
/// what may go well later UNAVAILABLE or RESOURCE_EXHAUSTED. Paths and other internals stay in the
/// log, under an id that the client is given.
struct Failures: Sendable {
  private let logger: Logger

  init(_ logger: Logger) {
    self.logger = logger
  }

  /// The status of any error that a call may meet.
  func status(of error: any Error) -> RPCError {
    switch error {
    case let error as RPCError: error
    case let error as StoreError: status(of: error)
    default: logged(.internal, .serverFailed, "the server failed", "\(error)")
    }
  }

  /// The status of a failure of the store.
  func status(of error: StoreError) -> RPCError {
    switch error.code {
    case .mapFull:
      logged(
        .resourceExhausted, .storeFull, "the store is full: its operator must give it more room",
        error.message)
    case .compacting:
      RPCError(
        .failedPrecondition, .compactionRunning,
        "the store is being compacted already: wait until that has ended")
    case .noRoom:
      logged(
        .resourceExhausted, .diskFull, "the disk has no room for it: its operator must make some",
        error.message)
    case .diskFull:
      // Not logged for each batch: the alarm is.
      RPCError(
        .resourceExhausted, .diskFull,
        "the server's disk is full: its operator must make room; send it again later")
    case .readersFull:
      RPCError(
        .resourceExhausted, .tooManyReports, "too many reports at once: call again later")
    case .dataLoss:
      logged(
        .dataLoss, .storeDamaged, "stored bytes are damaged: its operator must restore them",
        error.message)
    case .badRecord, .unavailable, .commitFailed:
      logged(
        .unavailable, .storeUnavailable, "the store cannot take this now: send it again later",
        error.message)
    case .closed:
      RPCError(.unavailable, .serverStopping, "the server stops: call again")
    case .alreadyOpen, .networkFilesystem, .newerFormat, .olderFormat, .system, .failed:
      logged(.internal, .serverFailed, "the store failed", error.message)
    }
  }

  /// A failure that no call hears of.
  func note(_ message: String, _ error: StoreError) {
    logger.error("\(message)", metadata: ["failure.cause": "\(error.message)"])
  }

  private func logged(
    _ code: StatusCode, _ reason: FailureReason, _ message: String, _ cause: String
  ) -> RPCError {
    let id = String(UInt32.random(in: .min ... .max), radix: 16)
    logger.error(
      "failure behind a status",
      metadata: [
        "failure.id": "\(id)", "failure.status": "\(code.name)", "failure.cause": "\(cause)",
      ])
    return RPCError(
      code, reason, "\(message) (\(id) in the server's log)", failureID: id)
  }
}

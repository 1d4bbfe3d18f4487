internal import GRPC
internal import NIOPosix
internal import Synchronization
internal import TallyMessages
internal import TallyStore

/// Streams backups, one at a time.
///
/// ```
/// call ─► copy on a thread of its own ─► pieces of its file ─► ring ─► network
///         (a read transaction)           (no transaction)
/// ```
/// The way from copy to network is a report's, but for the spool: a backup holds no transaction,
/// and lies in a file already, so it waits for a slow client as long as that takes something.
final class BackupService: Sendable {
  private let store: Store
  private let readers: Readers
  private let failures: Failures
  private let running = Running()

  init(store: Store, readers: Readers, failures: Failures) {
    self.store = store
    self.readers = readers
    self.failures = failures
  }

  var method: ServerMethod {
    ServerMethod(
      "/tally.v1.AdminService/Backup",
      .serverStreaming { [self] (message, call) throws(RPCError) in
        _ = try BackupRequest(request: message)
        return try body(for: call)
      })
  }

  private func body(for call: ServerCall) throws(RPCError) -> any ResponseBody {
    guard let turn = Turn(running) else {
      throw RPCError(
        .resourceExhausted, .backupRunning,
        "another backup runs: call again when that has ended")
    }
    let copy = Copy(turn)
    var opening = ReportOpening(
      ready: { [store, failures] whenReady in
        NIOThreadPool.singleton.submit { _ in
          do throws(StoreError) {
            copy.backup.withLock { $0 = nil }
            let backup = try store.makeBackup()
            copy.backup.withLock { $0 = backup }
            whenReady(nil)
          } catch {
            whenReady(failures.status(of: error))
          }
        }
      },
      open: { [failures] _ throws(RPCError) in
        guard let backup = copy.backup.withLock({ $0.take() }) else {
          preconditionFailure("a backup is opened once, behind its copy")
        }
        return BackupStream(backup, turn: copy.turn, failures: failures)
      })
    opening.whenSent = { [store, readers, failures] in
      guard let header = copy.turn.header else { return }
      // The note is synced: not on the network's loop.
      readers.run {
        do throws(StoreError) {
          try store.noteBackup(header)
        } catch {
          failures.note(
            "a backup was sent and cannot be noted: the log may not be kept back to it",
            error)
        }
      }
    }
    return readers.body(opening, for: call)
  }
}

/// Whether a backup runs.
private final class Running: Sendable {
  let isTaken = Mutex(false)
}

/// The right to run a backup, until it is ended or nobody holds it.
private final class Turn: Sendable {
  private let running: Running
  private let isHeld = Mutex(true)
  private let sent = Mutex<TallyStore.BackupHeader?>(nil)

  init?(_ running: Running) {
    let isFree = running.isTaken.withLock { isTaken -> Bool in
      defer { isTaken = true }
      return !isTaken
    }
    guard isFree else { return nil }
    self.running = running
  }

  deinit { end() }

  func end() {
    let wasHeld = isHeld.withLock { isHeld -> Bool in
      defer { isHeld = false }
      return isHeld
    }
    if wasHeld { running.isTaken.withLock { $0 = false } }
  }

  /// What the backup is of, once there is one.
  var header: TallyStore.BackupHeader? {
    get { sent.withLock { $0 } }
    set { sent.withLock { $0 = newValue } }
  }
}

/// Carries the copy from the thread that made it to the reader loop.
private final class Copy: Sendable {
  let turn: Turn
  let backup = Mutex<Backup?>(nil)

  init(_ turn: Turn) {
    self.turn = turn
  }
}

/// Header, pieces and trailer of a backup as framed messages.
private final class BackupStream: ChunkProducer {
  /// The tag of the field `content` and its length, at most 2^21.
  private static let fieldBytes = 4

  private let pieces: BackupPieces
  private let turn: Turn
  private let failures: Failures
  private var isHeaderSent = false

  init(_ backup: Backup, turn: Turn, failures: Failures) {
    pieces = BackupPieces(backup)
    turn.header = backup.header
    self.turn = turn
    self.failures = failures
  }

  var rowBound: UInt64 { 0 }
  var holdsSnapshot: Bool { false }

  func fill(_ chunk: inout Chunk, limit: Int) throws(RPCError) -> Bool {
    if !isHeaderSent {
      append(BackupResponse(header: header), to: &chunk)
      isHeaderSent = true
    }
    repeat {
      guard try appendPiece(&chunk) else {
        let trailer = BackupTrailer(
          size: UInt64(pieces.header.fileBytes), digest: pieces.digest, complete: true)
        append(BackupResponse(trailer: trailer), to: &chunk)
        // Not when the stream is gone: a client that has all may call again at once.
        turn.end()
        return false
      }
    } while chunk.count + BackupPieces.bytesMax / 2 < limit
    return true
  }

  private var header: TallyMessages.BackupHeader {
    let header = pieces.header
    return TallyMessages.BackupHeader(
      revision: Revision(
        storeId: header.identity.storeID, timeline: header.identity.timeline,
        position: header.applied.position),
      snapshotTime: .init(nanoseconds: header.applied.time),
      madeAt: .init(nanoseconds: header.madeAt), size: UInt64(header.fileBytes),
      formatVersion: UInt32(header.identity.format),
      rulesVersion: UInt32(header.identity.rulesVersion))
  }

  /// - Returns: false if there is none left.
  private func appendPiece(_ chunk: inout Chunk) throws(RPCError) -> Bool {
    let head = FramedMessage.prefixLength + Self.fieldBytes
    chunk.reserve(head + BackupPieces.bytesMax)
    var size = 0
    try chunk.append { (memory) throws(RPCError) in
      do throws(StoreError) {
        size = try pieces.next(into: UnsafeMutableRawBufferPointer(rebasing: memory[head...]))
      } catch {
        throw failures.status(of: error)
      }
      if size == 0 { return 0 }
      FramedMessage.writePrefix(count: Self.fieldBytes + size, to: memory)
      memory[FramedMessage.prefixLength] = 0x12
      // A varint of three bytes whatever the size: the piece is in its place before that is known.
      memory[FramedMessage.prefixLength + 1] = UInt8(truncatingIfNeeded: size) | 0x80
      memory[FramedMessage.prefixLength + 2] = UInt8(truncatingIfNeeded: size >> 7) | 0x80
      memory[FramedMessage.prefixLength + 3] = UInt8(size >> 14)
      return head + size
    }
    return size > 0
  }

  private func append(_ response: BackupResponse, to chunk: inout Chunk) {
    let size = response.encodedSize
    chunk.reserve(FramedMessage.prefixLength + size)
    chunk.append { memory in
      FramedMessage.writePrefix(count: size, to: memory)
      response.encode(
        to: UnsafeMutableRawBufferPointer(rebasing: memory[FramedMessage.prefixLength...]))
      return FramedMessage.prefixLength + size
    }
  }
}

internal import CChecksum
internal import GRPC
public import TallyMessages

/// A backup of the server's store on its way: the bytes of its file, piece by piece.
///
/// Iterating ends normally only if every byte arrived as it was sent: the trailer must be there,
/// say `complete`, and agree with size and digest. Else it throws, and what came before is no
/// backup. It can be iterated once; leaving it early cancels the call.
public struct Backup: AsyncSequence {
  public typealias Element = [UInt8]
  public typealias Failure = TallyError

  let stream: BackupStream

  /// What the backup holds, and how many bytes will come.
  public var header: BackupHeader { stream.header }

  public func makeAsyncIterator() -> Iterator { Iterator(stream: stream) }

  /// One piece of the file after the other, none of them empty.
  public struct Iterator: AsyncIteratorProtocol {
    let stream: BackupStream

    public mutating func next() async throws(TallyError) -> [UInt8]? {
      try await stream.next()
    }
  }
}

extension TallyClient {
  /// Asks for a backup of the whole store, all tenants, and waits for its header: the server makes
  /// a copy first, which takes its time.
  ///
  /// - Parameter timeout: for all of it, `nil` for as long as it takes; the client's own is for
  ///   reports.
  public func backup(timeout: Duration? = nil) async throws(TallyError) -> Backup {
    var options = readOptions
    options.timeout = timeout
    let call = channel.serverStreaming(
      "/tally.v1.AdminService/Backup", BackupRequest().messageBytes(), options: options)
    let first: [MessageBytes]
    do throws(RPCError) {
      first = try await call.take() ?? []
    } catch {
      throw TallyError(error, from: channel.endpoint)
    }
    return Backup(stream: try BackupStream(call, first: first, endpoint: channel.endpoint))
  }
}

/// Takes messages from the call, checks them, meets the trailer. One consumer; dropping it before
/// the end cancels the call.
final class BackupStream {
  let header: BackupHeader
  private let call: ClientCall
  private let endpoint: Endpoint
  private var waiting: ArraySlice<MessageBytes>
  private var size: UInt64 = 0
  private var digest: UInt32 = 0
  private var trailer: BackupTrailer?
  private var isOver = false

  /// - Parameter first: the messages that came first; the header is in the first of them.
  init(
    _ call: ClientCall, first: [MessageBytes], endpoint: Endpoint
  ) throws(TallyError) {
    guard let part = first.first, let header = try Self.decode(part, endpoint).header else {
      throw .invalidAnswer("a backup without a header", from: endpoint)
    }
    self.header = header
    self.call = call
    self.endpoint = endpoint
    waiting = first.dropFirst()
  }

  deinit {
    if !isOver { call.cancel() }
  }

  func next() async throws(TallyError) -> [UInt8]? {
    while true {
      guard let part = waiting.popFirst() else {
        if try await !receive() { return nil }
        continue
      }
      let response = try Self.decode(part, endpoint)
      if let trailer = response.trailer { try close(trailer) }
      if response.content.isEmpty { continue }
      guard trailer == nil else {
        throw .invalidAnswer("bytes behind the trailer of a backup", from: endpoint)
      }
      size += UInt64(response.content.count)
      digest = response.content.withUnsafeBytes { bytes in
        tally_crc32c(digest, bytes.baseAddress, bytes.count)
      }
      return response.content
    }
  }

  /// - Returns: false after a good end.
  private func receive() async throws(TallyError) -> Bool {
    if isOver { return false }
    let messages: [MessageBytes]?
    do throws(RPCError) {
      messages = try await call.take()
    } catch {
      isOver = true
      throw TallyError(error, from: endpoint)
    }
    if let messages {
      waiting = messages[...]
      return true
    }
    isOver = true
    guard trailer != nil else {
      throw TallyError(
        .incompleteBackup,
        "the backup ended after \(size) of \(header.size) bytes without a trailer: make another")
    }
    return false
  }

  private func close(_ trailer: BackupTrailer) throws(TallyError) {
    guard trailer.complete, trailer.size == size, header.size == size, trailer.digest == digest
    else {
      isOver = true
      call.cancel()
      let difference =
        trailer.size != size
        ? "\(trailer.size) bytes were sent and \(size) came" : "its digest is another one"
      throw TallyError(
        .damagedBackup, "the backup was damaged on its way (\(difference)): make another")
    }
    self.trailer = trailer
  }

  private static func decode(
    _ part: MessageBytes, _ endpoint: Endpoint
  ) throws(TallyError) -> BackupResponse {
    do throws(DecodeError) {
      return try BackupResponse(decoding: part)
    } catch {
      throw .invalidAnswer("a part of a backup that cannot be read (\(error))", from: endpoint)
    }
  }
}

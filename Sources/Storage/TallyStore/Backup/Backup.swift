internal import EventLog
internal import Glibc
internal import LMDB

/// A compact copy of the store at one revision, in a file without a name: gone with this object,
/// whatever happens. Holds no transaction.
package final class Backup: Sendable {
  package let header: BackupHeader
  fileprivate let descriptor: Int32

  fileprivate init(header: BackupHeader, descriptor: Int32) {
    self.header = header
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }
}

extension Store {
  /// What a copy must leave free on the disk at least: the log and the fold go on writing.
  private static let reserveBytesMin = 64 << 20

  /// Copies the newest revision while reads and writes go on. Slow: call it where blocking harms
  /// nobody.
  ///
  /// - Throws: `noRoom` if the disk has no room for the copy, `closed`, or what the file
  ///   system refused.
  package func makeBackup() throws(StoreError) -> Backup {
    let usage = try database.usage()
    let free = Files.freeBytes(spoolPath)
    // Below the disk's reserve no events would be taken.
    let reserve = max(Self.reserveBytesMin, disk.status.reserveBytes / 4 * 5)
    guard usage.usedBytes + reserve <= free else {
      throw StoreError(
        code: .noRoom,
        message: "a backup needs room for a copy of \(usage.usedBytes) bytes and "
          + "\(reserve) more beside the store, and \(free) bytes are free: make room, "
          + "then call again")
    }
    var template = Array((spoolPath + "/backup-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else {
      throw .system("cannot make a directory for a copy in '\(spoolPath)'")
    }
    let directory = String(
      decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { Files.removeTree(directory) }
    let applied: AppliedMark
    do throws(StoreError) {
      applied = try copy(to: directory)
    } catch  where error.code == .diskFull {
      throw StoreError(code: .noRoom, message: "\(error.message): make room, then call again")
    }
    let path = directory + "/data.mdb"
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("cannot open '\(path)'") }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let error = errno
      Glibc.close(descriptor)
      throw .system("cannot read '\(path)'", error)
    }
    let header = BackupHeader(
      identity: identity, applied: applied, madeAt: Clocks.wall(), dataBytes: Int(status.st_size))
    return Backup(header: header, descriptor: descriptor)
  }
}

/// The bytes of a backup's file, piece by piece: header, blocks, trailer. Lives on one thread.
package final class BackupPieces {
  /// No piece is larger.
  package static let bytesMax = BackupHeader.blockBytes + BackupBlock.checksumBytes

  package let header: BackupHeader
  /// CRC32C of all pieces so far, in order.
  package private(set) var digest: UInt32 = 0
  private let backup: Backup
  private let head: [UInt8]
  private let seed: UInt32
  private var isHeadDone = false
  private var isDone = false
  /// Bytes of the data file that are done.
  private var offset = 0

  package init(_ backup: Backup) {
    self.backup = backup
    header = backup.header
    head = backup.header.encoded()
    seed = head.withUnsafeBytes { $0.little(BackupHeader.size - 4) }
  }

  /// Writes the next piece to `out`, which has room for `bytesMax` bytes.
  ///
  /// - Returns: its size; 0 after the last.
  package func next(into out: UnsafeMutableRawBufferPointer) throws(StoreError) -> Int {
    precondition(out.count >= Self.bytesMax, "a piece has up to \(Self.bytesMax) bytes")
    if isDone { return 0 }
    let size: Int
    if !isHeadDone {
      out.copyBytes(from: head)
      isHeadDone = true
      size = head.count
    } else if offset < header.dataBytes {
      size = try nextBlock(into: out)
    } else {
      let trailer = BackupTrailer.encoded(
        fileBytes: header.fileBytes, digest: digest, seed: seed)
      out.copyBytes(from: trailer)
      isDone = true
      size = trailer.count
    }
    digest = Checksum.add(UnsafeRawBufferPointer(rebasing: out[..<size]), to: digest)
    return size
  }

  private func nextBlock(into out: UnsafeMutableRawBufferPointer) throws(StoreError) -> Int {
    let size = min(BackupHeader.blockBytes, header.dataBytes - offset)
    let block = UnsafeMutableRawBufferPointer(rebasing: out[..<size])
    guard try Files.read(backup.descriptor, into: block, at: offset, of: "a backup") == size else {
      throw StoreError(code: .failed, message: "the copy for a backup lost its end: call again")
    }
    let checksum = BackupBlock.checksum(UnsafeRawBufferPointer(block), at: offset, seed: seed)
    out.storeBytes(of: checksum.littleEndian, toByteOffset: size, as: UInt32.self)
    offset += size
    return size + BackupBlock.checksumBytes
  }
}

internal import CChecksum
internal import Glibc

/// A backup's file, open for reading. What it gives was checked.
struct BackupFile: ~Copyable {
  let path: String
  let header: BackupHeader
  private let descriptor: Int32
  private let seed: UInt32

  /// Opens the file and checks its header and its length.
  ///
  /// - Throws: `failed` for a file that is no backup, `dataLoss` for a damaged or cut one,
  ///   `newerFormat`, `olderFormat`, `system`.
  init(_ path: String) throws(StoreError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("cannot open the backup '\(path)'") }
    do throws(StoreError) {
      let head = try Self.read(descriptor, at: 0, BackupHeader.size, of: path)
      let header = try BackupHeader(decoding: head, path: path)
      let size = try Self.size(descriptor, path)
      guard size == header.fileBytes else {
        throw .damagedBackup(
          path, at: min(size, header.fileBytes),
          "it has \(size) bytes and must have \(header.fileBytes)")
      }
      self.header = header
      seed = head.withUnsafeBytes { $0.little(BackupHeader.size - 4) }
    } catch {
      close(descriptor)
      throw error
    }
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Shows the data file block by block, each checked before, and checks the trailer.
  ///
  /// - Throws: `dataLoss` at the first byte that is not as written; what was shown until then is
  ///   not a data file.
  func readData(
    _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) {
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: BackupPieces.bytesMax, alignment: 16)
    defer { memory.deallocate() }
    var digest = header.encoded().withUnsafeBytes { Checksum.add($0, to: 0) }
    var offset = 0
    var place = BackupHeader.size
    while offset < header.dataBytes {
      let size = min(BackupHeader.blockBytes, header.dataBytes - offset)
      let piece = UnsafeMutableRawBufferPointer(
        rebasing: memory[..<(size + BackupBlock.checksumBytes)])
      guard try Files.read(descriptor, into: piece, at: place, of: path) == piece.count else {
        throw .damagedBackup(path, at: place, "the file ends")
      }
      let all = UnsafeRawBufferPointer(piece)
      let block = all.part(0, size)
      guard all.little(size) == BackupBlock.checksum(block, at: offset, seed: seed) else {
        throw .damagedBackup(path, at: place, "the block there does not match its checksum")
      }
      digest = Checksum.add(all, to: digest)
      try body(block)
      offset += size
      place += piece.count
    }
    let trailer = try Self.read(descriptor, at: place, BackupTrailer.size, of: path)
    let expected = BackupTrailer.encoded(fileBytes: header.fileBytes, digest: digest, seed: seed)
    guard trailer == expected else {
      throw .damagedBackup(path, at: place, "its trailer does not match what stands before it")
    }
  }

  private static func read(
    _ descriptor: Int32, at offset: Int, _ count: Int, of path: String
  ) throws(StoreError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let found = bytes.withUnsafeMutableBytes { memory in
      Result { () throws(StoreError) in
        try Files.read(descriptor, into: memory, at: offset, of: path)
      }
    }
    bytes.removeLast(count - (try found.get()))
    return bytes
  }

  private static func size(_ descriptor: Int32, _ path: String) throws(StoreError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system("cannot read '\(path)'") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw StoreError(code: .failed, message: "'\(path)' is no file: name a backup's file")
    }
    return Int(status.st_size)
  }
}

internal import Glibc

/// How large a data file's map is made.
///
/// - Source: storage.md, section 3, "Environment".
struct MapRule: Sendable {
  /// What the operator allows; 0: 40 % of data files and free disk together, which leaves room for
  /// a compact copy, the log and the spool.
  var ceilingBytes = 0
  var leastBytes = 64 << 20
  /// Bytes that may be written to the disk of a directory.
  var freeDisk: @Sendable (_ directory: String) -> Int = MapRule.freeDisk

  /// - Parameter fileBytes: of the store's data files on that disk.
  func mapSize(in directory: String, fileBytes: Int) -> Int {
    if ceilingBytes > 0 { return ceilingBytes }
    return pages(max(leastBytes, (freeDisk(directory) + fileBytes) / 5 * 2))
  }

  /// The size with which a file is opened. One that has more than its share of a disk that others
  /// have filled can grow by half still, or to the disk's end: else it would be full at once.
  func firstMapSize(in directory: String) -> Int {
    let file = MapRule.fileBytes(in: directory)
    return mapSize(in: directory, fileBytes: file, forFile: file)
  }

  /// The size with which a file of `bytes` is opened, beside others of the store on that disk.
  func mapSize(in directory: String, fileBytes: Int, forFile bytes: Int) -> Int {
    let size = mapSize(in: directory, fileBytes: fileBytes)
    if ceilingBytes > 0 || size > bytes + bytes / 8 { return size }
    return pages(max(size, min(bytes + bytes / 2, bytes + freeDisk(directory))))
  }

  private func pages(_ bytes: Int) -> Int { bytes / 4096 * 4096 }

  /// Why a map is full, and what to do.
  func fullMessage(_ cause: String) -> String {
    ceilingBytes > 0
      ? "\(cause): --map-size allows \(ceilingBytes) bytes; restart with a larger one"
      : "\(cause): the map may take 40 % of the disk and grows by itself once that has more room"
  }

  /// What the file system says; 0 if it says nothing.
  static let freeDisk: @Sendable (String) -> Int = { directory in
    var volume = statvfs()
    return statvfs(directory, &volume) == 0 ? Int(volume.f_bavail) * Int(volume.f_frsize) : 0
  }

  /// Bytes of a directory's data file on disk, 0 without one.
  static func fileBytes(in directory: String) -> Int {
    var file = stat()
    return stat(directory + "/data.mdb", &file) == 0 ? Int(file.st_size) : 0
  }
}

internal import Glibc

/// What the store asks of the file system besides tables and log.
enum Files {
  /// Makes a directory if there is none.
  ///
  /// - Returns: whether it was made.
  @discardableResult
  static func makeDirectory(_ path: String) throws(StoreError) -> Bool {
    if mkdir(path, 0o700) == 0 { return true }
    guard errno == EEXIST else { throw .system("cannot make the directory '\(path)'") }
    return false
  }

  /// Makes the names in a directory durable.
  static func sync(directory path: String) throws(StoreError) {
    let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw .system("cannot open '\(path)'") }
    defer { close(directory) }
    guard fsync(directory) == 0 else { throw .system("cannot sync '\(path)'") }
  }

  /// The names in a directory, without `.` and `..`, in byte order; nil if there is none.
  static func names(in path: String) throws(StoreError) -> [String]? {
    guard let handle = opendir(path) else {
      if errno == ENOENT { return nil }
      throw .system("cannot read '\(path)'")
    }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The size of a file; nil if there is none.
  static func size(_ path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
  }

  /// What the disk has left for this process.
  static func freeBytes(_ path: String) -> Int {
    var volume = statvfs()
    return statvfs(path, &volume) == 0 ? Int(volume.f_bavail) * Int(volume.f_frsize) : 0
  }

  /// Writes a small file so that it is there whole or not at all, durably.
  static func write(_ text: String, to path: String) throws(StoreError) {
    let unfinished = path + ".unfinished"
    let file = open(unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .system("cannot make '\(unfinished)'") }
    let count = text.utf8.count
    let isWritten = Glibc.write(file, text, count) == count && fsync(file) == 0
    let error = errno
    close(file)
    guard isWritten, rename(unfinished, path) == 0 else {
      let cause = isWritten ? errno : error
      unlink(unfinished)
      throw .system("cannot write '\(path)'", cause)
    }
  }

  /// The first bytes of a small file as text; nil if there is none.
  static func text(of path: String) throws(StoreError) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    if file < 0 && errno == ENOENT { return nil }
    guard file >= 0 else { throw .system("cannot open '\(path)'") }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = Glibc.read(file, &bytes, bytes.count)
    guard count >= 0 else { throw .system("cannot read '\(path)'") }
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  /// Reads until `memory` is full or the file ends.
  ///
  /// - Returns: how many bytes were read.
  static func read(
    _ descriptor: Int32, into memory: UnsafeMutableRawBufferPointer, at offset: Int,
    of path: String
  ) throws(StoreError) -> Int {
    var done = 0
    while done < memory.count {
      let count = pread(
        descriptor, memory.baseAddress.map { $0 + done }, memory.count - done,
        off_t(offset + done))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .system("cannot read '\(path)'") }
      if count == 0 { break }
      done += count
    }
    return done
  }

  /// Writes all of it at the end of what was written before.
  static func append(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, of path: String
  ) throws(StoreError) {
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .system("cannot write '\(path)'", count == 0 ? ENOSPC : errno) }
      done += count
    }
  }

  /// Removes a directory and what is in it, as far as that can be done; never follows links.
  static func removeTree(_ path: String) {
    guard unlink(path) != 0 else { return }
    for name in (try? names(in: path)) ?? [] { removeTree(path + "/" + name) }
    rmdir(path)
  }
}

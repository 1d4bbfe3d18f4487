internal import Glibc

/// Where a compaction makes its copy: the folder `compact`, there only while one runs.
extension DataDirectory {
  var compactPath: String { path + "/compact" }

  /// Makes the folder, empty.
  func makeCompact() throws(StoreError) {
    try removeCompact()
    guard mkdir(compactPath, 0o700) == 0 else {
      throw .system("cannot make the directory '\(compactPath)'")
    }
  }

  /// Removes what a compaction left that failed or was killed: the store never needs it.
  func removeCompact() throws(StoreError) {
    for file in ["/data.mdb", "/lock.mdb", ""] {
      let gone = compactPath + file
      let result = file.isEmpty ? rmdir(gone) : unlink(gone)
      guard result == 0 || errno == ENOENT else { throw .system("cannot remove '\(gone)'") }
    }
  }
}

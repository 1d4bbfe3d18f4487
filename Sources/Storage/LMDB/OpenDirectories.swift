internal import CLMDB
internal import Glibc
internal import Synchronization

/// The directories that are open in this process: liblmdb 0.9.24 lets a second open succeed, and
/// its close then drops the first one's locks.
enum OpenDirectories {
  /// A directory whatever the path that leads to it.
  struct Inode: Hashable, Sendable {
    let device: UInt64
    let number: UInt64
  }

  private static let taken = Mutex<Set<Inode>>([])

  /// Notes that `path` is open.
  ///
  /// - Throws: `alreadyOpen` if it is, `system` if there is no such directory.
  static func take(_ path: String) throws(LMDBError) -> Inode {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw LMDBError(errno, doing: "cannot open the directory '\(path)'")
    }
    let inode = Inode(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
    guard taken.withLock({ $0.insert(inode).inserted }) else {
      throw LMDBError(
        code: .alreadyOpen, message: "'\(path)' is open in this process already: use that one")
    }
    return inode
  }

  static func release(_ inode: Inode) {
    _ = taken.withLock { $0.remove(inode) }
  }
}

/// Where a memory map with locks can live.
package enum Filesystem {
  /// Filesystem magic numbers (linux/magic.h) on which maps or locks are not coherent.
  private static let refused: [Int: String] = [
    0x6969: "nfs", 0x0102_1997: "9p", 0x6573_5546: "fuse", 0xFF53_4D42: "cifs",
    0xFE53_4D42: "smb2", 0x517B: "smb", 0x00C3_6400: "ceph",
  ]

  /// - Throws: `networkFilesystem` if `path` lies on one.
  package static func refuseNetwork(_ path: String) throws(LMDBError) {
    var status = statfs()
    guard statfs(path, &status) == 0 else {
      throw LMDBError(errno, doing: "cannot open the directory '\(path)'")
    }
    if let name = name(ofMagic: Int(status.f_type)) {
      throw LMDBError(
        code: .networkFilesystem,
        message: "'\(path)' lies on \(name): use a directory on a local disk (ext4, xfs)")
    }
  }

  /// The name of a refused filesystem, nil for all others.
  static func name(ofMagic magic: Int) -> String? { refused[magic & 0xFFFF_FFFF] }
}

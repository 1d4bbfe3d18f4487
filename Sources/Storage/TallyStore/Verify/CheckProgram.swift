internal import Glibc
internal import LMDB

/// The process that checks: opens the server's data file beside it, copies it, reads the copy.
///
/// In a process of its own, since a damaged page can make liblmdb end the process that reads it.
/// It only reads what is the server's.
package struct CheckProgram {
  /// Where the data file lies.
  package var tables: String
  package var log: String
  /// A directory for the copy: it is there, and empty.
  package var copy: String
  package var tenant: String?

  package init(tables: String, log: String, copy: String, tenant: String?) {
    self.tables = tables
    self.log = log
    self.copy = copy
    self.tenant = tenant
  }

  /// Checks, and checks what it found again in a newer copy; what both have is told.
  ///
  /// - Returns: the exit code: 0 if it came to an end, whatever it found.
  package func run() -> Int32 {
    Self.closeInherited()
    let output = FrameOutput()
    do throws(StoreError) {
      var report = try check(again: false, output)
      if !report.differences.isEmpty || report.more > 0 {
        let newer = try check(again: true, output)
        let places = Set(report.differences.map(\.place))
        let isWhole = report.more == 0
        report = newer
        if isWhole { report.differences.removeAll { !places.contains($0.place) } }
      }
      for difference in report.differences { output.write(.difference(difference)) }
      output.write(
        .done(
          records: report.records, events: report.events, more: report.more,
          revision: report.revision))
      return 0
    } catch {
      output.write(.failed(isNoRoom: error.code == .diskFull, message: error.message))
      return 1
    }
  }

  private func check(again: Bool, _ output: FrameOutput) throws(StoreError) -> CheckReport {
    for file in ["/data.mdb", "/lock.mdb"] { unlink(copy + file) }
    do throws(StoreError) {
      let total = UInt64(Self.fileBytes(tables))
      output.write(
        .progress(
          CheckProgress(step: .copying, table: "", done: 0, total: total), again: again))
      try storing { () throws(LMDBError) in
        let live = try Environment(path: tables, limits: .init(mapSizeBytes: 0), readsOnly: true)
        try live.copy(to: copy)
      }
      let database = try Database(
        directory: copy, options: .init(mapSizeBytes: Self.fileBytes(copy) + (16 << 20)))
      return try StoreCheck(database, only: tenant, logPath: log) { progress in
        output.progress(progress, again: again)
      }.run()
    } catch  where error.code == .dataLoss {
      // Not even a copy can be had of it: that is the finding.
      var report = CheckReport()
      report.differences = [
        Difference(
          kind: .damaged, table: "", name: "the data file", stored: error.message,
          expected: "pages that can be copied: restore a backup")
      ]
      return report
    }
  }

  /// The server's connections and files are none of this process's business: held here they would
  /// outlive the server.
  private static func closeInherited() {
    guard let directory = opendir("/proc/self/fd") else { return }
    var inherited: [Int32] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let file = Int32(name), file > STDERR_FILENO { inherited.append(file) }
    }
    closedir(directory)
    for file in inherited { close(file) }
  }

  private static func fileBytes(_ directory: String) -> Int {
    var file = stat()
    return stat(directory + "/data.mdb", &file) == 0 ? Int(file.st_size) : 0
  }
}

/// Standard output, as frames. If nobody reads them any more, the process ends.
private final class FrameOutput {
  private static let pauseNanoseconds: Int64 = 100_000_000
  private var table = ""
  private var toldAt: Int64 = 0

  /// Not more often than ten times a second, but with each table.
  func progress(_ progress: CheckProgress, again: Bool) {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    let now = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    guard progress.table != table || now - toldAt >= Self.pauseNanoseconds else { return }
    table = progress.table
    toldAt = now
    write(.progress(progress, again: again))
  }

  func write(_ frame: CheckFrame) {
    let bytes = frame.encoded
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(STDOUT_FILENO, $0.baseAddress.map { $0 + done }, bytes.count - done)
      }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { exit(2) }
      done += count
    }
  }
}

internal import Glibc
internal import Synchronization

/// A checking process under way, as the server sees it.
final class CheckProcess: Sendable {
  /// How it ended.
  enum End: Equatable {
    /// It told all that it had to.
    case done
    /// It ended before that: by this signal, or with this exit code.
    case died(signal: Int32, code: Int32)
  }

  private let output: Int32
  /// 0 once it is gone.
  private let process: Mutex<pid_t>

  /// Starts the program at `command[0]`.
  ///
  /// - Throws: `system`.
  init(_ command: [String]) throws(StoreError) {
    var pipe: [Int32] = [-1, -1]
    guard Glibc.pipe(&pipe) == 0 else { throw .system("cannot make a pipe") }
    // What is dup'ed below stays open. The program closes what else it was left with.
    for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(pipe[1]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, pipe[1], 1)
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
    defer { for argument in arguments { free(argument) } }
    arguments.append(nil)
    var child: pid_t = 0
    let result = posix_spawn(&child, command[0], &actions, nil, arguments, environ)
    guard result == 0 else {
      close(pipe[0])
      throw .system("cannot start '\(command[0])'", result)
    }
    output = pipe[0]
    process = Mutex(child)
  }

  deinit { close(output) }

  /// Ends it at once; `read` returns then.
  func kill() {
    process.withLock { process in if process > 0 { _ = Glibc.kill(process, SIGKILL) } }
  }

  /// Shows each frame until it ends. Blocks: on a thread of its own, once.
  func read(_ show: (CheckFrame) -> Void) -> End {
    var isDone = false
    while let frame = next() {
      switch frame {
      case .done, .failed: isDone = true
      case .progress, .difference: break
      }
      show(frame)
    }
    var status: Int32 = 0
    process.withLock { process in
      // What writes no frames has nothing more to tell.
      if !isDone { _ = Glibc.kill(process, SIGKILL) }
      while waitpid(process, &status, 0) < 0 && errno == EINTR {}
      process = 0
    }
    if isDone { return .done }
    let signal = status & 0x7F
    return .died(signal: signal, code: signal == 0 ? (status >> 8) & 0xFF : 0)
  }

  private func next() -> CheckFrame? {
    guard let header = take(CheckFrame.headerSize) else { return nil }
    let size = header.withUnsafeBytes { Int($0.little(0, as: UInt32.self)) }
    guard size <= CheckFrame.sizeMax, let bytes = take(size) else { return nil }
    return CheckFrame(bytes)
  }

  private func take(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = bytes.withUnsafeMutableBytes {
        Glibc.read(output, $0.baseAddress.map { $0 + done }, count - done)
      }
      if got < 0 && errno == EINTR { continue }
      if got <= 0 { return nil }
      done += got
    }
    return bytes
  }
}

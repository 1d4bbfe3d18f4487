internal import Glibc

/// A thread of our own, for work that blocks: the log's syncs and the store's folds.
///
/// - Invariant: `thread` is set in `init` and joined once, by the owner, which is why this may be
///   Sendable.
package final class WorkerThread: @unchecked Sendable {
  private final class Body {
    let name: String
    let run: @Sendable () -> Void

    init(name: String, run: @escaping @Sendable () -> Void) {
      self.name = name
      self.run = run
    }
  }

  private var thread = pthread_t()

  /// Starts a thread that runs `body` once. `name`: at most 15 bytes, as tools show it.
  package init(name: String, _ body: @escaping @Sendable () -> Void) {
    let box = Unmanaged.passRetained(Body(name: name, run: body))
    let failure = pthread_create(
      &thread, nil,
      { box in
        // Retained by the creator for this thread; nil never comes.
        let body = Unmanaged<Body>.fromOpaque(box!).takeRetainedValue()
        WorkerThread.setName(body.name)
        body.run()
        return nil
      }, box.toOpaque())
    precondition(failure == 0, "no thread '\(name)': error \(failure)")
  }

  /// Waits until the body has returned. Once, and not from the thread itself.
  package func join() {
    pthread_join(thread, nil)
  }

  /// As tools show it. Through /proc, as Glibc's own call is not in its Swift module.
  private static func setName(_ name: String) {
    let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    _ = write(file, name, name.utf8.count)
    close(file)
  }
}

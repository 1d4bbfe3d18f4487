internal import GRPC
internal import Synchronization
internal import TallyMessages

/// Says whether the server serves, overall and by service.
///
/// Source: grpc/doc/health-checking.md; grpc/proposal A90 for List.
final class Health: Sendable {
  private struct State {
    var serving: [String: Bool]
    var watchers: [Int: @Sendable () -> Void] = [:]
    var nextWatcher = 0
    var isStopped = false
  }

  private let state: Mutex<State>

  /// - Parameter services: their full names; the empty name is the server as a whole.
  init(services: [String]) {
    let names = services + [""]
    state = Mutex(State(serving: Dictionary(uniqueKeysWithValues: names.map { ($0, true) })))
  }

  /// What a service is; nil if there is none of that name.
  func isServing(_ service: String) -> Bool? {
    state.withLock { $0.serving[service] }
  }

  /// What each service is, by name in byte order; a handful, of which none comes later.
  var all: [(service: String, isServing: Bool)] {
    state.withLock { $0.serving }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Tells the watchers if it is news.
  func set(_ service: String, isServing: Bool) {
    let watchers = state.withLock { state -> [@Sendable () -> Void] in
      guard let before = state.serving[service], before != isServing else { return [] }
      // A server that stops serves nothing again.
      if isServing && state.isStopped { return [] }
      state.serving[service] = isServing
      return Array(state.watchers.values)
    }
    for watcher in watchers { watcher() }
  }

  /// Nothing is served from now on: the server stops.
  func stopServing() {
    let services = state.withLock { state in
      state.isStopped = true
      return Array(state.serving.keys)
    }
    for service in services { set(service, isServing: false) }
  }

  private var isStopped: Bool { state.withLock { $0.isStopped } }

  /// Calls `changed` at every change until `unwatch`.
  fileprivate func watch(_ changed: @escaping @Sendable () -> Void) -> Int {
    state.withLock { state in
      state.nextWatcher += 1
      state.watchers[state.nextWatcher] = changed
      return state.nextWatcher
    }
  }

  fileprivate func unwatch(_ number: Int) {
    state.withLock { state in _ = state.watchers.removeValue(forKey: number) }
  }
}

extension Health: Grpc.Health.V1.HealthServer {
  func check(
    _ request: Grpc.Health.V1.HealthCheckRequest, _ call: ServerCall
  ) throws(RPCError) -> Grpc.Health.V1.HealthCheckResponse {
    guard let isServing = isServing(request.service) else {
      throw .notFound("service", request.service)
    }
    return .init(status: isServing ? .serving : .notServing)
  }

  func list(
    _ request: Grpc.Health.V1.HealthListRequest, _ call: ServerCall
  ) throws(RPCError) -> Grpc.Health.V1.HealthListResponse {
    .init(
      statuses: all.map { service, isServing in
        .init(key: service, value: .init(status: isServing ? .serving : .notServing))
      })
  }

  func watch(
    _ request: Grpc.Health.V1.HealthCheckRequest, _ call: ServerCall
  ) throws(RPCError) -> any ResponseBody {
    let service = request.service
    return WrittenBody { [self] writer async throws(RPCError) in
      let (changes, continuation) = AsyncStream.makeStream(
        of: Void.self, bufferingPolicy: .bufferingNewest(1))
      let number = watch { continuation.yield() }
      defer { unwatch(number) }
      continuation.yield()
      var last: Grpc.Health.V1.HealthCheckResponse.ServingStatus?
      for await _ in changes {
        let status: Grpc.Health.V1.HealthCheckResponse.ServingStatus =
          switch isServing(service) {
          case true: .serving
          case false: .notServing
          case nil: .serviceUnknown
          }
        if status == last { continue }
        last = status
        try await writer.write(
          Grpc.Health.V1.HealthCheckResponse(status: status).messageBytes())
        if isStopped { throw RPCError(.unavailable, .serverStopping, "the server stops") }
      }
    }
  }
}

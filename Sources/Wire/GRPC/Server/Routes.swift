/// What a server's connections share: the methods by path, the limits, and who is told.
struct Routes: Sendable {
  let options: GRPCServer.Options
  /// What the unfinished requests of all connections hold.
  let requestMemory: RequestMemory
  /// How far apart connections look at the clock.
  let lookPeriod: Duration
  private let handlers: [String: Handler]

  init(_ methods: [ServerMethod], _ options: GRPCServer.Options) {
    self.options = options
    requestMemory = RequestMemory(limit: options.limits.maxUnfinishedBytes)
    lookPeriod = ConnectionWatch.period(options.limits)
    handlers = Dictionary(
      methods.map { ($0.path, $0.handler) },
      uniquingKeysWith: { _, _ in preconditionFailure("a method is offered twice") })
  }

  var limits: ServerLimits { options.limits }

  subscript(path: String) -> Handler? { handlers[path] }

  /// Counts a limit that struck, and says so.
  func strike(_ limit: ServerLimit, peer: String) {
    options.load.strike(limit)
    options.journal?.struck(limit, peer: peer)
  }
}

/// What a server's connections share: the methods by path, and the limits.
struct Routes: Sendable {
  let options: GRPCServer.Options
  private let handlers: [String: Handler]

  init(_ methods: [ServerMethod], _ options: GRPCServer.Options) {
    self.options = options
    handlers = Dictionary(
      methods.map { ($0.path, $0.handler) },
      uniquingKeysWith: { _, _ in preconditionFailure("a method is offered twice") })
  }

  subscript(path: String) -> Handler? { handlers[path] }
}

/// The Swift side of a service: a protocol for servers, a struct for clients.
struct ServiceGenerator {
  var service: Service
  var types: Types

  func declare(in source: inout Source) {
    source.line()
    declareServer(in: &source)
    source.line()
    declareClient(in: &source)
  }

  private var server: String { service.name + "Server" }

  private func path(_ method: Method) -> String { "/\(service.fullName)/\(method.name)" }

  private func name(_ method: Method) -> String {
    Names.declared(method.name.prefix(1).lowercased() + method.name.dropFirst())
  }

  private func declareServer(in source: inout Source) {
    source.doc(service.comment, else: "What serves `\(service.fullName)`.")
    source.block("package protocol \(server): Sendable {") { source in
      for (index, method) in service.methods.enumerated() {
        if index > 0 { source.line() }
        source.doc(method.comment, else: "`\(path(method))`")
        source.line("func \(name(method))(")
        source.line("  \(serverParameters(method)), _ call: ServerCall")
        source.line(")\(serverResult(method))")
      }
    }
  }

  private func serverParameters(_ method: Method) -> String {
    let (input, output) = (types.swiftName(method.input), types.swiftName(method.output))
    return method.clientStreams
      ? "_ requests: Requests<\(input)>, _ replies: Replies<\(output)>" : "_ request: \(input)"
  }

  private func serverResult(_ method: Method) -> String {
    if method.clientStreams { return " async throws(RPCError)" }
    if method.serverStreams { return " throws(RPCError) -> any ResponseBody" }
    return " throws(RPCError) -> \(types.swiftName(method.output))"
  }

  /// In an extension of its own, at the top level of the file.
  func declareMethods(in source: inout Source, namespace: String) {
    let scope = namespace.isEmpty ? "" : namespace + "."
    source.line()
    source.block("extension \(scope)\(server) {") { source in
      source.line("/// The service's methods, for a server.")
      source.block("package var methods: [ServerMethod] {") { source in
        source.block("[", end: "]") { source in
          for method in service.methods { entry(method, in: &source) }
        }
      }
    }
  }

  private func entry(_ method: Method, in source: inout Source) {
    let input = types.swiftName(method.input)
    let open = "ServerMethod(\"\(path(method))\", "
    if method.clientStreams {
      source.block(
        open + ".streaming { (requests, writer, call) async throws(RPCError) in", end: "}),"
      ) { source in
        let call = "try await \(name(method))(Requests(requests), Replies(writer), call)"
        source.line(call)
      }
    } else if method.serverStreams {
      source.block(open + ".serverStreaming { (bytes, call) throws(RPCError) in", end: "}),") {
        $0.line("try \(name(method))(\(input)(request: bytes), call)")
      }
    } else {
      source.block(open + ".unary { (bytes, call) throws(RPCError) in", end: "}),") {
        $0.line("try \(name(method))(\(input)(request: bytes), call).messageBytes()")
      }
    }
  }

  private func declareClient(in source: inout Source) {
    source.doc(service.comment, else: "Calls of `\(service.fullName)`.")
    source.block("package struct \(service.name)Client: Sendable {") { source in
      source.line("package let channel: GRPCChannel")
      source.line()
      source.line("package init(_ channel: GRPCChannel) { self.channel = channel }")
      for method in service.methods {
        source.line()
        source.doc(method.comment, else: "`\(path(method))`")
        clientMethod(method, in: &source)
      }
    }
  }

  private func clientMethod(_ method: Method, in source: inout Source) {
    let (input, output) = (types.swiftName(method.input), types.swiftName(method.output))
    let options = "options: CallOptions = CallOptions()"
    source.line("package func \(name(method))(")
    if method.clientStreams {
      source.line("  \(options)")
      source.block(") -> TypedCall<\(input), \(output)> {") {
        $0.line("TypedCall(channel.call(\"\(path(method))\", options: options))")
      }
    } else if method.serverStreams {
      source.line("  _ request: \(input), \(options)")
      source.block(") -> Responses<\(output)> {") { source in
        source.line("Responses(")
        source.line("  channel.serverStreaming(")
        source.line("    \"\(path(method))\", request.messageBytes(), options: options))")
      }
    } else {
      source.line("  _ request: \(input), \(options)")
      source.block(") async throws(RPCError) -> \(output) {") { source in
        source.line("let reply = try await channel.unary(")
        source.line("  \"\(path(method))\", request.messageBytes(), options: options)")
        source.line("return try \(output)(response: reply)")
      }
    }
  }
}

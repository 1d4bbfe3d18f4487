internal import GRPC
internal import TallyMessages

/// Tells clients that have no .proto files what the server offers, in both versions of the
/// protocol, which differ in nothing but the name.
///
/// Source: grpc/doc/server-reflection.md.
struct Reflection: Sendable {
  /// Full names of the services that the server offers.
  let services: [String]
  private let schema = Descriptors.schema

  var methods: [ServerMethod] {
    ["v1", "v1alpha"].map { version in
      ServerMethod(
        "/grpc.reflection.\(version).ServerReflection/ServerReflectionInfo",
        .streaming { (requests, writer, _) async throws(RPCError) in
          // The messages of both versions have the same fields.
          for try await request in Requests<Grpc.Reflection.V1.ServerReflectionRequest>(requests) {
            try await writer.write(answer(request).messageBytes())
          }
        })
    }
  }

  private func answer(
    _ request: Grpc.Reflection.V1.ServerReflectionRequest
  ) -> Grpc.Reflection.V1.ServerReflectionResponse {
    .init(
      validHost: request.host, originalRequest: request,
      messageResponse: response(to: request.messageRequest))
  }

  private func response(
    to request: Grpc.Reflection.V1.ServerReflectionRequest.MessageRequest?
  ) -> Grpc.Reflection.V1.ServerReflectionResponse.MessageResponse {
    switch request {
    case .listServices:
      .listServicesResponse(.init(service: services.sorted().map { .init(name: $0) }))
    case .fileByFilename(let name):
      files(schema.file(name), "no file '\(name)'")
    case .fileContainingSymbol(let name):
      files(schema.file(declaring: name), "nothing is named '\(name)'")
    case .allExtensionNumbersOfType(let name) where schema.message(name) != nil:
      .allExtensionNumbersResponse(.init(baseTypeName: name))
    case .allExtensionNumbersOfType(let name):
      refusal(.notFound, "no message '\(name)'")
    case .fileContainingExtension(let request):
      refusal(.notFound, "'\(request.containingType)' has no extensions")
    case nil:
      refusal(.invalidArgument, "the request asks nothing that this server knows")
    }
  }

  /// A file and all that it needs, each once.
  private func files(
    _ file: FileSchema?, _ otherwise: String
  ) -> Grpc.Reflection.V1.ServerReflectionResponse.MessageResponse {
    guard let file else { return refusal(.notFound, otherwise) }
    var found: [FileSchema] = []
    var pending = [file]
    while let next = pending.popLast() {
      if found.contains(where: { $0.name == next.name }) { continue }
      found.append(next)
      pending += next.imports.compactMap { schema.file($0) }
    }
    return .fileDescriptorResponse(.init(fileDescriptorProto: found.map(\.descriptor)))
  }

  private func refusal(
    _ code: StatusCode, _ message: String
  ) -> Grpc.Reflection.V1.ServerReflectionResponse.MessageResponse {
    .errorResponse(.init(errorCode: Int32(code.rawValue), errorMessage: message))
  }
}

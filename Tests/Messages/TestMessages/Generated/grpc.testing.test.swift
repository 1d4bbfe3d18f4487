// swift-format-ignore-file
// Made by Scripts/generate from proto/. Do not edit.

package import GRPC
package import TallyMessages

extension Grpc.Testing {

  /// A simple service to test the various types of RPCs and experiment with
  /// performance with various types of payload.
  package protocol TestServiceServer: Sendable {
    /// One empty request followed by one empty response.
    func emptyCall(
      _ request: Grpc.Testing.Empty, _ call: ServerCall
    ) throws(RPCError) -> Grpc.Testing.Empty

    /// One request followed by one response.
    func unaryCall(
      _ request: Grpc.Testing.SimpleRequest, _ call: ServerCall
    ) throws(RPCError) -> Grpc.Testing.SimpleResponse

    /// One request followed by one response. Response has cache control
    /// headers set such that a caching HTTP proxy (such as GFE) can
    /// satisfy subsequent requests.
    func cacheableUnaryCall(
      _ request: Grpc.Testing.SimpleRequest, _ call: ServerCall
    ) throws(RPCError) -> Grpc.Testing.SimpleResponse

    /// One request followed by a sequence of responses (streamed download).
    /// The server returns the payload with client desired type and sizes.
    func streamingOutputCall(
      _ request: Grpc.Testing.StreamingOutputCallRequest, _ call: ServerCall
    ) throws(RPCError) -> any ResponseBody

    /// A sequence of requests followed by one response (streamed upload).
    /// The server returns the aggregated size of client payload as the result.
    func streamingInputCall(
      _ requests: Requests<Grpc.Testing.StreamingInputCallRequest>, _ replies: Replies<Grpc.Testing.StreamingInputCallResponse>, _ call: ServerCall
    ) async throws(RPCError)

    /// A sequence of requests with each request served by the server immediately.
    /// As one request could lead to multiple responses, this interface
    /// demonstrates the idea of full duplexing.
    func fullDuplexCall(
      _ requests: Requests<Grpc.Testing.StreamingOutputCallRequest>, _ replies: Replies<Grpc.Testing.StreamingOutputCallResponse>, _ call: ServerCall
    ) async throws(RPCError)

    /// A sequence of requests followed by a sequence of responses.
    /// The server buffers all the client requests and then serves them in order. A
    /// stream of responses are returned to the client when the server starts with
    /// first request.
    func halfDuplexCall(
      _ requests: Requests<Grpc.Testing.StreamingOutputCallRequest>, _ replies: Replies<Grpc.Testing.StreamingOutputCallResponse>, _ call: ServerCall
    ) async throws(RPCError)

    /// The test server will not implement this method. It will be used
    /// to test the behavior when clients call unimplemented methods.
    func unimplementedCall(
      _ request: Grpc.Testing.Empty, _ call: ServerCall
    ) throws(RPCError) -> Grpc.Testing.Empty
  }

  /// A simple service to test the various types of RPCs and experiment with
  /// performance with various types of payload.
  package struct TestServiceClient: Sendable {
    package let channel: GRPCChannel

    package init(_ channel: GRPCChannel) { self.channel = channel }

    /// One empty request followed by one empty response.
    package func emptyCall(
      _ request: Grpc.Testing.Empty, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Grpc.Testing.Empty {
      let reply = try await channel.unary(
        "/grpc.testing.TestService/EmptyCall", request.messageBytes(), options: options)
      return try Grpc.Testing.Empty(response: reply)
    }

    /// One request followed by one response.
    package func unaryCall(
      _ request: Grpc.Testing.SimpleRequest, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Grpc.Testing.SimpleResponse {
      let reply = try await channel.unary(
        "/grpc.testing.TestService/UnaryCall", request.messageBytes(), options: options)
      return try Grpc.Testing.SimpleResponse(response: reply)
    }

    /// One request followed by one response. Response has cache control
    /// headers set such that a caching HTTP proxy (such as GFE) can
    /// satisfy subsequent requests.
    package func cacheableUnaryCall(
      _ request: Grpc.Testing.SimpleRequest, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Grpc.Testing.SimpleResponse {
      let reply = try await channel.unary(
        "/grpc.testing.TestService/CacheableUnaryCall", request.messageBytes(), options: options)
      return try Grpc.Testing.SimpleResponse(response: reply)
    }

    /// One request followed by a sequence of responses (streamed download).
    /// The server returns the payload with client desired type and sizes.
    package func streamingOutputCall(
      _ request: Grpc.Testing.StreamingOutputCallRequest, options: CallOptions = CallOptions()
    ) -> Responses<Grpc.Testing.StreamingOutputCallResponse> {
      Responses(
        channel.serverStreaming(
          "/grpc.testing.TestService/StreamingOutputCall", request.messageBytes(), options: options))
    }

    /// A sequence of requests followed by one response (streamed upload).
    /// The server returns the aggregated size of client payload as the result.
    package func streamingInputCall(
      options: CallOptions = CallOptions()
    ) -> TypedCall<Grpc.Testing.StreamingInputCallRequest, Grpc.Testing.StreamingInputCallResponse> {
      TypedCall(channel.call("/grpc.testing.TestService/StreamingInputCall", options: options))
    }

    /// A sequence of requests with each request served by the server immediately.
    /// As one request could lead to multiple responses, this interface
    /// demonstrates the idea of full duplexing.
    package func fullDuplexCall(
      options: CallOptions = CallOptions()
    ) -> TypedCall<Grpc.Testing.StreamingOutputCallRequest, Grpc.Testing.StreamingOutputCallResponse> {
      TypedCall(channel.call("/grpc.testing.TestService/FullDuplexCall", options: options))
    }

    /// A sequence of requests followed by a sequence of responses.
    /// The server buffers all the client requests and then serves them in order. A
    /// stream of responses are returned to the client when the server starts with
    /// first request.
    package func halfDuplexCall(
      options: CallOptions = CallOptions()
    ) -> TypedCall<Grpc.Testing.StreamingOutputCallRequest, Grpc.Testing.StreamingOutputCallResponse> {
      TypedCall(channel.call("/grpc.testing.TestService/HalfDuplexCall", options: options))
    }

    /// The test server will not implement this method. It will be used
    /// to test the behavior when clients call unimplemented methods.
    package func unimplementedCall(
      _ request: Grpc.Testing.Empty, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Grpc.Testing.Empty {
      let reply = try await channel.unary(
        "/grpc.testing.TestService/UnimplementedCall", request.messageBytes(), options: options)
      return try Grpc.Testing.Empty(response: reply)
    }
  }

  /// A simple service NOT implemented at servers so clients can test for
  /// that case.
  package protocol UnimplementedServiceServer: Sendable {
    /// A call that no server should implement
    func unimplementedCall(
      _ request: Grpc.Testing.Empty, _ call: ServerCall
    ) throws(RPCError) -> Grpc.Testing.Empty
  }

  /// A simple service NOT implemented at servers so clients can test for
  /// that case.
  package struct UnimplementedServiceClient: Sendable {
    package let channel: GRPCChannel

    package init(_ channel: GRPCChannel) { self.channel = channel }

    /// A call that no server should implement
    package func unimplementedCall(
      _ request: Grpc.Testing.Empty, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Grpc.Testing.Empty {
      let reply = try await channel.unary(
        "/grpc.testing.UnimplementedService/UnimplementedCall", request.messageBytes(), options: options)
      return try Grpc.Testing.Empty(response: reply)
    }
  }
}

extension Grpc.Testing.TestServiceServer {
  /// The service's methods, for a server.
  package var methods: [ServerMethod] {
    [
      ServerMethod("/grpc.testing.TestService/EmptyCall", .unary { (bytes, call) throws(RPCError) in
        try emptyCall(Grpc.Testing.Empty(request: bytes), call).messageBytes()
      }),
      ServerMethod("/grpc.testing.TestService/UnaryCall", .unary { (bytes, call) throws(RPCError) in
        try unaryCall(Grpc.Testing.SimpleRequest(request: bytes), call).messageBytes()
      }),
      ServerMethod("/grpc.testing.TestService/CacheableUnaryCall", .unary { (bytes, call) throws(RPCError) in
        try cacheableUnaryCall(Grpc.Testing.SimpleRequest(request: bytes), call).messageBytes()
      }),
      ServerMethod("/grpc.testing.TestService/StreamingOutputCall", .serverStreaming { (bytes, call) throws(RPCError) in
        try streamingOutputCall(Grpc.Testing.StreamingOutputCallRequest(request: bytes), call)
      }),
      ServerMethod("/grpc.testing.TestService/StreamingInputCall", .streaming { (requests, writer, call) async throws(RPCError) in
        try await streamingInputCall(Requests(requests), Replies(writer), call)
      }),
      ServerMethod("/grpc.testing.TestService/FullDuplexCall", .streaming { (requests, writer, call) async throws(RPCError) in
        try await fullDuplexCall(Requests(requests), Replies(writer), call)
      }),
      ServerMethod("/grpc.testing.TestService/HalfDuplexCall", .streaming { (requests, writer, call) async throws(RPCError) in
        try await halfDuplexCall(Requests(requests), Replies(writer), call)
      }),
      ServerMethod("/grpc.testing.TestService/UnimplementedCall", .unary { (bytes, call) throws(RPCError) in
        try unimplementedCall(Grpc.Testing.Empty(request: bytes), call).messageBytes()
      }),
    ]
  }
}

extension Grpc.Testing.UnimplementedServiceServer {
  /// The service's methods, for a server.
  package var methods: [ServerMethod] {
    [
      ServerMethod("/grpc.testing.UnimplementedService/UnimplementedCall", .unary { (bytes, call) throws(RPCError) in
        try unimplementedCall(Grpc.Testing.Empty(request: bytes), call).messageBytes()
      }),
    ]
  }
}

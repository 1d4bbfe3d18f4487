// swift-format-ignore-file
// Made by Scripts/generate from proto/. Do not edit.

public import TallyMessages

/// The packages of connectrpc.
public enum Connectrpc {}

extension Connectrpc {
  /// The types of connectrpc.conformance.
  public enum Conformance {}
}

extension Connectrpc.Conformance {
  /// The types of connectrpc.conformance.v1.
  public enum V1 {}
}

extension Grpc {
  /// The types of grpc.testing.
  public enum Testing {}
}

// swift-format-ignore-file
// Made by Scripts/generate from proto/. Do not edit.

/// The packages of google.
public enum Google {}

extension Google {
  /// The types of google.protobuf.
  public enum Protobuf {}
}

extension Google {
  /// The types of google.rpc.
  public enum Rpc {}
}

/// The packages of grpc.
public enum Grpc {}

extension Grpc {
  /// The types of grpc.health.
  public enum Health {}
}

extension Grpc.Health {
  /// The types of grpc.health.v1.
  public enum V1 {}
}

extension Grpc {
  /// The types of grpc.reflection.
  public enum Reflection {}
}

extension Grpc.Reflection {
  /// The types of grpc.reflection.v1.
  public enum V1 {}
}

extension Grpc.Reflection {
  /// The types of grpc.reflection.v1alpha.
  public enum V1alpha {}
}

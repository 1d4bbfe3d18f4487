internal import TallyMessages

extension Google.Protobuf.Duration {
  init(_ duration: Swift.Duration) {
    let (seconds, attoseconds) = duration.components
    self.init(seconds: seconds, nanos: Int32(attoseconds / 1_000_000_000))
  }
}

extension Google.Protobuf.Timestamp {
  /// Since 1970.
  init(nanoseconds: Int64) {
    self.init(
      seconds: nanoseconds / 1_000_000_000, nanos: Int32(nanoseconds % 1_000_000_000))
  }
}

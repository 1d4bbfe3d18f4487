/// What has a read transaction when it is its turn.
protocol PlaceTaker: AnyObject, Sendable {
  /// A place is free, and is this one's now.
  func takePlace(asLarge: Bool)
}

internal import GRPC

/// Where the server may listen.
enum ListenAddress {
  /// Why it may not.
  struct Refusal: Error {
    let message: String
  }

  /// Reads `HOST:PORT`; an IPv6 address stands in brackets.
  ///
  /// - Throws: for anything but a loopback address: nobody could be told from anybody else yet.
  static func parse(_ text: String) throws(Refusal) -> Endpoint {
    guard let colon = text.lastIndex(of: ":"),
      let port = UInt16(text[text.index(after: colon)...])
    else { throw Refusal(message: "'\(text)' is not HOST:PORT: use 127.0.0.1:7431, for example") }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    guard isLoopback(host) else {
      throw Refusal(
        message: "'\(host)' is not a loopback address: there is no access control yet, so only "
          + "this machine may connect; use 127.0.0.1, ::1 or localhost")
    }
    return Endpoint(host: host, port: Int(port))
  }

  private static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}

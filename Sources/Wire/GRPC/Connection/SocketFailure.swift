internal import Glibc
internal import NIOCore
internal import NIOPosix

/// What NIO's errors mean to a person.
enum SocketFailure {
  /// A few words, such as "connection refused": what failed stands before it.
  static func reason(_ error: any Error) -> String {
    switch error {
    case let failure as SecurityFailure:
      return failure.reason
    case let error as IOError:
      return String(cString: strerror(error.errnoCode)).lowercased()
    case let error as NIOConnectionError:
      if let first = error.connectionErrors.first { return reason(first.error) }
      if error.dnsAError != nil || error.dnsAAAAError != nil {
        return "no address is known for the host '\(error.host)'"
      }
      return "no address to connect to"
    case is SocketAddressError:
      return "the host is unknown"
    case ChannelError.connectTimeout(let time):
      return "no answer within \(time.nanoseconds / 1_000_000) ms"
    default:
      return "\(error)"
    }
  }

  /// The status of calls that the failure ends.
  static func code(_ error: any Error) -> StatusCode {
    switch error {
    case let failure as SecurityFailure: failure.code
    case let error as NIOConnectionError:
      error.connectionErrors.first.map { code($0.error) } ?? .unavailable
    default: .unavailable
    }
  }
}

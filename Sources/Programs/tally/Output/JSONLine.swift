internal import TallyMessages

extension Message {
  /// The message as canonical protobuf JSON, without a line's end.
  func jsonLine() throws(CommandError) -> [UInt8] {
    do throws(JSONError) {
      return try json()
    } catch {
      throw CommandError(
        code: .server, message: "the server sent what JSON has no form for: \(error.message)")
    }
  }
}

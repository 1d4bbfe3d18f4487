internal import TallyMessages

/// Records of an event file as events.
enum EventDecoding {
  /// What is wrong with a record.
  struct Problem: Error, Equatable {
    let message: String
  }

  static func event(from content: EventFile.Content) -> Result<Event, Problem> {
    switch content {
    case .unreadable(let why): return .failure(Problem(message: why))
    case .protobuf(let bytes):
      do throws(DecodeError) {
        return .success(try Event(decoding: bytes))
      } catch {
        return .failure(Problem(message: error.message))
      }
    case .json(let text):
      do throws(JSONError) {
        return .success(try Event(json: text))
      } catch {
        return .failure(Problem(message: "column \(error.column): \(error.message)"))
      }
    }
  }
}

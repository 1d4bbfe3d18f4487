internal import TallyMessages
internal import TallyModel

/// Events as they came, as the model has them. Nothing is judged here: `validate` does.
extension TallyModel.Event {
  /// Nil if the event holds no fact that this version knows.
  init?(_ event: TallyMessages.Event) {
    guard let fact = event.fact else { return nil }
    self.init(occurredAt: Timestamp(event.occurredAt) ?? .unset, fact: Fact(fact))
  }
}

extension Timestamp {
  init?(_ time: Google.Protobuf.Timestamp?) {
    guard let time else { return nil }
    self.init(seconds: time.seconds, nanos: time.nanos)
  }
}

extension Fact {
  init(_ fact: TallyMessages.Event.Fact) {
    switch fact {
    case .user(let fact): self = .user(User(fact))
    case .group(let fact): self = .group(Group(fact))
    case .membership(let fact): self = .membership(Membership(fact))
    case .course(let fact): self = .course(Course(fact))
    case .activity(let fact): self = .activity(Activity(fact))
    case .path(let fact): self = .path(Path(fact))
    case .attempt(let fact): self = .attempt(Attempt(fact))
    case .reaction(let fact): self = .reaction(Reaction(fact))
    case .comment(let fact): self = .comment(Comment(fact))
    case .post(let fact): self = .post(Post(fact))
    case .like(let fact): self = .like(Like(fact))
    case .download(let fact): self = .download(Download(fact))
    }
  }
}

internal import TallyModel
internal import TestSupport
internal import Testing

@Suite struct precedence {
  private func outcome(of new: Event, against stored: Event) -> Precedence.Outcome {
    func version(_ event: Event) -> Precedence.Version {
      .init(time: event.occurredAt, isGone: event.fact.isDeletedOrWithdrawn)
    }
    return Precedence.outcome(of: version(new), against: version(stored)) {
      (new.fact.fixedForm, stored.fact.fixedForm)
    }
  }

  @Test func `the later version stands, deleted or not`() {
    let old = Event.post("p", by: "u", deleted: true, time: 1)
    let new = Event.post("p", by: "u", time: 2)

    #expect(outcome(of: new, against: old) == .applied)
    #expect(outcome(of: old, against: new) == .superseded)
  }

  @Test func `of one time the deleted version stands`() {
    let deleted = Event.post("p", by: "a", deleted: true)
    let greater = Event.post("p", by: "z")

    #expect(outcome(of: deleted, against: greater) == .applied)
    #expect(outcome(of: greater, against: deleted) == .superseded)
  }

  @Test func `then the greater fixed form stands`() {
    let less = Event.post("p", by: "a")
    let greater = Event.post("p", by: "b")

    #expect(outcome(of: greater, against: less) == .applied)
    #expect(outcome(of: less, against: greater) == .superseded)
  }

  @Test func `a fixed form that goes on is greater`() {
    let short = Event.user("u", first: "a")
    let long = Event.user("u", first: "a", last: "b")

    #expect(outcome(of: long, against: short) == .applied)
    #expect(outcome(of: short, against: long) == .superseded)
  }

  @Test func `the same version is a duplicate`() {
    let one = Event.member("u", of: "g", [.editor, .learner])
    let other = Event.member("u", of: "g", [.learner, .editor, .learner])

    #expect(outcome(of: one, against: other) == .duplicate)
  }

  @Test func `fixed forms are made only where they decide`() {
    let first = Precedence.Version(time: .epoch, isGone: false)
    let later = Precedence.Version(time: .init(nanoseconds: 1), isGone: false)
    let gone = Precedence.Version(time: .epoch, isGone: true)
    var made = 0
    func forms() -> (new: [UInt8], stored: [UInt8]) {
      made += 1
      return ([], [])
    }

    #expect(Precedence.outcome(of: later, against: first, fixedForms: forms) == .applied)
    #expect(Precedence.outcome(of: gone, against: first, fixedForms: forms) == .applied)
    #expect(made == 0)
    #expect(Precedence.outcome(of: first, against: first, fixedForms: forms) == .duplicate)
    #expect(made == 1)
  }

  @Test(arguments: Scenario.ties)
  func `the same version stands in all orders`(scenario: Scenario) {
    let standing = scenario.orders.map { events in
      var fold = MemoryFold()
      for event in events { _ = fold.apply(event) }
      return fold.registers.values.map { $0.fact.fixedForm }.sorted {
        $0.lexicographicallyPrecedes($1)
      }
    }

    #expect(standing.count >= 6)
    #expect(Set(standing).count == 1)
  }
}

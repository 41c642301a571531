import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwisePass

/// What `mv` and `cp` are going to do, and what they do.
@Suite struct MovePlanTests {
  private static let names = [
    "a.example/alice", "a.example/bob", "Work/mail", "Work/old/mail", "Work/old/bank", "Home/mail", "bank",
  ]

  private let vault: PassVault

  init() throws { vault = try PassVault(Self.names) }

  private func plan(_ arguments: String..., isCopy: Bool = false) throws -> MovePlan {
    try MovePlan(arguments, vault.context, isCopy: isCopy)
  }

  private func steps(_ plan: MovePlan) -> [String] { plan.steps.map { "\($0.from) -> \($0.to)" } }

  @Test(arguments: [
    ("Work/mail", "Play/mail", "Play/mail"), ("Work/mail", "Work/letters", "Work/letters"),
    // Into a folder: it exists, or the name ends in a slash.
    ("Work/mail", "Work/old/", "Work/old/mail"), ("bank", "Work", "Work/bank"), ("bank", "New/", "New/bank"),
    ("/bank", "/New/bank", "New/bank"), ("a.example/alice", "b.example/alice", "b.example/alice"),
    ("a.example/alice", "Work", "Work/alice"), ("Work/old/bank", "/", "bank"),
  ])
  func anEntry(from: String, to: String, result: String) throws {
    let plan = try plan(from, to)
    #expect(!plan.isFolder && plan.to == result)
    #expect(steps(plan) == ["\(TypedName.withoutLeadingSlashes(from)) -> \(result)"])
    #expect((plan.steps[0].replaced != nil) == Self.names.contains(result))
  }

  @Test func aFolder() throws {
    let plan = try plan("Work/old", "Archive")
    #expect(plan.isFolder && plan.from == "Work/old" && plan.to == "Archive")
    #expect(steps(plan) == ["Work/old/bank -> Archive/bank", "Work/old/mail -> Archive/mail"])
    #expect(plan.steps.allSatisfy { $0.replaced == nil })
    // A slash at the end means the folder.
    #expect(
      try steps(self.plan("Work/old/", "Home")) == [
        "Work/old/bank -> Home/old/bank", "Work/old/mail -> Home/old/mail",
      ])
  }

  @Test func aFolderOfASite() throws {
    #expect(
      try steps(plan("a.example", "b.example")) == [
        "a.example/alice -> b.example/alice", "a.example/bob -> b.example/bob",
      ])
  }

  @Test(arguments: [
    ("Work", "Work"), ("Work", "Work/old/deeper"), ("bank", "bank"), ("bank", "/bank"), ("Work/mail", "Work/mail"),
  ])
  func ontoItself(from: String, to: String) throws {
    #expect(throws: UserFacingError.self) { try plan(from, to) }
    #expect(throws: UserFacingError.self) { try plan(from, to, isCopy: true) }
  }

  /// mv(1) does not merge folders; cp(1) does.
  @Test func intoAFolderThatHasOneOfThatName() throws {
    let vault = try PassVault(["a/x/1", "b/x/2"])
    #expect(throws: UserFacingError.self) { try MovePlan(["a/x", "b"], vault.context, isCopy: false) }
    #expect(try steps(MovePlan(["a/x", "b"], vault.context, isCopy: true)) == ["a/x/1 -> b/x/1"])
  }

  @Test func missingAndImpossibleNames() throws {
    #expect(throws: PassFailure.missing("nothing")) { try plan("nothing", "x") }
    #expect(throws: PassFailure.self) { try plan("bank") }
    #expect(throws: PassFailure.self) { try plan("bank", "x", "y") }
    #expect(throws: PassFailure.self) { try plan("../x", "y") }
    #expect(throws: UserFacingError.self) { try plan("bank", "") }
    #expect(throws: UserFacingError.self) { try plan("", "x") }
    #expect(throws: UserFacingError.self) { try plan("bank", "https://a.example/path") }
  }

  /// The copy of x/x/x/1 would replace x/x/1 before that is copied.
  @Test func anEntryThatMovesItselfIsNotReplaced() throws {
    let vault = try PassVault(["x/x/1", "x/x/x/1"])
    #expect(throws: UserFacingError.self) { try MovePlan(["x/x", "/"], vault.context, isCopy: true) }
    #expect(try steps(MovePlan(["x/x", "y"], vault.context, isCopy: true)) == ["x/x/1 -> y/1", "x/x/x/1 -> y/x/1"])
  }

  @Test func moving() throws {
    #expect(try MoveCommand(vault.context).run(["Work", "Archive"]) == .success)
    let entries = try vault.entries
    #expect(
      Set(entries.keys) == [
        "a.example/alice", "a.example/bob", "Archive/mail", "Archive/old/mail", "Archive/old/bank", "Home/mail", "bank",
      ])
    #expect(entries["Archive/old/bank"] == "Work/old/bank" && entries["Home/mail"] == "Home/mail")
  }

  @Test func movingOverAnEntryKeepsTheMovedOne() throws {
    #expect(try MoveCommand(vault.context).run(["-f", "Work/mail", "Home/mail"]) == .success)
    let entries = try vault.entries
    #expect(entries["Home/mail"] == "Work/mail" && entries["Work/mail"] == nil && entries.count == Self.names.count - 1)
  }

  @Test func copying() throws {
    #expect(try CopyCommand(vault.context).run(["Work/old", "a.example/"]) == .success)
    let entries = try vault.entries
    #expect(entries.count == Self.names.count + 2)
    #expect(entries["a.example/old/bank"] == "Work/old/bank" && entries["Work/old/bank"] == "Work/old/bank")
  }
}

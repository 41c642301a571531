import Foundation
import Testing

/// A sandbox and a home, the fixture of most tests.
final class TestHome {
  let scratch: Scratch
  let sandbox: SandboxProcess
  /// Whether the servers may reject requests in this test.
  var mayBeRejected = false
  /// Whether this test may write to the storage, but never without a condition.
  var mayWrite = false
  /// Whether this test may delete collections, or everything.
  var mayDeleteCollections: Bool {
    get { sandbox.mayDeleteCollections }
    set { sandbox.mayDeleteCollections = newValue }
  }

  init(_ sandboxOptions: [String] = []) throws {
    scratch = try Scratch()
    sandbox = try SandboxProcess(sandboxOptions, environment: scratch.environment)
  }

  /// Another home with the same sandbox.
  init(sandbox: SandboxProcess) throws {
    scratch = try Scratch()
    self.sandbox = sandbox
  }

  deinit {
    do {
      try checkConduct()
    } catch {
      Issue.record("the sandbox's log cannot be read: \(error)")
    }
  }

  /// Checks that the storage got only GET requests unless the test may write, and that no request was unserved or
  /// wrongly signed. `RequestPolicy` checks that nothing was wiped or overwritten.
  func checkConduct() throws {
    for request in try sandbox.requestsSinceStart() {
      if request.isStorage, request.method != "GET", !mayWrite { Issue.record("a write to the storage: \(request)") }
      for note in request.notes
      where note.hasPrefix("unserved") || note.hasPrefix("internal") || (!mayBeRejected && note.hasPrefix("rejected")) {
        Issue.record("the sandbox says \(note): \(request)")
      }
    }
  }

  /// Runs `lockwise-sync`.
  func sync(_ arguments: String..., input: Input = .none, with variables: [String: String] = [:]) throws -> Run {
    try Run.program(
      Executables.path("lockwise-sync"), arguments, input: input,
      environment: scratch.environment.merging(variables) { $1 })
  }

  /// Runs `git-credential-lockwise get`.
  func get(_ request: String, with variables: [String: String] = [:]) throws -> Run {
    try Run.program(
      Executables.path("git-credential-lockwise"), ["get"], input: .text(request),
      environment: scratch.environment.merging(variables) { $1 })
  }

  /// Runs `lockwise-sync login` with the password on standard input, which fetches nothing then.
  func login(_ options: String..., password: String = SandboxProcess.password) throws -> Run {
    try Run.program(
      Executables.path("lockwise-sync"),
      ["login", "--server", sandbox.url, "--password-stdin", "--no-pull"] + options + [sandbox.currentEmail],
      input: .text(password + "\n"), environment: scratch.environment)
  }

  /// Signs in with a key file and pulls.
  func signInAndPull() throws {
    try login("--key-file", scratch.keyFile).expectSuccess()
    try sync("pull").expectSuccess()
  }

  /// Signs in with a passphrase that is typed at a terminal. That also pulls, even where keys cannot be kept.
  func signInAndPull(passphrase: String) throws {
    let terminal = try PseudoTerminal(
      Executables.path("lockwise-sync"), ["login", "--server", sandbox.url, SandboxProcess.email],
      environment: scratch.environment)
    try terminal.expect("Password for")
    terminal.enter(SandboxProcess.password)
    try terminal.expect("New passphrase")
    terminal.enter(passphrase)
    try terminal.expect("again")
    terminal.enter(passphrase)
    let outcome = try terminal.finish()
    #expect(outcome.status == 0 && outcome.shown.contains("the vault has"), "\(outcome.shown)")
  }

  /// Returns the state of the vault as `status --json` prints it, without a request.
  func status() throws -> [String: Any] {
    let run = try sync("status", "--offline", "--json").expectSuccess()
    return try JSONSerialization.jsonObject(with: Data(run.outputBytes)) as? [String: Any] ?? [:]
  }
}

extension Run {
  /// Records an issue unless the program exited with 0.
  @discardableResult
  func expectSuccess(sourceLocation: SourceLocation = #_sourceLocation) -> Run {
    #expect(ending == .exited(0), "\(error)", sourceLocation: sourceLocation)
    return self
  }

  /// Records an issue unless the program exited with this status, printed nothing on standard output, and printed only
  /// lines of the form `name: error|hint|notice: …` on standard error, one of them an error.
  func expectRefusal(
    _ status: Int32, _ words: String..., by name: String = "lockwise-sync",
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(ending == .exited(status), "\(error)", sourceLocation: sourceLocation)
    #expect(output.isEmpty, sourceLocation: sourceLocation)
    expectWellFormedErrors(by: name, sourceLocation: sourceLocation)
    #expect(errorLines.contains { $0.hasPrefix("\(name): error: ") }, "\(error)", sourceLocation: sourceLocation)
    for word in words {
      #expect(error.contains(word), "\"\(word)\" is not in: \(error)", sourceLocation: sourceLocation)
    }
  }

  /// Records an issue for a line of standard error in another form.
  func expectWellFormedErrors(by name: String, sourceLocation: SourceLocation = #_sourceLocation) {
    for line in errorLines {
      let isFormed = ["error", "hint", "notice"].contains { line.hasPrefix("\(name): \($0): ") }
      #expect(isFormed, "a line of another form: \(line)", sourceLocation: sourceLocation)
    }
  }
}

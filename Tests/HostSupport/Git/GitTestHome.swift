import Foundation
import LockwiseTestSupport
import Testing

/// A test home with git, a server of repositories, and a user who answers git's prompts.
final class GitTestHome {
  let stage: TestHome
  let git: Git
  let server: GitServer
  /// The lines of `[credential]` in git's configuration.
  var settings = ["helper = lockwise"] { didSet { isConfigured = false } }
  /// Further text of git's configuration.
  var configuration = "" { didSet { isConfigured = false } }
  /// The user's input by the first word of a prompt: `Username`, `Password`.
  var person: [String: String] = [:]
  private var isConfigured = false

  var scratch: Scratch { stage.scratch }
  var sandbox: SandboxProcess { stage.sandbox }

  /// Starts sandbox and server, without signing in.
  init(_ git: Git = .ofSystem, isTLS: Bool = false) throws {
    self.git = git
    stage = try TestHome()
    stage.mayWrite = true
    let root = stage.scratch.root + "/repositories"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false)
    let certificate = isTLS ? try Self.makeCertificate(in: stage.scratch) : nil
    server = try GitServer(root: root, git: git, environment: stage.scratch.environment, certificate: certificate)
    if let certificate { configuration = "[http]\n\tsslCAInfo = \(certificate.certificate)\n" }
    stage.scratch.environment["GIT_ASKPASS"] = stage.scratch.root + "/askpass"
    try stage.scratch.write(
      """
      #!/bin/sh
      printf '%s\\n' "$1" >>\(stage.scratch.root)/questions
      cat "\(stage.scratch.root)/answer-${1%% *}"
      """, to: stage.scratch.root + "/askpass")
  }

  private static func makeCertificate(in scratch: Scratch) throws -> (certificate: String, key: String) {
    let paths = (certificate: scratch.root + "/tls-cert.pem", key: scratch.root + "/tls-key.pem")
    try Run.program(
      Executables.ofSystem("openssl"),
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
        "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1,DNS:github.com", "-keyout", paths.key, "-out",
        paths.certificate,
      ], environment: scratch.environment
    ).expectSuccess()
    return paths
  }

  /// Makes a repository on the server with one commit.
  func makeRepository(_ name: String, files: [String: String] = ["a": "1"]) throws {
    let bare = server.root + "/" + name
    try run("init", "--quiet", "--bare", "--initial-branch=main", bare).expectSuccess()
    let seed = scratch.root + "/seed-\(UUID().uuidString)"
    try run("init", "--quiet", "--initial-branch=main", seed).expectSuccess()
    for (file, text) in files { try scratch.write(text, to: seed + "/" + file) }
    try run("add", ".", in: seed).expectSuccess()
    try run("commit", "--quiet", "-m", "seed", in: seed).expectSuccess()
    try run("push", "--quiet", bare, "main", in: seed).expectSuccess()
  }

  /// Saves a login in Firefox on another machine, before or after the sign-in; `pull` downloads it.
  ///
  /// - Parameter realm: the realm of HTTP authentication; nil for a form of the web site.
  func saveInFirefox(
    _ id: String, username: String, password: String, realm: String? = nil, origin: String? = nil, age: Int = 1000
  ) throws {
    let origin = origin ?? server.url
    let time = Int64(Date().timeIntervalSince1970 - Double(age)) * 1000
    let login = LoginJSON.whole(
      id, origin: origin, realm: realm, form: realm == nil ? origin : nil, username: username, password: password,
      time: time, more: ["timeLastUsed": "\(time)", "timesUsed": "1"])
    try sandbox.put([login.object])
  }

  /// Runs git.
  func run(_ arguments: String..., in folder: String? = nil, with variables: [String: String] = [:]) throws -> Run {
    try run(arguments, in: folder, with: variables)
  }

  /// Runs git with a list of arguments.
  func run(
    _ arguments: [String], in folder: String? = nil, with variables: [String: String] = [:], input: Input = .none
  ) throws -> Run {
    try prepare()
    return try Run.program(
      git.path, (folder.map { ["-C", $0] } ?? []) + arguments, input: input, environment: environment(variables))
  }

  /// The environment of git.
  func environment(_ variables: [String: String] = [:]) -> [String: String] {
    git.environment(scratch.environment).merging(variables) { $1 }
  }

  /// Writes git's configuration and the user's input.
  func prepare() throws {
    for word in ["Username", "Password"] {
      let path = scratch.root + "/answer-" + word
      if let text = person[word] { try scratch.write(text + "\n", to: path) } else { unlink(path) }
    }
    guard !isConfigured else { return }
    isConfigured = true
    let lines = settings.map { "\t\($0)\n" }.joined()
    try scratch.write("[credential]\n\(lines)\(configuration)", to: scratch.root + "/gitconfig")
  }

  /// Returns git's prompts since the last call.
  func takeQuestions() -> [String] {
    let path = scratch.root + "/questions"
    defer { unlink(path) }
    return ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
  }

  /// Runs an operation of the helper.
  func helper(_ verb: String, _ request: String, with variables: [String: String] = [:]) throws -> Run {
    try Run.program(
      Executables.path("git-credential-lockwise"), [verb], input: .text(request), environment: environment(variables))
  }

  /// Returns the logins on the Sync server for an origin, by default that of the repositories, by id.
  func storedHere(at origin: String? = nil) throws -> [String: [String: Any]] {
    try sandbox.storedLogins().filter { $0.value["hostname"] as? String == origin ?? server.url }
  }

  /// Waits until the logins on the Sync server for an origin, by default that of the repositories, meet a condition.
  func awaitStored(
    at origin: String? = nil, sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: ([String: [String: Any]]) -> Bool
  ) throws {
    var stored: [String: [String: Any]] = [:]
    let isThere = try Deadline(seconds: 20).await {
      usleep(20_000)
      stored = try storedHere(at: origin)
      return condition(stored)
    }
    #expect(isThere, "\(stored)", sourceLocation: sourceLocation)
  }
}

import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// The helper's protocol as docker's client library speaks it: requests on standard input, failures on standard output.
@Suite final class DockerProtocolTests {
  private static let name = "docker-credential-lockwise"
  private static let hub = "https://index.docker.io/v1/"

  private let home: DockerHome

  init() throws { home = try DockerHome() }

  private func store(_ server: String, _ username: String, _ secret: String) throws -> Run {
    let request = ["ServerURL": server, "Username": username, "Secret": secret]
    return try home.helper("store", String(decoding: JSONSerialization.data(withJSONObject: request), as: UTF8.self))
  }

  /// docker compares standard output without blanks around it.
  private func expect(
    _ run: Run, fails text: String, isSilent: Bool = true, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(run.ending == .exited(1) && run.output == text + "\n", "\(run.output)", sourceLocation: sourceLocation)
    #expect(run.error.isEmpty == isSilent, "\(run.error)", sourceLocation: sourceLocation)
    run.expectWellFormedErrors(by: Self.name, sourceLocation: sourceLocation)
  }

  @Test func failsInTheWordsOfTheProtocol() throws {
    expect(try home.helper("get", "nobody.example"), fails: "credentials not found in native keychain")
    for command in ["get", "erase"] {
      for input in ["", "\n", " \r\n"] { expect(try home.helper(command, input), fails: "no credentials server URL") }
    }
    expect(try store("", "a", "b"), fails: "no credentials server URL")
    expect(try store("a.example", "", "b"), fails: "no credentials username")
    expect(try home.helper("got", ""), fails: "Unknown credential action `got`")
  }

  @Test(arguments: [
    ("{}", "no credentials server URL"), ("", "cannot save the login: the input is not a JSON object"),
    ("\u{0}", "cannot save the login: the input is not a JSON object"),
    (#"{"ServerURL":"a.example","Username":"u","Secret":7}"#, "cannot save the login: Secret is not a string"),
    (#"{"ServerURL":"a.example","Username":"u","Secret":""}"#, "cannot save the login: there is no secret"),
    (
      #"{"ServerURL":"a.example","Username":"u","Secret":"\u0000"}"#,
      "cannot save the login: the user name or the secret contains a NUL byte"
    ),
    (
      #"{"ServerURL":"ftp://a.example","Username":"u","Secret":"s"}"#,
      "cannot save the login: the server URL is invalid"
    ),
  ])
  func refusesOddRequests(input: String, text: String) throws {
    let count = try home.stage.status()["logins"] as? Int
    expect(try home.helper("store", input), fails: text, isSilent: !text.hasPrefix("cannot"))
    #expect(try home.stage.status()["logins"] as? Int == count)
  }

  @Test func keepsASecretByteForByte() throws {
    let secrets = [
      "'\"\\$`!*", " blanks ", "line\nbreak\r\n", "é\u{2028}\u{1F600}", "\u{1}\u{7F}", "<&>", "-n", "lockwise://a/b",
      String(repeating: "x", count: 100_000),
    ]
    for secret in secrets {
      try store(Self.hub, "<token>", secret).expectSuccess()
      let answer = try home.helper("get", Self.hub + "\n").expectSuccess()
      let object = try JSONSerialization.jsonObject(with: Data(answer.outputBytes)) as? [String: String]
      #expect(object?["Secret"] == secret && object?["Username"] == "<token>" && object?["ServerURL"] == Self.hub)
    }
  }

  @Test func uploadsAChangeOnce() throws {
    try home.stage.sandbox.clearRequests()
    for _ in 1...3 { try store(home.registry, "a", "b").expectSuccess() }
    try home.awaitStored { $0.count == 1 }
    #expect(try home.stage.sandbox.storageWrites() == ["POST 200"])
  }

  @Test(.needsKeyring) func reportsALockedVaultOnBothStreams() throws {
    let home = try DockerHome(passphrase: "polonium 50")
    try home.stage.sync("lock").expectSuccess()
    let never = ["LOCKWISE_NO_PROMPT": "1"]
    let request = #"{"ServerURL":"a.example","Username":"u","Secret":"s"}"#
    for (command, input) in [("get", "a.example"), ("erase", "a.example"), ("list", ""), ("store", request)] {
      let run = try home.helper(command, input, with: never)
      #expect(run.ending == .exited(1) && run.lines.count == 1 && run.errorLines.count == 1, "\(command)")
      #expect(run.output.hasPrefix("the vault is locked (unlock it: "), "\(run.output)")
      run.expectWellFormedErrors(by: Self.name)
    }
  }

  @Test func answersWithoutAVault() throws {
    let scratch = try Scratch()
    func run(_ command: String, _ input: String) throws -> Run {
      try Run.program(
        Executables.path(Self.name), [command], input: .text(input), environment: scratch.environment)
    }
    expect(try run("get", "a.example"), fails: "credentials not found in native keychain")
    #expect(try run("erase", "a.example").expectSuccess().output.isEmpty)
    #expect(try run("list", "unused").expectSuccess().output == "{}\n")
    let store = try run("store", #"{"ServerURL":"a.example","Username":"u","Secret":"s"}"#)
    #expect(store.status == 1 && store.output.hasPrefix("there is no vault in "), "\(store.output)")
    #expect(!scratch.hasVault)
  }

  /// A login that was saved in Firefox a minute ago.
  @Test func waitsForAPullIfThereIsNone() throws {
    let origin = "https://added.example"
    try home.stage.sandbox.put([
      LoginJSON("added0000000", origin: origin, realm: nil, form: origin, username: "new", password: "just saved")
        .object
    ])
    expect(try home.helper("get", "added.example"), fails: "credentials not found in native keychain")
    var times = [timeval(tv_sec: time(nil) - 3600, tv_usec: 0), timeval(tv_sec: time(nil) - 3600, tv_usec: 0)]
    for name in ["pulled", "pull.lock"] { #expect(utimes(home.scratch.vault + "/" + name, &times) == 0) }
    #expect(try home.helper("get", "added.example").expectSuccess().output.contains("just saved"))
  }

  @Test func pullsInTheBackgroundAfterAnAnswer() throws {
    try home.stage.sandbox.clearRequests()
    try home.stage.sandbox.fault("info/collections", ["delayMs": 5000])
    var times = [timeval(tv_sec: time(nil) - 3600, tv_usec: 0), timeval(tv_sec: time(nil) - 3600, tv_usec: 0)]
    for name in ["pulled", "pull.lock"] { #expect(utimes(home.scratch.vault + "/" + name, &times) == 0) }
    let begin = ContinuousClock.now
    try home.helper("get", "github.com").expectSuccess()
    #expect((ContinuousClock.now - begin) / .seconds(1) < 4)
    let isPulled = try Deadline(seconds: 20).await { try !home.stage.sandbox.requests().isEmpty }
    #expect(isPulled, "no background pull")
  }

  /// strace(1): no secret in an argument or a path, no socket, and nothing created outside the vault.
  @Test(.needsTextsInTrace, arguments: ["get", "store", "erase", "list"])
  func leavesNoTrace(command: String) throws {
    let secret = "s3cret-of-the-registry"
    try store(home.registry, "alice", secret).expectSuccess()
    try home.awaitStored { $0.count == 1 }
    let input =
      command == "store"
      ? #"{"ServerURL":"\#(home.registry)","Username":"alice","Secret":"\#(secret)2"}"# : home.registry
    let trace = home.scratch.root + "/trace"
    try Run.program(
      Executables.ofSystem("strace"),
      ["-f", "-y", "-s", "4096", "-e", "trace=execve,openat,open,creat,socket,connect,mkdir,rename,memfd_create"]
        + ["-o", trace, Executables.path(Self.name), command],
      input: .text(input), environment: home.scratch.environment.merging(["PATH": "/usr/bin:/bin"]) { $1 }
    ).expectSuccess()
    let text = try String(contentsOfFile: trace, encoding: .utf8)
    #expect(!text.contains(secret))
    // Only `lockwise-sync`, which is another process, may use the network.
    let own = text.split(separator: "\n").prefix { !$0.contains("lockwise-sync\"") }
    #expect(!own.isEmpty && !own.contains { $0.contains("socket(") || $0.contains("connect(") })
    for line in own where line.contains("O_CREAT") {
      #expect(line.contains("/state/lockwise/"), "\(line)")
    }
  }
}

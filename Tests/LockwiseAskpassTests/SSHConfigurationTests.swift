import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseAskpass

/// The proof that ssh connects to the account in its prompt.
@Suite struct SSHConfigurationTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let output =
    "host x\nuser ann lee\nhostname 10.0.0.1\nport 2222\naddressfamily any\nhostkeyalias the.alias\n"

  private func account(_ text: String) throws -> SSHAccount { try #require(SSHAccount(Array(text.utf8))) }

  @Test func linesAreParsed() throws {
    let configuration = try #require(SSHConfiguration(parsing: Array(Self.output.utf8)))
    #expect(configuration.user == "ann lee")
    #expect(configuration.hostname == "10.0.0.1")
    #expect(configuration.hostKeyAlias == "the.alias")
    #expect(configuration.port == 2222)
  }

  @Test(arguments: [
    "", "user a\nport 22\n", "hostname h\nport 22\n", "user a\nhostname h\n", "user a\nhostname h\nport 0\n",
    "user a\nhostname h\nport 65536\n", "user a\nhostname h\nport 22\nport 23\n",
    "user a\nuser b\nhostname h\nport 22\n",
    "user\nhostname h\nport 22\n", "user \nhostname h\nport 22\n", "user a\nhostname h\rx\nport 22\n",
    "User a\nhostname h\nport 22\n",
  ])
  func incompleteOutputIsRejected(text: String) { #expect(SSHConfiguration(parsing: Array(text.utf8)) == nil) }

  @Test(
    arguments: [
      ("ann lee@10.0.0.1", "ssh://10.0.0.1:2222"), ("ann lee@the.alias", "ssh://the.alias:2222"),
      ("ann@10.0.0.1", nil), ("ann lee@x", nil), ("ann lee@10.0.0.2", nil), ("Ann lee@10.0.0.1", nil),
    ] as [(String, String?)])
  func userAndHostAreThoseOfThePrompt(prompt: String, origin: String?) throws {
    let configuration = try #require(SSHConfiguration(parsing: Array(Self.output.utf8)))
    #expect(configuration.origin(of: try account(prompt))?.serialized == origin)
  }

  @Test func theDefaultPortIsLeftOut() throws {
    let configuration = try #require(SSHConfiguration(parsing: Array("user a\nhostname ::1\nport 22\n".utf8)))
    #expect(configuration.origin(of: try account("a@::1"))?.serialized == "ssh://[::1]")
  }

  @Test func sshIsRunWithTheAskersArguments() throws {
    let probe = SSHProbe { program, name, arguments, readsErrors in
      guard program == "/proc/77/exe", name == "ssh", !readsErrors else { return nil }
      return Array("user \(arguments.joined(separator: ","))\nhostname h\nport 22\n".utf8)
    }
    func asker(_ arguments: [[UInt8]], _ kind: Asker.Kind = .ssh) -> Asker {
      Asker(identity: .init(id: 77, start: 1), kind: kind, arguments: arguments, isDirectParent: true)
    }
    let arguments = ["ssh", "-p", "22", "h", "ls -l"].map { Array($0.utf8) }
    #expect(probe.configuration(of: asker(arguments))?.user == "-G,-p,22,h,ls -l")
    #expect(probe.configuration(of: asker(arguments, .git)) == nil)
    #expect(probe.configuration(of: asker([])) == nil)
    #expect(probe.configuration(of: asker(arguments + [[0xFF]])) == nil)
    #expect(probe.origin(of: try account("-G@h"), asker: asker([Array("ssh".utf8)])) == Origin("ssh://h"))
    #expect(probe.origin(of: try account("ann@h"), asker: asker([Array("ssh".utf8)])) == nil)
  }

  /// Runs a script as a probe runs ssh. A file that was just written can still be open in the child of another test, and
  /// such a file cannot be executed (execve(2), ETXTBSY): the shell reads it.
  private func run(
    _ script: String, _ arguments: String..., readsErrors: Bool = false, timeout: Milliseconds = 5000
  ) throws -> [UInt8]? {
    let path = try folder.write("script", script)
    return SSHProbe.running(Environment(["PATH": "/usr/bin:/bin"]), timeout: timeout)(
      "/bin/sh", "sh", [path] + arguments, readsErrors)
  }

  @Test func programsAreRunInASessionOfTheirOwn() throws {
    let script = """
      read x && exit 1
      [ "$1" != -V ] || { echo OpenSSH_9.9p2 >&2; exit; }
      set -- $(cat /proc/$$/stat)
      [ "$6" = $$ ] && echo "user $SSH_ASKPASS_REQUIRE" && echo hostname h && echo port 22
      """
    let output = try #require(try run(script, "-G"))
    #expect(SSHConfiguration(parsing: output)?.user == "never")
    let version = try run(script, "-V", readsErrors: true).flatMap { SSHVersion(parsing: $0) }
    #expect(version == SSHVersion(major: 9, minor: 9))
    #expect(try run("echo user a; exit 255") == nil)
    let missing = SSHProbe.running(Environment(["PATH": "/usr/bin:/bin"]), timeout: 5000)
    #expect(missing(folder.path + "/none", "ssh", [], false) == nil)
  }

  @Test func aProgramThatDoesNotEndIsKilled() throws {
    let start = Milliseconds.monotonic()
    #expect(try run("echo user a; exec sleep 100", timeout: 200) == nil)
    #expect(Milliseconds.monotonic() - start < 5000)
  }
}

import Foundation
import Testing

@testable import LockwiseHostSupport

/// Variables that make libcrypto or libcurl load code or write keys, and files that libcurl reads.
@Suite final class EnvironmentTests {
  private let stage: TestHome

  init() throws { stage = try TestHome() }

  private func trace(_ program: String, _ arguments: [String], input: String) throws -> (SystemCallTrace, Run) {
    try SystemCallTrace.of(
      Executables.path(program), arguments, input: .text(input), environment: stage.scratch.environment,
      in: stage.scratch.root)
  }

  private var login: [String] {
    ["login", "--server", stage.sandbox.url, "--password-stdin", "--key-file", stage.scratch.keyFile]
      + [stage.sandbox.currentEmail]
  }

  @Test(.needsTextsInTrace) func ignoresVariablesOfLibcryptoAndLibcurl() throws {
    let hostile = stage.scratch.root + "/hostile"
    try FileManager.default.createDirectory(atPath: hostile, withIntermediateDirectories: false)
    try stage.scratch.write("nonsense", to: hostile + "/openssl.cnf")
    for (name, value) in [
      ("SSLKEYLOGFILE", hostile + "/keys"), ("OPENSSL_CONF", hostile + "/openssl.cnf"),
      ("OPENSSL_CONF_INCLUDE", hostile), ("OPENSSL_MODULES", hostile), ("OPENSSL_ENGINES", hostile),
      ("CTLOG_FILE", hostile + "/ct"), ("QLOGDIR", hostile), ("SSL_CERT_FILE", "hostile/ca.pem"),
      ("SSL_CERT_DIR", "hostile"),
    ] {
      stage.scratch.environment[name] = value
    }
    let (signIn, run) = try trace("lockwise-sync", login, input: SandboxProcess.password + "\n")
    run.expectSuccess()
    let (get, _) = try trace(
      "git-credential-lockwise", ["get"], input: "protocol=https\nhost=github.com\n")
    for trace in [signIn, get] {
      let touched = trace.calls.filter { !$0.name.hasPrefix("exec") && $0.arguments.contains("hostile") }
      #expect(touched.isEmpty, "\(touched)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: hostile) == ["openssl.cnf"])
  }

  /// The programs that they start do not inherit them either.
  @Test func doesNotPassThemOn() throws {
    let log = stage.scratch.root + "/environment"
    stage.scratch.environment["SSLKEYLOGFILE"] = stage.scratch.root + "/keys"
    stage.scratch.environment["OPENSSL_CONF"] = "/dev/null"
    stage.scratch.environment["SSL_CERT_FILE"] = "/etc/ssl/certs/ca-certificates.crt"
    try Run.program(
      Executables.path("lockwise-sync"),
      ["login", "--server", stage.sandbox.url, "--password-stdin"]
        + ["--passphrase-command", "env >\(log); echo a long passphrase", stage.sandbox.currentEmail],
      input: .text(SandboxProcess.password + "\n"), environment: stage.scratch.environment
    ).expectSuccess()
    let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
    #expect(lines.contains("SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"))
    #expect(!lines.contains { $0.hasPrefix("SSLKEYLOGFILE=") || $0.hasPrefix("OPENSSL_CONF=") })
  }

  @Test(.needsTextsInTrace) func doesNotReadNetrc() throws {
    let home = try #require(stage.scratch.environment["HOME"])
    for name in [".netrc", "_netrc", ".curlrc"] {
      try stage.scratch.write("machine 127.0.0.1 login netrc password secret\n", to: home + "/" + name)
    }
    stage.scratch.environment["NETRC"] = home + "/.netrc"
    let (trace, run) = try trace("lockwise-sync", login, input: SandboxProcess.password + "\n")
    run.expectSuccess()
    let touched = trace.calls.filter { !$0.name.hasPrefix("exec") && $0.arguments.contains("netrc") }
    #expect(touched.isEmpty, "\(touched)")
    // Discovery needs no authorization, so that libcurl would add its own.
    let requests = try stage.sandbox.requestsSinceStart().filter { $0.agent == "lockwise" }
    let open = requests.filter { $0.auth == "none" }
    #expect(!open.isEmpty)
    #expect(open.allSatisfy { !$0.headers.contains("authorization") }, "\(open)")
  }
}

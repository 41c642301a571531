import Foundation
import Testing

@testable import LockwiseHostSupport

/// Sign-in at servers with trusted and untrusted certificates, with OpenSSL's test server.
@Suite final class LoginTLSTests {
  let stage: TestHome
  private var server: RunningProgram?

  init() throws { stage = try TestHome() }

  deinit {
    server?.signal(SIGKILL)
    _ = try? server?.finish(timeout: 10)
  }

  /// Starts a server with a self-signed certificate for `name`.
  ///
  /// - Returns: its port.
  private func start(name: String) throws -> Int {
    let root = stage.scratch.root
    try Run.program(
      Executables.ofSystem("openssl"),
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
        "/CN=test",
      ]
        + ["-addext", "subjectAltName=\(name)", "-keyout", root + "/tls-key.pem", "-out", root + "/tls-cert.pem"],
      environment: stage.scratch.environment
    ).expectSuccess()
    let running = try RunningProgram(
      Executables.ofSystem("openssl"),
      ["s_server", "-accept", "127.0.0.1:0", "-www", "-key", root + "/tls-key.pem", "-cert", root + "/tls-cert.pem"],
      environment: stage.scratch.environment)
    server = running
    // With port 0, it prints its port: `ACCEPT 127.0.0.1:PORT`.
    let pattern = /ACCEPT [0-9.]+:([0-9]+)/
    #expect(Deadline(seconds: 20).await { running.outputSoFar.firstMatch(of: pattern) != nil || running.hasEnded })
    let match = try #require(running.outputSoFar.firstMatch(of: pattern))
    return try #require(Int(match.1))
  }

  private func login(port: Int, trusting file: String?) throws -> Run {
    var environment = stage.scratch.environment
    environment["LOCKWISE_CA_FILE"] = file
    return try Run.program(
      Executables.path("lockwise-sync"),
      ["login", "--server", "https://127.0.0.1:\(port)", "--password-stdin", "--key-file", stage.scratch.keyFile]
        + [SandboxProcess.email], input: .text(SandboxProcess.password + "\n"), environment: environment)
  }

  @Test func acceptsATrustedCertificate() throws {
    let port = try start(name: "IP:127.0.0.1")
    // The server is reached, but is not an accounts server.
    try login(port: port, trusting: stage.scratch.root + "/tls-cert.pem")
      .expectRefusal(4, "there is no Mozilla accounts server at this address", "hint: check the server's address")
  }

  @Test func refusesAnUnknownAuthority() throws {
    let port = try start(name: "IP:127.0.0.1")
    try login(port: port, trusting: nil).expectRefusal(4, "certificate", "hint: ")
    #expect(stage.scratch.vaultFiles.isEmpty)
  }

  @Test func refusesAWrongName() throws {
    let port = try start(name: "DNS:accounts.example.org")
    try login(port: port, trusting: stage.scratch.root + "/tls-cert.pem").expectRefusal(4, "certificate", "hint: ")
    #expect(stage.scratch.vaultFiles.isEmpty)
  }
}

import Glibc
import LockwiseAccounts
import LockwiseCore
import LockwiseTestSupport
import Testing

/// Certificates, with OpenSSL's test server.
@Suite(.enabled(if: access("/usr/bin/openssl", X_OK) == 0))
struct TLSTests {
  /// A server with a fresh self-signed certificate for `name`.
  private final class Server {
    private let directory: String
    private let process: TestProcess
    private let port: UInt16

    var certificate: String { directory + "/cert.pem" }

    init(name: String, arguments: [String] = []) throws {
      var template = Array("/tmp/lockwise-tls-XXXXXX".utf8CString)
      directory = mkdtemp(&template).map { String(cString: $0) } ?? ""
      let free = try LoopbackServer { _ in .close("") }
      port = free.port
      free.stop()
      let pair = ["-key", directory + "/key.pem", "-cert", directory + "/cert.pem"]
      let made = try TestProcess([
        Self.openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-days", "2",
        "-subj", "/CN=test", "-addext", "subjectAltName=\(name)", "-keyout", pair[1], "-out", pair[3],
      ])
      try #require(made.wait() == 0)
      process = try TestProcess(
        [Self.openssl, "s_server", "-accept", "127.0.0.1:\(port)", "-www", "-quiet"] + pair + arguments)
    }

    deinit {
      for file in ["/key.pem", "/cert.pem"] { unlink(directory + file) }
      rmdir(directory)
    }

    static let openssl = "/usr/bin/openssl"

    /// Sends a request, and retries until the server listens.
    func get(trusting file: String?) throws -> HTTPResponse {
      let transport = try CurlTransport(
        userAgent: "lockwise/test", options: CurlTransport.Options(timeout: 5000, certificateFile: file))
      for _ in 0..<100 {
        do {
          return try transport.send(HTTPRequest(method: "GET", url: "https://127.0.0.1:\(port)/"))
        } catch HTTPError.unreachable {
          usleep(50_000)
        }
      }
      throw HTTPError.unreachable(host: "127.0.0.1", reason: "openssl s_server does not listen")
    }
  }

  private func isUntrusted(_ error: HTTPError?) -> Bool {
    if case .untrusted(host: "127.0.0.1", _) = error { true } else { false }
  }

  @Test func acceptsATrustedCertificate() throws {
    let server = try Server(name: "IP:127.0.0.1")
    #expect(try server.get(trusting: server.certificate).status == 200)
  }

  @Test func refusesAnUnknownAuthority() throws {
    let server = try Server(name: "IP:127.0.0.1")
    let error = #expect(throws: HTTPError.self) { try server.get(trusting: nil) }
    #expect(isUntrusted(error), "\(String(describing: error))")
  }

  @Test func refusesAWrongName() throws {
    let server = try Server(name: "DNS:example.org")
    let error = #expect(throws: HTTPError.self) { try server.get(trusting: server.certificate) }
    #expect(isUntrusted(error), "\(String(describing: error))")
  }

  @Test("TLS 1.1 is refused") func refusesOldProtocols() throws {
    let server = try Server(name: "IP:127.0.0.1", arguments: ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
    let error = #expect(throws: HTTPError.self) { try server.get(trusting: server.certificate) }
    guard case .broken(host: "127.0.0.1", _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}

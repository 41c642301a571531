import Foundation
import Testing

@testable import LockwiseHostSupport

/// git behind a proxy that requires a password, which Firefox has saved.
@Suite struct GitProxyTests {
  private struct Proxy {
    let process: RunningProgram
    let port: Int
    let control: ControlClient

    init(_ stage: GitTestHome) throws {
      process = try RunningProgram(
        Executables.ofSystem("python3"), [TestServers.path("http-proxy.py"), "marie", "quartz"],
        environment: stage.scratch.environment)
      let ports = try TestServers.ports(of: process, count: 2)
      port = ports[0]
      control = ControlClient(port: try #require(UInt16(exactly: ports[1])))
    }

    /// The credentials sent to the proxy and its responses, each once.
    func seen() throws -> [String] {
      let list = try control.json("GET", "/") as? [[Any]] ?? []
      var seen: [String] = []
      for entry in list {
        let text = "\(entry[2] as? String ?? "-") \(entry[3])"
        if !seen.contains(text) { seen.append(text) }
      }
      return seen
    }
  }

  @Test(arguments: Git.all, ["configuration", "variable"]) func usesFirefoxsLoginForTheProxy(git: Git, place: String)
    throws
  {
    let stage = try GitTestHome(git)
    try stage.makeRepository("one.git")
    try stage.server.accept(["pierre": "radium"])
    let proxy = try Proxy(stage)
    defer {
      proxy.process.signal(SIGKILL)
      _ = try? proxy.process.finish(timeout: 10)
    }
    try stage.saveInFirefox(
      "firefoxproxy", username: "marie", password: "quartz", realm: "Proxy",
      origin: "moz-proxy://127.0.0.1:\(proxy.port)")
    // A login of the same host and port for another protocol.
    try stage.saveInFirefox(
      "firefoxother", username: "marie", password: "wrong", realm: "Proxy", origin: "https://127.0.0.1:\(proxy.port)")
    try stage.saveInFirefox("firefoxsite0", username: "pierre", password: "radium", realm: "Test Git")
    try stage.stage.signInAndPull()
    let url = "http://marie@127.0.0.1:\(proxy.port)"
    if place == "configuration" { stage.configuration = "[http]\n\tproxy = \(url)\n" }
    // no_proxy would exclude the loopback interface (curl(1)).
    let variables = ["no_proxy": "", "NO_PROXY": ""].merging(place == "variable" ? ["http_proxy": url] : [:]) { $1 }
    let run = try stage.run(["ls-remote", "--quiet", stage.server.url + "/one.git"], with: variables)
    run.expectSuccess()
    #expect(stage.takeQuestions() == [] && run.error.isEmpty, "\(run.error)")
    let seen = try proxy.seen()
    #expect(
      seen.contains("marie:quartz 200") && !seen.contains { $0.contains("wrong") || $0.contains("radium") }, "\(seen)")
    #expect(try stage.server.takeCredentials() == ["pierre:radium"])
    // git stores both, and the vault has both already.
    #expect(try stage.stage.status()["waiting"] as? Int == 0)
  }
}

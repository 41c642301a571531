import Foundation
import Testing

@testable import LockwiseHostSupport

/// The real container tools log in and out with the helper.
@Suite final class DockerHostTests {
  /// A container tool and the options of its `login` that a registry without TLS needs.
  struct Tool: CustomTestStringConvertible, Sendable {
    let path: String
    let options: [String]

    var testDescription: String { path }
  }

  /// The tools that are installed. More than one version of docker may be. podman and buildah run by an ordinary user
  /// start the helper in a user namespace, which does not trust homes outside of `/home`: see `DockerRootlessTests`.
  static let tools: [Tool] = [
    ("/usr/bin/docker", []), ("/usr/local/bin/docker", []), ("/usr/bin/podman", ["--tls-verify=false"]),
    ("/usr/bin/buildah", ["--tls-verify=false"]), ("/usr/bin/skopeo", ["--tls-verify=false"]),
  ].filter { access($0.0, X_OK) == 0 && (geteuid() == 0 || !["/usr/bin/podman", "/usr/bin/buildah"].contains($0.0)) }
    .map { Tool(path: $0.0, options: $0.1) }

  private static let account = DockerHome.account

  private let home: DockerHome

  init() throws { home = try DockerHome() }

  private func logIn(_ tool: Tool) throws -> Run {
    try home.run(
      tool.path, ["login"] + tool.options + ["--username", Self.account.username, "--password-stdin", home.registry],
      input: Self.account.password)
  }

  @Test(.enabled(if: !tools.isEmpty, "neither docker nor podman, buildah or skopeo is installed"), arguments: tools)
  func logsInAndOut(tool: Tool) throws {
    try logIn(tool).expectSuccess()
    #expect(home.takePasswords() == ["\(Self.account.username) \(Self.account.password) 200"])
    let found = try home.helper("get", home.registry).expectSuccess().json
    #expect(
      found as? [String: String]
        == ["ServerURL": home.registry, "Username": Self.account.username, "Secret": Self.account.password])
    #expect(try home.helper("list").json as? [String: String] == [home.registry: Self.account.username])
    try home.awaitStored { stored in
      stored.count == 1 && stored[0]["hostname"] as? String == "https://\(home.registry)"
        && stored[0]["password"] as? String == Self.account.password && stored[0]["formSubmitURL"] is NSNull
    }
    // docker erases four forms of the address.
    let logout = try home.run(tool.path, ["logout", home.registry]).expectSuccess()
    #expect(!logout.error.contains("lockwise") && !logout.error.lowercased().contains("warning"), "\(logout.error)")
    #expect(try home.helper("list").expectSuccess().output == "{}\n")
    try home.awaitStored(\.isEmpty)
    #expect(try home.helper("get", home.registry).output == "credentials not found in native keychain\n")
    try home.run(tool.path, ["logout"]).expectQuietFailureOrSuccess()
  }

  /// A login of the browser serves, and logging out does not delete it.
  @Test(.enabled(if: !tools.isEmpty, "neither docker nor podman, buildah or skopeo is installed"), arguments: tools)
  func logsInWithALoginOfTheBrowser(tool: Tool) throws {
    try home.saveInFirefox(Self.account.username, Self.account.password)
    let before = try home.stage.status()["logins"] as? Int
    let login = try home.run(tool.path, ["login"] + tool.options + [home.registry])
    #expect((login.output + login.error).contains("Authenticating with existing credentials"), "\(login.error)")
    // docker sends existing credentials through its daemon only.
    if !tool.path.hasSuffix("docker") {
      login.expectSuccess()
      #expect(home.takePasswords().last == "\(Self.account.username) \(Self.account.password) 200")
    }
    _ = try home.run(tool.path, ["logout", home.registry])
    #expect(try home.helper("get", home.registry).expectSuccess().output.contains(Self.account.username))
    #expect(try home.stage.status()["logins"] as? Int == before)
  }
}

extension Run {
  /// The standard output as JSON.
  fileprivate var json: Any? { try? JSONSerialization.jsonObject(with: Data(outputBytes)) }

  /// Records an issue if the program says something of ours.
  fileprivate func expectQuietFailureOrSuccess(sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(!(output + error).contains("lockwise"), "\(error)", sourceLocation: sourceLocation)
  }
}

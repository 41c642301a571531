import Foundation
import LockwiseCore
import Testing

@testable import LockwiseSetup

/// docker's configuration gets one member, and loses it again.
@Suite struct DockerStepTests {
  private static let config = ".docker/config.json"

  /// Contents of the file; `nil` if there is none.
  @Test(arguments: [
    nil, "", "{}", "{\n}\n", "{\"psFormat\":\"table\"}",
    "{\n\t\"auths\": {\n\t\t\"https://index.docker.io/v1/\": {}\n\t},\n\t\"psFormat\": \"a\\u0062\"\n}",
  ])
  func isSetUpAndUndone(content: String?) throws {
    let home = try SetupHome("docker")
    if let content { try home.write(Self.config, content, mode: 0o640) }
    let before = home.tree
    #expect(try home.step(.docker).state() == .notSetUp)
    #expect(try home.step(.docker).isRecommended)
    #expect(try home.step(.docker).apply() == [])
    #expect(try home.step(.docker).state() == .setUp("~/.docker/config.json"))
    let object = try JSONObject(parsing: SecretBytes(utf8: try #require(home.text(Self.config))))
    #expect(object["credsStore"]?.string == "lockwise")
    if content == nil {
      #expect(home.tree[".docker"] == "folder 700" && home.tree[Self.config]?.hasPrefix("file 600 ") == true)
    }
    let reversion = try home.unsetup()
    #expect(reversion == [.undone((content == nil ? "removed " : "restored ") + "~/.docker/config.json")])
    #expect(home.tree == before)
  }

  @Test(arguments: [
    ("{\"credsStore\": \"desktop\"}", StepState.other("credsStore \"desktop\" in ~/.docker/config.json")),
    ("{\"CredsStore\": \"desktop\"}", .other("credsStore \"desktop\" in ~/.docker/config.json")),
    ("{\"credsStore\": \"\"}", .other("credsStore \"\" in ~/.docker/config.json")),
    ("{\"credsStore\": null}", .other("credsStore in ~/.docker/config.json")),
    ("{\"credsStore\": \"desktop\", \"credsStore\": \"lockwise\"}", .setUp("~/.docker/config.json")),
    (
      "{\"credsStore\": \"lockwise\", \"credsStore\": \"desktop\"}",
      .other("credsStore \"desktop\" in ~/.docker/config.json")
    ),
    ("{\"credHelpers\": {\"a.example\": \"b\"}}", .notSetUp),
    ("// mine\n{}", .unavailable("~/.docker/config.json is not valid JSON")),
    ("\u{FEFF}{}", .unavailable("~/.docker/config.json is not valid JSON")),
  ])
  func recognisesWhatIsThere(content: String, state: StepState) throws {
    let home = try SetupHome("docker")
    try home.write(Self.config, content)
    #expect(try home.step(.docker).state() == state)
    #expect(home.text(Self.config) == content)
  }

  @Test func loginsInTheFileMakeItAQuestion() throws {
    let home = try SetupHome("docker")
    try home.write(
      Self.config, "{\"auths\": {\"a\": {\"auth\": \"bTpw\"}, \"b\": {}, \"c\": {\"identitytoken\": \"t\"}}}")
    #expect(try !home.step(.docker).isRecommended)
    #expect(try home.step(.docker).proposal().contains("the 2 logins in that file"))
  }

  @Test func aFileThatDockerWroteAgainLosesOnlyTheMember() throws {
    let home = try SetupHome("docker")
    _ = try home.step(.docker).apply()
    try home.write(Self.config, "{\n\t\"auths\": {},\n\t\"credsStore\": \"lockwise\"\n}", mode: 0o600)
    #expect(try home.unsetup() == [.undone("removed from ~/.docker/config.json")])
    #expect(home.text(Self.config) == "{\n\t\"auths\": {}\n}")
    _ = try home.step(.docker).apply()
    try home.write(Self.config, "{\"credsStore\": \"pass\"}", mode: 0o600)
    #expect(try home.unsetup() == [.gone("nothing of it is left in ~/.docker/config.json")])
    #expect(home.text(Self.config) == "{\"credsStore\": \"pass\"}")
  }

  @Test func aFileThatSetupMadeAndDockerWroteAgainIsRemoved() throws {
    let home = try SetupHome("docker")
    _ = try home.step(.docker).apply()
    try home.write(Self.config, "{\"credsStore\":\"lockwise\"}")
    #expect(try home.unsetup() == [.undone("removed ~/.docker/config.json")])
    #expect(home.tree == [:])
  }

  @Test func usesTheFolderOfTheVariable() throws {
    let home = try SetupHome("docker")
    home.variables["DOCKER_CONFIG"] = home.path + "/elsewhere"
    _ = try home.step(.docker).apply()
    #expect(home.text("elsewhere/config.json") != nil)
    #expect(try home.unsetup().count == 1)
    #expect(home.tree == [:])
  }

  @Test func theHelperMustBeInPath() throws {
    let home = try SetupHome("docker")
    #expect(try SetupHome().step(.docker).state() == .missing(program: "docker"))
    home.variables["PATH"] = home.folder.path + "/programs"
    #expect(
      try home.step(.docker).state()
        == .unavailable(
          "docker-credential-lockwise is not in a folder of PATH", remedy: "add \(home.folder.path)/usr/bin to PATH"))
  }
}

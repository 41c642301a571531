import Foundation
import Testing

@testable import LockwiseHostSupport

/// git's traces never contain a secret of the helper.
@Suite struct GitTraceTests {
  private static let tracing = [
    "GIT_TRACE": "1", "GIT_TRACE_SETUP": "1", "GIT_TRACE_CURL": "1", "GIT_TRACE_PACKET": "1", "GIT_TRACE2": "1",
    "GIT_CURL_VERBOSE": "1",
  ]

  /// Everything that git and its helper show while repositories are cloned, fetched and pushed, with a password from
  /// the vault, with a typed one, and with a refused one.
  private func work(_ stage: GitTestHome, with variables: [String: String]) throws -> String {
    let folder = stage.scratch.root + "/work-\(UUID().uuidString)"
    var shown = ""
    for arguments in [
      ["clone", stage.server.url + "/one.git", folder], ["-C", folder, "fetch"],
      ["-C", folder, "commit", "--allow-empty", "-m", "more"], ["-C", folder, "push"],
      ["ls-remote", stage.server.url + "/typed.git"], ["ls-remote", stage.server.url + "/refused.git"],
    ] {
      let run = try stage.run(arguments, with: variables)
      #expect(run.status == (arguments.last?.hasSuffix("/refused.git") == true ? 128 : 0), "\(arguments): \(run.error)")
      shown += run.output + run.error
    }
    return shown
  }

  @Test(arguments: Git.all) func keepsSecretsOutOfTraces(git: Git) throws {
    let stage = try GitTestHome(git)
    stage.settings = ["helper = lockwise", "useHttpPath = true"]
    for name in ["one.git", "typed.git", "refused.git"] { try stage.makeRepository(name) }
    let secrets = ["fromFirefox-4711", "typedByAPerson-4711", "refusedByTheServer-4711"]
    try stage.server.accept(["marie": secrets[0]], below: "one.git")
    try stage.server.accept(["pierre": secrets[1]], below: "typed.git")
    try stage.saveInFirefox("firefox00001", username: "marie", password: secrets[0])
    try stage.saveInFirefox("firefox00002", username: "irene", password: secrets[2])
    try stage.stage.signInAndPull()
    stage.configuration = """
      [credential "\(stage.server.url)/typed.git"]
      \tusername = pierre
      [credential "\(stage.server.url)/refused.git"]
      \tusername = irene
      """
    stage.person = ["Password": secrets[1]]
    var search = SecretSearch()
    for (user, secret) in zip(["marie", "pierre", "irene"], secrets) {
      search.add(secret, secret)
      // The form in the Authorization field.
      search.add(Data("\(user):\(secret)".utf8), "\(user) with \(secret)")
    }
    let open = try work(stage, with: Self.tracing.merging(["GIT_TRACE_REDACT": "0"]) { $1 })
    #expect(search.found(in: Data(open.utf8)).count >= 2, "the search finds nothing at all")
    let shown = try work(stage, with: Self.tracing)
    #expect(search.found(in: Data(shown.utf8)) == [])
    for word in ["git-credential-lockwise", "<redacted>"] { #expect(shown.contains(word), "no trace of \(word)") }
  }
}

import Foundation
import Testing

@testable import LockwiseHostSupport

/// `lockwise.alias` and `lockwise.refusedFor` in git's files and in the environment.
@Suite struct GitAliasTests {
  private let stage: TestHome

  init() throws {
    stage = try TestHome()
    stage.mayWrite = true
    try stage.signInAndPull()
  }

  private func fill(_ url: String, _ configuration: String = "", with variables: [String: String] = [:]) throws -> Run {
    try stage.scratch.write(
      "[credential]\n\thelper = lockwise\n" + configuration, to: stage.scratch.root + "/gitconfig")
    return try Run.program(
      Executables.ofSystem("git"), ["credential", "fill"], input: .text("url=\(url)\n\n"),
      environment: stage.scratch.environment.merging(["GIT_TERMINAL_PROMPT": "0"]) { $1 }.merging(variables) { $1 })
  }

  private static let password = "ghp_webAndGit0123456789"

  @Test func answersForTheAliasedHostOnly() throws {
    let alias = "[lockwise]\n\talias = gist.github.com:github.com\n"
    #expect(try fill("https://gist.github.com/x").status == 128)
    #expect(try fill("https://gist.github.com/x", alias).password == Self.password)
    #expect(
      try fill("https://gist.github.com/x", with: ["LOCKWISE_ALIAS": "gist.github.com:github.com"]).password
        == Self.password)
    #expect(try fill("https://github.com/x", alias).password == Self.password)
    for url in [
      "http://gist.github.com/x", "https://a.gist.github.com/x", "https://xgist.github.com/x",
      "https://gist.github.com.evil.example/x", "https://gist.github.com:8443/x", "ssh://gist.github.com/x",
      "https://github.com.gist.github.com/x",
    ] {
      #expect(try fill(url, alias).status == 128, "\(url)")
    }
  }

  /// A repository is not trusted, nor is one in another repository's files.
  @Test(arguments: Git.all, ["clone", "embedded"]) func ignoresAnAliasOfARepository(git: Git, kind: String)
    throws
  {
    let folder = stage.scratch.root + "/hostile"
    let environment = git.environment(stage.scratch.environment).merging(["GIT_TERMINAL_PROMPT": "0"]) { $1 }
    func run(_ arguments: String..., input: Input = .none, in folder: String) throws -> Run {
      try Run.program(git.path, ["-C", folder] + arguments, input: input, environment: environment)
    }
    try run("init", "--quiet", folder, in: stage.scratch.root).expectSuccess()
    let place = kind == "clone" ? folder : folder + "/docs"
    if kind == "embedded" { try run("init", "--quiet", "--bare", place, in: folder).expectSuccess() }
    try stage.scratch.write("[credential]\n\thelper = lockwise\n", to: stage.scratch.root + "/gitconfig")
    for (key, value) in [("lockwise.alias", "gist.github.com:github.com"), ("lockwise.erase", "all")] {
      try run("config", key, value, in: place).expectSuccess()
    }
    #expect(try run("config", "lockwise.alias", in: place).output == "gist.github.com:github.com\n")
    let fill = try run("credential", "fill", input: .text("url=https://gist.github.com/x\n\n"), in: place)
    #expect(fill.status == 128 && fill.password == nil, "\(fill.output)")
    let github = "protocol=https\nhost=github.com\nusername=mcurie\n"
    try run("credential", "reject", input: .text(github + "password=\(Self.password)\n\n"), in: place).expectSuccess()
    #expect(try stage.status()["waiting"] as? Int == 0, "the browser's login is deleted")
    // The user's own settings apply there.
    try run("config", "--global", "lockwise.alias", "gist.github.com:github.com", in: place).expectSuccess()
    let own = try run("credential", "fill", input: .text("url=https://gist.github.com/x\n\n"), in: place)
    #expect(own.password == Self.password)
  }

  /// Patterns and incomplete aliases are ignored.
  @Test(arguments: [
    "*.github.com:github.com", "*:github.com", "gist.github.com:*", "gist.github.com:", ":github.com",
    "gist.github.com",
    "https://gist.github.com:https://github.com", "gist.github.com:github.com:github.com", "github.com:gist.github.com",
    ".github.com:github.com", "",
  ])
  func ignoresInvalidAliases(alias: String) throws {
    let run = try fill("https://gist.github.com/x", "[lockwise]\n\talias = \"\(alias)\"\n")
    #expect(run.status == 128 && run.password == nil, "\(run.output)")
  }

  /// A login of the host itself comes before that of its alias. An alias does not change where a password is stored.
  @Test func prefersALoginOfTheHostItself() throws {
    let alias = ["LOCKWISE_ALIAS": "gist.github.com:github.com"]
    let request = "protocol=https\nhost=gist.github.com\nusername=mcurie\n"
    #expect(try stage.get(request, with: alias).password == Self.password)
    let helper = try Executables.path("git-credential-lockwise")
    let environment = stage.scratch.environment.merging(alias) { $1 }
    // The password from the alias is stored already.
    try Run.program(helper, ["store"], input: .text(request + "password=\(Self.password)\n"), environment: environment)
      .expectSuccess()
    #expect(try stage.status()["waiting"] as? Int == 0)
    #expect(try stage.get(request).output.isEmpty)
    try Run.program(helper, ["store"], input: .text(request + "password=gist token\n"), environment: environment)
      .expectSuccess()
    #expect(try stage.get(request, with: alias).password == "gist token")
    #expect(try stage.get(request.replacing("gist.", with: "")).password == Self.password)
  }

  /// After its time a refused login is offered again.
  @Test(arguments: ["file", "environment"]) func offersARefusedLoginAgainLater(place: String) throws {
    let request = "protocol=https\nhost=github.com\n"
    let erase = request + "username=mcurie\npassword=\(Self.password)\n"
    var environment = stage.scratch.environment
    if place == "file" {
      try stage.scratch.write("[lockwise]\n\trefusedFor = 2 seconds\n", to: stage.scratch.root + "/gitconfig")
    } else {
      environment["LOCKWISE_REFUSED_FOR"] = "2s"
    }
    let begin = ContinuousClock.now
    try Run.program(
      Executables.path("git-credential-lockwise"), ["erase"], input: .text(erase), environment: environment
    ).expectSuccess()
    let isOffered = try Deadline(seconds: 20).await {
      usleep(100_000)
      return try stage.get(request).password == Self.password
    }
    #expect(isOffered && ContinuousClock.now - begin >= .seconds(1))
  }
}

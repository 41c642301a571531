import Foundation
import Testing

@testable import LockwiseHostSupport

/// The real git, and git-lfs, with `lockwise-askpass` as their askpass program.
@Suite struct AskpassGitTests {
  /// How git finds its askpass program.
  private enum Way: CaseIterable, CustomTestStringConvertible {
    case gitVariable, configuration, sshVariable

    var testDescription: String {
      switch self {
      case .gitVariable: "GIT_ASKPASS"
      case .configuration: "core.askPass"
      case .sshVariable: "SSH_ASKPASS"
      }
    }
  }

  /// Makes a home without credential helpers, in which the user is not asked.
  private func makeHome(_ git: Git = .ofSystem, _ way: Way = .gitVariable) throws -> GitTestHome {
    let home = try GitTestHome(git)
    home.settings = []
    home.scratch.environment["GIT_ASKPASS"] = nil
    home.scratch.environment["LOCKWISE_NO_PROMPT"] = "1"
    home.scratch.environment["GIT_TERMINAL_PROMPT"] = "0"
    let program = try Executables.path("lockwise-askpass")
    switch way {
    case .gitVariable: home.scratch.environment["GIT_ASKPASS"] = program
    case .configuration: home.configuration = "[core]\n\taskPass = \(program)\n"
    case .sshVariable: home.scratch.environment["SSH_ASKPASS"] = program
    }
    try home.makeRepository("one.git")
    return home
  }

  private func list(_ home: GitTestHome, _ url: String? = nil, _ options: String...) throws -> Run {
    try home.run(options + ["ls-remote", url ?? home.server.url + "/one.git"])
  }

  private func expectLogin(
    _ run: Run, _ home: GitTestHome, _ credentials: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    run.expectSuccess(sourceLocation: sourceLocation)
    #expect(run.errorBytes.isEmpty, "\(run.error)", sourceLocation: sourceLocation)
    #expect(try home.server.takeCredentials() == [credentials], sourceLocation: sourceLocation)
  }

  @Test(arguments: Git.all, Way.allCases) private func answersUserNameAndPassword(git: Git, way: Way) throws {
    let home = try makeHome(git, way)
    try home.server.accept(["marie": "pitch & blende = 'ü'"])
    try home.saveInFirefox("firefox00001", username: "marie", password: "pitch & blende = 'ü'")
    try home.stage.signInAndPull()
    for _ in 0..<2 { try expectLogin(list(home), home, "marie:pitch & blende = 'ü'") }
  }

  @Test(arguments: Git.all) func bindsTheUserNameOfTheURL(git: Git) throws {
    let home = try makeHome(git)
    try home.server.accept(["marie": "radium", "irène": "neutron"])
    try home.saveInFirefox("firefox00001", username: "marie", password: "radium", age: 10)
    try home.saveInFirefox("firefox00002", username: "irène", password: "neutron")
    try home.stage.signInAndPull()
    let address = home.server.url.dropFirst("http://".count) + "/one.git"
    try expectLogin(list(home, "http://ir%C3%A8ne@\(address)"), home, "irène:neutron")
    try expectLogin(list(home), home, "marie:radium")
    #expect(try list(home, "http://pierre@\(address)").status == 128)
    #expect(try home.server.takeCredentials() == [])
  }

  @Test(arguments: Git.all) func usesTheLoginOfThePath(git: Git) throws {
    let home = try makeHome(git)
    home.settings = ["useHttpPath = true"]
    try home.makeRepository("two.git")
    try home.server.accept(["marie": "first"], below: "one.git")
    try home.server.accept(["marie": "second"], below: "two.git")
    try home.saveInFirefox("firefox00001", username: "marie", password: "first", realm: "git:one.git")
    try home.saveInFirefox("firefox00002", username: "marie", password: "second", realm: "git:two.git")
    try home.stage.signInAndPull()
    try expectLogin(list(home), home, "marie:first")
    try expectLogin(list(home, home.server.url + "/two.git"), home, "marie:second")
  }

  /// git asks for the new host, and the login of the old one stays where it is.
  @Test(arguments: Git.all) func followsARedirect(git: Git) throws {
    let home = try makeHome(git)
    try home.server.accept(["marie": "radium"])
    let process = try RunningProgram(
      Executables.ofSystem("python3"), [TestServers.path("redirect-server.py"), home.server.url],
      environment: home.scratch.environment)
    defer { process.signal(SIGKILL) }
    let old = "http://127.0.0.1:\(try TestServers.ports(of: process, count: 1)[0])"
    try home.saveInFirefox("firefox00001", username: "marie", password: "of the old host", origin: old)
    try home.stage.signInAndPull()
    #expect(try list(home, old + "/one.git").status == 128)
    #expect(try home.server.takeCredentials() == [])
    try home.saveInFirefox("firefox00002", username: "marie", password: "radium")
    try home.stage.sync("pull").expectSuccess()
    let run = try list(home, old + "/one.git").expectSuccess()
    #expect(run.error.contains("redirecting to"), "\(run.error)")
    #expect(try home.server.takeCredentials() == ["marie:radium"])
  }

  /// Names of another host in a user name, as old versions of git and `credential.sanitizePrompt=false` show them.
  @Test(arguments: [
    "bank.example%2fx@", "marie%40bank.example%2fx@", "marie%40bank.example%27%3a%20@", "marie%40bank.example%3fx@",
    "marie%40bank.example%23x@", "marie%40bank.example%5cx@", "marie%40bank.example@", "marie%40bank.example%3a80@",
  ]) func sendsNoPasswordForAForgedURL(user: String) throws {
    let home = try makeHome()
    try home.server.accept(["marie": "radium"])
    for (id, name) in [("firefox00001", "marie"), ("firefox00002", ""), ("firefox00003", "marie@bank.example")] {
      for (number, scheme) in ["http", "https"].enumerated() {
        try home.saveInFirefox(
          String(id.dropLast()) + "\(number)\(id.suffix(1))", username: name, password: "of the bank",
          origin: scheme + "://bank.example")
      }
    }
    try home.stage.signInAndPull()
    let url = "http://" + user + home.server.url.dropFirst("http://".count) + "/one.git"
    for sanitize in ["false", "true"] {
      let run = try list(home, url, "-c", "credential.sanitizePrompt=\(sanitize)")
      #expect(run.status == 128, "\(run.error)")
      let passwords = try home.server.takeRequests().compactMap(\.password)
      #expect(!passwords.isEmpty && !passwords.contains { $0.contains("of the bank") }, "\(passwords)")
    }
  }

  @Test(arguments: [
    ("https://b%C3%BCcher.example:8443", "https://xn--bcher-kva.example:8443"),
    ("https://xn--bcher-kva.example:8443", "https://xn--bcher-kva.example:8443"),
    ("https://GIT.example", "https://git.example"), ("http://git.example:80", "http://git.example"),
    ("smtp://mail.example:587", "smtp://mail.example:587"), ("https://[::1]:8443", "https://[::1]:8443"),
  ]) func findsTheHostInAnySpelling(shown: String, origin: String) throws {
    let home = try AskpassHome([.init(origin, realm: "git", "änn", "radium")])
    #expect(try home.ask("Username for '\(shown)': ", by: "git").output == "änn\n")
    let parts = shown.split(separator: "/", maxSplits: 2)
    #expect(try home.ask("Password for '\(parts[0])//%C3%A4nn@\(parts[1])': ", by: "git").output == "radium\n")
    // git-lfs has other quotation marks and no colon.
    #expect(try home.ask("Password for \"\(parts[0])//%C3%A4nn@\(parts[1])\"", by: "git-lfs").output == "radium\n")
  }

  /// Together with git's helper: a refused token is offered by neither.
  @Test(arguments: Git.all) func sharesRefusalsWithTheHelper(git: Git) throws {
    let home = try makeHome(git)
    home.settings = ["helper = lockwise"]
    try home.server.accept(["marie": "new"])
    try home.saveInFirefox("firefox00001", username: "marie", password: "old")
    try home.stage.signInAndPull()
    #expect(try list(home).status == 128)
    #expect(try home.server.takeCredentials() == ["marie:old"])
    #expect(try list(home).status == 128)
    #expect(try home.server.takeCredentials() == [])
    try home.saveInFirefox("firefox00001", username: "marie", password: "new", age: 0)
    try home.stage.sync("pull").expectSuccess()
    try expectLogin(list(home), home, "marie:new")
  }

  @Test func usesAnAliasOfTheUser() throws {
    let home = try AskpassHome([.init("https://github.com", "marie", "radium")])
    let prompt = "Password for 'https://marie@gist.github.com': "
    #expect(try home.ask(prompt, by: "git").status == 1)
    try home.scratch.write(
      "[lockwise]\n\talias = gist.github.com:github.com\n", to: home.scratch.root + "/gitconfig")
    #expect(try home.ask(prompt, by: "git").output == "radium\n")
  }

  /// The user's next fetch works after a password was typed and saved.
  @Test func savesAPasswordThatTheUserTypes() throws {
    let home = try makeHome()
    try home.server.accept(["marie": "radium"])
    try home.stage.signInAndPull()
    let terminal = try PseudoTerminal(
      home.git.path, ["ls-remote", home.server.url + "/one.git"],
      environment: home.environment(["LOCKWISE_NO_PROMPT": "", "GIT_TERMINAL_PROMPT": "1"]))
    try home.prepare()
    try terminal.expect("Username for '\(home.server.url)': ")
    terminal.enter("marie")
    try terminal.expect("Password for ")
    terminal.enter("radium")
    try terminal.expect("Save the password of marie at \(home.server.url) in Firefox's passwords? [y/N/never] ")
    terminal.enter("y")
    let outcome = try terminal.finish()
    #expect(outcome.status == 0 && !outcome.shown.contains("radium"), "\(outcome.shown)")
    _ = try home.server.takeRequests()
    try expectLogin(list(home), home, "marie:radium")
    try home.awaitStored {
      $0.values.contains { $0["password"] as? String == "radium" && $0["httpRealm"] as? String == "git" }
    }
  }

  @Test func answersGitLFS() throws {
    let home = try makeHome()
    try home.server.accept(["marie": "radium"])
    try home.saveInFirefox("firefox00001", username: "marie", password: "radium")
    try home.stage.signInAndPull()
    let work = home.scratch.root + "/work"
    try home.run("clone", "--quiet", home.server.root + "/one.git", work).expectSuccess()
    let url = home.server.url + "/one.git/info/lfs"
    _ = try home.run(["-c", "lfs.url=\(url)", "lfs", "locks"], in: work)
    #expect(try home.server.takeCredentials() == ["marie:radium"])
    // It asks again as long as the status is 0.
    try home.server.accept(["marie": "another"])
    let refused = try home.run(["-c", "lfs.url=\(url)", "lfs", "locks"], in: work)
    #expect(refused.status != 0)
    #expect(try home.server.takeCredentials() == ["marie:radium"])
  }
}

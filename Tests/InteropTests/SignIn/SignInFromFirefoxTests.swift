import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwiseHostSupport

extension InteropTests {
  /// `login --from-firefox` with a real Firefox that is signed in to the sandbox.
  @Suite(.serialized) final class SignInFromFirefoxTests {
    private static let login = FirefoxProcess.SavedLogin(
      origin: "https://git.example.net", realm: "git", username: "irene", password: "radium & polonium 1934")
    private static let primaryPassword = "Curie & söhne"

    private let scratch: Scratch
    private let sandbox: SandboxProcess
    private let firefox: FirefoxProcess

    /// A profile in Firefox's usual place.
    init() throws {
      scratch = try Scratch()
      sandbox = try SandboxProcess(environment: scratch.environment)
      let profiles = """
        [InstallBB1E8F4A1C5D2E3F]
        Default=k1x.default-esr
        Locked=1

        [Profile1]
        Name=unused
        IsRelative=1
        Path=k2x.unused

        [Profile0]
        Name=default-esr
        IsRelative=1
        Path=k1x.default-esr

        """
      firefox = try FirefoxProcess.inUsualPlace(of: scratch, server: sandbox.url, profiles: profiles)
    }

    private func sync(_ arguments: String...) throws -> Run {
      try Run.program(Executables.path("lockwise-sync"), arguments, environment: scratch.environment)
    }

    /// Signs in at a terminal, with these inputs for the primary password.
    private func logIn(_ answers: [String]) throws -> PseudoTerminal.Outcome {
      let keyFile = scratch.hasVault ? [] : ["--key-file", scratch.keyFile]
      let terminal = try PseudoTerminal(
        Executables.path("lockwise-sync"), ["login", "--from-firefox", "default-esr"] + keyFile,
        environment: scratch.environment)
      for answer in answers {
        try terminal.expect("Enter passphrase for key 'primary password of the Firefox profile default-esr': ")
        terminal.enter(answer)
      }
      let outcome = try terminal.finish()
      for answer in answers { #expect(!outcome.shown.contains(answer)) }
      return outcome
    }

    /// All files of the profile with their contents and times of last change.
    private func listing() throws -> [String] {
      try FileManager.default.subpathsOfDirectory(atPath: firefox.profile).sorted().map { name in
        let path = firefox.profile + "/" + name
        var info = stat()
        lstat(path, &info)
        let content = FileManager.default.contents(atPath: path) ?? Data()
        let digest = Hex.encode(try SHA256.hash(Array(content)))
        return "\(name) \(info.st_mode) \(info.st_mtim) \(info.st_ctim) \(digest)"
      }
    }

    private func session() throws -> String {
      let data = try Data(contentsOf: URL(fileURLWithPath: firefox.profile + "/signedInUser.json"))
      let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
      return try #require((object?["accountData"] as? [String: Any])?["sessionToken"] as? String)
    }

    private func account() throws -> [String: Any] {
      try #require((sandbox.snapshot()["accounts"] as? [[String: Any]])?.first)
    }

    /// Firefox's session, and the id, name and type of its device.
    private func firefoxRecord() throws -> [String] {
      let account = try account()
      let sessions = (account["sessions"] as? [[String: Any]])?.compactMap { $0["id"] as? String } ?? []
      #expect(sessions.count == 1)
      let devices = (account["devices"] as? [[String: Any]] ?? []).filter {
        $0["sessionId"] as? String == sessions.first
      }
      #expect(devices.count == 1)
      return sessions + ["id", "name", "type"].map { devices.first?[$0] as? String ?? "" }
    }

    /// Firefox's session and device stay, and the sign-in has a token with one scope and a device.
    private func checkServer() throws {
      let account = try account()
      #expect((account["sessions"] as? [Any])?.count == 1)
      let tokens = try #require(account["refreshTokens"] as? [[String: Any]])
      #expect(tokens.map { $0["scope"] as? [String] } == [["https://identity.mozilla.com/apps/oldsync"]])
      let devices = try #require(account["devices"] as? [[String: Any]])
      #expect(devices.count == 2)
      #expect(devices.count { $0["refreshTokenId"] as? String == tokens.first?["id"] as? String } == 1)
      #expect(devices.count { $0["refreshTokenId"] as? String == nil } == 1)
      // Each time, a duplicate of the session requests the token.
      let requests = try sandbox.requests().filter { $0.agent == "lockwise" }
      #expect(
        requests.count { $0.path.hasSuffix("/session/duplicate") }
          == requests.count { $0.path.hasSuffix("/session/destroy") })
      for request in try sandbox.requests() {
        #expect(!request.notes.contains { $0.hasPrefix("unserved") || $0.hasPrefix("internal") }, "\(request)")
      }
    }

    /// Our files have no part of Firefox's session or key.
    private func checkFiles() throws {
      var search = SecretSearch()
      let session = try session()
      search.add(session, "the session")
      search.add(Data(try #require(Hex.decode(session))), "the session in bytes")
      search.add(Self.primaryPassword, "the primary password")
      search.add(SandboxProcess.email, "the address")
      search.add(Self.login.password, "a password")
      let files = try scratch.readVault()
      #expect(files.count > 0)
      for (name, content) in files { #expect(search.found(in: content) == [], "\(name)") }
      // The search would find these secrets.
      #expect(
        search.found(in: try Data(contentsOf: URL(fileURLWithPath: firefox.profile + "/signedInUser.json"))) != [])
    }

    @Test func signsInWithoutAPrimaryPassword() throws {
      try sync("login", "--from-firefox", "--key-file", scratch.keyFile).expectRefusal(
        5, "Firefox is not signed in to an account in any profile", "hint: ")
      try firefox.start()
      try firefox.signIn()
      let guid = try firefox.addLogin(Self.login)
      try firefox.sync()

      // Firefox runs.
      let record = try firefoxRecord()
      #expect(record.allSatisfy { !$0.isEmpty } && record[3] == "desktop", "\(record)")
      let run = try sync("login", "--from-firefox", "--key-file", scratch.keyFile).expectSuccess()
      #expect(try firefoxRecord() == record)
      #expect(run.error.contains("notice: signed in as \(SandboxProcess.email)"), "\(run.error)")
      try checkServer()
      #expect(try sync("pull").expectSuccess().output.hasPrefix("47 logins"))
      try scratch.write("[credential]\n\thelper = lockwise\n", to: scratch.root + "/gitconfig")
      let answer = try Run.program(
        try Executables.ofSystem("git"), ["credential", "fill"], input: .text("url=https://git.example.net/x.git\n\n"),
        environment: scratch.environment.merging(["GIT_TERMINAL_PROMPT": "0"]) { $1 }
      ).expectSuccess()
      #expect(answer.username == Self.login.username)
      #expect(answer.password == Self.login.password)
      try checkFiles()
      try firefox.sync()
      try firefox.stop()

      // Firefox does not run.
      let before = try listing()
      try sync("login", "--from-firefox", firefox.profile).expectSuccess()
      let list = try sync("login", "--from-firefox", "--list").expectSuccess()
      #expect(list.lines.count == 3)
      let row = try #require(list.lines.first { $0.contains(" default-esr ") }).split(separator: " ").map(String.init)
      #expect(row == ["Firefox", "default-esr", "47", SandboxProcess.email, sandbox.url, "no", firefox.profile])
      #expect(try listing() == before, "the profile was changed")
      try checkServer()
      try sync("login", "--from-firefox", "--server", "http://127.0.0.1:9").expectRefusal(4)
      #expect(try sync("status").expectSuccess().output.contains(SandboxProcess.email))
      try sync("login", "--from-firefox", "no such").expectRefusal(64, "no such", "unused, default-esr")

      try firefox.start()
      try firefox.sync()
      #expect(try firefox.logins().contains(Self.login))

      // Our sign-out leaves Firefox signed in.
      #expect(try firefoxRecord() == record)
      let store = try Run.program(
        Executables.path("git-credential-lockwise"), ["store"],
        input: .text("protocol=https\nhost=pushed.example.net\nusername=irene\npassword=polonium 1898\n\n"),
        environment: scratch.environment)
      #expect(store.expectSuccess().output.isEmpty)
      try sync("push").expectSuccess()
      try sync("logout").expectSuccess()
      #expect(!scratch.hasVault)
      #expect(try firefoxRecord() == record)
      #expect((try account()["refreshTokens"] as? [Any])?.isEmpty == true)
      try firefox.sync()
      #expect(try firefox.logins().contains { $0.origin == "https://pushed.example.net" })
      try firefox.editLogin(guid, ["password": "after the sign-out"])
      try firefox.sync()
      #expect(try firefoxRecord() == record)
      #expect(
        try sandbox.storedLogins().values.contains { $0["password"] as? String == "after the sign-out" })
      try firefox.stop()
    }

    @Test func signsInWithAPrimaryPassword() throws {
      try firefox.start()
      try firefox.setPrimaryPassword(to: Self.primaryPassword)
      try firefox.signIn()
      try firefox.sync()

      // Firefox runs; the second answer is right.
      let running = try logIn(["first guess", Self.primaryPassword])
      #expect(running.status == 0, "\(running.shown)")
      #expect(running.shown.contains("Wrong primary password."))
      try checkServer()
      #expect(try sync("pull").expectSuccess().output.hasPrefix("46 logins"))
      try checkFiles()
      try firefox.sync()
      try firefox.stop()

      // Firefox does not run.
      let before = try listing()
      let wrong = try logIn(["first guess", "second guess", "third guess"])
      #expect(wrong.status == 5)
      #expect(wrong.shown.contains("error: wrong primary password"), "\(wrong.shown)")
      #expect(try logIn([Self.primaryPassword]).status == 0)
      #expect(try sync("login", "--from-firefox", "--list").expectSuccess().output.contains(" yes "))
      try sync("login", "--from-firefox").expectRefusal(64, "Firefox has a primary password", "hint: ")
      #expect(try listing() == before, "the profile was changed")
      try checkServer()

      // Two sandboxes are two servers. The session is sent only to Firefox's own.
      let other = try SandboxProcess(environment: scratch.environment)
      let refused = try logInElsewhere(other.url)
      #expect(refused.status == 64)
      #expect(refused.shown.contains("error: Firefox is signed in at \(sandbox.url), not at \(other.url)"))
      #expect(try other.requests().map(\.path) == ["/.well-known/fxa-client-configuration"])
    }

    private func logInElsewhere(_ url: String) throws -> PseudoTerminal.Outcome {
      let terminal = try PseudoTerminal(
        Executables.path("lockwise-sync"), ["login", "--from-firefox", "--server", url],
        environment: scratch.environment)
      try terminal.expect("Enter passphrase for key '")
      terminal.enter(Self.primaryPassword)
      return try terminal.finish()
    }

    /// Incompatible options.
    @Test func refusesInvalidOptions() throws {
      for arguments in [
        ["--list"], ["--from-firefox", "--password-stdin"], ["--from-firefox", "--otp-fd", "2"],
        ["--from-firefox", "--browserid"],
      ] {
        let run = try Run.program(
          Executables.path("lockwise-sync"), ["login"] + arguments, environment: scratch.environment)
        #expect(run.status == 64, "\(arguments): \(run.error)")
      }
    }
  }
}

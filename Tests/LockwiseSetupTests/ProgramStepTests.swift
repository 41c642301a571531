import Foundation
import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseSetup

/// git, pass, direnv and the systemd units are set up, and everything is as before after it was undone.
@Suite struct ProgramStepTests {
  @Test(arguments: [
    nil, "", "[user]\n\tname = Marie", "# mine\n[credential]\n\thelper = cache\n[alias]\n\tx = y\n",
    "[credential \"https://a.example\"]\n\thelper = lockwise\n",
  ])
  func git(content: String?) throws {
    let home = try SetupHome("git")
    if let content { try home.write(".gitconfig", content, mode: 0o640) }
    let before = home.tree
    #expect(try home.step(.git).state() == .notSetUp)
    #expect(try home.step(.git).apply() == [])
    #expect(try home.step(.git).state() == .setUp("~/.gitconfig"))
    #expect(home.text(".gitconfig")?.contains("helper = lockwise") == true)
    let reversion = try home.unsetup()
    #expect(reversion == [.undone((content == nil ? "removed " : "restored ") + "~/.gitconfig")])
    #expect(home.tree == before)
  }

  @Test func gitsFileWasEdited() throws {
    let home = try SetupHome("git")
    _ = try home.step(.git).apply()
    try home.write(".gitconfig", try #require(home.text(".gitconfig")) + "\tusername = marie\n")
    #expect(try home.unsetup() == [.undone("removed from ~/.gitconfig")])
    #expect(home.text(".gitconfig") == "[credential]\n\tusername = marie\n")
    _ = try home.step(.git).apply()
    try home.write(".gitconfig", "[credential]\n\tusername = marie\n")
    #expect(try home.unsetup() == [.gone("nothing of it is left in ~/.gitconfig")])
  }

  @Test func gitsFileIsTheOneThatGitUses() throws {
    let home = try SetupHome("git")
    try home.write(".config/git/config", "[user]\n\tname = Marie\n")
    let before = home.tree
    _ = try home.step(.git).apply()
    #expect(home.text(".config/git/config")?.contains("lockwise") == true && home.text(".gitconfig") == nil)
    _ = try home.unsetup()
    #expect(home.tree == before)
  }

  /// A run that was killed after git had changed the file, and before that was recorded.
  @Test(arguments: [nil, "[user]\n\tname = Marie\n[credential]\n\thelper = cache"])
  func gitWasInterrupted(content: String?) throws {
    let home = try SetupHome("git")
    if let content { try home.write(".gitconfig", content) }
    let before = home.tree
    _ = try home.step(.git).apply()
    try home.context.record.update { record in
      record.changes[0].insertion = nil
      record.changes[0].digest = nil
      record.changes[0].formerCount = content?.utf8.count ?? 0
      record.changes[0].formerDigest = (try? SHA256.hash(Array((content ?? "").utf8))).map { HexBytes($0) }
    }
    #expect(try home.unsetup() == [.undone((content == nil ? "removed" : "restored") + " ~/.gitconfig")])
    #expect(home.tree == before)
  }

  @Test func gitCannotBeSetUp() throws {
    let home = try SetupHome("git")
    try home.write(".gitconfig", "[credential\n")
    #expect(try home.step(.git).state() == .unavailable("git cannot read its configuration"))
    #expect(throws: UserFacingError.self) { try home.step(.git).apply() }
    #expect(home.tree.keys.sorted() == [".gitconfig"] && home.text(".gitconfig") == "[credential\n")
    try home.write(".gitconfig", "[a]\n", mode: 0o400)
    #expect(throws: UserFile.Failure.self) { try home.step(.git).apply() }
    #expect(home.tree.keys.sorted() == [".gitconfig"])
    #expect(try SetupHome().step(.git).state() == .missing(program: "git"))
  }

  @Test func pass() throws {
    let home = try SetupHome("pass")
    #expect(
      try home.step(.pass).state() == .unavailable("you have no password store; lockwise-pass works without one"))
    try home.write(".password-store/.gpg-id", "marie\n", mode: 0o600)
    let before = home.tree
    #expect(try home.step(.pass).state() == .notSetUp)
    _ = try home.step(.pass).apply()
    #expect(try home.step(.pass).state() == .setUp("~/.password-store/.extensions/lockwise.bash"))
    #expect(home.tree[".password-store/.extensions/lockwise.bash"]?.hasPrefix("file 755 ") == true)
    #expect(home.text(".profile")?.contains("\nexport PASSWORD_STORE_ENABLE_EXTENSIONS=true\n") == true)
    #expect(try home.unsetup().count == 2)
    #expect(home.tree == before)
    home.variables["PASSWORD_STORE_ENABLE_EXTENSIONS"] = "true"
    _ = try home.step(.pass).apply()
    #expect(home.text(".profile") == nil)
    try home.write(".password-store/.extensions/lockwise.bash", "mine\n")
    #expect(try home.step(.pass).state() == .other("~/.password-store/.extensions/lockwise.bash"))
    #expect(
      try home.unsetup() == [.gone("nothing of it is left in ~/.password-store/.extensions/lockwise.bash")])
    #expect(home.text(".password-store/.extensions/lockwise.bash") == "mine\n")
  }

  @Test func passHasTheExtensionAlready() throws {
    let home = try SetupHome("pass")
    try home.write(".password-store/.gpg-id", "marie\n")
    home.variables["PASSWORD_STORE_SIGNING_KEY"] = "ABCD"
    #expect(
      try home.step(.pass).state()
        == .unavailable("PASSWORD_STORE_SIGNING_KEY is set, so pass runs only extensions that you signed"))
    for name in ["lib", "lib/password-store", "lib/password-store/extensions"] { try home.folder.make(name) }
    let system = try home.folder.write("lib/password-store/extensions/lockwise.bash", "#!/bin/sh\n", mode: 0o755)
    #expect(try home.step(.pass).state() == .setUp(system))
    try FileManager.default.removeItem(atPath: home.folder.path + "/programs/pass")
    try home.folder.link("programs/pass", to: home.folder.path + "/usr/bin/lockwise-pass")
    #expect(try home.step(.pass).state() == .setUp("\(home.folder.path)/programs/pass is lockwise-pass"))
  }

  /// The extension that setup writes does what the installed one does.
  @Test func passGetsTheExtensionOfTheRepository() throws {
    let root = TestVectors.fixtures.deletingLastPathComponent().deletingLastPathComponent()
    let installed = try String(
      contentsOf: root.appendingPathComponent("contrib/pass-extension/lockwise.bash"), encoding: .utf8)
    func commands(_ text: String) -> [Substring] {
      text.split(separator: "\n").filter { !$0.hasPrefix("#") || $0.hasPrefix("#!") }
    }
    #expect(commands(PassStep.extensionText) == commands(installed))
  }

  @Test func direnv() throws {
    let home = try SetupHome("direnv")
    #expect(try home.step(.direnv).state() == .notSetUp)
    _ = try home.step(.direnv).apply()
    #expect(try home.step(.direnv).state() == .setUp("~/.config/direnv/lib/lockwise.sh"))
    #expect(
      home.text(".config/direnv/lib/lockwise.sh")?.contains(home.folder.path + "/usr/share/lockwise/direnv/lockwise.sh")
        == true)
    #expect(try home.unsetup() == [.undone("removed ~/.config/direnv/lib/lockwise.sh")])
    #expect(home.tree == [:])
    try FileManager.default.removeItem(atPath: home.folder.path + "/usr/share/lockwise/direnv/lockwise.sh")
    #expect(try home.step(.direnv).state() == .unavailable("its library is not installed"))
  }

  @Test func direnvHasTheLibraryAlready() throws {
    let home = try SetupHome("direnv")
    try home.write(".config/direnv/direnvrc", "source /usr/share/lockwise/direnv/lockwise.sh\n")
    #expect(try home.step(.direnv).state() == .setUp("~/.config/direnv/direnvrc"))
    try home.write(".config/direnv/lib/lockwise.sh", "use_other() { :; }\n")
    #expect(try home.step(.direnv).state() == .other("~/.config/direnv/lib/lockwise.sh"))
    try FileManager.default.removeItem(atPath: home.path + "/.config/direnv/lib/lockwise.sh")
    try home.folder.link("home/.config/direnv/lib/lockwise.sh", to: "/nowhere/lockwise.sh")
    #expect(
      try home.step(.direnv).state() == .other("~/.config/direnv/lib/lockwise.sh, a link to a missing file"))
    try FileManager.default.removeItem(atPath: home.path + "/.config/direnv/lib/lockwise.sh")
    try home.folder.link(
      "home/.config/direnv/lib/lockwise.sh", to: home.folder.path + "/usr/share/lockwise/direnv/lockwise.sh")
    #expect(try home.step(.direnv).state() == .setUp("~/.config/direnv/lib/lockwise.sh"))
  }

  @Test func direnvsLibraryHasMoved() throws {
    let home = try SetupHome("direnv")
    _ = try home.step(.direnv).apply()
    let old = home.folder.path + "/usr/share/lockwise"
    try FileManager.default.moveItem(atPath: old, toPath: home.folder.path + "/usr/contrib")
    #expect(try home.step(.direnv).state() == .notSetUp)
    _ = try home.step(.direnv).apply()
    #expect(home.text(".config/direnv/lib/lockwise.sh")?.contains("/usr/contrib/direnv/lockwise.sh") == true)
    #expect(try home.unsetup().count == 1)
    #expect(home.tree == [:])
  }

  @Test(arguments: [(StepName.timer, "lockwise-pull.timer"), (.lockOnSuspend, "lockwise-lock.service")])
  func units(name: StepName, unit: String) throws {
    let home = try SetupHome("systemctl", "gdbus")
    #expect(try home.step(name).state() == .notSetUp)
    _ = try home.step(name).apply()
    #expect(try home.step(name).state() == .setUp(unit))
    #expect(home.tree.keys.contains { $0.hasSuffix("/" + unit) })
    #expect(try home.unsetup() == [.undone("disabled \(unit)")])
    #expect(home.tree == [:])
  }

  @Test(arguments: [nil, ".local/state/lockwise", "elsewhere"]) func theTimerPullsOneVault(place: String?) throws {
    let home = try SetupHome("systemctl")
    let context = try SetupContext(
      environment: Environment(home.variables), program: nil, vault: place.map { home.path + "/" + $0 })
    #expect(context.step(.timer).proposal().hasSuffix("and yours is elsewhere") == (place == "elsewhere"))
  }

  @Test func unitsNeedAManager() throws {
    let home = try SetupHome("systemctl")
    #expect(try home.step(.lockOnSuspend).state() == .missing(program: "gdbus"))
    try home.write("no-manager", "")
    #expect(try home.step(.timer).state() == .unavailable("no systemd manager of the user is running"))
    #expect(throws: UserFacingError.self) { try home.step(.timer).apply() }
    #expect(home.tree.keys.sorted() == ["no-manager"])
    try FileManager.default.removeItem(atPath: home.path + "/no-manager")
    try home.write("no-units", "")
    #expect(try home.step(.timer).state() == .unavailable("the unit lockwise-pull.timer is not installed"))
    #expect(try SetupHome().step(.timer).state() == .missing(program: "systemctl"))
  }

  /// A unit that the user disabled meanwhile is not disabled again.
  @Test func unitsMayBeDisabledAlready() throws {
    let home = try SetupHome("systemctl")
    _ = try home.step(.timer).apply()
    try FileManager.default.removeItem(
      atPath: home.path + "/.config/systemd/user/timers.target.wants/lockwise-pull.timer")
    #expect(try home.unsetup() == [.gone("lockwise-pull.timer is not enabled")])
  }
}

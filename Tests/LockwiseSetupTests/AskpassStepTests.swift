import Foundation
import LockwiseCore
import Testing

@testable import LockwiseSetup

/// ssh and sudo get their variables in the start file of the login shell.
@Suite struct AskpassStepTests {
  private func helper(_ home: SetupHome) -> String { home.folder.path + "/usr/bin/lockwise-askpass" }

  @Test(arguments: [StepName.ssh, .sudo]) func isSetUpAndUndone(name: StepName) throws {
    let home = try SetupHome(name.rawValue)
    try home.write(".profile", "umask 022", mode: 0o640)
    let before = home.tree
    #expect(try home.step(name).state() == .notSetUp)
    #expect(try home.step(name).isRecommended == (name == .ssh))
    #expect(try home.step(name).proposal().contains("~/.profile"))
    #expect(try home.step(name).apply() == [])
    #expect(try home.step(name).state() == .setUp("~/.profile"))
    let text = try #require(home.text(".profile"))
    #expect(text.hasPrefix("umask 022\n\n# >>> lockwise \(name.rawValue) >>>\n"))
    #expect(text.contains("\n  export \(name == .ssh ? "SSH" : "SUDO")_ASKPASS=\(helper(home))\n"))
    #expect(text.contains("  export SSH_ASKPASS_REQUIRE=force\n") == (name == .ssh))
    #expect(try home.unsetup() == [.undone("restored ~/.profile")])
    #expect(home.tree == before)
  }

  @Test func bothShareAFileThatSetupMade() throws {
    let home = try SetupHome("ssh", "sudo", shell: "/usr/bin/fish")
    for name in [StepName.ssh, .sudo] { _ = try home.step(name).apply() }
    let text = try #require(home.text(".config/fish/conf.d/lockwise.fish"))
    #expect(text.contains("    set -gx SSH_ASKPASS \(helper(home))\n") && text.contains("SUDO_ASKPASS"))
    #expect(try home.step(.sudo).state() == .setUp("~/.config/fish/conf.d/lockwise.fish"))
    #expect(try home.unsetup().count == 2)
    #expect(home.tree == [:])
  }

  @Test func theUsersOwnLinesAreEnough() throws {
    let home = try SetupHome("ssh")
    try home.write(".profile", "export SSH_ASKPASS='\(helper(home))'\n")
    #expect(try home.step(.ssh).state() == .setUp("~/.profile"))
    try home.write(".profile", "# export SSH_ASKPASS='\(helper(home))'\n")
    #expect(try home.step(.ssh).state() == .notSetUp)
    try home.write(".profile", "export SSH_ASKPASS=/nowhere/lockwise-askpass\n")
    #expect(try home.step(.ssh).state() == .notSetUp)
    home.variables["SSH_ASKPASS"] = helper(home)
    #expect(try home.step(.ssh).state() == .setUp("SSH_ASKPASS in the environment"))
    home.variables["SSH_ASKPASS"] = "/usr/bin/ksshaskpass"
    #expect(try home.step(.ssh).state() == .other("/usr/bin/ksshaskpass (SSH_ASKPASS)"))
  }

  @Test func programsMayBeMissing() throws {
    let home = try SetupHome()
    #expect(try home.step(.ssh).state() == .missing(program: "ssh"))
    let other = try SetupHome("ssh")
    try FileManager.default.removeItem(atPath: helper(other))
    #expect(try other.step(.ssh).state() == .missing(program: "lockwise-askpass"))
    other.variables["SHELL"] = "/usr/bin/nu"
  }

  @Test func anUnknownShellIsNotChanged() throws {
    let home = try SetupHome("ssh", shell: "/usr/bin/tcsh")
    let remedy = "add the lines yourself: lockwise-askpass configure ssh"
    #expect(
      try home.step(.ssh).state()
        == .unavailable("cannot tell which file /usr/bin/tcsh reads at login", remedy: remedy))
    #expect(throws: UserFacingError.self) { try home.step(.ssh).apply() }
    #expect(home.tree == [:])
  }

  @Test func linesOfAnEarlierInstallationAreReplaced() throws {
    let home = try SetupHome("ssh")
    try home.write(".profile", "first\n")
    let before = home.tree
    _ = try home.step(.ssh).apply()
    // Another prefix, and a line of the user behind the block.
    let old = try #require(home.text(".profile")).replacingOccurrences(of: helper(home), with: "/old/lockwise-askpass")
    try home.write(".profile", old + "last\n")
    #expect(try home.step(.ssh).state() == .notSetUp)
    _ = try home.step(.ssh).apply()
    #expect(try home.step(.ssh).state() == .setUp("~/.profile"))
    #expect(home.text(".profile")?.hasPrefix("first\nlast\n\n# >>> lockwise ssh >>>\n") == true)
    #expect(try home.context.record.load().changes.count == 1)
    try home.write(".profile", try #require(home.text(".profile")).replacingOccurrences(of: "last\n", with: ""))
    #expect(try home.unsetup() == [.undone("removed from ~/.profile")])
    #expect(home.tree == before)
  }

  @Test func onlyItsOwnLinesGoFromAnEditedFile() throws {
    let home = try SetupHome("ssh", "sudo")
    _ = try home.step(.ssh).apply()
    _ = try home.step(.sudo).apply()
    let text = try #require(home.text(".profile"))
    try home.write(".profile", "mine\n" + text.replacingOccurrences(of: "  export SUDO", with: "  export X=1 SUDO"))
    #expect(try home.unsetup() == [.undone("removed from ~/.profile"), .undone("removed from ~/.profile")])
    #expect(home.text(".profile") == "mine\n")
    #expect(home.tree.keys.sorted() == [".profile"])
  }

  @Test func nothingIsLeftToUndo() throws {
    let home = try SetupHome("ssh")
    _ = try home.step(.ssh).apply()
    try home.write(".profile", "mine\n")
    #expect(try home.unsetup() == [.gone("nothing of it is left in ~/.profile")])
    #expect(home.text(".profile") == "mine\n")
    _ = try home.step(.ssh).apply()
    try FileManager.default.removeItem(atPath: home.path + "/.profile")
    #expect(try home.unsetup() == [.gone("nothing of it is left in ~/.profile")])
    #expect(home.tree == [:])
  }

  @Test func aReadOnlyFileLeavesNoRecord() throws {
    let home = try SetupHome("ssh")
    try home.write(".profile", "mine\n", mode: 0o444)
    let before = home.tree
    #expect(throws: UserFile.Failure(path: home.path + "/.profile", problem: .readOnly)) {
      try home.step(.ssh).apply()
    }
    #expect(home.tree == before)
  }

  @Test func aHalfBlockIsLeftToTheUser() throws {
    let home = try SetupHome("ssh")
    try home.write(".profile", "# >>> lockwise ssh >>>\nexport A=1\n")
    let remedy = "add the lines yourself: lockwise-askpass configure ssh"
    #expect(
      try home.step(.ssh).state()
        == .unavailable("~/.profile has only a part of the lines of setup", remedy: remedy))
  }
}

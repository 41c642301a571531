import Foundation
import Testing

@testable import LockwiseHostSupport

/// Passphrases of keys for the programs of OpenSSH and for git.
@Suite final class AskpassKeyTests {
  private static let passphrase = "pitch & blende 'ü' \\ %41"
  /// ssh-keygen's options for each type and format. One round makes a key's passphrase quick to try.
  private static let keys = [
    ["-t", "ed25519", "-a", "1"], ["-t", "rsa", "-b", "2048", "-a", "1"], ["-t", "ecdsa", "-a", "1"],
    ["-t", "rsa", "-b", "2048", "-m", "PEM"], ["-t", "ecdsa", "-m", "PEM"], ["-t", "ecdsa", "-m", "PKCS8"],
  ]

  private let home: AskpassHome

  init() throws { home = try AskpassHome() }

  private func run(_ program: String, _ arguments: [String], with variables: [String: String] = [:]) throws -> Run {
    try Run.program(
      Executables.ofSystem(program), arguments, environment: home.environment.merging(variables) { $1 }, timeout: 30)
  }

  /// Makes a key and saves its passphrase.
  private func savedKey(_ name: String = "id", _ options: [String] = keys[0]) throws -> String {
    let path = home.scratch.root + "/" + name
    try run("ssh-keygen", ["-q", "-N", Self.passphrase, "-C", "marie's key", "-f", path] + options).expectSuccess()
    try home.run("save", "key", path, input: .text(Self.passphrase + "\n")).expectSuccess()
    return path
  }

  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  /// Returns the key that ssh-keygen prints, without its comment; `nil` if it gets no passphrase.
  private func publicKey(of path: String) throws -> String? {
    let run = try run("ssh-keygen", ["-y", "-f", path])
    return run.status == 0 ? run.output.split { $0.isWhitespace }.prefix(2).joined(separator: " ") : nil
  }

  @Test(arguments: keys) func eachProgramOpensEachKey(options: [String]) throws {
    let key = try savedKey("id", options)
    let agent = try SSHAgent(home)
    let variables = ["SSH_AUTH_SOCK": agent.socket]
    try run("ssh-add", [key], with: variables).expectSuccess()
    try run("ssh-add", ["-c", key], with: variables).expectSuccess()
    let expected = try text(key + ".pub").split(separator: " ").prefix(2).joined(separator: " ")
    #expect(try run("ssh-add", ["-L"], with: variables).output.contains(expected))
    #expect(try publicKey(of: key) == expected)
    let file = home.scratch.root + "/file"
    try home.scratch.write("text", to: file)
    for name in [key, key + ".pub"] {
      try run("ssh-keygen", ["-Y", "sign", "-n", "file", "-f", name, file]).expectSuccess()
      unlink(file + ".sig")
    }
    try run("ssh-keygen", ["-p", "-N", "another one", "-f", key]).expectSuccess()
    // The stored passphrase does not open it any more.
    #expect(try publicKey(of: key) == nil)
  }

  @Test func gitSignsCommits() throws {
    let key = try savedKey()
    for name in [key, key + ".pub"] {
      let script = """
        git init -q "$0" && cd "$0" && git -c user.name=m -c user.email=m@example.org -c gpg.format=ssh \
          -c user.signingKey="$1" commit -q -S --allow-empty -m signed && git cat-file commit HEAD
        """
      let run = try run("sh", ["-c", script, home.scratch.root + "/repository", name])
      #expect(run.status == 0 && run.output.contains("BEGIN SSH SIGNATURE"), "\(run.error)")
    }
  }

  @Test(arguments: keys) func onlyOpenSSHsFormatNeedsNoPublicFile(options: [String]) throws {
    let key = try savedKey("id", options)
    let expected = try publicKey(of: key)
    #expect(expected != nil)
    unlink(key + ".pub")
    #expect(try publicKey(of: key) == (options.contains("-m") ? nil : expected))
    // That of another key, whose passphrase is another one.
    let foreign = try home.makeKey("foreign", passphrase: "foreign one")
    try home.run("save", "key", foreign, input: .text("foreign one\n")).expectSuccess()
    try FileManager.default.copyItem(atPath: foreign + ".pub", toPath: key + ".pub")
    #expect(try publicKey(of: key) == (options.contains("-m") ? nil : expected))
  }

  @Test func renamedKeysAreFound() throws {
    let key = try savedKey()
    let expected = try publicKey(of: key)
    let renamed = home.scratch.root + "/a 'new' name"
    rename(key, renamed)
    unlink(key + ".pub")
    #expect(try publicKey(of: renamed) == expected)
    let link = home.scratch.root + "/link"
    symlink(renamed, link)
    #expect(try publicKey(of: link) == expected)
    try run("ssh-keygen", ["-c", "-C", "another comment", "-f", renamed]).expectSuccess()
    #expect(try publicKey(of: renamed) == expected)
    let agent = try SSHAgent(home)
    for path in ["./link", "a 'new' name"] {
      let script = "cd \"$0\" && exec ssh-add \"$1\""
      try run("sh", ["-c", script, home.scratch.root, path], with: ["SSH_AUTH_SOCK": agent.socket]).expectSuccess()
    }
  }

  @Test func aKeyOnStandardInputHasNoAnswer() throws {
    let key = try savedKey()
    let agent = try SSHAgent(home)
    let run = try run(
      "sh", ["-c", "ssh-add - <\"$0\"", key], with: ["SSH_AUTH_SOCK": agent.socket, "LOCKWISE_NO_PROMPT": "1"])
    #expect(run.status == 1)
  }

  @Test(.enabled(if: PrivateSystem.isPossible, PrivateSystem.requirement), arguments: keys)
  func sshSignsInWithEachKey(options: [String]) throws {
    let key = try savedKey("id", options)
    let server = try SSHServer(home)
    try server.authorize(key + ".pub")
    let run = try signIn(server, key)
    #expect(run.status == 0 && run.output == "signed in\n", "\(run.error) \(server.log)")
  }

  /// ssh shows the first 100 bytes of a path only.
  @Test(.enabled(if: PrivateSystem.isPossible, PrivateSystem.requirement))
  func aLongPathIsCutBySSH() throws {
    let folder = home.scratch.root + "/" + String(repeating: "f", count: 98 - home.scratch.root.utf8.count)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    let short = try savedKey(String(folder.dropFirst(home.scratch.root.count + 1)) + "/k")
    #expect(short.utf8.count == 101)
    let exact = String(folder.dropLast()) + "k"
    try FileManager.default.copyItem(atPath: short, toPath: exact)
    try FileManager.default.copyItem(atPath: short + ".pub", toPath: exact + ".pub")
    let server = try SSHServer(home)
    try server.authorize(short + ".pub")
    #expect(try signIn(server, short).status == 255)
    let agent = try SSHAgent(home)
    try run("ssh-add", [short], with: ["SSH_AUTH_SOCK": agent.socket]).expectSuccess()
    #expect(exact.utf8.count == 99)
    let run = try signIn(server, exact)
    #expect(run.status == 0, "\(run.error) \(server.log)")
  }

  private func signIn(_ server: SSHServer, _ key: String) throws -> Run {
    try run(
      "ssh",
      [
        "-F", server.configuration, "-o", "PreferredAuthentications=publickey", "-o", "IdentitiesOnly=yes", "-i", key,
        "-p", "\(server.port)", "marie@127.0.0.1", "echo signed in",
      ])
  }

  /// The agent has the environment with which it was started.
  @Test func theAgentAsksForConsent() throws {
    let key = try savedKey()
    let pinentry = try DialogPinentry(home.scratch)
    let agent = try SSHAgent(home, with: pinentry.variables)
    let variables = ["SSH_AUTH_SOCK": agent.socket]
    try run("ssh-add", ["-c", key], with: variables).expectSuccess()
    let file = home.scratch.root + "/file"
    try home.scratch.write("text", to: file)
    func sign() throws -> Bool {
      unlink(file + ".sig")
      return try run("ssh-keygen", ["-Y", "sign", "-U", "-n", "x", "-f", key + ".pub", file], with: variables).status
        == 0
    }
    for action in [DialogPinentry.Action.declines, .cancelled] {
      try pinentry.answer("CONFIRM", action)
      #expect(try !sign())
    }
    try pinentry.answer("CONFIRM", .agrees)
    #expect(try sign())
  }

  @Test func theAgentRefusesIfNobodyCanConsent() throws {
    let key = try savedKey()
    let agent = try SSHAgent(home)
    let variables = ["SSH_AUTH_SOCK": agent.socket]
    try run("ssh-add", ["-c", key], with: variables).expectSuccess()
    let file = home.scratch.root + "/file"
    try home.scratch.write("text", to: file)
    let run = try run("ssh-keygen", ["-Y", "sign", "-U", "-n", "x", "-f", key + ".pub", file], with: variables)
    #expect(run.status != 0 && access(file + ".sig", F_OK) != 0)
  }
}

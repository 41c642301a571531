import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// `lockwise-sync import` of the folder of pass, with the real gpg and pass.
@Suite final class TransferPassTests {
  private let home: TransferHome
  private var store: String { home.scratch.root + "/store" }

  init() throws {
    home = try TransferHome()
    let keys = home.scratch.root + "/gnupg"
    try FileManager.default.createDirectory(
      atPath: keys, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    home.scratch.environment["GNUPGHOME"] = keys
    home.scratch.environment["PASSWORD_STORE_DIR"] = store
    try shell("gpg --batch --quiet --passphrase '' --quick-gen-key marie@example.org default default never")
      .expectSuccess()
    try shell("/usr/bin/pass init marie@example.org").expectSuccess()
  }

  deinit { _ = try? shell("gpgconf --kill all") }

  private func shell(_ script: String, input: Input = .none) throws -> Run {
    try Run.program("/bin/sh", ["-c", script], input: input, environment: home.scratch.environment)
  }

  private func insert(_ name: String, _ text: String) throws {
    try shell("/usr/bin/pass insert -m -f \"$NAME\"".replacing("$NAME", with: name), input: .text(text)).expectSuccess()
  }

  private func show(_ name: String) throws -> String {
    try Run.program(Executables.path("lockwise-pass"), ["show", name], environment: home.scratch.environment).output
  }

  /// Each entry of pass has the same name and text in lockwise-pass.
  @Test func keepsNamesAndTexts() throws {
    let entries = [
      "github.com/alice": "pw 1\na note\n", "Work/mail": "pw 2\nlogin: bob\nurl: https://mail.example/x\nPIN: 1\n",
      "Work/deep/er/wïfi 1": "pw \"3\", é\n", "alone": "pw 4\n",
      "code": "pw 5\notpauth://totp/a:b?secret=JBSWY3DPEHPK3PXP&issuer=a\n", "ssh:host.example/root": "pw 6\n",
      "long": "pw 7\n" + String(repeating: "a line of a long note\n", count: 4700),
    ]
    for (name, text) in entries { try insert(name, text) }
    let run = try home.sync("import", "--yes", store).expectSuccess()
    #expect(run.lines.last == "7 logins imported" && run.error.isEmpty, "\(run.output) \(run.error)")
    for (name, text) in entries { #expect(try show(name) == text, "\(name)") }
    let found = try home.passwords()
    #expect(found["https://github.com alice"] == "pw 1" && found["https://mail.example bob"] == "pw 2")
    #expect(found["pass://Work deep/er/wïfi 1"] == "pw \"3\", é" && found["ssh://host.example root"] == "pw 6")
    let again = try home.sync("import", "--yes", store).expectSuccess()
    #expect(again.lines.contains("same       7"), "\(again.output)")
  }

  @Test func refusesWhatCannotBeRead() throws {
    try insert("good", "pw\n")
    try home.scratch.write("not encrypted", to: store + "/bad.gpg")
    symlink(store + "/good.gpg", store + "/link.gpg")
    symlink(store, store + "/again")
    mkfifo(store + "/pipe.gpg", 0o600)
    try FileManager.default.createDirectory(atPath: store + "/folder.gpg", withIntermediateDirectories: false)
    try FileManager.default.createDirectory(atPath: store + "/.git", withIntermediateDirectories: false)
    try home.scratch.write("x", to: store + "/.git/hidden.gpg")
    try home.scratch.write("x", to: store + "/README")
    let run = try home.sync("import", "--yes", store).expectSuccess()
    #expect(
      run.lines.dropFirst(5) == [
        "refused    4", "again: a symbolic link", "bad: gpg cannot decrypt it", "link: a symbolic link",
        "pipe: it cannot be read",
        "1 login imported",
      ], "\(run.output)")
    #expect(try home.passwords() == ["pass://good ": "pw"])
  }

  /// A user who cannot unlock the key is not asked for each entry.
  @Test func stopsIfNothingCanBeDecrypted() throws {
    for name in ["a", "b", "c", "d", "e"] { try home.scratch.write("not encrypted", to: store + "/\(name).gpg") }
    try home.sync("import", "--yes", store).expectRefusal(1, "gpg failed for the first 3")
    home.scratch.environment["PATH"] = Executables.directory
    try home.sync("import", "--yes", store).expectRefusal(1, "the program gpg is missing")
  }
}

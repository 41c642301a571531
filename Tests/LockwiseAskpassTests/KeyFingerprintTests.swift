import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseAskpass
@testable import LockwiseCore

/// The fingerprints of key files.
@Suite struct KeyFingerprintTests {
  private func fingerprint(_ path: String) throws -> KeyFingerprint { try KeyFingerprint(path: Array(path.utf8)) }

  @Test func ownFormatNeedsNoPublicFile() throws {
    let folder = try TemporaryFolder()
    let key = try folder.write("id", KeyFixtures.openSSH)
    #expect(try fingerprint(key).hex == KeyFixtures.openSSHFingerprint)
    #expect(try fingerprint(key).origin == "ssh-key://" + KeyFixtures.openSSHFingerprint)
    #expect(try fingerprint(key).comment == nil)
    try folder.write("id.pub", KeyFixtures.openSSHPublic)
    #expect(try fingerprint(key).comment == "ann@laptop")
  }

  @Test func aForeignPublicFileIsIgnored() throws {
    let folder = try TemporaryFolder()
    let key = try folder.write("id", KeyFixtures.openSSH)
    try folder.write("id.pub", KeyFixtures.pemPublic)
    #expect(try fingerprint(key) == KeyFingerprint(hex: KeyFixtures.openSSHFingerprint, comment: nil))
  }

  @Test(arguments: [
    (KeyFixtures.pem, KeyFixtures.pemPublic, KeyFixtures.pemFingerprint, "old key"),
    (KeyFixtures.pkcs8, KeyFixtures.pkcs8Public, KeyFixtures.pkcs8Fingerprint, "pkcs8 key"),
  ])
  func otherFormatsNeedThePublicFile(key: String, publicKey: String, hex: String, comment: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("id", key)
    #expect(throws: KeyFileError.noPublicKey) { try fingerprint(path) }
    try folder.write("id.pub", "\n# note\n" + publicKey)
    #expect(try fingerprint(path) == KeyFingerprint(hex: hex, comment: comment))
    try folder.write("id.pub", "ssh-rsa " + publicKey.split(separator: " ")[1])
    #expect(throws: KeyFileError.noPublicKey) { try fingerprint(path) }
  }

  @Test func linksAndOddNamesAreFollowed() throws {
    let folder = try TemporaryFolder()
    let key = try folder.write("my keys é", KeyFixtures.openSSH)
    let link = try folder.link("link", to: key)
    #expect(try fingerprint(link).hex == KeyFixtures.openSSHFingerprint)
  }

  @Test func otherFilesAreNotKeys() throws {
    let folder = try TemporaryFolder()
    #expect(throws: KeyFileError.unreadable(errno: ENOENT)) { try fingerprint(folder.path + "/none") }
    #expect(throws: KeyFileError.unreadable(errno: ENOENT)) { try fingerprint("") }
    #expect(throws: KeyFileError.notAKey) { try fingerprint(folder.path) }
    for text in ["", "x", KeyFixtures.openSSHPublic, String(repeating: "x", count: 70_000)] {
      #expect(throws: KeyFileError.notAKey) { try fingerprint(try folder.write("x", text)) }
    }
    let pipe = folder.path + "/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(throws: KeyFileError.notAKey) { try fingerprint(pipe) }
  }

  @Test func thePromptOrTheCommandLineNamesTheFile() throws {
    let folder = try TemporaryFolder()
    let key = try folder.write("id", KeyFixtures.openSSH)
    let bytes = Array(key.utf8)
    let shown = try KeyFingerprint(of: KeyPrompt(wording: .sshAdd, path: bytes), asker: nil)
    #expect(shown.hex == KeyFixtures.openSSHFingerprint)
    let asker = Asker(
      identity: .init(id: 1, start: 1), kind: .sshKeygen, arguments: ["ssh-keygen", "-yf", key].map { Array($0.utf8) },
      isDirectParent: true)
    let unnamed = KeyPrompt(wording: .sshKeygen, path: nil)
    #expect(try KeyFingerprint(of: unnamed, asker: asker).hex == KeyFixtures.openSSHFingerprint)
    #expect(throws: KeyFileError.noPath) { try KeyFingerprint(of: unnamed, asker: nil) }
  }

  /// ssh shows the first 100 bytes of a path.
  @Test func aPathThatMayBeCutIsTheWholeOneOrNone() throws {
    let folder = try TemporaryFolder()
    let name = String(repeating: "k", count: 99 - folder.path.utf8.count)
    let key = try folder.write(name, KeyFixtures.openSSH)
    #expect(key.utf8.count == 100)
    func fingerprint(_ path: String, _ wording: KeyPrompt.Wording) throws -> String {
      try KeyFingerprint(of: KeyPrompt(wording: wording, path: Array(path.utf8)), asker: nil).hex
    }
    #expect(try fingerprint(key, .ssh) == KeyFixtures.openSSHFingerprint)
    let longer = try folder.write(name + "er", KeyFixtures.openSSH)
    #expect(try fingerprint(longer, .sshAdd) == KeyFixtures.openSSHFingerprint)
    try FileManager.default.removeItem(atPath: key)
    #expect(throws: KeyFileError.pathMayBeCut) { try fingerprint(key, .ssh) }
    try folder.write(name, "another file")
    #expect(throws: KeyFileError.pathMayBeCut) { try fingerprint(key, .ssh) }
  }
}

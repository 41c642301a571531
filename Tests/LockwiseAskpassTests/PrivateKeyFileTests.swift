import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseAskpass

/// The readable part of private keys.
@Suite struct PrivateKeyFileTests {
  private func parse(_ text: String) -> PrivateKeyFile? { PrivateKeyFile(SecretBytes(utf8: text)) }

  private static let label = "OPENSSH PRIVATE KEY-----\n"

  /// Returns a key file with a content in place of the key's.
  private static func file(_ content: [UInt8]) -> String {
    "-----BEGIN " + label + Base64.standard.encode(content) + "\n-----END " + label
  }

  /// The fields of a valid key without the magic word.
  private static func fields(
    cipher: String = "none", derivation: String = "none", options: String = "", count: UInt8 = 1,
    key: [UInt8] = string("ssh-x") + [1], encrypted: String = "xxxxxxxx"
  ) -> [UInt8] {
    Array("openssh-key-v1\0".utf8) + string(cipher) + string(derivation) + string(options) + [0, 0, 0, count]
      + string(key) + string(encrypted)
  }

  private static func string(_ text: String) -> [UInt8] { string(Array(text.utf8)) }
  private static func string(_ bytes: [UInt8]) -> [UInt8] { [0, 0, 0, UInt8(bytes.count)] + bytes }

  @Test func formatsAreRecognised() throws {
    let key = try #require(PublicKey(publicFile: Array(KeyFixtures.openSSHPublic.utf8)))
    #expect(parse(KeyFixtures.openSSH) == .openSSH(try #require(PublicKey(encoded: key.encoded))))
    #expect(parse(KeyFixtures.openSSH.replacing("\n", with: "\r\n")) == nil)
    #expect(parse(KeyFixtures.openSSH + "more") != nil)
    #expect(parse(KeyFixtures.pem) == .pem)
    #expect(parse(KeyFixtures.pkcs8) == .pem)
    #expect(parse("text\n" + KeyFixtures.pem) == .pem)
    #expect(parse("text\n" + KeyFixtures.openSSH) == nil)
    #expect(parse(KeyFixtures.openSSHPublic) == nil)
  }

  @Test func validFieldsAreAccepted() {
    #expect(parse(Self.file(Self.fields())) == PublicKey(encoded: Self.string("ssh-x") + [1]).map { .openSSH($0) })
    // The authentication tag of aes256-gcm.
    #expect(parse(Self.file(Self.fields() + Array(repeating: 7, count: 16))) != nil)
  }

  @Test(
    arguments: [
      fields(count: 0), fields(count: 2), fields(key: []), fields(key: string("ssh-x")), fields(key: string("") + [1]),
      fields(key: string("a b") + [1]), fields(key: [0, 0, 0, 9, 1]), fields(encrypted: ""), fields(cipher: ""),
      Array(fields().dropFirst()), Array(fields().dropLast()), [],
      Array("openssh-key-v2\0".utf8) + fields().dropFirst(15),
      Array("openssh-key-v1\0".utf8) + [0xFF, 0xFF, 0xFF, 0xFF, 1],
    ] as [[UInt8]])
  func damagedFieldsAreRejected(content: [UInt8]) { #expect(parse(Self.file(content)) == nil) }

  @Test func damagedTextIsRejected() {
    let whole = Self.file(Self.fields())
    #expect(parse(String(whole.dropLast())) == nil)
    #expect(parse(whole.replacing("-----END", with: "----END")) == nil)
    #expect(parse(whole.replacing("b3BlbnNzaC", with: "b3Blbn zaC")) == nil)
    #expect(parse(whole.replacing("\n-----END", with: "-----END")) == nil)
  }

  /// No truncated file is a key, and none ends the program.
  @Test func everyBeginningIsRejected() {
    let bytes = Array(KeyFixtures.openSSH.utf8)
    for count in 0..<bytes.count {
      #expect(parse(String(decoding: bytes[..<count], as: UTF8.self)) == nil, "\(count)")
    }
  }
}

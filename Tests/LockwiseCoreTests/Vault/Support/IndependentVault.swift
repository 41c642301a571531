import Crypto
import CryptoExtras
import Foundation

@testable import LockwiseCore

/// Reads a vault file as described in docs/vault-format.md, with swift-crypto instead of Lockwise's cryptography.
struct IndependentVault {
  struct Failure: Error {
    let message: String
  }

  /// An opened row.
  struct Row {
    let sealed: [UInt8]
    let padded: [UInt8]

    /// The plaintext without padding.
    var plaintext: [UInt8] { Array(padded[..<(padded.lastIndex(of: 0x80) ?? 0)]) }
    var nonce: [UInt8] { Array(sealed[..<12]) }
    var tag: [UInt8] { Array(sealed[(sealed.count - 16)..<(sealed.count - 8)]) }
  }

  let id: [UInt8]
  let slotText: [String: Any]
  let vaultKey: SymmetricKey
  let tokenKey: SymmetricKey
  /// The rows by table and key.
  private(set) var rows: [String: [String: Row]] = [:]

  /// - Parameter credential: the first slot's credential.
  init(_ directory: VaultDirectory, credential: [UInt8]) throws {
    let raw = try RawVault(directory).rows()
    func first(_ table: String) throws -> RawVault.Row {
      guard let row = raw.first(where: { $0.table == table }) else { throw Failure(message: "no \(table)") }
      return row
    }
    let header = try Self.object(Self.checked(first("header").bytes))
    guard header["format"] as? String == "lockwise-vault", header["version"] as? Int == 3,
      let id = (header["id"] as? String).flatMap(Self.bytes)
    else { throw Failure(message: "header") }
    self.id = id
    let body = try Self.checked(first("slots").bytes)
    let (wrapped, text) = (Array(body[..<60]), Array(body[60...]))
    slotText = try Self.object(text)
    vaultKey = SymmetricKey(
      data: try AES.GCM.open(
        AES.GCM.SealedBox(combined: wrapped), using: Self.slotKey(slotText, credential),
        authenticating: Array("lockwise vault 3: slot".utf8) + [0] + id + text))
    let sealKey = Self.hkdf(vaultKey, salt: id, "lockwise vault 3: seal")
    tokenKey = Self.hkdf(vaultKey, salt: id, "lockwise vault 3: look-up")
    for row in raw where row.table != "header" && row.table != "slots" {
      let name =
        row.table == "documents"
        ? Array(row.key.utf8) : withUnsafeBytes(of: (Int64(row.key) ?? 0).littleEndian) { Array($0) }
      let associated = Array("lockwise vault 3".utf8) + [0] + id + Array(row.table.utf8) + [0] + name
      let padded = try AES.GCM.open(
        AES.GCM.SealedBox(combined: row.bytes), using: sealKey, authenticating: associated)
      rows[row.table, default: [:]][row.key] = Row(sealed: row.bytes, padded: Array(padded))
    }
  }

  private static func slotKey(_ slot: [String: Any], _ credential: [UInt8]) throws -> SymmetricKey {
    guard let salt = (slot["salt"] as? String).flatMap(bytes) else { throw Failure(message: "salt") }
    if slot["kind"] as? String == "key-file" {
      return hkdf(SymmetricKey(data: credential), salt: salt, "lockwise vault 3: key file")
    }
    guard let cost = slot["cost"] as? Int, let block = slot["block"] as? Int, let parallel = slot["parallel"] as? Int
    else { throw Failure(message: "cost") }
    return try KDF.Scrypt.deriveKey(
      from: credential, salt: salt, outputByteCount: 32, rounds: cost, blockSize: block, parallelism: parallel)
  }

  /// Returns a look-up token: the first half of the HMAC of the kind's byte and the text.
  func token(_ kind: UInt8, _ text: String) -> [UInt8] {
    Array(HMAC<Crypto.SHA256>.authenticationCode(for: [kind] + Array(text.utf8), using: tokenKey).prefix(16))
  }

  private static func hkdf(_ key: SymmetricKey, salt: [UInt8], _ info: String) -> SymmetricKey {
    HKDF<Crypto.SHA256>.deriveKey(inputKeyMaterial: key, salt: salt, info: Array(info.utf8), outputByteCount: 32)
  }

  private static func checked(_ bytes: [UInt8]) throws -> [UInt8] {
    let text = Array(bytes.dropFirst(32))
    guard Array(Crypto.SHA256.hash(data: text)) == Array(bytes.prefix(32)) else { throw Failure(message: "digest") }
    return text
  }

  private static func object(_ text: [UInt8]) throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: Data(text)) as? [String: Any] ?? [:]
  }

  private static func bytes(_ digits: String) -> [UInt8]? {
    let digits = Array(digits)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...($0 + 1)]), radix: 16) ?? 0 }
  }
}

/// Small named secrets of the vault, each sealed separately, such as the account, tokens and the sync state. Only the
/// module that writes a document interprets its text.
public protocol SealedDocuments {
  /// Returns the decrypted document called `name`; `nil` if there is none.
  ///
  /// - Throws: `VaultError` if it cannot be read.
  func document(_ name: DocumentName) throws -> SecretBytes?

  /// Seals and stores the document called `name`; `nil` removes it. The change is durable when the call returns or the
  /// transaction commits.
  ///
  /// - Throws: `VaultError` if it cannot be written.
  func setDocument(_ name: DocumentName, to text: SecretBytes?) throws
}

/// The name of a sealed document. Each module defines names for the documents that it needs. Names are not secret.
public struct DocumentName: Hashable, Sendable {
  /// The name: 1 to 64 lower-case letters, digits and hyphens.
  public let text: String

  /// Makes a name from a constant.
  ///
  /// - Precondition: 1 to 64 lower-case letters, digits and hyphens.
  public init(_ text: String) {
    precondition(Self.isValid(text), "not a document's name")
    self.text = text
  }

  /// Makes a name from a vault file; `nil` if it is not a document's name.
  init?(stored text: String) {
    guard Self.isValid(text) else { return nil }
    self.text = text
  }

  private static func isValid(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
        default: false
        }
      }
  }
}

extension DocumentName {
  /// The account: e-mail, uid, servers, refresh token, Sync key and key id.
  public static let account = DocumentName("account")
  /// The access token and its expiry.
  public static let accessToken = DocumentName("access-token")
  /// The storage credentials: Hawk id and key, endpoint, expiry.
  public static let storageToken = DocumentName("storage-token")
  /// The state after the last pull: timestamps, syncIDs, collection keys.
  public static let syncState = DocumentName("sync-state")
  /// The time until which the server asked clients to back off.
  public static let backoff = DocumentName("backoff")
}

extension Vault {
  /// Changes a document; durable when this returns.
  ///
  /// - Parameter change: is given the document's text and returns its new one; `nil` stands for no document. Nothing is
  ///   written if the text stays the same.
  /// - Throws: `VaultError` if the vault cannot be written; what `change` throws.
  public func changeDocument(_ name: DocumentName, _ change: (SecretBytes?) throws -> SecretBytes?) throws {
    let update = try VaultUpdate(vault: self)
    if try update.changeDocument(name, change) { try update.commit() }
  }
}

extension VaultUpdate {
  /// Changes a document.
  ///
  /// - Parameter change: is given the document's text and returns its new one; `nil` stands for no document.
  /// - Returns: whether the text changed.
  func changeDocument(_ name: DocumentName, _ change: (SecretBytes?) throws -> SecretBytes?) throws -> Bool {
    let old = try document(name)
    let new = try change(old)
    guard new != old else { return false }
    try setDocument(name, to: new)
    return true
  }
}

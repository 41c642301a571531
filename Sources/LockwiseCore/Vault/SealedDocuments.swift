/// Small named secrets of the vault, each sealed by itself: the account, tokens, collection keys, sync state.
/// What the text of a document means is the business of the module that wrote it.
public protocol SealedDocuments {
  /// The document called `name`, decrypted; `nil` if there is none.
  ///
  /// - Throws: `VaultError` if it cannot be read.
  func document(_ name: DocumentName) throws -> SecretBytes?

  /// Seals and stores a document under `name`, durable when it returns; `nil` removes it.
  ///
  /// - Throws: `VaultError` if it cannot be written.
  func setDocument(_ name: DocumentName, to text: SecretBytes?) throws
}

/// The name of one of the vault's sealed documents. Names are open: a module that needs a document names it. They are
/// not secret.
public struct DocumentName: Hashable, Sendable {
  /// The name: lower-case letters, digits and hyphens, 1 to 64 of them.
  public let text: String

  /// Makes a name, which is a constant of the code.
  ///
  /// - Precondition: 1 to 64 lower-case letters, digits and hyphens.
  public init(_ text: String) {
    precondition(Self.isValid(text), "not a document's name")
    self.text = text
  }

  /// Makes a name out of a file; `nil` if it is none of a document.
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
  /// Who is signed in where: e-mail, uid, servers, refresh token, Sync key and key id.
  public static let account = DocumentName("account")
  /// The access token and its expiry.
  public static let accessToken = DocumentName("access-token")
  /// Storage credentials: Hawk id and key, endpoint, expiry.
  public static let storageToken = DocumentName("storage-token")
  /// What the last pull saw: timestamps, syncIDs, collection keys.
  public static let syncState = DocumentName("sync-state")
  /// How long the server asked us to back off.
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
    let old = try update.document(name)
    let new = try change(old)
    guard new != old else { return }
    try update.setDocument(name, to: new)
    try update.commit()
  }
}

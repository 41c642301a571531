import LockwiseAccounts
import LockwiseCore

/// The local profile that a vault's logins come from: the vault's document `profile`.
package struct LocalSource: Sendable {
  /// The program that the profile belongs to, such as `Firefox`.
  package let application: String
  /// The profile's name in its program.
  package let name: String
  /// The profile's directory, an absolute path.
  package let directory: String
  /// The versions of the profile's files at the last successful pull; `nil` if the next pull must read everything.
  package var files: ProfileVersion?
  /// The profile's key if the user chose to keep it, so that a pull needs no primary password.
  package var key: SecretBytes?

  /// Creates a source that no pull has read yet.
  package init(_ profile: FirefoxProfile) {
    application = profile.application
    name = profile.name
    directory = profile.directory
  }

  /// The source as messages name it.
  package var description: String { "\(application), profile \(name)" }

  /// The value of `SyncState.endpoint` that stands for this source.
  var endpoint: String { "profile:" + directory }

  /// Loads the source of a vault; `nil` if its logins do not come from a profile.
  ///
  /// - Throws: `DocumentError`, and the errors of the vault.
  package static func load(from documents: any SealedDocuments) throws -> LocalSource? {
    try documents.document(documentName).map { try LocalSource(document: $0) }
  }
}

extension LocalSource: AccountDocument {
  package static let documentName = DocumentName("profile")

  package init(_ codec: inout DocumentCodec, _ stored: LocalSource?) throws {
    try codec.version()
    application = try codec.filled("application", stored?.application)
    name = try codec.filled("name", stored?.name)
    directory = try codec.filled("directory", stored?.directory)
    files = try codec.optional("files", stored?.files?.text).flatMap { ProfileVersion(text: $0) }
    key = try codec.optional("key", stored?.key)
  }
}

import LockwiseCLI
import LockwiseCore

/// What `lockwise-askpass` remembers on this machine only. Refusals are in the memory of git's helper, because they
/// apply to every program.
struct AskpassMemory: Equatable, Sendable {
  /// A login that was saved before the program that asked could check the secret.
  struct Saved: Equatable, Sendable {
    /// The digest of the process and its question (`Vault.question`).
    let question: [UInt8]
    /// The login's GUID.
    let guid: String
    /// The digest of the login and the saved secret (`Vault.refusal`).
    let login: [UInt8]
    /// The password that it had before; `nil` for a new login.
    let previous: SecretBytes?
  }

  /// The version of an ssh client.
  struct Client: Equatable, Sendable {
    /// The device, inode, size and times of its file.
    let file: String
    let version: SSHVersion
  }

  /// The maximum number of entries in each list.
  static let limit = 32

  /// The logins saved lately, newest first.
  private(set) var saved: [Saved] = []
  /// The digests of the destinations for which nothing is saved, newest first.
  private var never: [[UInt8]] = []
  /// The known ssh clients, newest first.
  private var clients: [Client] = []

  /// Makes an empty memory.
  init() {}

  /// Returns the login that was saved for a question; `nil` if none was.
  func saved(for question: [UInt8]) -> Saved? { saved.first { KeyedDigest.isSame($0.question, question) } }

  /// Records that a login was saved.
  mutating func record(_ entry: Saved) {
    removeSaved(for: entry.question)
    saved.insert(entry, at: 0)
    saved.removeLast(max(0, saved.count - Self.limit))
  }

  /// Forgets that a login was saved.
  mutating func removeSaved(for question: [UInt8]) { saved.removeAll { KeyedDigest.isSame($0.question, question) } }

  /// Returns whether the user wants to save nothing for a destination.
  func isNever(_ destination: [UInt8]) -> Bool { never.contains { KeyedDigest.isSame($0, destination) } }

  /// Records whether the user wants to save nothing for a destination.
  mutating func setNever(_ isNever: Bool, _ destination: [UInt8]) {
    never.removeAll { KeyedDigest.isSame($0, destination) }
    if isNever { never.insert(destination, at: 0) }
    never.removeLast(max(0, never.count - 8 * Self.limit))
  }

  /// Returns the version of a client; `nil` if it is unknown.
  func version(of file: String) -> SSHVersion? { clients.first { $0.file.isSameText(as: file) }?.version }

  /// Records the version of a client.
  mutating func record(_ version: SSHVersion, of file: String) {
    clients.removeAll { $0.file.isSameText(as: file) }
    clients.insert(Client(file: file, version: version), at: 0)
    clients.removeLast(max(0, clients.count - Self.limit))
  }
}

/// The document. Invalid entries are ignored, because the memory is only for convenience.
extension AskpassMemory: StoredDocument {
  init(_ codec: inout DocumentCodec, _ stored: AskpassMemory?) throws {
    saved = codec.list("saved", stored?.saved, limit: Self.limit)
    never = codec.list("never", stored?.never.map { HexBytes($0) }, limit: 8 * Self.limit).map(\.bytes)
    clients = codec.list("clients", stored?.clients, limit: Self.limit)
  }
}

extension AskpassMemory.Saved: StoredDocument {
  init(_ codec: inout DocumentCodec, _ stored: Self?) throws {
    question = try codec.required("question", stored.map { HexBytes($0.question) }).bytes
    guid = try codec.required("guid", stored?.guid)
    login = try codec.required("login", stored.map { HexBytes($0.login) }).bytes
    previous = try codec.optional("previous", stored?.previous)
  }
}

extension AskpassMemory.Client: StoredDocument {
  init(_ codec: inout DocumentCodec, _ stored: Self?) throws {
    file = try codec.required("file", stored?.file)
    version = SSHVersion(
      major: try codec.required("major", stored?.version.major),
      minor: try codec.required("minor", stored?.version.minor))
  }
}

extension Vault {
  /// Returns the memory. Usually it is empty, and nothing is read.
  ///
  /// - Throws: `VaultError` if the vault is damaged or cannot be read.
  func askpassMemory() throws -> AskpassMemory {
    try document(.askpassMemory).flatMap { AskpassMemory(text: $0) } ?? AskpassMemory()
  }
}

extension LoginEditor {
  /// Changes the memory, in the transaction if there is one.
  ///
  /// - Throws: `VaultError` if the vault cannot be written.
  func changeAskpassMemory(_ change: (inout AskpassMemory) -> Void) throws {
    try changeDocument(.askpassMemory) { text in
      var memory = text.flatMap { AskpassMemory(text: $0) } ?? AskpassMemory()
      change(&memory)
      return memory == AskpassMemory() ? nil : memory.text
    }
  }
}

extension DocumentName {
  /// The local memory of `lockwise-askpass`: `AskpassMemory`.
  static let askpassMemory = DocumentName("askpass-memory")
}

import LockwiseCore

/// A change that setup made, as the record has it.
package struct SetupChange: Equatable, Sendable {
  /// The name of the step that made it.
  package let step: String
  /// The changed file.
  package var path: String?
  /// Whether setup made the file.
  package var isNewFile = false
  /// The bytes that setup added to the file.
  package var insertion: TextInsertion?
  /// The SHA-256 of the file after the change.
  package var digest: HexBytes?
  /// The length of the file before a change that another program is making.
  package var formerCount: Int?
  /// The SHA-256 of the file before a change that another program is making.
  package var formerDigest: HexBytes?
  /// The folders that setup made, the outermost first.
  package var folders: [String] = []
  /// The value that setup added to git's configuration.
  package var value: String?
  /// The systemd units that setup enabled.
  package var units: [String] = []

  /// Makes a change that is described further.
  package init(step: String, path: String? = nil) {
    self.step = step
    self.path = path
  }
}

extension SetupChange: StoredDocument {
  /// Reads or writes every member.
  package init(_ codec: inout DocumentCodec, _ stored: SetupChange?) throws {
    step = try codec.required("step", stored?.step)
    path = try codec.optional("path", stored?.path)
    isNewFile = try codec.required("newFile", stored?.isNewFile)
    let position = try codec.optional("position", stored?.insertion?.position)
    let bytes = try codec.optional("bytes", stored?.insertion.map { HexBytes($0.bytes) })
    if let position, let bytes {
      guard position >= 0, !bytes.bytes.isEmpty else { throw DocumentCodec.Malformed() }
      insertion = TextInsertion(position: position, bytes: bytes.bytes)
    }
    digest = try codec.optional("digest", stored?.digest)
    formerCount = try codec.optional("formerCount", stored?.formerCount)
    formerDigest = try codec.optional("formerDigest", stored?.formerDigest)
    folders = codec.list("folders", stored?.folders)
    value = try codec.optional("value", stored?.value)
    units = codec.list("units", stored?.units)
  }
}

import LockwiseCore

/// A text out of the vault.
struct ResolvedSecret: Sendable {
  /// The field that it is the value of.
  let field: ReferenceField
  /// The text as it is in the vault, without conversions.
  let value: SecretBytes

  /// Whether it is hidden in the output of a command: everything but user names and addresses.
  var isConfidential: Bool { field.isConfidential }
}

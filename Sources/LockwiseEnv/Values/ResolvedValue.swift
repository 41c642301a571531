import LockwiseCore

/// A name and its value, in which every reference is replaced.
struct ResolvedValue: Sendable {
  /// The name of the variable; empty if there is none.
  let name: String
  /// The value.
  let bytes: SecretBytes
  /// The texts out of the vault that the value contains.
  let secrets: [ResolvedSecret]
  /// Whether the whole value is one reference.
  let isReference: Bool
}

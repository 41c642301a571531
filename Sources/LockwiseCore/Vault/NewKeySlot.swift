/// A slot to be made: where its key comes from, and the key.
public struct NewKeySlot: Sendable {
  /// Where the slot's key comes from.
  public let source: KeySlot.Source
  /// The passphrase, the key file's content, or the command's line.
  public let credential: SecretBytes
  /// The scrypt cost; not used for a key file.
  public let cost: Scrypt.Parameters

  /// Makes a description of a slot.
  public init(
    source: KeySlot.Source, credential: SecretBytes, cost: Scrypt.Parameters = KeySlot.defaultCost
  ) {
    self.source = source
    self.credential = credential
    self.cost = cost
  }

  /// The scrypt work that one try costs; 0 for a key file.
  var work: UInt64 { source.work(cost) }
}

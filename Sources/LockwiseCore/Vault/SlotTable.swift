/// The table of key slots within a transaction.
struct SlotTable {
  let connection: SQLiteConnection
  let keys: VaultKeys

  /// Reads all slots and checks them against the summary.
  ///
  /// - Throws: `VaultError.damaged` if a slot was added, is missing or is not the latest version.
  func all(_ summary: VaultSummary) throws -> [KeySlot] {
    let statement = try connection.prepare("SELECT id, body FROM slots ORDER BY id")
    defer { statement.reset() }
    var slots: [KeySlot] = []
    while try statement.step() {
      let id = statement.integer(0)
      guard slots.count < summary.slots.count, let tag = summary.slots[id] else {
        throw VaultError.damaged(part: "key slots")
      }
      let slot = try KeySlot(id: id, encoded: statement.withBytes(1) { Array($0) })
      guard slot.tag == tag else { throw VaultError.damaged(part: "key slot \(id)") }
      slots.append(slot)
    }
    guard slots.count == summary.slots.count else { throw VaultError.damaged(part: "key slots") }
    return slots
  }

  /// Adds slots that wrap the vault key.
  ///
  /// - Parameters:
  ///   - new: the slots to add.
  ///   - summary: receives the slots' tags.
  ///   - last: the highest number that must not be used again.
  ///   - random: the source of salts and nonces.
  /// - Returns: the new slots, with numbers above `last` and above those of the present slots.
  /// - Throws: `VaultError.tooManySlots`; `VaultError.badKeySource`; `CryptoError`.
  @discardableResult
  func add(
    _ new: [NewKeySlot], _ summary: inout VaultSummary, after last: Int64 = -1, random: some RandomSource
  ) throws -> [KeySlot] {
    let work = try (all(summary).map(\.work) + new.map(\.work)).reduce(0) {
      $0 &+ min($1, KeySlot.maximumTotalWork + 1)
    }
    guard summary.slots.count + new.count <= KeySlot.maximumCount, work <= KeySlot.maximumTotalWork else {
      throw VaultError.tooManySlots
    }
    return try new.map { new in
      let slot = try KeySlot(
        id: max(last, summary.slots.keys.max() ?? -1) + 1, new, wrapping: keys.vaultKey, vaultID: keys.vaultID,
        random: random)
      let insert = try connection.prepare("INSERT OR REPLACE INTO slots(id, body) VALUES(?, ?)")
      try insert.bind(1, slot.id)
      try insert.run(binding: slot.encoded(), at: 2)
      summary.slots[slot.id] = slot.tag
      return slot
    }
  }

  /// Removes a slot.
  func remove(_ id: Int64, _ summary: inout VaultSummary) throws {
    let delete = try connection.prepare("DELETE FROM slots WHERE id=?")
    try delete.bind(1, id)
    try delete.run()
    summary.slots[id] = nil
  }
}

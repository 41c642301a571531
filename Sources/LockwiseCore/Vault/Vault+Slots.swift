/// The key slots of an unlocked vault. Each change is durable when the call returns, or is not made.
extension Vault {
  /// Returns the slots in the order of their numbers. Unlike `VaultFile.slots()`, it returns authenticated slots only.
  ///
  /// - Throws: `VaultError.damaged` if a slot was added, is missing or is not the latest version.
  public func slots() throws -> [KeySlot] {
    try file.reading { try SlotTable(connection: file.connection, keys: keys).all(summary()) }
  }

  /// Adds a slot.
  ///
  /// - Returns: the new slot.
  /// - Throws: `VaultError.tooManySlots`; `VaultError`; `CryptoError`.
  @discardableResult
  public func addSlot(_ new: NewKeySlot) throws -> KeySlot {
    try changingSlots { table, summary in try table.add([new], &summary, random: random) }[0]
  }

  /// Removes a slot.
  ///
  /// - Throws: `VaultError.noSuchSlot`; `VaultError.lastSlot`; another `VaultError` if the vault cannot be written.
  public func removeSlot(id: Int64) throws {
    try changingSlots { table, summary in
      guard summary.slots[id] != nil else { throw VaultError.noSuchSlot(id: id) }
      guard summary.slots.count > 1 else { throw VaultError.lastSlot }
      try table.remove(id, &summary)
    }
  }

  /// Replaces a slot and keeps the others.
  ///
  /// - Returns: the new slot, with a new number.
  /// - Throws: `VaultError.noSuchSlot`; `VaultError`; `CryptoError`.
  @discardableResult
  public func replaceSlot(id: Int64, with new: NewKeySlot) throws -> KeySlot {
    try changingSlots { table, summary in
      guard summary.slots[id] != nil else { throw VaultError.noSuchSlot(id: id) }
      // Numbers always rise, so that no earlier slot has the same one.
      let last = summary.slots.keys.max() ?? -1
      try table.remove(id, &summary)
      return try table.add([new], &summary, after: last, random: random)[0]
    }
  }

  private func changingSlots<Result>(_ body: (SlotTable, inout VaultSummary) throws -> Result) throws -> Result {
    // The wrapped key of a removed slot must not remain in free pages of the file.
    try file.connection.run("PRAGMA secure_delete=ON")
    let update = try VaultUpdate(vault: self)
    let result = try body(SlotTable(connection: file.connection, keys: keys), &update.summary)
    try update.commit()
    // It must not remain in the write-ahead log either.
    try? file.connection.run("PRAGMA wal_checkpoint(TRUNCATE)")
    return result
  }
}

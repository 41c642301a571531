/// The slots of an unlocked vault. Each change is durable when the call returns, or was not made.
extension Vault {
  /// The slots, in the order of their numbers; unlike those of the file, all of them authenticated.
  ///
  /// - Throws: `VaultError.damaged` if one was removed, changed, put back or added from outside.
  public func slots() throws -> [KeySlot] {
    try file.reading { try SlotTable(connection: file.connection, keys: keys).all(summary()) }
  }

  /// Adds a slot.
  ///
  /// - Returns: the slot.
  /// - Throws: `VaultError`; `CryptoError`.
  @discardableResult
  public func addSlot(_ new: NewKeySlot) throws -> KeySlot {
    try changingSlots { table, summary in try table.add([new], &summary, random: random) }[0]
  }

  /// Removes a slot.
  ///
  /// - Throws: `VaultError.noSuchSlot`; `VaultError.lastSlot`; `VaultError`.
  public func removeSlot(id: Int64) throws {
    try changingSlots { table, summary in
      guard summary.slots[id] != nil else { throw VaultError.noSuchSlot(id: id) }
      guard summary.slots.count > 1 else { throw VaultError.lastSlot }
      try table.remove(id, &summary)
    }
  }

  /// Replaces all slots.
  ///
  /// - Parameter new: at least one.
  /// - Returns: the slots, in the same order.
  /// - Throws: `VaultError`; `CryptoError`.
  @discardableResult
  public func replaceSlots(_ new: [NewKeySlot]) throws -> [KeySlot] {
    guard !new.isEmpty else { throw VaultError.lastSlot }
    return try changingSlots { table, summary in
      // Numbers go on rising, so that no earlier slot has one of them.
      let last = summary.slots.keys.max() ?? -1
      for id in summary.slots.keys { try table.remove(id, &summary) }
      return try table.add(new, &summary, after: last, random: random)
    }
  }

  /// Replaces one slot and leaves the others as they are.
  ///
  /// - Returns: the new slot, with a number of its own.
  /// - Throws: `VaultError.noSuchSlot`; `VaultError`; `CryptoError`.
  @discardableResult
  public func replaceSlot(id: Int64, with new: NewKeySlot) throws -> KeySlot {
    try changingSlots { table, summary in
      guard summary.slots[id] != nil else { throw VaultError.noSuchSlot(id: id) }
      // Numbers go on rising, so that no earlier slot has one of them.
      let last = summary.slots.keys.max() ?? -1
      try table.remove(id, &summary)
      return try table.add([new], &summary, after: last, random: random)[0]
    }
  }

  private func changingSlots<Result>(_ body: (SlotTable, inout VaultSummary) throws -> Result) throws -> Result {
    // What a removed slot wrapped must not be left in free parts of the file.
    try file.connection.run("PRAGMA secure_delete=ON")
    let update = try VaultUpdate(vault: self)
    let result = try body(SlotTable(connection: file.connection, keys: keys), &update.summary)
    try update.commit()
    // Nor in the write-ahead log.
    try? file.connection.run("PRAGMA wal_checkpoint(TRUNCATE)")
    return result
  }
}

/// Reading the names and bodies of all logins, which two sealed files keep for the next reader.
extension Vault {
  /// The number of logins from which on such a file is worth its space.
  private static let smallestCache = 64

  /// Returns the names of all logins.
  ///
  /// - Returns: the list, and whether it had to be read from more than a few logins. `storeEntryCaches` spares the next
  ///   reader that.
  /// - Throws: `VaultError` if the vault is damaged or cannot be read.
  public func entryList() throws -> (list: EntryList, isOutdated: Bool) {
    try file.reading {
      let (names, isCurrent) = try entryNames()
      return (names.list, !isCurrent && names.list.rows.count >= Self.smallestCache)
    }
  }

  /// Returns the names and bodies of all logins.
  ///
  /// - Returns: the list, the bodies in its order, and whether either had to be read from more than a few logins.
  ///   `storeEntryCaches` spares the next reader that.
  /// - Throws: `VaultError` if the vault is damaged or cannot be read.
  package func entryBodies() throws -> (list: EntryList, bodies: EntryBodies, isOutdated: Bool) {
    try file.reading {
      let names = try entryNames()
      let cache = try entryBodies(names.cache)
      let isOutdated =
        !names.isCurrent || (!cache.isCurrent && cache.cache.text.count <= EntryBodyCache.maximumByteCount)
      return (names.cache.list, cache.cache.bodies, isOutdated && cache.cache.bodies.count >= Self.smallestCache)
    }
  }

  /// Stores the names of all logins for the next reader, and their bodies if this one needed them.
  ///
  /// - Parameter withBodies: whether the bodies are stored too.
  /// - Throws: `VaultError` if the vault is damaged or the files cannot be written.
  package func storeEntryCaches(withBodies: Bool) throws {
    let (names, bodies) = try file.reading {
      let names = try entryNames()
      return (names, withBodies ? try entryBodies(names.cache) : nil)
    }
    // A change that is made meanwhile is noticed: the files name the state that they belong to.
    if !names.isCurrent, names.cache.text.count <= EntryNameCache.maximumByteCount {
      try namesFile.write(names.cache.text, keys, random: random)
    }
    if let bodies, !bodies.isCurrent, bodies.cache.text.count <= EntryBodyCache.maximumByteCount {
      try bodiesFile.write(bodies.cache.text, keys, random: random)
    }
  }

  private var namesFile: SealedFile { SealedFile(file.directory.namesFile) }
  private var bodiesFile: SealedFile { SealedFile(file.directory.bodiesFile) }

  private func entryNames() throws -> (cache: EntryNameCache, isCurrent: Bool) {
    let summary = try summary()
    let state = try EntryCacheHeader.state(summary)
    let stored = namesFile.read(keys, limit: EntryNameCache.maximumByteCount).flatMap { EntryNameCache(text: $0) }
    if let stored, stored.state == state { return (stored, true) }
    return (try EntryNameCache(state: state, knowing: stored, loginTags(summary), login: loginTable.login), false)
  }

  private func entryBodies(_ names: EntryNameCache) throws -> (cache: EntryBodyCache, isCurrent: Bool) {
    let stored = bodiesFile.read(keys, limit: EntryBodyCache.maximumByteCount).flatMap { EntryBodyCache(text: $0) }
    if let stored, stored.isComplete(for: names) { return (stored, true) }
    return (try EntryBodyCache(names, knowing: stored, login: loginTable.login), false)
  }
}

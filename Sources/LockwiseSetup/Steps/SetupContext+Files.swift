import LockwiseCore

extension SetupContext {
  /// Adds bytes to a file of the user, or makes the file. The change is recorded before it is made.
  ///
  /// - Parameters:
  ///   - insertion: the bytes.
  ///   - file: the file as it is now.
  ///   - kind: the kind of a new file.
  ///   - step: the step that needs the change.
  /// - Throws: `UserFile.Failure`, `SetupRecordFile.Failure`, `CryptoError`; nothing has changed then.
  func add(_ insertion: TextInsertion, to file: UserFile, as kind: UserFile.Kind, for step: StepName) throws {
    try file.checkWritable()
    let text = insertion.applied(to: file.text)
    var change = SetupChange(step: step.rawValue, path: file.path)
    change.isNewFile = file.content == nil
    change.folders = file.missingFolders
    change.insertion = insertion
    change.digest = HexBytes(try text.withUnsafeBytes { try SHA256.hash($0) })
    try record.update { $0.changes.append(change) }
    do throws(UserFile.Failure) {
      try file.write(text, as: kind)
    } catch {
      Folders.removeEmpty(change.folders)
      // The former record would only name a change that nothing is left of.
      try? record.update { record in record.changes.removeAll { $0 == change } }
      throw error
    }
  }

  /// Removes the bytes that `add` has added. A file that is unchanged since becomes what it was. A file that setup made
  /// is removed, with its folders, unless something else is in it.
  ///
  /// - Parameters:
  ///   - change: the recorded change.
  ///   - isEmpty: whether a text has nothing that anyone else wrote.
  ///   - edited: returns a text that was edited meanwhile without what setup added; `nil` if it has nothing of that.
  /// - Throws: `UserFile.Failure`, `CryptoError`; the file is then as it was.
  func remove(
    _ change: SetupChange, isEmpty: (SecretBytes) -> Bool = { $0.isBlank },
    edited: (SecretBytes) -> SecretBytes?
  ) throws -> Reversion {
    guard let path = change.path else { return .gone("nothing was recorded") }
    let file = try UserFile(path)
    file.removeUnfinished()
    let gone = Reversion.gone("nothing of it is left in \(shown(path))")
    guard let content = file.content else {
      Folders.removeEmpty(change.folders)
      return gone
    }
    let digest = HexBytes(try content.withUnsafeBytes { try SHA256.hash($0) })
    let unchanged = digest == change.digest ? change.insertion?.removed(from: content) : nil
    guard let text = unchanged ?? edited(content) else { return gone }
    if change.isNewFile, isEmpty(text) {
      try file.remove()
      Folders.removeEmpty(change.folders)
      return .undone("removed \(shown(path))")
    }
    try file.write(text, as: .shared)
    return .undone((unchanged == nil ? "removed from " : "restored ") + shown(path))
  }

  /// Undoes an earlier change of a step to a file, which another one is to replace.
  ///
  /// - Throws: as `remove`; `SetupRecordFile.Failure`.
  func removeEarlier(_ step: StepName, _ path: String, edited: (SecretBytes) -> SecretBytes?) throws {
    for change in try record.load().changes where change.step == step.rawValue && change.path == path {
      _ = try remove(change, edited: edited)
      try record.update { record in record.changes.removeAll { $0 == change } }
    }
  }
}

extension SecretBytes {
  /// Whether there is nothing but white space.
  var isBlank: Bool { withUnsafeBytes { $0.allSatisfy { [0x20, 0x09, 0x0A, 0x0D].contains($0) } } }
}

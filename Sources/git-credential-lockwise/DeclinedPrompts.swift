import LockwiseCore

/// For which git commands a person did not unlock the vault, so that they are not asked again at once: one fetch of many
/// submodules calls the helper many times.
struct DeclinedPrompts: Equatable {
  /// How long nobody is asked again, seconds.
  static let patience: Int64 = 30

  /// One prompt that did not lead to a key.
  struct Entry: Equatable {
    /// The topmost git command.
    let command: ProcessIdentity
    /// When, seconds since 1970.
    let time: Int64
    /// Whether the person said no; else no passphrase was right.
    let wasCancelled: Bool

    /// Whether it still counts.
    func isFresh(_ now: Int64) -> Bool { (0..<DeclinedPrompts.patience).contains(now - time) }
  }

  private(set) var entries: [Entry] = []

  /// Reads the file: a line each of process id, its start, the time, and `c` or `w`. What makes no sense is left out.
  init(text: [UInt8]) {
    entries = text.split(separator: 0x0A).compactMap { line in
      let fields = line.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
      guard fields.count == 4, let id = Int(fields[0]), let start = UInt64(fields[1]), let time = Int64(fields[2]),
        ["c", "w"].contains(fields[3])
      else { return nil }
      return Entry(command: ProcessIdentity(id: id, start: start), time: time, wasCancelled: fields[3] == "c")
    }
  }

  /// The file's text.
  var text: String {
    entries.map { "\($0.command.id) \($0.command.start) \($0.time) \($0.wasCancelled ? "c" : "w")\n" }.joined()
  }

  /// What was noted of a command, if it still counts.
  func entry(of command: ProcessIdentity, now: Int64) -> Entry? {
    entries.last { $0.command == command && $0.isFresh(now) }
  }

  /// Notes one and forgets what does not count any more.
  mutating func note(_ command: ProcessIdentity, wasCancelled: Bool, now: Int64) {
    entries = entries.filter { $0.isFresh(now) && $0.command != command }.suffix(15)
    entries.append(Entry(command: command, time: now, wasCancelled: wasCancelled))
  }
}

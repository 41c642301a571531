import LockwiseCLI
import LockwiseCore

/// What a name refers to.
enum Resolution {
  /// A login.
  case login(LoginRecord)
  /// A folder: the name without slashes at its ends, which is empty for the whole store, and the entries below it.
  case folder(String, EntryList.Entries)

  /// What a command does with a name.
  enum Use {
    /// A login, else a folder: for a listing.
    case listing
    /// A login, else the only one below the folder: where a secret of one entry is wanted.
    case secret
    /// A login and nothing else.
    case entry
  }
}

extension PassStore {
  /// Returns the login that a name refers to; `nil` if there is none. Nothing is guessed.
  ///
  /// - Parameter name: a name as it is shown, a URL or a GUID.
  /// - Throws: `UserFacingError` if it refers to several; `VaultError`.
  func login(_ name: String) throws -> LoginRecord? {
    switch try EntryLookup(name).find(in: self) {
    case .none: nil
    case .login(let login): login
    case .ambiguous(let names): throw Self.several("several entries are called \(name)", names)
    }
  }

  /// Returns what a name refers to: exactly a login, else what the use allows.
  ///
  /// If there is nothing and a pull is due, it waits for the pull first: the login may have been saved in Firefox a
  /// minute ago.
  ///
  /// - Parameter text: what to report if there is nothing; pass's text if `nil`.
  /// - Throws: `PassFailure` if there is nothing, with likely names if standard error is a terminal; `UserFacingError`
  ///   if there are several; `VaultError`.
  func resolve(_ name: String, _ use: Resolution.Use, missing text: String? = nil) throws -> Resolution {
    guard !name.isEmpty else { throw UserFacingError("the name is empty", exitCode: .failure) }
    if let found = try find(name, use) { return found }
    let sync = context.helper.sync
    if sync.isDue, sync.runBounded() {
      forgetNames()
      if let found = try find(name, use) { return found }
    }
    throw try missing(name, text)
  }

  /// Returns the entries below a folder, with its name without slashes at its ends.
  ///
  /// - Throws: `VaultError`.
  func folder(_ name: String) throws -> (name: String, entries: EntryList.Entries) {
    let folder = name.utf8.drop { $0 == UInt8(ascii: "/") }
    let end = folder.lastIndex { $0 != UInt8(ascii: "/") }.map { folder.index(after: $0) } ?? folder.startIndex
    return try (String(Substring(folder[..<end])), list().below(name))
  }

  /// Makes the failure for a name that refers to nothing.
  ///
  /// - Parameter text: the first line; pass's text if `nil`.
  func missing(_ name: String, _ text: String? = nil) throws -> PassFailure {
    let failure = text.map { PassFailure($0) } ?? PassFailure.missing(name)
    guard context.isErrorTerminal else { return failure }
    let near = try list().suggestions(for: name, limit: 5)
    return near.isEmpty
      ? failure : PassFailure(([failure.text, "Did you mean:"] + near.map { "  \($0)" }).joined(separator: "\n"))
  }

  private func find(_ name: String, _ use: Resolution.Use) throws -> Resolution? {
    if let login = try login(name) { return .login(login) }
    guard use != .entry else { return nil }
    let (folder, entries) = try folder(name)
    if use == .listing { return entries.isEmpty && !folder.isEmpty ? nil : .folder(folder, entries) }
    guard let first = entries.first else { return nil }
    guard entries.count == 1 else { throw Self.several("several entries are below \(name)", entries.map(\.name)) }
    return try vault.login(guid: first.guid).map { .login($0) }
  }

  private static func several(_ message: String, _ names: [String]) -> UserFacingError {
    let shown = names.prefix(20)
    let rest = names.count - shown.count
    return UserFacingError(
      message, hints: shown.map { "use \($0)" } + (rest > 0 ? ["and \(rest) more"] : []), exitCode: .failure)
  }
}

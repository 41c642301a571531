import LockwiseCore

/// The logins of a profile as of one moment, still encrypted.
///
/// Firefox may be running and writing. Reading does not create, lock or change anything in the profile.
package struct ProfileLogins {
  /// The version of the profile's files before they were read.
  package let version: ProfileVersion
  /// The number of logins of the user, including those that cannot be decrypted.
  package let count: Int

  fileprivate enum Source {
    case file(LoginsFile)
    case database(LoginsDatabase)
  }

  private let source: Source
  /// `nil` if nothing was ever encrypted.
  private let store: NSSKeyStore?

  /// Reads the logins of a profile.
  ///
  /// - Parameters:
  ///   - directory: the profile's directory, an absolute path.
  ///   - places: directories for a copy of a database that is being written, in order of preference.
  /// - Throws: `FirefoxError`: `.noLogins` if none was ever saved, `.untrusted` if another user can change the files,
  ///   `.missingFile`, `.oldFormat`, `.changedFormat`, `.futureFormat`, `.unreadable`, `.busy`.
  package init(of directory: String, copyIn places: [String]) throws {
    try self.init(ProfileFile(directory, isOwnerChecked: true), copyIn: places)
  }

  init(_ files: ProfileFile, copyIn places: [String]) throws {
    version = ProfileVersion.of(files.directory)
    let keyFiles = ProfileFile.databaseFiles(NSSKeyStore.file)
    var contents: [String: SecretBytes]
    let noLogins = FirefoxError.noLogins(profile: ProfileFile.lastPart(of: files.directory))
    let isActive = try Self.isDatabaseActive(files)
    if !isActive, let read = try Self.readFile(files, with: keyFiles) {
      source = .file(read.file)
      contents = read.others
    } else if isActive || files.exists(LoginsDatabase.name) {
      contents = try files.readTogether(ProfileFile.databaseFiles(LoginsDatabase.name) + keyFiles)
      source = .database(
        try ProfileFile.withDatabase(LoginsDatabase.name, in: &contents, copyIn: places) { try LoginsDatabase($0) })
    } else {
      throw noLogins
    }
    var count = 0
    try source.forEach {
      if $0.isOfUser { count += 1 }
      return true
    }
    self.count = count
    // Firefox makes an empty database at each start, long before it uses it.
    if case .database = source, count == 0, !isActive { throw noLogins }
    do {
      store = try ProfileFile.withDatabase(NSSKeyStore.file, in: &contents, copyIn: places) { try NSSKeyStore($0) }
    } catch FirefoxError.missingFile(let file) {
      guard count == 0 else { throw files.exists("key3.db") ? FirefoxError.oldFormat : .missingFile(file) }
      store = nil
    } catch FirefoxError.noSyncKey {
      guard count == 0 else { throw FirefoxError.changedFormat(file: NSSKeyStore.file) }
      store = nil
    }
  }

  /// Whether Firefox has moved the logins to the database, which it notes in a preference.
  private static func isDatabaseActive(_ files: ProfileFile) throws -> Bool {
    let preferences = FirefoxPreferences(try files.read(FirefoxPreferences.file) ?? SecretBytes(utf8: ""))
    return preferences.isOn(LoginsDatabase.preference)
  }

  /// Reads `logins.json` and other files as they were at one moment; `nil` if there is no such file.
  private static func readFile(
    _ files: ProfileFile, with others: [String]
  ) throws -> (file: LoginsFile, others: [String: SecretBytes])? {
    let read = try files.object(LoginsFile.name, with: others, backup: LoginsFile.backup)
    return try read.object.map { (try LoginsFile($0), read.others) }
  }

  /// The name of the file that holds the logins: `logins.json` or `logins.db`.
  package var file: String {
    switch source {
    case .file: LoginsFile.name
    case .database: LoginsDatabase.name
    }
  }

  /// Whether a primary password protects the logins.
  ///
  /// - Throws: `FirefoxError.changedFormat` if `key4.db` is damaged; `CryptoError`.
  package var hasPrimaryPassword: Bool {
    get throws {
      do {
        _ = try store?.passwordKey(SecretBytes(utf8: ""))
        return false
      } catch FirefoxError.wrongPrimaryPassword {
        return true
      }
    }
  }

  /// Returns the profile's key.
  ///
  /// - Parameter primaryPassword: empty if there is none.
  /// - Throws: `FirefoxError.wrongPrimaryPassword`, `.changedFormat`; `CryptoError`.
  package func key(primaryPassword: SecretBytes) throws -> ProfileKey {
    ProfileKey(keys: try store.map { try $0.keys($0.passwordKey(primaryPassword)) } ?? NSSKeys([]))
  }

  /// Returns the profile's key from one that was kept.
  ///
  /// - Parameter kept: `ProfileKey.secret`.
  /// - Throws: `FirefoxError.wrongPrimaryPassword` if the profile has got another key since, so that the primary
  ///   password is needed again.
  package func key(kept: SecretBytes) throws -> ProfileKey {
    guard let keys = NSSKeys(text: kept), store?.names.allSatisfy({ keys.has($0) }) ?? true else {
      throw FirefoxError.wrongPrimaryPassword
    }
    return ProfileKey(keys: keys)
  }

  /// Decrypts the logins of the user, one at a time.
  ///
  /// - Parameters:
  ///   - key: the profile's key.
  ///   - body: called with each login. It is not called at all if the key decrypts none.
  /// - Throws: `FirefoxError.otherKey` if the key decrypts no login, `.changedFormat`; `CryptoError`; the errors of
  ///   `body`.
  package func forEach(_ key: ProfileKey, _ body: (ProfileLogin) throws -> Void) throws {
    try checkKey(key.keys)
    var ids: Set<String> = []
    try source.forEach { reading in
      guard reading.isOfUser else { return true }
      switch reading {
      case .invalid(let id, let error): try body(.refused(id: id, reason: error.description))
      case .login(let login):
        guard ids.insert(login.id).inserted else {
          // Not under that id, which is that of a login.
          try body(.refused(id: LoginReading.name(login.place), reason: StoredLoginError.repeatedID.description))
          return true
        }
        let record: LoginRecord
        do {
          record = try login.record(key.keys)
        } catch let error as StoredLoginError {
          try body(.refused(id: login.id, reason: error.description))
          return true
        } catch let error as LoginRecordError {
          try body(.refused(id: login.id, reason: error.description))
          return true
        }
        try body(.login(record))
      }
      return true
    }
  }

  /// Makes sure that the key decrypts at least one of the logins.
  private func checkKey(_ keys: NSSKeys) throws {
    var hasFailed = false
    var hasSucceeded = false
    try source.forEach { reading in
      guard case .login(let login) = reading else { return true }
      do {
        try login.check(keys)
        hasSucceeded = true
      } catch is StoredLoginError {
        hasFailed = true
      }
      return !hasSucceeded
    }
    if hasFailed, !hasSucceeded { throw FirefoxError.otherKey(file: file) }
  }
}

extension ProfileLogins.Source {
  /// Calls `body` with each login that is not deleted, until it returns `false`.
  fileprivate func forEach(_ body: (LoginReading) throws -> Bool) throws {
    switch self {
    case .file(let file): try file.forEach(body)
    case .database(let database): try database.forEach(body)
    }
  }
}

extension LoginReading {
  /// Whether it is, or should be, a login of the user.
  fileprivate var isOfUser: Bool {
    switch self {
    case .login(let login): login.isOfUser
    case .invalid: true
    }
  }
}

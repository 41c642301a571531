import LockwiseCore

extension SessionLimits {
  /// The limits that `LOCKWISE_UNLOCK_TIME` and `LOCKWISE_UNLOCK_MAX` set.
  public init(_ configuration: Configuration) {
    self.init(
      idle: configuration.seconds("LOCKWISE_UNLOCK_TIME", fallback: Self.defaultIdle),
      longest: configuration.seconds("LOCKWISE_UNLOCK_MAX", fallback: Self.defaultLongest))
  }
}

extension VaultDirectory {
  /// The directory that the settings name: `LOCKWISE_HOME`, else `lockwise` under `XDG_STATE_HOME`, else
  /// `~/.local/state/lockwise` (XDG Base Directory Specification).
  ///
  /// - Parameter exitCode: the exit status if there is none.
  /// - Throws: `UserFacingError` if none of the variables holds an absolute path.
  public init(configuration: Configuration, exitCode: ExitCode = .usage) throws(UserFacingError) {
    func absolute(_ name: String) -> String? {
      configuration.environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    if let home = configuration["LOCKWISE_HOME"] {
      // Never another directory than the one that was named.
      guard home.hasPrefix("/") else { throw Self.missing(exitCode) }
      self.init(path: home)
    } else if let state = absolute("XDG_STATE_HOME") {
      self.init(path: state + "/lockwise")
    } else if let home = absolute("HOME") {
      self.init(path: home + "/.local/state/lockwise")
    } else {
      throw Self.missing(exitCode)
    }
  }

  private static func missing(_ exitCode: ExitCode) -> UserFacingError {
    UserFacingError(
      "cannot find the vault: LOCKWISE_HOME, XDG_STATE_HOME or HOME must be an absolute path", exitCode: exitCode)
  }
}

import CLinux

/// A session in the Linux kernel's keyring of the user (keyrings(7), user-keyring(7)): no daemon, no file; the
/// kernel forgets the keys when their time is over.
public struct KeyringSession {
  /// How long keys are kept after their last use, seconds, where nothing else is set.
  public static let defaultTimeToLive: UInt32 = 3600

  private let name: String
  private let timeToLive: UInt32

  /// Names the session of a vault.
  ///
  /// - Parameters:
  ///   - vaultID: 16 bytes.
  ///   - timeToLive: seconds after the last use; 0 keeps nothing.
  public init(vaultID: [UInt8], timeToLive: UInt32 = defaultTimeToLive) {
    name = "lockwise:" + Hex.encode(vaultID)
    self.timeToLive = timeToLive
  }

  /// Whether this system lets us use the user's keyring: some containers do not (keyctl_get_keyring_ID(3)).
  public static var isSupported: Bool { lockwise_keyring_id(KEY_SPEC_USER_KEYRING) >= 0 }

  private func find() -> Int? {
    let key = lockwise_key_search(KEY_SPEC_USER_KEYRING, "user", name)
    return key < 0 ? nil : key
  }

  /// The keys, if they are there and not expired; using them renews the time.
  public func load() -> VaultKeys? { load(renewing: true) }

  /// The keys, if they are there and not expired.
  ///
  /// - Parameter renewing: whether this counts as a use.
  public func load(renewing: Bool) -> VaultKeys? {
    guard let key = find() else { return nil }
    var length = 0
    let bytes = SecretBytes(count: VaultKeys.sessionByteCount) { buffer in
      length = lockwise_key_read(key, buffer.baseAddress, buffer.count)
    }
    guard length == bytes.count, let keys = VaultKeys(session: bytes) else { return nil }
    if renewing, timeToLive > 0 { _ = lockwise_key_set_timeout(key, timeToLive) }
    return keys
  }

  /// Keeps the keys of `vault` for the session's time.
  ///
  /// - Returns: whether it could: some containers have no keyring.
  public func save(_ vault: Vault) -> Bool {
    guard timeToLive > 0 else { return false }
    let key = vault.session.withUnsafeBytes {
      lockwise_add_key("user", name, $0.baseAddress, $0.count, KEY_SPEC_USER_KEYRING)
    }
    guard key >= 0, lockwise_key_set_timeout(key, timeToLive) == 0 else {
      clear()
      return false
    }
    // A process whose session keyring does not lead to the user's keyring does not "possess" the key, so the
    // user's own permissions must allow view, read, write, search and setattr (keyctl_setperm(3)).
    _ = lockwise_key_set_permissions(key, 0x3F2F_0000)
    return true
  }

  /// Whether keys are there and not expired. Does not renew them.
  public var isOpen: Bool { find() != nil }

  /// Forgets the keys.
  public func clear() {
    guard let key = find() else { return }
    if lockwise_key_invalidate(key) != 0 { _ = lockwise_key_unlink(key, KEY_SPEC_USER_KEYRING) }
  }
}

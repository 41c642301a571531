import Glibc

/// The reason why the kernel keyring cannot store a key (add_key(2), keyctl(2)).
public enum KeyringError: Error, Equatable, Sendable {
  /// The kernel was built without keyrings (`ENOSYS`).
  case absent
  /// A system call filter, such as a container's, forbids keyrings (`EPERM`).
  case forbidden
  /// The user's keyring denies access (`EACCES`).
  case denied
  /// The user's quota of keys or bytes is used up (`EDQUOT`).
  case quotaExceeded
  /// The user's keyring was revoked or has expired (`EKEYREVOKED`, `EKEYEXPIRED`).
  case revoked
  /// A key that was just stored cannot be found or read back.
  case lost
  /// Another error from the kernel.
  case system(errno: Int32)

  init(errno number: Int32) {
    self =
      switch number {
      case ENOSYS, EOPNOTSUPP: .absent
      case EPERM: .forbidden
      case EACCES: .denied
      case EDQUOT: .quotaExceeded
      case EKEYREVOKED, EKEYEXPIRED: .revoked
      case ENOKEY: .lost
      default: .system(errno: number)
      }
  }

  /// A sentence that gives the reason.
  public var reason: String {
    switch self {
    case .absent: "this kernel has no keyring"
    case .forbidden: "this system does not let programs use the kernel keyring, like most containers"
    case .denied: "your kernel keyring denies access"
    case .quotaExceeded: "your kernel keyring has no space left"
    case .revoked: "your kernel keyring was revoked"
    case .lost: "the kernel keyring does not return the keys stored in it"
    case .system(let number): "the kernel keyring failed: \(String(cString: strerror(number)))"
    }
  }

  /// The hint for the user.
  public var hint: String {
    switch self {
    case .absent, .forbidden, .lost, .system:
      "unlock with a key file instead: lockwise-sync slots add --key-file PATH"
    case .denied: "check the keyring's permissions: keyctl show @u"
    case .quotaExceeded: "see which keys fill it: cat /proc/keys"
    case .revoked: "wait a few minutes until the kernel replaces it, then try again"
    }
  }
}

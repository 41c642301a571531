import CLinux
import Glibc
import LockwiseCore

/// The protection of the process, which every program applies first.
public enum ProcessHardening {
  /// Variables that make libcrypto or libcurl load code, read a configuration or write TLS session keys to a file
  /// (openssl-env(7), SSL_CTX_set_keylog_callback(3), libcurl-env(3)). They are removed, also for programs that are
  /// started.
  static let removedVariables = [
    "SSLKEYLOGFILE", "OPENSSL_CONF", "OPENSSL_CONF_INCLUDE", "OPENSSL_MODULES", "OPENSSL_ENGINES", "OPENSSL_TRACE",
    "CTLOG_FILE", "QLOGDIR", "OSSL_QFILTER",
  ]

  /// Variables that name trusted certificates. Users behind a proxy need them, but they are removed if a path is
  /// relative, because it would refer to the current folder.
  static let certificateVariables = ["SSL_CERT_FILE", "SSL_CERT_DIR"]

  /// Protects the process.
  ///
  /// Resets fatal signals to their default actions, whatever `SWIFT_BACKTRACE` says. Disables core dumps and ptrace by
  /// processes of the same user (prctl(2) PR_SET_DUMPABLE). Makes new files private. Makes a closed pipe an error of
  /// write(2) instead of a signal. Resets SIGCHLD, without which the status of a program that was started would be lost
  /// (wait(2)). Removes variables that change the behaviour of libcrypto and libcurl.
  ///
  /// It does not protect against root, and memory that is not locked can be swapped.
  public static func apply() {
    _ = lockwise_no_core_dumps()
    protectMemory()
    umask(0o077)
    signal(SIGPIPE, SIG_IGN)
    _ = lockwise_default_child_signal()
    removeVariables()
  }

  /// Resets fatal signals to their default actions, and disables core dumps and ptrace by processes of the same user.
  static func protectMemory() {
    lockwise_default_fatal_signals()
    _ = lockwise_set_not_dumpable()
  }

  /// Removes variables that change the behaviour of libcrypto and libcurl.
  static func removeVariables() {
    for name in removedVariables { unsetenv(name) }
    for name in certificateVariables {
      guard let value = getenv(name), !areAbsolute(String(cString: value)) else { continue }
      unsetenv(name)
    }
  }

  /// Returns whether every path in a colon-separated list is absolute.
  static func areAbsolute(_ list: String) -> Bool {
    list.split(separator: ":", omittingEmptySubsequences: false).allSatisfy { $0.utf8.first == UInt8(ascii: "/") }
  }
}

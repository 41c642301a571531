import CLinux
import Glibc
import LockwiseCore

/// What every program of the suite does first.
public enum ProcessHardening {
  /// Variables that would have libcrypto or libcurl load code, read a configuration, or write the keys of TLS sessions to
  /// a file (openssl-env(7), SSL_CTX_set_keylog_callback(3), libcurl-env(3)). They are removed, for started programs as
  /// well.
  static let removedVariables = [
    "SSLKEYLOGFILE", "OPENSSL_CONF", "OPENSSL_CONF_INCLUDE", "OPENSSL_MODULES", "OPENSSL_ENGINES", "OPENSSL_TRACE",
    "CTLOG_FILE", "QLOGDIR", "OSSL_QFILTER",
  ]

  /// Variables that name trusted certificates. People behind a proxy need them, but a relative path in them would lead
  /// into the current folder.
  static let certificateVariables = ["SSL_CERT_FILE", "SSL_CERT_DIR"]

  /// Returns fatal signals to their default actions, whatever `SWIFT_BACKTRACE` says. Turns off core dumps and ptrace by
  /// processes of the same user (prctl(2) PR_SET_DUMPABLE), makes new files private, and lets a closed pipe be an error
  /// of write(2) instead of a signal. Removes variables that would change what libcrypto and libcurl do.
  ///
  /// It does not keep out root, nor what the kernel writes to swap of memory that is not locked.
  public static func apply() {
    lockwise_default_fatal_signals()
    _ = lockwise_no_core_dumps()
    _ = lockwise_set_not_dumpable()
    umask(0o077)
    signal(SIGPIPE, SIG_IGN)
    for name in removedVariables { unsetenv(name) }
    for name in certificateVariables {
      guard let value = getenv(name), !areAbsolute(String(cString: value)) else { continue }
      unsetenv(name)
    }
  }

  /// Whether every path of a list with colons is absolute.
  static func areAbsolute(_ list: String) -> Bool {
    list.split(separator: ":", omittingEmptySubsequences: false).allSatisfy { $0.utf8.first == UInt8(ascii: "/") }
  }
}

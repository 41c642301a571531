import Glibc
import LockwiseCore

extension SecretBytes {
  /// Overwrites the secret in this process, also for those that share its storage. Nothing may use it again.
  func wipe() {
    withUnsafeBytes { bytes in
      if let base = bytes.baseAddress { explicit_bzero(UnsafeMutableRawPointer(mutating: base), bytes.count) }
    }
  }
}

extension PreparedCommand {
  /// Overwrites the values of the variables in this process.
  func wipe() {
    for variable in variables { variable.value.wipe() }
  }
}

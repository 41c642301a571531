import LockwiseAccounts
import LockwiseCLI
import LockwiseCore

/// Reports the versions of the program and its libraries.
enum VersionCheck {
  static var finding: Finding {
    let libraries = [CurlTransport.libraryVersion, CryptoLibrary.version, VaultFile.libraryVersion]
    return .ok("version", "lockwise \(Version.current), \(libraries.joined(separator: ", "))")
  }
}

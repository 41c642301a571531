import LockwiseAccounts
import LockwiseCore

/// What this program is made of.
enum VersionCheck {
  static var finding: Finding {
    let libraries = [CurlTransport.libraryVersion, CryptoLibrary.version, VaultFile.libraryVersion]
    return .ok("version", "lockwise \(Version.current), \(libraries.joined(separator: ", "))")
  }
}

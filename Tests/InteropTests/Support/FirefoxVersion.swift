import Synchronization

/// The version of the Firefox that ran, printed once.
enum FirefoxVersion {
  private static let seen = Mutex<String?>(nil)

  static func note(_ version: String) {
    seen.withLock { known in
      if known == nil { print("Firefox ESR \(version)") }
      known = version
    }
  }
}

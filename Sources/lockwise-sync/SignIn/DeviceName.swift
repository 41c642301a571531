import Glibc
import LockwiseCLI
import LockwiseCore

/// The name that a sign-in gets in the account's list of devices.
enum DeviceName {
  /// Whether the accounts server accepts a name: 1 to 255 characters, none of them a control character.
  static func isValid(_ name: String) -> Bool {
    (1...255).contains(name.utf8.count)
      && !name.unicodeScalars.contains {
        switch $0.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
        default: false
        }
      }
  }

  /// The name for a sign-in on this machine.
  static var ofThisMachine: String {
    // HOST_NAME_MAX is 64 on Linux (gethostname(2)).
    var buffer = [CChar](repeating: 0, count: 65)
    guard gethostname(&buffer, 64) == 0 else { return "lockwise" }
    let name = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return isValid(name) ? "lockwise on \(name)" : "lockwise"
  }
}

import LockwiseCore

/// A typed code without its spaces, in upper case if the kind requires it.
struct SignInCode {
  /// The text that is sent.
  let text: SecretBytes

  init(typed: SecretBytes, upperCased: Bool = false) {
    var builder = SecretBuilder(capacity: 64)
    typed.withUnsafeBytes { bytes in
      for byte in bytes where byte != 0x20 && byte != 0x09 {
        builder.append(upperCased && (0x61...0x7A).contains(byte) ? byte - 0x20 : byte)
      }
    }
    text = builder.finish()
  }

  var isEmpty: Bool { text.isEmpty }

  // The server refuses a code of another form before checking it, and counts it as a try.

  /// Whether it has the form of a mailed code.
  var isMailedCode: Bool { (1...20).contains(text.count) && isOfDigits }

  /// Whether it has the form of an app's code, of digits alone (RFC 6238). Those of 9 and more are treated as recovery
  /// codes: apps do not produce them.
  var isOfApp: Bool { (1...8).contains(text.count) && isOfDigits }

  /// Whether it has the form of a recovery code: 8 to 20 digits in base 36.
  var isRecoveryCode: Bool { (8...20).contains(text.count) && isAlphanumeric }

  /// Whether it has the form of an unblock code.
  var isUnblockCode: Bool { text.count == 8 && isAlphanumeric }

  private var isOfDigits: Bool { text.withUnsafeBytes { $0.allSatisfy { 0x30...0x39 ~= $0 } } }

  private var isAlphanumeric: Bool {
    text.withUnsafeBytes { $0.allSatisfy { 0x30...0x39 ~= $0 || 0x41...0x5A ~= $0 || 0x61...0x7A ~= $0 } }
  }
}

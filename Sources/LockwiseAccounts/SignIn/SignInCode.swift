import LockwiseCore

/// A code as people type it, without its spaces, upper case where that is wanted.
struct SignInCode {
  /// What is sent.
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

  /// Whether a server would take it at all: ASCII letters and digits, at most 20.
  var isWellFormed: Bool {
    (1...20).contains(text.count)
      && text.withUnsafeBytes {
        $0.allSatisfy { 0x30...0x39 ~= $0 || 0x41...0x5A ~= $0 || 0x61...0x7A ~= $0 }
      }
  }

  /// Recovery codes are longer than any code of an app, which is of digits alone (RFC 6238).
  var isOfApp: Bool { text.count <= 8 && text.withUnsafeBytes { $0.allSatisfy { 0x30...0x39 ~= $0 } } }
}

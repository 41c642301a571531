/// Hexadecimal text (RFC 4648 section 8), written in lower case.
public enum Hex {
  /// Encodes bytes in lower case.
  public static func encode(_ bytes: some Collection<UInt8>) -> String {
    String(decoding: bytes.flatMap { [digit($0 >> 4), digit($0 & 15)] }, as: UTF8.self)
  }

  /// Encodes a secret into a secret text in lower case.
  public static func encode(_ secret: SecretBytes) -> SecretBytes {
    SecretBytes(count: secret.count * 2) { output in
      secret.withUnsafeBytes { bytes in
        for (index, byte) in bytes.enumerated() {
          output[2 * index] = digit(byte >> 4)
          output[2 * index + 1] = digit(byte & 15)
        }
      }
    }
  }

  /// Decodes a hexadecimal text in either case; `nil` if it is not one.
  public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    guard text.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 2)
    var high: UInt8?
    for unit in text {
      guard let value = value(unit) else { return nil }
      if let pending = high {
        bytes.append(pending << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return bytes
  }

  /// Decodes a hexadecimal text in either case; `nil` if it is not one.
  public static func decode(_ text: String) -> [UInt8]? { decode(text.utf8) }

  /// Decodes a secret hexadecimal text in either case; `nil` if it is not one.
  public static func decode(_ secret: SecretBytes) -> SecretBytes? {
    guard secret.count % 2 == 0 else { return nil }
    var isValid = false
    let decoded = SecretBytes(count: secret.count / 2) { output in
      isValid = secret.withUnsafeBytes { decode($0, into: output) }
    }
    return isValid ? decoded : nil
  }

  /// Decodes a hexadecimal text in either case into a buffer.
  ///
  /// - Returns: whether the text is hexadecimal and fills the buffer exactly.
  public static func decode(_ text: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Bool {
    guard text.count == 2 * output.count else { return false }
    for index in 0..<output.count {
      guard let high = value(text[2 * index]), let low = value(text[2 * index + 1]) else { return false }
      output[index] = high << 4 | low
    }
    return true
  }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }

  private static func value(_ unit: UInt8) -> UInt8? {
    switch unit {
    case 48...57: unit - 48
    case 97...102: unit - 87
    case 65...70: unit - 55
    default: nil
    }
  }
}

/// The names of variables. A name ends up in a shell that evaluates the output.
enum VariableName {
  /// Returns whether bytes are a name: `[A-Za-z_][A-Za-z0-9_]*`.
  static func isValid(_ name: some Collection<UInt8>) -> Bool {
    guard let first = name.first, isFirst(first) else { return false }
    return name.allSatisfy { isFirst($0) || (0x30...0x39).contains($0) }
  }

  private static func isFirst(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_")
  }
}

extension String {
  /// Whether bytes are UTF-8. Makes no copy of them.
  public static func isValidUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    if bytes.allSatisfy({ $0 < 0x80 }) { return true }
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue: continue
      case .emptyInput: return true
      case .error: return false
      }
    }
  }
}

/// Words in a literal, which the compiler places in read-only data.
enum WordList {
  /// Returns the words of a text, separated by spaces and line feeds, without copying them.
  static func words(of text: StaticString) -> [UnsafeBufferPointer<UInt8>] {
    UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
      .split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
      .map(UnsafeBufferPointer.init(rebasing:))
  }
}

/// Matching of whole prompts: a fixed beginning, a fixed end, and something between them.
enum PromptText {
  /// Returns the bytes between a beginning and an end; `nil` if the text has another form or nothing is between them.
  static func middle(_ text: ArraySlice<UInt8>, _ beginning: String, _ end: String) -> ArraySlice<UInt8>? {
    let (first, last) = (beginning.utf8.count, end.utf8.count)
    guard text.count > first + last, text.starts(with: beginning.utf8), text.suffix(last).elementsEqual(end.utf8) else {
      return nil
    }
    return text.dropFirst(first).dropLast(last)
  }

  /// Returns a name in a prompt; `nil` if it is empty, not UTF-8 or contains a control character, which none of the
  /// programs shows.
  static func name(_ bytes: some Collection<UInt8>) -> String? {
    guard !bytes.isEmpty, !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }
}

extension Sequence<UInt8> {
  /// Returns whether the bytes are the UTF-8 form of a text.
  func isText(_ text: String) -> Bool { elementsEqual(text.utf8) }
}

import LockwiseCore

/// Bytes that are inserted into a file's text, and found and removed again later.
package struct TextInsertion: Equatable, Sendable {
  /// Where they begin.
  package let position: Int
  /// The bytes, at least one.
  package let bytes: [UInt8]

  /// Makes an insertion.
  package init(position: Int, bytes: [UInt8]) {
    self.position = position
    self.bytes = bytes
  }

  /// Finds the insertion that makes one text of another.
  ///
  /// - Returns: `nil` if the texts are the same or differ in another way.
  package init?(from old: SecretBytes, to new: SecretBytes) {
    guard new.count > old.count else { return nil }
    let (position, bytes): (Int, [UInt8]) = old.withUnsafeBytes { old in
      new.withUnsafeBytes { new in
        let position = zip(old, new).prefix { $0 == $1 }.count
        return (position, Array(new[position..<position + new.count - old.count]))
      }
    }
    self.init(position: position, bytes: bytes)
    guard applied(to: old) == new else { return nil }
  }

  /// Returns a text with the bytes in their place.
  package func applied(to text: SecretBytes) -> SecretBytes {
    .concatenating([text[0..<position], SecretBytes(copying: bytes), text[position..<text.count]])
  }

  /// Returns a text without the bytes; `nil` if they are not in their place.
  package func removed(from text: SecretBytes) -> SecretBytes? {
    let range = position..<position + bytes.count
    guard range.upperBound <= text.count, text.withUnsafeBytes({ $0[range].elementsEqual(bytes) }) else { return nil }
    return text.removing(range)
  }

  /// Returns a text without the bytes, wherever they are; `nil` unless they are there once.
  package func found(in text: SecretBytes) -> SecretBytes? {
    let places = text.withUnsafeBytes { text in
      guard text.count >= bytes.count else { return [Int]() }
      return (0...text.count - bytes.count).filter { text[$0...].starts(with: bytes) }
    }
    return places.count == 1 ? text.removing(places[0]..<places[0] + bytes.count) : nil
  }
}

extension SecretBytes {
  /// Returns the bytes without a range of them.
  func removing(_ range: Range<Int>) -> SecretBytes {
    .concatenating([self[0..<range.lowerBound], self[range.upperBound..<count]])
  }
}

/// The bodies of some entries as one text, in the order of a list of their names. Each ends in a line feed.
package struct EntryBodies: Sendable {
  /// The bodies without anything between them.
  package let text: SecretBytes
  /// The end of each body in the text.
  private let ends: [Int]

  init(text: SecretBytes, ends: [Int]) {
    self.text = text
    self.ends = ends
  }

  /// Makes the bodies of their texts.
  package init(_ bodies: [SecretBytes]) {
    text = .concatenating(bodies)
    var end = 0
    ends = bodies.map { body in
      end += body.count
      return end
    }
  }

  /// The number of bodies.
  package var count: Int { ends.count }

  /// The position of a body in the text.
  private func range(_ index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

  /// Returns a body, which shares the storage of the text.
  package subscript(index: Int) -> SecretBytes { text[range(index)] }

  /// Returns the body that contains a byte of the text.
  ///
  /// - Parameter offset: the position of the byte.
  /// - Returns: the index of the body; `nil` if the text is shorter.
  package func index(containing offset: Int) -> Int? {
    var (low, high) = (0, ends.count)
    while low < high {
      let middle = low + (high - low) / 2
      if ends[middle] <= offset { low = middle + 1 } else { high = middle }
    }
    return low < ends.count && offset >= 0 ? low : nil
  }
}

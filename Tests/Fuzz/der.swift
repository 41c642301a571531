@testable import LockwiseCore

/// Checks that each element is inside its parent, and that reading ends.
func fuzz(_ input: UnsafeRawBufferPointer) {
  var reader = DERReader(Array(input))
  walk(&reader, left: input.count, depth: 0)
}

private func walk(_ reader: inout DERReader, left: Int, depth: Int) {
  var left = left
  while !reader.isAtEnd {
    precondition(left > 0, "elements without bytes")
    left -= 1
    var copy = reader
    if depth < 32, var inner = try? copy.sequence() {
      walk(&inner, left: left, depth: depth + 1)
      reader = copy
      continue
    }
    copy = reader
    if let text = try? copy.octetString() {
      precondition(text.count < 1 << 24)
    } else if let number = try? copy.integer() {
      precondition(number >= 0)
    } else if let name = try? copy.objectIdentifier() {
      precondition(name.utf8.contains(UInt8(ascii: ".")))
    } else if (try? copy.null()) == nil {
      return
    }
    reader = copy
  }
}

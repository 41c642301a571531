import LockwiseCore

extension JSONValue {
  /// A whole number, also if sent as text: digits only, without a sign or a leading zero.
  var wholeNumber: Int64? {
    if let integer { return integer }
    guard let text = string, (1...15).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }),
      text.utf8.count == 1 || text.utf8.first != 48
    else { return nil }
    return Int64(text)
  }
}

extension String {
  /// Whether two texts are the same bytes. `==` would also call canonically equivalent texts equal, and a server
  /// does not.
  public func isSameText(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}

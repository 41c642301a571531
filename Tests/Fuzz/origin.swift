import LockwiseCore

/// An origin's form is an origin of the same form; its host holds nothing that could end it early.
func fuzz(_ input: UnsafeRawBufferPointer) {
  let text = String(decoding: input, as: UTF8.self)
  guard let origin = Origin(text) else { return }
  guard let again = Origin(origin.serialized) else { fatalError("a form that is no origin") }
  precondition(again == origin && again.serialized == origin.serialized, "a form of a form is another")
  precondition(!origin.host.utf8.contains { $0 <= 0x20 || [0x23, 0x2F, 0x3F, 0x40, 0x5C].contains($0) })
  precondition(origin.scheme == origin.scheme.lowercased())
}

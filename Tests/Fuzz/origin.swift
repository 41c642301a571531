@testable import LockwiseCore

/// Checks that a serialised origin is read back as the same origin, and that its host contains no delimiter.
func fuzz(_ input: UnsafeRawBufferPointer) {
  let text = String(decoding: input, as: UTF8.self)
  guard let origin = Origin(text) else { return }
  guard let again = Origin(origin.serialized) else { fatalError("a serialised origin that is rejected") }
  precondition(again == origin && again.serialized == origin.serialized, "an origin that changes when it is read back")
  precondition(!origin.host.utf8.contains { $0 <= 0x20 || [0x23, 0x2F, 0x3F, 0x40, 0x5C].contains($0) })
  precondition(origin.scheme == origin.scheme.lowercased())
}

@testable import LockwiseCore
@testable import LockwiseSetup

/// Checks that what setup adds to a file is found there, that the file can be restored from it, and that no other byte
/// changes, for the block in a start file and for the member in a JSON object.
func fuzz(_ input: UnsafeRawBufferPointer) {
  let text = SecretBytes(copying: input)
  checkBlock(text)
  checkMember(text)
}

private func checkBlock(_ text: SecretBytes) {
  let block = MarkedBlock(name: "ssh", lines: ["export A=1"])
  let insertion = block.insertion(into: text)
  let changed = insertion.applied(to: text)
  precondition(insertion.removed(from: changed) == text, "the file is not restored")
  precondition(TextInsertion(from: text, to: changed)?.removed(from: changed) == text, "the insertion is not found")
  guard MarkedBlock.find("ssh", in: text) == .absent else {
    if let removed = MarkedBlock.removing("ssh", from: text) { precondition(removed.count < text.count) }
    return
  }
  guard case .found(let range) = MarkedBlock.find("ssh", in: changed) else { fatalError("the block is not found") }
  precondition(changed[range] == SecretBytes(utf8: block.text), "another range is found")
  guard let removed = MarkedBlock.removing("ssh", from: changed) else { fatalError("the block is not removed") }
  // Only a missing line feed at the end of the text is added.
  precondition(removed.count >= text.count && removed.count <= text.count + 1 && removed[0..<text.count] == text)
}

private func checkMember(_ text: SecretBytes) {
  guard let object = try? JSONObjectText(text) else {
    let isBlank = text.withUnsafeBytes { $0.allSatisfy { [0x20, 0x09, 0x0A, 0x0D].contains($0) } }
    precondition(!isBlank && (try? JSONObject(parsing: text)) == nil, "an object is refused")
    return
  }
  let found = object.insertion(of: "credsStore", "lockwise")
  let insertion = TextInsertion(position: found.position, bytes: found.bytes)
  let changed = insertion.applied(to: text)
  precondition(insertion.removed(from: changed) == text, "the file is not restored")
  guard let after = try? JSONObjectText(changed) else { fatalError("the text is not valid any more") }
  let before = object.members.map { ($0.name, $0.value.raw) }
  let members = after.members.map { ($0.name, $0.value.raw) }
  precondition(members.first?.0 == "credsStore" && isSame(members.dropFirst(), before), "another member changed")
  guard let range = after.removal(of: "credsStore", "lockwise") else { fatalError("the member is not found") }
  let removed = SecretBytes.concatenating([changed[0..<range.lowerBound], changed[range.upperBound..<changed.count]])
  guard let again = try? JSONObjectText(removed) else { fatalError("the text is not valid without it") }
  precondition(isSame(again.members.map { ($0.name, $0.value.raw) }, before), "another member is removed")
}

private func isSame(
  _ left: some Collection<(String, SecretBytes)>, _ right: [(String, SecretBytes)]
) -> Bool {
  left.count == right.count && zip(left, right).allSatisfy { $0.0 == $1.0 && $0.1 == $1.1 }
}

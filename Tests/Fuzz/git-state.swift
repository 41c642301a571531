import LockwiseCore

@testable import git_credential_lockwise

/// A state that is taken for one of ours reads the same again, and names something that can be a record's id, or a realm
/// that a login can have.
func fuzz(_ input: UnsafeRawBufferPointer) {
  _ = DeclinedPrompts(text: Array(input))
  if let realm = RealmState(parsing: input) { precondition(RealmState(realm.realm) == realm) }
  guard let state = StateAttribute(parsing: input) else { return }
  precondition(LoginRecord.isValidID(state.guid) && state.digest.count == KeyedDigest.byteCount)
  var builder = SecretBuilder()
  state.append(to: &builder)
  let text = builder.finish()
  guard let again = text.withUnsafeBytes({ StateAttribute(parsing: $0) }) else { fatalError("our own is not ours") }
  precondition(again == state && text.count == input.count)
}

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseGit

/// Checks that an accepted state attribute is written and read back unchanged, and names a possible record id or a realm
/// that a login can have.
func fuzz(_ input: UnsafeRawBufferPointer) {
  _ = DeclinedPrompts(text: Array(input))
  if let realm = RealmState(parsing: input) { precondition(RealmState(realm.realm) == realm) }
  guard let state = StateAttribute(parsing: input) else { return }
  precondition(LoginRecord.isValidID(state.guid) && state.digest.count == KeyedDigest.byteCount)
  var builder = SecretBuilder()
  state.append(to: &builder)
  let text = builder.finish()
  guard let again = text.withUnsafeBytes({ StateAttribute(parsing: $0) }) else { fatalError("our own is rejected") }
  precondition(again == state && text.count == input.count)
}

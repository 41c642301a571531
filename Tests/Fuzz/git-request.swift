@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseGit

/// Checks that the values that select a secret are unambiguous, that lines after the empty one are ignored, and that a
/// response is read back as the login that it was made of.
func fuzz(_ input: UnsafeRawBufferPointer) {
  guard let request = parse(input, and: "") else { return }
  for text in [request.scheme, request.host, request.path, request.username].compactMap({ $0 }) {
    precondition(!text.utf8.contains { [0, 10, 13].contains($0) }, "a line end or NUL in one line")
  }
  if let origin = request.origin {
    precondition(Origin(origin.serialized) == origin && !origin.host.isEmpty)
    precondition(request.query?.origin == origin)
    precondition(request.context(remote: { Array(input) })?.origin == origin)
  }
  if let context = request.context(remote: { nil }) {
    let listing =
      Array("global\0lockwise.".utf8) + Array(input).filter { $0 != 0 && $0 != 10 } + Array(".store\nx\0".utf8)
    _ = GitConfiguration(listing: listing)?.value("lockwise", "store", for: context, from: .any)
  }
  let longer = parse(input, and: "\n\nprotocol=https\nhost=evil.example\nusername=x\nurl=\n")
  guard let longer else { fatalError("a request that more lines after its end make invalid") }
  precondition(longer.host == request.host && longer.scheme == request.scheme && longer.username == request.username)
  precondition(longer.states == request.states && longer.password == request.password)
  check(request)
}

private func parse(_ input: UnsafeRawBufferPointer, and rest: String) -> GitCredentialRequest? {
  try? GitCredentialRequest(parsing: .concatenating([SecretBytes(copying: input), SecretBytes(utf8: rest)]))
}

/// Makes a login from a request and a response from the login, and reads the response.
private func check(_ request: GitCredentialRequest) {
  guard let credential = try? StoreOperation.credential(of: request, now: 1) else { return }
  guard case .create(let realm, let git) = StorePlan(for: credential, among: []) else { fatalError("not a new login") }
  var draft = LoginDraft(
    origin: credential.origin.serialized, target: .realm(realm), username: credential.username,
    password: credential.secret)
  draft.set(git)
  guard let login = try? draft.record(guid: "{1}", now: 1) else { return }
  precondition(login.git == git, "git's member changes when it is read back")
  guard case .unchanged = StorePlan(for: credential, among: [login]) else { fatalError("not recognised") }
  var response = GitCredentialResponse(login: login, capabilities: [.authtype, .state])
  response.state = StateAttribute(guid: "{1}", isChoice: false, digest: Array(repeating: 0, count: 16))
  guard let text = response.text else { return }
  guard let read = try? GitCredentialRequest(parsing: text) else { fatalError("a response that git cannot read") }
  precondition((read.username ?? "").utf8.elementsEqual(credential.username.utf8) && read.secret == credential.secret)
  precondition(read.authtype == git.authtype && read.passwordExpiry == git.passwordExpiry)
  precondition(read.host == nil && read.states.count == 1)
}

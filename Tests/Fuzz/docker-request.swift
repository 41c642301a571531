@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseDocker

/// Checks that credentials are written and read back unchanged, that Firefox would keep each login that is stored, and that
/// a server URL selects one origin and one realm, whatever stands around it.
func fuzz(_ input: UnsafeRawBufferPointer) {
  let bytes = SecretBytes(copying: input)
  if let text = bytes.exposedText(), let server = try? ServerURL(text) { check(server) }
  guard let credentials = try? DockerCredentials(parsing: bytes) else { return }
  check(credentials.server)
  guard let again = try? DockerCredentials(parsing: credentials.json) else { fatalError("not read back") }
  precondition(again == credentials, "credentials change when they are read back")
  guard let origin = credentials.server.origin else { fatalError("credentials without an origin") }
  var draft = LoginDraft(
    origin: origin.serialized, target: .realm(credentials.server.realm), username: credentials.username,
    password: credentials.secret)
  draft.set(DockerMember(serverURL: credentials.server.text))
  guard let login = try? draft.record(guid: "{1}", now: 1) else { return }
  precondition(login.docker?.serverURL.utf8.elementsEqual(credentials.server.text.utf8) == true)
  precondition(login.password == credentials.secret)
  precondition(login.changes(to: DockerMember(serverURL: credentials.server.text)).members.isEmpty)
  let query = LoginQuery(origin: origin, realms: [credentials.server.realm])
  precondition(query.matches(among: [login]).count == (login.hasPassword ? 1 : 0), "a login that get does not find")
  precondition(LoginQuery(origin: origin).matches(among: [login]).isEmpty, "a login of docker for another program")
}

private func check(_ server: ServerURL) {
  precondition(DockerRealm.contains(server.realm) && server.isWholeHost == (server.realm == DockerRealm.wholeHost))
  guard let again = try? ServerURL(" \(server.text)\r\n") else { fatalError("a server URL that cannot be read again") }
  precondition(again == server, "blanks around a server URL matter")
  guard let origin = server.origin else { return }
  precondition(["https", "http"].contains(origin.scheme) && !origin.host.isEmpty)
  guard let plain = try? ServerURL(origin.serialized) else { fatalError("an origin, but not a server URL") }
  precondition(plain.origin == origin && plain.isWholeHost)
}

import Foundation

/// The control surface for tests below `/__sandbox__/`, with bodies in JSON.
///
/// | request | purpose |
/// |---|---|
/// | `GET state` | accounts, their sessions, grants, devices; collections; log counters |
/// | `GET requests`, `DELETE requests` | the request log, an object a line |
/// | `POST faults [{"match": …, "action": …}]`, `GET`, `DELETE` | injected faults; `{"add": […]}` keeps the others |
/// | `POST clock {"offset": seconds}` | the servers' clock |
/// | `POST switches {"name": value}`, `GET`, `DELETE` | switches; null resets one |
/// | `GET mail`, `DELETE mail` | mails with codes and links |
/// | `POST edit {"collection", "id", "cleartext"}` | a write as another client; also `tombstone`, `delete`, `payload`, |
/// | | `corrupt`, `sortindex`, `ttl`, and `{"edits": […]}` for several writes with one time |
/// | `GET decrypt?collection=NAME[&id=ID]` | the stored records, decrypted |
/// | `POST account {"create", "password", "keyStretching"}` | a new account |
/// | `POST account {"password", "newKeys", …}` | a new password, new keys, TOTP, flags, revocations |
/// | `POST reassign {"node", "keepData"}` | another storage node |
/// | `POST save {"path"}` | the state file, now |
///
/// If there are several accounts, `email` in the body or the query selects one.
struct ControlServer {
  let state: SandboxState
  /// Saves the state file; a nil path stands for the sandbox's own file.
  let save: (String?) throws -> Void

  /// Responds to a request; `path` is the path below `/__sandbox__/`.
  func response(to request: Request, path: [String]) -> Response {
    do {
      state.purgeExpired()
      let body: JSON = request.body.isEmpty ? .object([]) : try JSON(parsing: request.body)
      return try route(request, path.joined(separator: "/"), body)
    } catch {
      return .json(["error": .string("\(error)")], status: 400)
    }
  }

  private func route(_ request: Request, _ path: String, _ body: JSON) throws -> Response {
    switch (request.method, path) {
    case ("GET", "state"): return .json(Snapshot(state: state).json)
    case ("GET", "requests"):
      return Response(status: 200, headers: [("Content-Type", "application/x-ndjson")], body: state.log.text)
    case ("DELETE", "requests"):
      state.log.clear()
      return .json([:])
    case ("GET", "faults"): return .json(.array(state.faults.faults.map(\.json)))
    case ("POST", "faults"):
      let list = body.list ?? body["add"]?.list
      guard let list else { throw SandboxError("expected a list of faults, or {\"add\": [...]}") }
      let faults = try list.map { try Fault($0) }
      if body.list == nil { state.faults.append(faults) } else { state.faults.replace(faults) }
      return .json([:])
    case ("DELETE", "faults"):
      state.faults.replace([])
      return .json([:])
    case ("POST", "clock"):
      guard let offset = body["offset"]?.double, abs(offset) < 1e10 else {
        throw SandboxError("expected an offset in seconds")
      }
      state.clock.offset = Int64((offset * 100).rounded())
      return .json(["now": state.clock.now.json])
    case ("GET", "switches"): return .json(state.switches.json)
    case ("POST", "switches"):
      var switches = state.switches
      for member in body.members ?? [] { try switches.set(member.key, to: member.value) }
      state.switches = switches
      return .json(state.switches.changes)
    case ("DELETE", "switches"):
      state.switches.reset()
      return .json([:])
    case ("GET", "mail"): return .json(.array(try state.accounts.mail.map { try JSON(encoding: $0) }))
    case ("DELETE", "mail"):
      state.accounts.mail = []
      return .json([:])
    case ("POST", "edit"): return .json(try RecordEditor(state: state).edit(body))
    case ("GET", "decrypt"):
      let storage = AccountStorage(state: state, account: try state.account(email: request.queryValue("email")))
      guard let name = request.queryValue("collection") else { throw SandboxError("expected a collection") }
      return .json(storage.decrypted(name, id: request.queryValue("id")))
    case ("POST", "account"): return .json(try AccountEditor(state: state).edit(body))
    case ("POST", "reassign"): return .json(try AccountEditor(state: state).reassign(body))
    case ("POST", "save"):
      try save(body["path"]?.text)
      return .json([:])
    default: return .json(["error": .string("unknown control: \(request.method) \(path)")], status: 404)
    }
  }
}

import Foundation

/// What tests ask and tell the sandbox, below `/__sandbox__/`; bodies and answers are JSON.
///
/// | request | what |
/// |---|---|
/// | `GET state` | accounts, their sessions, grants, devices; collections; log counters |
/// | `GET requests`, `DELETE requests` | the request log, an object a line |
/// | `POST faults [{"match": …, "action": …}]`, `GET`, `DELETE` | disturbances; `{"add": […]}` keeps the others |
/// | `POST clock {"offset": seconds}` | the servers' clock |
/// | `POST switches {"name": value}`, `GET`, `DELETE` | switches; null resets one |
/// | `GET mail`, `DELETE mail` | mails with codes and links |
/// | `POST edit {"collection", "id", "cleartext"}` | writes as another client; also `tombstone`, `delete`, `payload`, |
/// | | `corrupt`, `sortindex`, `ttl`, and `{"edits": […]}` for several under one time |
/// | `GET decrypt?collection=NAME[&id=ID]` | what is stored, decrypted |
/// | `POST account {"create", "password", "keyStretching"}` | a new account |
/// | `POST account {"password", "newKeys", …}` | a changed password, new keys, TOTP, flags, revocations |
/// | `POST reassign {"node", "keepData"}` | another storage node |
/// | `POST save {"path"}` | the state file, now |
///
/// Where there are several accounts, `email` (in the body or the query) says which is meant.
struct ControlServer {
  let state: SandboxState
  /// Writes the state file; the path is nil for the sandbox's own.
  let save: (String?) throws -> Void

  func answer(_ request: Request, path: [String]) -> Response {
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
      guard let list else { throw StateProblem("expected a list of faults, or {\"add\": [...]}") }
      let faults = try list.map { try Fault($0) }
      if body.list == nil { state.faults.append(faults) } else { state.faults.replace(faults) }
      return .json([:])
    case ("DELETE", "faults"):
      state.faults.replace([])
      return .json([:])
    case ("POST", "clock"):
      guard let offset = body["offset"]?.double, abs(offset) < 1e10 else {
        throw StateProblem("expected an offset")
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
    case ("POST", "edit"): return .json(try Editor(state: state).edit(body))
    case ("GET", "decrypt"):
      let storage = AccountStorage(state: state, account: try account(request.queryValue("email")))
      guard let name = request.queryValue("collection") else { throw StateProblem("which collection?") }
      return .json(storage.decrypted(name, id: request.queryValue("id")))
    case ("POST", "account"): return .json(try AccountEditor(state: state).edit(body))
    case ("POST", "reassign"): return .json(try AccountEditor(state: state).reassign(body))
    case ("POST", "save"):
      try save(body["path"]?.text)
      return .json([:])
    default: return .json(["error": .string("no such control: \(request.method) \(path)")], status: 404)
    }
  }

  private func account(_ email: String?) throws -> Account { try state.account(email: email) }
}

extension SandboxState {
  /// The account with this address, or the only one there is.
  ///
  /// - Throws: ``StateProblem``.
  func account(email: String?) throws -> Account {
    if let email {
      guard let account = accounts.account(email: email) else { throw StateProblem("no account \(email)") }
      return account
    }
    guard let only = accounts.sorted.first, accounts.accounts.count == 1 else {
      throw StateProblem("which account? say its email")
    }
    return only
  }
}

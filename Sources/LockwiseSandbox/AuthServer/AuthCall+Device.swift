import Foundation

/// The routes for device records and attached clients.
extension AuthCall {
  /// The caller of a device route: a session, or an app with a refresh token.
  private enum Caller {
    case session(Session)
    case grant(RefreshToken)

    var account: String {
      switch self {
      case .session(let session): session.account
      case .grant(let token): token.account
      }
    }
  }

  private func caller() throws -> Caller {
    if let token = refreshToken() { return .grant(token) }
    return .session(try session())
  }

  private func isOwn(_ device: Device, _ caller: Caller) -> Bool {
    switch caller {
    case .session(let session): device.session == session.id
    case .grant(let token): device.refreshTokenID == token.id
    }
  }

  /// Responds to a route of this kind; nil for any other.
  ///
  /// - Throws: ``AuthError`` for an error response.
  func device(_ method: String) throws -> Response? {
    switch (method, path) {
    case ("POST", "account/device"): return try putDevice()
    case ("GET", "account/devices"): return try listDevices()
    case ("POST", "account/device/destroy"): return try destroyDevice()
    case ("GET", "account/device/commands"): return try commands()
    case ("POST", "account/devices/invoke_command"): return try invoke()
    case ("POST", "account/devices/notify"):
      _ = try caller()
      return .json([:])
    case ("GET", "account/attached_clients"): return try attachedClients()
    case ("POST", "account/attached_client/destroy"): return try detachClient()
    default: return nil
    }
  }

  private func putDevice() throws -> Response {
    let caller = try caller()
    let body = try body()
    let own = store.devices.values.first { isOwn($0, caller) }
    var device: Device
    if let id = body["id"], !id.isNull {
      guard let text = id.text, Hex.strict(text, count: 16) != nil else { throw AuthError.invalid("id") }
      guard let known = store.devices[text], known.account == caller.account else { throw AuthError(123) }
      if let own, own.id != known.id { throw AuthError(124, extra: [("deviceId", .string(own.id))]) }
      device = known
    } else if let own {
      // A client may register twice while it signs in (fxa-auth-server, lib/routes/devices-and-sessions.js).
      device = own
    } else {
      device = Device(
        id: Hex.encode(Derive.random(16)), account: caller.account, name: try required("name", in: body),
        type: try required("type", in: body), created: state.clock.milliseconds,
        lastAccess: state.clock.milliseconds)
    }
    try update(&device, from: body)
    switch caller {
    case .session(let session): device.session = session.id
    case .grant(let token): device.refreshTokenID = token.id
    }
    device.lastAccess = state.clock.milliseconds
    store.devices[device.id] = device
    return .json(json(device))
  }

  private func update(_ device: inout Device, from body: JSON) throws {
    if let name = body["name"]?.text {
      guard 1...255 ~= name.count,
        !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
      else { throw AuthError.invalid("name") }
      device.name = name
    }
    if let type = body["type"]?.text {
      guard 1...16 ~= type.utf8.count else { throw AuthError.invalid("type") }
      device.type = type
    }
    let push = ["pushCallback", "pushPublicKey", "pushAuthKey"].map { body[$0]?.text }
    guard push.allSatisfy({ $0 == nil }) || push.allSatisfy({ $0 != nil }) else {
      throw AuthError.invalid("pushCallback")
    }
    if push[0] != nil {
      (device.pushCallback, device.pushPublicKey, device.pushAuthKey) = (push[0], push[1], push[2])
    }
    if let commands = body["availableCommands"]?.members {
      device.availableCommands = Dictionary(commands.map { ($0.key, $0.value.text ?? "") }) { $1 }
    }
  }

  private func json(_ device: Device) -> JSON {
    [
      "id": .string(device.id), "name": .string(device.name), "type": .string(device.type),
      "createdAt": .int(device.created), "pushCallback": .optional(device.pushCallback),
      "pushPublicKey": .optional(device.pushPublicKey), "pushAuthKey": .optional(device.pushAuthKey),
      "pushEndpointExpired": false, "availableCommands": commandTable(device),
    ]
  }

  private func commandTable(_ device: Device) -> JSON {
    .object(
      device.availableCommands.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string($0.value)) })
  }

  private func listDevices() throws -> Response {
    let caller = try caller()
    var oldest = 0
    if let text = request.queryValue("filterIdleDevicesTimestamp") {
      guard let time = Int(text) else { throw AuthError.invalid("filterIdleDevicesTimestamp") }
      oldest = time
    }
    let rows = store.devices.values.filter { $0.account == caller.account && $0.lastAccess >= oldest }
      .sorted { ($0.created, $0.id) < ($1.created, $1.id) }
    return .json(
      .array(
        rows.map { device in
          var row = json(device)
          row.set("isCurrentDevice", .bool(isOwn(device, caller)))
          row.set("lastAccessTime", .int(device.lastAccess))
          row.set("location", [:])
          return row
        }))
  }

  private func remove(_ device: Device) {
    if let session = device.session { store.endSession(session) }
    if let token = device.refreshTokenID { store.revokeRefresh(id: token) }
    store.devices[device.id] = nil
  }

  private func destroyDevice() throws -> Response {
    let caller = try caller()
    guard let device = store.devices[try required("id", in: body())], device.account == caller.account else {
      throw AuthError(123)
    }
    remove(device)
    return .json([:])
  }

  private func invoke() throws -> Response {
    let caller = try caller()
    let body = try body()
    guard var device = store.devices[try required("target", in: body)], device.account == caller.account else {
      throw AuthError(123)
    }
    let command = try required("command", in: body)
    guard device.availableCommands[command] != nil else {
      throw AuthError(157, message: "Unavailable device command.")
    }
    let sender = store.devices.values.first { isOwn($0, caller) }?.id
    let message: JSON = [
      "index": .int(device.commands.count + 1),
      "data": [
        "command": .string(command), "payload": body["payload"] ?? .object([]), "sender": .optional(sender),
      ],
    ]
    device.commands.append(message.encodedText)
    store.devices[device.id] = device
    return .json(["enqueued": true, "notified": false, "notifyError": nil])
  }

  private func commands() throws -> Response {
    let caller = try caller()
    guard let device = store.devices.values.first(where: { isOwn($0, caller) }) else { throw AuthError(123) }
    let first = request.queryValue("index").flatMap(Int.init) ?? 0
    let limit = min(request.queryValue("limit").flatMap(Int.init) ?? 100, 100)
    let messages = device.commands.compactMap { try? JSON(parsing: $0) }
      .filter { $0["index"]?.int ?? 0 >= max(first, 1) }.prefix(limit)
    let last = messages.last?["index"]?.int ?? max(first - 1, 0)
    return .json([
      "index": .int(last), "last": .bool(last >= device.commands.count), "messages": .array(Array(messages)),
    ])
  }

  // MARK: Attached clients

  private func attachedClients() throws -> Response {
    let session = try session()
    var rows: [JSON] = []
    func row(
      device: Device?, session other: Session?, grant: RefreshToken?, name: String, created: Int, access: Int
    ) -> JSON {
      [
        "clientId": .optional(grant?.client), "deviceId": .optional(device?.id),
        "sessionTokenId": .optional(other?.id), "refreshTokenId": .optional(grant?.id),
        "deviceType": .optional(device?.type), "name": .string(device?.name ?? name),
        "isCurrentSession": .bool(other?.id == session.id), "createdTime": .int(created),
        "lastAccessTime": .int(access), "scope": grant.map { .strings($0.scopes) } ?? .null,
        "userAgent": .string(other?.userAgent ?? ""), "os": nil, "location": [:],
      ]
    }
    for other in store.sessions.values.filter({ $0.account == session.account }).sorted(by: { $0.id < $1.id }) {
      let device = store.devices.values.first { $0.session == other.id }
      rows.append(
        row(
          device: device, session: other, grant: nil, name: other.userAgent, created: other.created * 1000,
          access: other.lastAccess))
    }
    for grant in store.refreshTokens.values.filter({ $0.account == session.account }).sorted(by: {
      $0.id < $1.id
    }) {
      let device = store.devices.values.first { $0.refreshTokenID == grant.id }
      let name = OAuthClient.known(grant.client)?.name ?? grant.client
      rows.append(
        row(
          device: device, session: nil, grant: grant, name: name, created: grant.created * 1000,
          access: grant.lastAccess * 1000))
    }
    return .json(.array(rows))
  }

  private func detachClient() throws -> Response {
    let session = try session()
    let body = try body()
    let named = ["clientId", "deviceId", "sessionTokenId", "refreshTokenId"].compactMap { key in
      body[key]?.text.map { (key, $0) }
    }
    guard !named.isEmpty else { throw AuthError.missing("deviceId") }
    for (key, id) in named {
      switch key {
      case "deviceId":
        guard let device = store.devices[id], device.account == session.account else { throw AuthError(123) }
        remove(device)
      case "sessionTokenId": if store.sessions[id]?.account == session.account { store.endSession(id) }
      case "refreshTokenId":
        if store.refreshTokens.values.contains(where: { $0.id == id && $0.account == session.account }) {
          store.revokeRefresh(id: id)
        }
      default: break
      }
    }
    return .json([:])
  }
}

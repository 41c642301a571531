/// What the token server knows of one account, by its own numbering.
struct TokenUser: Equatable {
  /// Storage user id.
  var uid: Int
  /// First piece of the storage path, which stands for a storage node.
  var node: String
  /// Highest generation seen in an access token; goes up with a password change.
  var generation: Int
  /// Time of the last key change in ms, from the key id.
  var keysChangedAt: Int
  /// base64url of 16 bytes; a new one means new keys, and never comes back once replaced.
  var clientState: String
  var oldClientStates: [String] = []
}

/// All users of the token server, by account uid.
final class TokenUsers {
  private(set) var users: [String: TokenUser] = [:]
  /// Storage uids that were given up; their storage tokens are refused.
  private(set) var retired: Set<Int> = []
  private(set) var nextUID = 1001

  subscript(account: String) -> TokenUser? { users[account] }

  func isRetired(_ uid: Int) -> Bool { retired.contains(uid) }

  @discardableResult
  func allocate(
    account: String, node: String = "storage", generation: Int, keysChangedAt: Int, clientState: String
  ) -> TokenUser {
    var old: [String] = []
    if let known = users[account] {
      retired.insert(known.uid)
      old = known.oldClientStates
      if known.clientState != clientState { old.append(known.clientState) }
    }
    let user = TokenUser(
      uid: nextUID, node: node, generation: generation, keysChangedAt: keysChangedAt,
      clientState: clientState, oldClientStates: old)
    nextUID += 1
    users[account] = user
    return user
  }

  func update(_ account: String, _ change: (inout TokenUser) -> Void) {
    guard var user = users[account] else { return }
    change(&user)
    users[account] = user
  }

  func remove(_ account: String) {
    if let user = users.removeValue(forKey: account) { retired.insert(user.uid) }
  }

  var json: JSON {
    [
      "nextUID": .int(nextUID), "retired": .array(retired.sorted().map { .int($0) }),
      "users": .object(
        users.sorted { $0.key < $1.key }.map { account, user in
          JSON.Member(
            account,
            [
              "uid": .int(user.uid), "node": .string(user.node), "generation": .int(user.generation),
              "keysChangedAt": .int(user.keysChangedAt), "clientState": .string(user.clientState),
              "oldClientStates": .strings(user.oldClientStates),
            ])
        }),
    ]
  }

  func load(_ json: JSON) {
    nextUID = json["nextUID"]?.int ?? nextUID
    retired = Set(json["retired"]?.list?.compactMap(\.int) ?? [])
    for member in json["users"]?.members ?? [] {
      let value = member.value
      guard let uid = value["uid"]?.int else { continue }
      users[member.key] = TokenUser(
        uid: uid, node: value["node"]?.text ?? "storage", generation: value["generation"]?.int ?? 0,
        keysChangedAt: value["keysChangedAt"]?.int ?? 0, clientState: value["clientState"]?.text ?? "",
        oldClientStates: value["oldClientStates"]?.list?.compactMap(\.text) ?? [])
    }
  }
}

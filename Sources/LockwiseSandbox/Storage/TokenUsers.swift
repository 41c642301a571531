/// The token server's record of an account: its storage user and its keys.
struct TokenUser: Equatable {
  /// The id of the storage user.
  var uid: Int
  /// The first segment of the storage path, which stands for a storage node.
  var node: String
  /// The highest generation in an access token so far; a password change increases it.
  var generation: Int
  /// The time of the last key change in ms, from the key id.
  var keysChangedAt: Int
  /// The client state, base64url of 16 bytes. A new one means new keys, and an old one is refused.
  var clientState: String
  var oldClientStates: [String] = []
}

/// The users of the token server, by the uid of their account.
final class TokenUsers {
  private(set) var users: [String: TokenUser] = [:]
  /// The storage users that were replaced. Their storage tokens are refused.
  private(set) var retired: Set<Int> = []
  private(set) var nextUID = 1001

  subscript(account: String) -> TokenUser? { users[account] }

  /// Returns whether a storage user was replaced.
  func isRetired(_ uid: Int) -> Bool { retired.contains(uid) }

  /// Allocates a new storage user for an account and retires the old one.
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

  /// Changes the record of an account, if there is one.
  func update(_ account: String, _ change: (inout TokenUser) -> Void) {
    guard var user = users[account] else { return }
    change(&user)
    users[account] = user
  }

  /// The users as the state file stores them.
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

  /// Adds the users of a state file.
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

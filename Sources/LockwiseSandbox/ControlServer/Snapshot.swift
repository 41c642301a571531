/// The state of the sandbox as `GET state` shows it, without keys, and with the ids of tokens only.
struct Snapshot {
  let state: SandboxState

  /// The state as JSON.
  var json: JSON {
    [
      "version": .string(SandboxVersion.text), "baseURL": .string(state.baseURL), "now": state.clock.now.json,
      "accounts": .array(state.accounts.sorted.map(account)),
      "storage": .object(
        state.storage.users.values.sorted { $0.uid < $1.uid }.map { JSON.Member(String($0.uid), storage($0)) }
      ),
      "switches": state.switches.changes, "faults": .array(state.faults.faults.map(\.json)),
      "log": [
        "requests": .int(state.log.count), "unserved": .int(state.log.count("unserved")),
        "rejected": .int(state.log.count("rejected")), "internal": .int(state.log.count("internal")),
        "deletes": .int(state.log.count("delete-storage", "delete-collection")),
        "unconditionalWrites": .int(state.log.count("unconditional-write")),
      ],
    ]
  }

  private func account(_ account: Account) -> JSON {
    let store = state.accounts
    let user = state.tokenUsers[account.uid]
    return [
      "email": .string(account.email), "uid": .string(account.uid), "kid": .string(account.keyID),
      "keyStretching": account.clientSalt == nil ? "v1" : "v2", "emailVerified": .bool(account.emailVerified),
      "totp": .bool(account.totpSecret != nil), "recoveryCodes": .int(account.recoveryCodes.count),
      "storageUID": .optional(user?.uid), "node": .optional(user?.node),
      "sessions": .array(
        store.sessions.values.filter { $0.account == account.uid }.sorted { $0.id < $1.id }.map {
          ["id": .string($0.id), "verified": .bool($0.verified), "method": .optional($0.method)]
        }),
      "keyFetchTokens": .int(store.keyFetchTokens.values.filter { $0.account == account.uid }.count),
      "refreshTokens": .array(
        store.refreshTokens.values.filter { $0.account == account.uid }.sorted { $0.id < $1.id }.map {
          ["id": .string($0.id), "clientId": .string($0.client), "scope": .strings($0.scopes)]
        }),
      "devices": .array(
        store.devices.values.filter { $0.account == account.uid }.sorted { $0.id < $1.id }.map {
          [
            "id": .string($0.id), "name": .string($0.name), "type": .string($0.type),
            "refreshTokenId": .optional($0.refreshTokenID), "sessionId": .optional($0.session),
          ]
        }),
    ]
  }

  private func storage(_ user: UserStorage) -> JSON {
    [
      "modified": user.modified.json, "batches": .int(user.batches.count),
      "collections": .object(
        user.collections.sorted { $0.key < $1.key }.map { name, collection in
          JSON.Member(
            name,
            [
              "modified": collection.modified.json, "count": .int(collection.records.count),
              "payloadBytes": .int(collection.payloadBytes),
            ])
        }),
    ]
  }
}

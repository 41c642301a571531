/// The merge of the member `lockwise`.
extension LoginMerge {
  /// Returns the merged member; `nil` if neither side has one.
  func lockwiseMember() -> SecretBytes? {
    let name = LockwiseMember.name
    // The side without it has a record written by Firefox: Lockwise empties the member but never removes it.
    var merged = local[name]?.raw ?? upstream[name]?.raw
    if local[name] != nil, upstream[name] != nil { merged = unknown { $0[name] } }
    if let l = local[name]?.object, let u = upstream[name]?.object {
      var values: [(name: String, json: SecretBytes?)] = []
      for member in u.members + l.members where !values.contains(where: { $0.name.isSameText(as: member.name) }) {
        values.append((member.name, unknown { $0[name]?.object?[member.name] }))
      }
      // The last value of a name is used.
      merged = u.replacing(values + notes)
    }
    var history = LockwiseMember.history(of: local) + LockwiseMember.history(of: upstream)
    if isPasswordConflict, counters == nil { history.append(contentsOf: lostPassword.map { [$0] } ?? []) }
    guard !history.isEmpty else { return merged }
    return LockwiseMember.text(merged, history: history)
  }

  private var lostPassword: LockwiseMember.FormerPassword? {
    let loser = isLocalPasswordNewer ? upstream : local
    guard let password = loser["password"]?.secret, !password.isEmpty else { return nil }
    // The placeholder for an empty first line is not a password.
    if loser[LockwiseMember.name]?.object?[LockwiseMember.emptyPasswordName]?.secret == password { return nil }
    return LockwiseMember.FormerPassword(
      password: password, time: Milliseconds(max(0, loser["timePasswordChanged"]?.integer ?? 0)))
  }

  // MARK: Notes

  private func notes(of side: JSONObject) -> SecretBytes? {
    side[LockwiseMember.name]?.object?[LockwiseMember.notesName]?.secret
  }

  private func tied(of side: JSONObject) -> JSONValue? {
    side[LockwiseMember.name]?.object?[TiedField.memberName]
  }

  /// The merged notes, and the fields that are tied to lines of them.
  private var notes: [(name: String, json: SecretBytes?)] {
    let (b, l, u) = (notes(of: base), notes(of: local), notes(of: upstream))
    func values(_ text: SecretBytes?, of side: JSONObject) -> [(name: String, json: SecretBytes?)] {
      [(LockwiseMember.notesName, text.map { JSONText.string($0) }), (TiedField.memberName, tied(of: side)?.raw)]
    }
    if l == u {
      return [
        (LockwiseMember.notesName, u.map { JSONText.string($0) }),
        (TiedField.memberName, unknown(tied(of:))),
      ]
    }
    if u == b || sent.contains(where: { notes(of: $0) == u }) { return values(l, of: local) }
    if l == b, !isServerNew { return values(u, of: upstream) }
    guard let l, let u else { return l == nil ? values(u, of: upstream) : values(l, of: local) }
    let (newer, older) = isLocalNewer ? (local, upstream) : (upstream, local)
    var merge = NotesMerge(
      base: isServerNew ? SecretBytes(copying: []) : b ?? SecretBytes(copying: []), newer: isLocalNewer ? l : u,
      older: isLocalNewer ? u : l)
    merge.tiedInOlder = TiedField.listed(in: older[LockwiseMember.name]?.object)
    // An upload without a response may never have arrived, so it says nothing about lines that only this client has.
    if isLocalNewer { merge.former = sent.compactMap { notes(of: $0) } }
    return values(merge.merged(), of: newer)
  }
}

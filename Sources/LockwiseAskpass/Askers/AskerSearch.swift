import LockwiseCLI

/// Finds the process that asks.
struct AskerSearch {
  /// The most shells between this program and the process that asks.
  private static let mostShells = 4

  /// The source of facts about processes.
  let proc: ProcReader

  /// Makes a search.
  init(proc: ProcReader = ProcReader()) { self.proc = proc }

  /// Returns the process that asks, through at most four shells.
  ///
  /// If no program that asks is above the shells, the nearest shell asks: the user or a script tries a prompt.
  ///
  /// - Parameter parent: the parent of this process.
  /// - Returns: `nil` if it has ended or `/proc` is missing.
  func find(from parent: Int) -> Asker? {
    guard parent > 0, let direct = asker(parent, isDirectParent: true) else { return nil }
    var (current, shells) = (direct, 0)
    while current.kind == .shell, shells < Self.mostShells {
      shells += 1
      guard let above = proc.stat(current.identity.id).flatMap({ ProcessIdentity.parent(inStat: $0) }), above > 0,
        let next = asker(above, isDirectParent: false)
      else { return direct }
      current = next
    }
    switch current.kind {
    case .shell, .other: return direct
    default: return current
    }
  }

  /// Returns a process; `nil` if it does not exist.
  private func asker(_ id: Int, isDirectParent: Bool) -> Asker? {
    guard let identity = proc.stat(id).flatMap({ ProcessIdentity(id: id, stat: $0) }) else {
      // A system can hide other users' processes (proc(5), `hidepid`). That of sudo is one of them.
      guard isDirectParent, isHidden(id) else { return nil }
      return Asker(
        identity: ProcessIdentity(id: id, start: 0), kind: .sudo, arguments: [], isDirectParent: true)
    }
    return Asker(
      identity: identity, kind: kind(id), arguments: proc.arguments(id) ?? [], isDirectParent: isDirectParent)
  }

  /// Returns whether `/proc` hides the parent because it is another user's. It must still be the parent afterwards: the
  /// entry of a process that has ended is missing as well.
  private func isHidden(_ parent: Int) -> Bool {
    proc.stat(proc.this) != nil && proc.stat(1) == nil && proc.isForeign(parent) && proc.parent() == parent
      && proc.user != 0
  }

  /// Returns the kind of a process by its program's file. The file of sudo cannot be read, but its name and user can: a
  /// process of this user cannot have effective user 0. sudo asks root for no password.
  private func kind(_ id: Int) -> Asker.Kind {
    let isRoot = proc.user != 0 && proc.status(id).flatMap(ProcReader.effectiveUser(inStatus:)) == 0
    let name = proc.stat(id).flatMap { ProcessIdentity.name(inStat: $0) } ?? ""
    if isRoot, ["sudo", "sudo-rs", "sudo.ws"].contains(name) { return .sudo }
    if let program = proc.program(id) { return Asker.Kind(program: program) }
    // ssh-agent's file cannot be read either. It asks for no secret that the vault has.
    return name == "ssh-agent" ? .sshAgent : .other(name: name)
  }
}

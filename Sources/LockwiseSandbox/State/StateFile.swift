import Foundation

/// The whole sandbox in one JSON file.
struct StateFile {
  let path: String

  var exists: Bool { access(path, F_OK) == 0 }

  /// - Throws: ``StateProblem`` for a file that can't be read or is not a state file.
  func load(into state: SandboxState) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw StateProblem("can't read \(path)")
    }
    do {
      let json = try JSON(parsing: data)
      guard json["format"] == "lockwise-sandbox-state", json["version"] == 1 else {
        throw StateProblem("not a state file of this version")
      }
      try state.accounts.load(json)
      state.tokenUsers.load(json["tokenUsers"] ?? .object([]))
      for member in json["storage"]?.members ?? [] {
        guard let uid = Int(member.key) else { throw StateProblem("storage of \(member.key)") }
        state.storage.put(try UserStorage(uid: uid, json: member.value))
      }
    } catch {
      throw StateProblem("\(path): \(error)")
    }
  }

  /// Writes the file in one step: complete, readable for its owner only, or not at all.
  ///
  /// - Throws: ``StateProblem``.
  func save(_ state: SandboxState) throws {
    var writer = JSONWriter(capacity: 1 << 20)
    writer.raw("{\"format\":\"lockwise-sandbox-state\",\"version\":1,\"tokenUsers\":")
    writer.value(state.tokenUsers.json)
    for member in try state.accounts.json().members ?? [] {
      writer.raw(",\n")
      writer.string(member.key)
      writer.raw(":")
      writer.value(member.value)
    }
    writer.raw(",\n\"storage\":{")
    for (index, user) in state.storage.users.values.sorted(by: { $0.uid < $1.uid }).enumerated() {
      if index > 0 { writer.raw(",\n") }
      writer.raw("\"\(user.uid)\":")
      user.write(to: &writer)
    }
    writer.raw("}}\n")
    try Self.replace(path, with: writer.bytes)
  }

  /// Writes a file of mode 0600 through a temporary one beside it.
  static func replace(_ path: String, with bytes: [UInt8]) throws {
    let temporary = "\(path).\(getpid()).new"
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw problem(path) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try handle.write(contentsOf: Data(bytes))
      try handle.synchronize()
      try handle.close()
    } catch {
      unlink(temporary)
      throw StateProblem("can't write \(path): \(error)")
    }
    guard rename(temporary, path) == 0 else { throw problem(path) }
  }

  private static func problem(_ path: String) -> StateProblem {
    StateProblem("can't write \(path): \(String(cString: strerror(errno)))")
  }
}

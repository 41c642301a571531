import Foundation

/// A JSON file with the whole state of a sandbox.
struct StateFile {
  let path: String

  var exists: Bool { access(path, F_OK) == 0 }

  /// Adds the contents of the file to a state.
  ///
  /// - Throws: ``SandboxError`` if the file cannot be read or is not a state file.
  func load(into state: SandboxState) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw SandboxError("cannot read \(path)")
    }
    do {
      let json = try JSON(parsing: data)
      guard json["format"] == "lockwise-sandbox-state", json["version"] == 1 else {
        throw SandboxError("not a state file of version 1")
      }
      try state.accounts.load(json)
      state.tokenUsers.load(json["tokenUsers"] ?? .object([]))
      for member in json["storage"]?.members ?? [] {
        guard let uid = Int(member.key) else { throw SandboxError("invalid storage user: \(member.key)") }
        state.storage.put(try UserStorage(uid: uid, json: member.value))
      }
    } catch {
      throw SandboxError("\(path): \(error)")
    }
  }

  /// Saves a state; if that fails, the old file is unchanged.
  ///
  /// - Throws: ``SandboxError`` if the file cannot be written.
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

  /// Replaces a file atomically by one of mode 0600, through a temporary file in the same folder.
  ///
  /// - Throws: ``SandboxError`` if the file cannot be written.
  static func replace(_ path: String, with bytes: [UInt8]) throws {
    let temporary = "\(path).\(getpid()).new"
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw writeError(path) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try handle.write(contentsOf: Data(bytes))
      try handle.synchronize()
      try handle.close()
    } catch {
      unlink(temporary)
      throw SandboxError("cannot write \(path): \(error)")
    }
    guard rename(temporary, path) == 0 else { throw writeError(path) }
  }

  private static func writeError(_ path: String) -> SandboxError {
    SandboxError("cannot write \(path): \(String(cString: strerror(errno)))")
  }
}

import Foundation

/// A generator of login records, for tests of large vaults.
struct LoginGenerator {
  let storage: AccountStorage

  /// Adds encrypted logins for `https://host000000.example` and so on, a hundred in each write.
  ///
  /// - Throws: an error if the keys of the account cannot be read.
  func addLogins(_ count: Int) throws {
    try storage.initialize()
    let cipher = try storage.cipher(for: "passwords")
    let created = storage.state.clock.milliseconds - 86_400_000
    var changes: [RecordChange] = []
    for number in 0..<count {
      let digits = String(number)
      let name = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
      let id =
        "{00000000-0000-4000-8000-\(String(repeating: "0", count: max(0, 12 - digits.count)))\(digits)}"
      let password = Base64.url(Derive.sha256(Array("password of \(name)".utf8)).prefix(15))
      var writer = JSONWriter(capacity: 400)
      writer.raw("{\"id\":\"\(id)\",\"hostname\":\"https://host\(name).example\",")
      writer.raw("\"formSubmitURL\":\"https://host\(name).example\",\"httpRealm\":null,")
      writer.raw("\"username\":\"user\(name)\",\"password\":\"\(password)\",")
      writer.raw("\"usernameField\":\"\",\"passwordField\":\"\",")
      writer.raw("\"timeCreated\":\(created),\"timePasswordChanged\":\(created)}")
      changes.append(RecordChange(id: id, payload: try cipher.encrypt(writer.bytes).encodedText))
      if changes.count == 100 || number == count - 1 {
        storage.user.write(changes, to: "passwords", storage.state.clock)
        changes = []
      }
    }
  }
}

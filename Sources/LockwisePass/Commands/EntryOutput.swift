import LockwiseCore

/// Prints, copies or draws a part of an entry.
struct EntryOutput {
  private let context: PassContext
  private let login: LoginRecord
  private let body: EntryBody
  private let store: PassStore
  /// The name as it was typed.
  private let name: String

  /// Makes the output of an entry.
  ///
  /// - Parameter name: the name as it was typed.
  init(_ store: PassStore, _ login: LoginRecord, _ name: String) {
    context = store.context
    self.store = store
    self.login = login
    self.name = name
    body = EntryBody(of: login)
  }

  /// Does what was asked for.
  ///
  /// - Throws: `PassFailure` with pass's text if there is no such line; `UserFacingError` if there is no such field or
  ///   the part is empty.
  func show(_ request: ShowRequest) throws {
    switch request.part {
    case .body: try context.show(body.text)
    case .json:
      try context.show(.concatenating([json(), SecretBytes(utf8: "\n")]))
    case .line(let number): try use(line(number), request)
    case .password: try use(password(), request)
    case .field("otp"): try useOneTimeCode(request)
    case .field(let key): try use(field(key), request)
    }
  }

  private func use(_ text: SecretBytes, _ request: ShowRequest) throws {
    switch request.way {
    case .print: try context.show(.concatenating([text, SecretBytes(utf8: "\n")]))
    case .copy: try Clipboard(context).copy(text, called: name)
    case .draw: try QRCode(context).show(text, called: name, window: request.hasWindow)
    }
  }

  /// Returns a line of the body.
  ///
  /// - Parameter text: the number as it was typed; empty for the first line. pass counts 0 as 1.
  private func line(_ text: String) throws -> SecretBytes {
    let text = text.isEmpty ? "1" : text
    guard text.utf8.allSatisfy({ (48...57).contains($0) }) else {
      throw PassFailure("Clip location '\(PrintableText.of(text))' is not a number.")
    }
    let number = max(1, Int(text) ?? Int.max)
    // A password with line feeds, from another program, is one line here.
    let line = number == 1 ? body.password : body.line(number)
    guard let line, !line.isEmpty else {
      throw PassFailure("There is no password to put on the clipboard at line \(text).")
    }
    return line
  }

  private func password() throws -> SecretBytes {
    guard !body.password.isEmpty else { throw UserFacingError("\(name) has no password", exitCode: .failure) }
    return body.password
  }

  /// Returns the value of a field: that of a line of the notes, else that of the login.
  private func field(_ key: String) throws -> SecretBytes {
    if let value = body.field(key), !value.isEmpty { return value }
    let isFree = login.origin.utf8.starts(with: "pass://".utf8)
    switch key {
    case "login" where body.login != nil: return body.login ?? SecretBytes(utf8: "")
    case "login" where !isFree && !login.username.isEmpty: return SecretBytes(utf8: login.username)
    case "url" where !isFree: return SecretBytes(utf8: login.origin)
    default: break
    }
    throw UserFacingError("\(name) has no field \(key)", exitCode: .failure)
  }

  /// Prints or copies the present one-time code. The code of a counter is the next one.
  private func useOneTimeCode(_ request: ShowRequest) throws {
    let ways: [String] =
      switch request.way {
      case .print: []
      case .copy: ["--clip"]
      case .draw: ["--qrcode"]
      }
    _ = try OTPCommand(context).run(["code"] + ways + ["--", name])
  }

  /// The entry as a JSON object.
  private func json() throws -> SecretBytes {
    var writer = JSONObjectWriter()
    writer.member("name", try store.list().entries.first { $0.guid == login.guid }?.name ?? name)
    writer.member("guid", login.guid)
    writer.member("url", login.origin)
    writer.member("login", login.username)
    writer.member("password", secret: body.password)
    writer.member("notes", secret: body.notes)
    if let realm = login.httpRealm { writer.member("realm", realm) } else { writer.memberNull("realm") }
    writer.member("timeCreated", login.timeCreated)
    writer.member("timePasswordChanged", login.timePasswordChanged)
    return writer.finish()
  }
}

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
      try context.show(json())
    case .line(let number): try use(line(number), request)
    case .password: try use(password(), request)
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

  /// Returns the value of a field.
  private func field(_ key: String) throws -> SecretBytes {
    do {
      return try EntryField(key).value(of: login, at: Seconds(context.helper.clock()))
    } catch EntryField.Failure.missing {
      throw UserFacingError("\(name) has no field \(key)", exitCode: .failure)
    } catch EntryField.Failure.noCode {
      throw UserFacingError("\(name) has no one-time code", exitCode: .failure)
    } catch EntryField.Failure.counting {
      throw UserFacingError(
        "the one-time code of \(name) counts", hint: "use \(context.program) otp", exitCode: .failure)
    } catch EntryField.Failure.invalidCode {
      throw UserFacingError("the one-time code of \(name) is invalid", exitCode: .failure)
    }
  }

  private func json() throws -> SecretBytes {
    let shown = try store.list().entries.first { $0.guid == login.guid }?.name ?? name
    return .concatenating([EntryJSON.text(name: shown, login, withSecrets: true), SecretBytes(utf8: "\n")])
  }
}

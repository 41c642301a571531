import LockwiseCLI
import LockwiseCore

/// The result of one check of `doctor`. Never holds a secret.
struct Finding {
  enum Level: String {
    case ok
    case warn
    case fail
  }

  /// A short name that does not change.
  let name: String
  let level: Level
  /// The result.
  let text: String
  /// The remedy.
  let hint: String?

  /// - Parameter hint: what the user may do, although nothing is wrong.
  static func ok(_ name: String, _ text: String, _ hint: String? = nil) -> Finding {
    Finding(name: name, level: .ok, text: text, hint: hint)
  }

  static func warn(_ name: String, _ text: String, _ hint: String?) -> Finding {
    Finding(name: name, level: .warn, text: text, hint: hint)
  }

  static func fail(_ name: String, _ text: String, _ hint: String?) -> Finding {
    Finding(name: name, level: .fail, text: text, hint: hint)
  }

  /// Creates a failed check from an error.
  static func fail(_ name: String, _ error: any Error) -> Finding {
    let shown = UserFacingError(error)
    return fail(name, shown.message, shown.hints.first)
  }

  /// The lines of text.
  var lines: [String] {
    let mark = level.rawValue + String(repeating: " ", count: 6 - level.rawValue.count)
    let first = mark + name + ": " + PrintableText.of(text)
    return [first] + (hint.map { ["      hint: " + PrintableText.of($0)] } ?? [])
  }

  var json: SecretBytes {
    var writer = JSONObjectWriter()
    writer.member("name", name)
    writer.member("level", level.rawValue)
    writer.member("text", text)
    if let hint {
      writer.member("hint", hint)
    } else {
      writer.memberNull("hint")
    }
    return writer.finish()
  }
}

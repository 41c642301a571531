@testable import LockwiseAskpass

/// A prompt of a program, word for word, and its class.
struct PromptRow: CustomStringConvertible {
  /// The text; its variable parts are between « and ».
  let marked: String
  /// The class.
  let expected: Question
  /// The kind of the program that asks.
  let asker: Asker.Kind

  init(_ marked: String, _ expected: Question, from asker: Asker.Kind = .ssh) {
    (self.marked, self.expected, self.asker) = (marked, expected, asker)
  }

  var description: String { marked }

  /// The prompt's bytes, each with whether it belongs to a variable part.
  var bytes: [(byte: UInt8, isVariable: Bool)] {
    var isVariable = false
    var result: [(UInt8, Bool)] = []
    for character in marked.unicodeScalars {
      switch character {
      case "«": isVariable = true
      case "»": isVariable = false
      default: result += String(character).utf8.map { ($0, isVariable) }
      }
    }
    return result
  }

  /// The prompt.
  var prompt: [UInt8] { bytes.map(\.byte) }
}

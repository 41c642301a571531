import LockwiseCore

/// The byte strings that ``MaskStream`` hides: every form of every secret. They are searched for in two ways, because
/// programs break base64 into lines, at any width.
final class MaskPatterns {
  /// The forms that are searched for as they are.
  let exact: PatternAutomaton
  /// The forms in base64, between whose characters line breaks are skipped.
  let broken: PatternAutomaton
  /// Whether a form begins with a byte.
  let begins: [Bool]
  /// The texts that replace the secrets, in their order.
  let replacements: [[UInt8]]
  /// The names of the secrets that are too short.
  let shortNames: [String]

  /// The length of the shortest secret, and the shortest line of one, that is hidden, in bytes.
  static let leastCount = 4

  /// Makes the patterns.
  ///
  /// - Parameter secrets: the secrets and the names of their variables. Empty ones have nothing to hide.
  init(_ secrets: [(name: String, value: SecretBytes)]) {
    let hidden = secrets.filter { $0.value.count >= Self.leastCount }
    shortNames = secrets.filter { (1..<Self.leastCount).contains($0.value.count) }.map(\.name)
    replacements = hidden.map { Array("<hidden:\($0.name)>".utf8) }
    let exact = PatternAutomaton()
    let broken = PatternAutomaton()
    for (index, secret) in hidden.enumerated() {
      let forms = SecretForms(secret.value)
      forms.forEachExact { exact.insert($0, of: index) }
      forms.forEachBase64 { broken.insert($0, of: index) }
    }
    exact.finish()
    broken.finish()
    begins = (UInt8(0)...255).map { exact.step(0, $0) != 0 || broken.step(0, $0) != 0 }
    (self.exact, self.broken) = (exact, broken)
  }
}

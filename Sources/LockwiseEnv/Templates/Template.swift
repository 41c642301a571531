import LockwiseCore

/// A text with references, which are replaced once: what comes out of the vault is not looked at again.
struct Template: Sendable {
  /// A piece of a template.
  enum Part: Sendable {
    /// Bytes that stay as they are.
    case literal(SecretBytes)
    /// A reference.
    case reference(Placeholder)
  }

  /// A reference in a template.
  struct Placeholder: Sendable {
    /// The reference.
    let reference: Reference
    /// The reference as it is written, for messages.
    let text: String
    /// The conversions, in their order.
    let filters: [TemplateFilter]
    /// The number of line feeds before it in the template.
    let line: Int
  }

  /// The pieces in their order.
  let parts: [Part]

  /// The references in their order.
  var placeholders: [Placeholder] {
    parts.compactMap { if case .reference(let placeholder) = $0 { placeholder } else { nil } }
  }

  /// Whether the whole text is one reference without conversions.
  var isReference: Bool {
    guard parts.count == 1, case .reference(let placeholder) = parts[0] else { return false }
    return placeholder.filters.isEmpty
  }
}

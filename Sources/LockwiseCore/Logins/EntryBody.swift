/// The text of an entry: the password in line 1, the notes in the lines after it.
///
/// The notes are the member `lockwise.notes` byte for byte. A login without that member, such as one that Firefox made,
/// has the notes `login: USER` (if there is a user name) and `url: ORIGIN`.
public struct EntryBody: Sendable {
  /// The greatest length that is accepted, in bytes.
  static let maximumLength = 1 << 20

  /// The password, empty if line 1 is empty. One with line feeds, which only another program can have stored, occupies
  /// several lines.
  public var password: SecretBytes
  /// The lines after the password.
  public var notes: SecretBytes

  /// Makes a body of its two parts.
  public init(password: SecretBytes, notes: SecretBytes = SecretBytes(copying: [])) {
    self.password = password
    self.notes = notes
  }

  /// Makes the body of a login as it is shown. Lines that are tied to a field have the field's present value.
  public init(of login: LoginRecord) {
    self.init(password: Self.password(of: login), notes: StoredNotes(of: login).shown)
  }

  /// Returns the password of a login as it is shown, without its notes.
  package static func password(of login: LoginRecord) -> SecretBytes {
    login.hasPlaceholderPassword ? SecretBytes(copying: []) : login.password
  }

  /// Parses a body that a program or the user wrote. Line 1 loses one carriage return at its end.
  ///
  /// - Parameter input: the text; the last line feed may be missing.
  /// - Throws: `Failure` if the text cannot be a body.
  public init(parsing input: SecretBytes) throws(Failure) {
    try Self.check(input)
    let end = input.withUnsafeBytes { $0.firstIndex(of: 0x0A) } ?? input.count
    let line = input[0..<end]
    let hasCarriageReturn = line.withUnsafeBytes { $0.last == 0x0D }
    self.init(
      password: hasCarriageReturn ? line[0..<line.count - 1] : line,
      notes: input[min(end + 1, input.count)..<input.count].endingWithLineFeed)
  }

  /// The whole text, with a line feed at the end of the last line.
  public var text: SecretBytes {
    .concatenating([password, SecretBytes(utf8: "\n"), notes.endingWithLineFeed])
  }

  /// Whether the password occupies several lines.
  public var hasMultilinePassword: Bool { password.contains(0x0A) }

  /// Checks what is accepted as a body.
  ///
  /// - Throws: `Failure`.
  static func check(_ text: SecretBytes) throws(Failure) {
    guard text.count <= maximumLength else { throw .tooLong }
    let failure = text.withUnsafeBytes { bytes -> Failure? in
      if bytes.contains(0) { return .containsNUL }
      if !UTF8Text.isValid(bytes) { return .notUTF8 }
      return bytes.allSatisfy { $0 == 0x0A || $0 == 0x0D } ? .empty : nil
    }
    if let failure { throw failure }
  }

  /// The reason why a text is refused as a body, or a body for a login.
  public enum Failure: Error, Equatable, Sendable {
    /// There is no text at all, or only line ends.
    case empty
    /// The text is longer than `maximumLength`.
    case tooLong
    /// The text is not UTF-8.
    case notUTF8
    /// The text contains a NUL byte.
    case containsNUL
    /// The login's password has line feeds, so a text cannot show where the password ends.
    case multilinePassword
    /// The `url:` line gave the login its origin, and its new value cannot.
    case unusableURL
  }
}

extension EntryBody: Equatable {
  /// Compares two bodies by their parts.
  public static func == (left: EntryBody, right: EntryBody) -> Bool {
    left.password == right.password && left.notes.endingWithLineFeed == right.notes.endingWithLineFeed
  }
}

extension EntryBody.Failure: CustomStringConvertible {
  /// A short phrase for messages.
  public var description: String {
    switch self {
    case .empty: "there is nothing to store"
    case .tooLong: "longer than 1 MiB"
    case .notUTF8: "not UTF-8"
    case .containsNUL: "it contains a NUL byte"
    case .multilinePassword: "its password has several lines"
    case .unusableURL: "the url line does not name an origin that the login can have"
    }
  }
}

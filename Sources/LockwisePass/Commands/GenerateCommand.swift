import LockwiseCore

/// The command `generate`: saves an entry with a random password and prints it.
///
/// An entry that exists keeps its notes, with `--in-place` or without; pass discards them.
struct GenerateCommand: PassCommand {
  private static let options: [GetoptArguments.Option] = [
    .init("n", "no-symbols"), .init("q", "qrcode"), .init("c", "clip"), .init("i", "in-place"), .init("f", "force"),
    .own("words", .required), .own("window"),
  ]
  private static let usualLength = "25"

  let context: PassContext
  /// The source of random passwords.
  var random: any RandomSource = SystemRandom()

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    let parsed = try context.parse(arguments, Self.options, operands: 1...2)
    guard !parsed.has("force") || !parsed.has("in-place"), !parsed.has("qrcode") || !parsed.has("clip"),
      !parsed.has("words") || parsed.operands.count == 1 && !parsed.has("no-symbols")
    else { throw context.usage(nil, parsed) }
    let name = TypedName.withoutTrailingSlash(parsed.operands[0])
    try TypedName.checkSneaky(name)
    try TypedName.checkNotEmpty(name)
    let password = try password(parsed)
    try save(password, as: name, parsed)
    try show(password, of: name, parsed)
    return .success
  }

  private func save(_ password: SecretBytes, as name: String, _ parsed: GetoptArguments) throws {
    let store = try PassStore(context, for: name)
    let writer = EntryWriter(store: store)
    guard let login = try store.login(name) else {
      guard !parsed.has("in-place") else { throw try store.missing(name) }
      return try writer.add(EntryBody(password: password), as: name, isFree: false)
    }
    if !parsed.has("in-place"), !parsed.has("force") {
      try PassInput(context).confirm("An entry already exists for \(name). Overwrite it?")
    }
    try writer.change(login) { $0.replacingPassword(password) }
  }

  private func show(_ password: SecretBytes, of name: String, _ parsed: GetoptArguments) throws {
    if parsed.has("clip") { return try Clipboard(context).copy(password, called: name) }
    if parsed.has("qrcode") {
      return try QRCode(context).show(password, called: name, window: parsed.has("window"))
    }
    let shown = PrintableText.of(name)
    let (heading, before, after) =
      context.hasColours
      ? (
        "\u{1B}[1mThe generated password for \u{1B}[4m\(shown)\u{1B}[24m is:\u{1B}[0m", "\u{1B}[1m\u{1B}[93m",
        "\u{1B}[0m"
      )
      : ("The generated password for \(shown) is:", "", "")
    try context.out(
      .concatenating([SecretBytes(utf8: heading + "\n" + before), password, SecretBytes(utf8: after + "\n")]))
  }

  private func password(_ parsed: GetoptArguments) throws -> SecretBytes {
    if let words = parsed.value("words") {
      guard Self.isNumber(words) else { throw UserFacingError("\(words) is not a number of words", exitCode: .usage) }
      return try PasswordGenerator.words(Int(words) ?? Int.max, random: random)
    }
    let length = try length(parsed.operands.dropFirst().first)
    return try generator(parsed).password(length: length, random: random)
  }

  /// Returns the length that was typed, else that of `PASSWORD_STORE_GENERATED_LENGTH`.
  private func length(_ typed: String?) throws -> Int {
    let text = typed ?? setting("GENERATED_LENGTH") ?? Self.usualLength
    guard Self.isNumber(text) else {
      throw PassFailure("Error: pass-length \"\(PrintableText.of(text))\" must be a number.")
    }
    let length = Int(text) ?? Int.max
    guard length > 0 else { throw PassFailure("Error: pass-length must be greater than zero.") }
    return length
  }

  private func generator(_ parsed: GetoptArguments) throws -> PasswordGenerator {
    let isPlain = parsed.has("no-symbols")
    if let set = setting(isPlain ? "CHARACTER_SET_NO_SYMBOLS" : "CHARACTER_SET") {
      return try PasswordGenerator(characters: set)
    }
    return try PasswordGenerator(characters: isPlain ? .alphanumeric : .all)
  }

  /// Returns a variable of pass; `nil` if it is not set or empty.
  private func setting(_ name: String) -> String? {
    context.environment["PASSWORD_STORE_\(name)"].flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func isNumber(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }
}

import LockwiseCLI
import LockwiseCore

/// The credential helpers that git calls, as its configuration lists them (gitcredentials(7), "Configuration options").
public struct GitHelperChain: Equatable, Sendable {
  /// A `credential.helper` or `credential.<url>.helper`.
  public struct Helper: Equatable, Sendable {
    /// The file that sets it, as reported by `git config --show-origin`, such as `file:/home/a/.gitconfig`.
    public let origin: String
    /// The URL that it applies to; `nil` for all.
    public let url: String?
    /// The setting's value: a name, a path, or `!` and a shell command.
    public let value: String

    /// Whether git would run `git-credential-lockwise` for it.
    public var isLockwise: Bool {
      if value.hasPrefix("!") { return value.contains("git-credential-lockwise") }
      let name = program.split(separator: "/").last ?? ""
      return value.hasPrefix("/") ? name == "git-credential-lockwise" : name == "lockwise"
    }

    /// The first word, as git's shell reads it.
    public var program: String {
      var word = ""
      var isEscaped = false
      for character in value {
        if !isEscaped, character == " " { break }
        if !isEscaped, character == "\\" {
          isEscaped = true
        } else {
          word.append(character)
          isEscaped = false
        }
      }
      return word
    }

    /// Returns the value for a path, with a backslash before characters that are special to the shell.
    public static func value(path: String) -> String {
      path.reduce(into: "") { result, character in
        if !character.isLetter, !character.isNumber, !"/._-+".contains(character) { result.append("\\") }
        result.append(character)
      }
    }

    /// The helper's name for messages. Shell commands and arguments are omitted, because they may contain secrets.
    public var name: String {
      if value.hasPrefix("!") { return isLockwise ? "a shell command with git-credential-lockwise" : "a shell command" }
      return program
    }
  }

  /// All helpers that are called for any URL, in git's order.
  public let helpers: [Helper]

  /// Parses the output of `git config -z --show-origin --get-regexp '^credential\..*helper$'`.
  ///
  /// An empty value clears the list before it. An empty value for a URL clears that URL's list only.
  ///
  /// - Parameter listing: git's output. Each entry is an origin, NUL, a key, a line feed with the value, NUL
  ///   (git-config(1), `--null` and `--show-origin`).
  public init(listing: some Collection<UInt8>) {
    var helpers: [Helper] = []
    for helper in Self.all(listing: listing) {
      if helper.value.isEmpty {
        helpers.removeAll { helper.url == nil || $0.url == helper.url }
      } else {
        helpers.append(helper)
      }
    }
    self.helpers = helpers
  }

  /// Returns every helper in the listing, including empty values and helpers that are not called.
  ///
  /// - Parameter listing: git's output, as for `init(listing:)`.
  static func all(listing: some Collection<UInt8>) -> [Helper] {
    let fields = listing.split(separator: 0, omittingEmptySubsequences: false)
    var helpers: [Helper] = []
    for index in stride(from: 0, to: fields.count - 1, by: 2) {
      let origin = String(decoding: fields[index], as: UTF8.self)
      let parts = fields[index + 1].split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
      let key = String(decoding: parts[0], as: UTF8.self)
      let value = parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : ""
      guard key.hasPrefix("credential."), key.hasSuffix(".helper") || key == "credential.helper" else { continue }
      let url = key == "credential.helper" ? nil : String(key.dropFirst(11).dropLast(7))
      helpers.append(Helper(origin: origin, url: url, value: value))
    }
    return helpers
  }
}

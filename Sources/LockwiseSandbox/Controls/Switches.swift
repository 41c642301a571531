/// What a test can make the servers do, by name.
public struct Switches: Sendable {
  /// One switch.
  public struct Definition: Sendable {
    /// Its name, `group.word-word`.
    public let name: String
    /// Its value until it is set.
    public let initial: JSON
    /// What it does, in a line.
    public let help: String

    init(_ name: String, _ initial: JSON, _ help: String) {
      self.name = name
      self.initial = initial
      self.help = help
    }
  }

  /// A name that is no switch, or a value of another type than the switch has.
  public struct Problem: Error, CustomStringConvertible {
    /// What is wrong.
    public let description: String
  }

  private var changed: [String: JSON] = [:]

  /// All switches at their first values.
  public init() {}

  subscript(name: String) -> JSON {
    changed[name] ?? Self.definitions.first { $0.name == name }?.initial ?? .null
  }

  func flag(_ name: String) -> Bool { self[name].bool ?? false }
  func int(_ name: String) -> Int { self[name].int ?? 0 }
  func text(_ name: String) -> String { self[name].text ?? "" }

  /// The value of a switch that is a word or digits, if it is set: `--set accounts.code=123456` is a number.
  func word(_ name: String) -> String? {
    switch self[name] {
    case .string(let text), .number(let text): text
    default: nil
    }
  }

  /// Sets a switch; `null` gives it its first value back.
  ///
  /// - Throws: ``Problem``.
  public mutating func set(_ name: String, to value: JSON) throws {
    guard let definition = Self.definitions.first(where: { $0.name == name }) else {
      throw Problem(description: "there is no switch \(name)")
    }
    if value.isNull {
      changed[name] = nil
      return
    }
    let fits =
      switch (definition.initial, value) {
      case (.bool, .bool), (.string, .string), (.null, _): true
      case (.number, .number): value.int != nil
      default: false
      }
    guard fits else { throw Problem(description: "\(name) does not take \(value.encodedText)") }
    changed[name] = value
  }

  /// Sets a switch from `name=value`; the value is JSON, or a string without quotes.
  ///
  /// - Throws: ``Problem``.
  public mutating func set(assignment: String) throws {
    let halves = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard halves.count == 2 else { throw Problem(description: "expected name=value, not \(assignment)") }
    let text = String(halves[1])
    try set(String(halves[0]), to: (try? JSON(parsing: text)) ?? .string(text))
  }

  mutating func reset() { changed = [:] }

  /// All switches and their values.
  var json: JSON { .object(Self.definitions.map { JSON.Member($0.name, self[$0.name]) }) }

  /// Those that were set.
  var changes: JSON {
    .object(changed.sorted { $0.key < $1.key }.map { JSON.Member($0.key, $0.value) })
  }
}

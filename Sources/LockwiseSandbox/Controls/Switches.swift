/// The switches that change the behaviour of the servers, by name.
public struct Switches: Sendable {
  /// A switch that exists.
  public struct Definition: Sendable {
    /// The name of the switch, such as `token.retry-after`.
    public let name: String
    /// The value until the switch is set.
    let initial: JSON
    /// The effect of the switch, in one line.
    public let help: String

    init(_ name: String, _ initial: JSON, _ help: String) {
      self.name = name
      self.initial = initial
      self.help = help
    }

    /// The value until the switch is set, as JSON text.
    public var initialText: String { initial.encodedText }
  }

  private var changed: [String: JSON] = [:]

  /// Makes a set of switches with their initial values.
  public init() {}

  /// The value of a switch; `null` if it does not exist.
  subscript(name: String) -> JSON {
    changed[name] ?? Self.definitions.first { $0.name == name }?.initial ?? .null
  }

  /// Returns the value of a switch that is a boolean.
  func flag(_ name: String) -> Bool { self[name].bool ?? false }

  /// Returns the value of a switch that is a whole number.
  func int(_ name: String) -> Int { self[name].int ?? 0 }

  /// Returns the value of a switch that is a string.
  func text(_ name: String) -> String { self[name].text ?? "" }

  /// Returns the value of a switch that is a word or digits, if it is set. `--set accounts.code=123456` sets a number.
  func word(_ name: String) -> String? {
    switch self[name] {
    case .string(let text), .number(let text): text
    default: nil
    }
  }

  /// Sets a switch; `null` resets it.
  ///
  /// - Throws: ``SandboxError`` for an unknown name or a value of the wrong type.
  mutating func set(_ name: String, to value: JSON) throws {
    guard let definition = Self.definitions.first(where: { $0.name == name }) else {
      throw SandboxError("unknown switch: \(name)")
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
    guard fits else { throw SandboxError("invalid value for \(name): \(value.encodedText)") }
    changed[name] = value
  }

  /// Sets a switch from `name=value`; the value is JSON, or a string without quotes.
  ///
  /// - Throws: ``SandboxError`` for an unknown name or an invalid value.
  public mutating func set(assignment: String) throws {
    let halves = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard halves.count == 2 else { throw SandboxError("expected name=value: \(assignment)") }
    let text = String(halves[1])
    try set(String(halves[0]), to: (try? JSON(parsing: text)) ?? .string(text))
  }

  /// Resets all switches.
  mutating func reset() { changed = [:] }

  /// The values of all switches.
  var json: JSON { .object(Self.definitions.map { JSON.Member($0.name, self[$0.name]) }) }

  /// The values of the switches that are set.
  var changes: JSON {
    .object(changed.sorted { $0.key < $1.key }.map { JSON.Member($0.key, $0.value) })
  }
}

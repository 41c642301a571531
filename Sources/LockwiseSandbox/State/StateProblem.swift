/// Why a state, a fixture or an edit can't be used; the text is for the person at the terminal.
public struct StateProblem: Error, CustomStringConvertible {
  /// What is wrong.
  public let description: String

  init(_ description: String) { self.description = description }
}

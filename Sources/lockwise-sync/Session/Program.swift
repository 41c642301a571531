/// The program itself.
enum Program {
  /// The name that messages, prompts and the help show.
  static let name = "lockwise-sync"
}

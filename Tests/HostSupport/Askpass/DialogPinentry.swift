import Foundation

/// A scripted pinentry that answers GETPIN, CONFIRM and MESSAGE as a test says, and records its commands.
struct DialogPinentry {
  private let root: String
  /// The variables that make it the pinentry, on a display that does not exist.
  let variables: [String: String]

  /// Writes the program.
  init(_ scratch: Scratch) throws {
    root = scratch.root
    let path = root + "/dialog-pinentry"
    try scratch.write(
      """
      #!/bin/sh
      echo 'OK Pleased to meet you'
      while read -r line; do
        printf '%s\\n' "$line" >>\(root)/dialog-log
        case $line in
          GETPIN*|CONFIRM*|MESSAGE*) . \(root)/dialog-${line%% *} ;;
          BYE*) echo OK; exit 0 ;;
          *) echo OK ;;
        esac
      done
      """, to: path)
    variables = ["LOCKWISE_PINENTRY": path, "DISPLAY": ":4711"]
    for command in ["GETPIN", "CONFIRM", "MESSAGE"] { try answer(command, .cancelled) }
  }

  /// What the user does.
  enum Action {
    case enters([String])
    case agrees
    /// The third button.
    case declines
    case cancelled
    /// Leaves the window open.
    case waits
  }

  /// Lets the user do this from now on. Of several texts, each is typed once.
  func answer(_ command: String, _ action: Action) throws {
    let text =
      switch action {
      case .enters(let lines):
        """
        set -- \(lines.map { "'\($0)'" }.joined(separator: " "))
        n=$(cat \(root)/dialog-count 2>/dev/null || echo 0); echo $((n + 1)) >\(root)/dialog-count
        shift $n; printf 'D %s\\nOK\\n' "$1"
        """
      case .agrees: "echo OK"
      case .declines: "echo 'ERR 83886194 Not confirmed <Pinentry>'"
      case .cancelled: "echo 'ERR 83886179 Operation cancelled <Pinentry>'"
      case .waits: "sleep 60 & echo $! >\(root)/dialog-waits; wait"
      }
    unlink(root + "/dialog-count")
    try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: root + "/dialog-" + command))
  }

  /// Returns the commands since the last call.
  func takeLog() -> [String] {
    defer { unlink(root + "/dialog-log") }
    return log
  }

  /// The same, and the log is kept. A line that is written while the log is taken would be lost.
  var log: [String] {
    let text = (try? String(contentsOfFile: root + "/dialog-log", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }

  /// Whether a window is open that the user leaves open.
  var isWaiting: Bool { access(root + "/dialog-waits", F_OK) == 0 }
}

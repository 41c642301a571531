import Foundation

/// A scripted pinentry that records its commands and responds as a test says.
struct PinentryScript {
  private let root: String

  /// Writes the program and makes it the pinentry of a home, on a display that does not exist.
  init(_ scratch: Scratch) throws {
    root = scratch.root
    let path = root + "/pinentry"
    try scratch.write(
      """
      #!/bin/sh
      echo 'OK Pleased to meet you'
      while read -r line; do
        printf '%s\\n' "$line" >>\(root)/pinentry-log
        case $line in
          GETPIN*) cat \(root)/pinentry-answer ;;
          BYE*) echo OK; exit 0 ;;
          *) echo OK ;;
        esac
      done
      """, to: path)
    scratch.environment["LOCKWISE_PINENTRY"] = path
    scratch.environment["DISPLAY"] = ":4711"
    try cancel()
  }

  /// Returns the commands since the last call, a line each.
  func takeLog() -> [String] {
    let path = root + "/pinentry-log"
    defer { unlink(path) }
    return ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
  }

  /// Returns the number of prompts for a passphrase since the log was last read.
  func takeQuestions() -> Int { takeLog().count { $0 == "GETPIN" } }

  /// Responds with a passphrase from now on. A percent sign must be encoded.
  func answer(_ passphrase: String) throws { try write("D \(passphrase)\nOK\n") }

  /// Cancels each prompt from now on.
  func cancel() throws { try write("ERR 83886179 Operation cancelled <Pinentry>\n") }

  private func write(_ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: root + "/pinentry-answer"))
  }
}

import Foundation
import Testing

/// An X server without a screen, Xvfb(1).
final class XServer {
  private let program: RunningProgram
  /// The value of `DISPLAY`.
  let display: String

  /// Starts a server at a display that is free.
  ///
  /// - Throws: `Executables.MissingTool`; `TimedOut`.
  init() throws {
    // Its number is printed when the server accepts connections (Xserver(1)).
    program = try RunningProgram(
      Executables.ofSystem("Xvfb"), ["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", "64x64x24"],
      environment: ["PATH": "/usr/bin:/bin", "HOME": NSTemporaryDirectory()])
    var number = ""
    let server = program
    guard
      Deadline(seconds: 60).await({
        number = server.outputSoFar
        return number.hasSuffix("\n")
      })
    else { throw TimedOut(description: "Xvfb did not start") }
    display = ":" + number.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  deinit { program.signal(SIGTERM) }

  /// Returns the text of a selection; `nil` if nobody owns it.
  func text(of selection: String = "clipboard") throws -> String? {
    func ask() throws -> Run {
      try Run.program(
        Executables.ofSystem("xclip"), ["-out", "-selection", selection], environment: environment, timeout: 30)
    }
    let run: Run
    do {
      run = try ask()
    } catch is TimedOut {
      // xclip waits forever for an owner that ends between the question and the answer.
      run = try ask()
    }
    return run.status == 0 ? run.output : nil
  }

  /// Copies a text as another program.
  func copy(_ text: String, to selection: String = "clipboard") throws {
    // xclip continues in the background with its streams; only standard output is closed then.
    try Run.program(
      "/bin/sh", ["-c", "printf %s \"$1\" | xclip -in -selection \(selection) >/dev/null 2>&1", "sh", text],
      environment: environment, timeout: 30
    ).expectSuccess()
  }

  private var environment: [String: String] { ["DISPLAY": display, "PATH": "/usr/bin:/bin"] }
}

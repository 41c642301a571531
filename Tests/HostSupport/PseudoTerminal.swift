import Foundation

/// A program at its own terminal, under a shell as for a user.
///
/// The shell, not the program, leads the session. The kernel resets the terminal at the end of a session, which would
/// hide the settings that the program left.
final class PseudoTerminal {
  /// The end of a program at a terminal.
  struct Outcome {
    /// The status as a shell reports it: 128 and the signal's number if a signal ended the program.
    let status: Int32
    /// The text on the terminal.
    let shown: String
    /// Whether the terminal echoes, edits lines and sends signals.
    let isRestored: Bool
  }

  private let master: Int32
  private let shell: pid_t
  private var bytes: [UInt8] = []
  private var position = 0
  private var isReaped = false
  private static let mark = "<<ended "

  /// Starts a program with the terminal as its standard streams.
  init(_ path: String, _ arguments: [String] = [], environment: [String: String]) throws {
    // The steps of posix_openpt(3), unlockpt(3) and ptsname(3), which Swift does not import (pts(4)).
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var isLocked: CInt = 0
    var number: CInt = 0
    let unlock: UInt = 0x4004_5431
    let getNumber: UInt = 0x8004_5430
    guard master >= 0, ioctl(master, unlock, &isLocked) == 0, ioctl(master, getNumber, &number) == 0 else {
      throw Spawn.Failure(program: "a pseudo terminal", number: errno)
    }
    let terminal = "/dev/pts/\(number)"
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
    // The shell outlives a Ctrl-C, which ends the program only.
    let script = """
      trap : INT QUIT; "$@"; status=$?; printf '\\n\(Self.mark)%s ' "$status"; stty -a; printf '>>\\n'
      """
    let master = master
    do {
      shell = try Spawn.alone {
        try Spawn.start(
          "/bin/sh", ["-c", script, "sh", path] + arguments,
          environment: environment.merging(["TERM": "xterm"]) { $1 },
          streams: [.terminal(terminal), .terminal(terminal), .terminal(terminal)])
      }
    } catch {
      close(master)
      throw error
    }
  }

  deinit {
    if !isReaped {
      if let program { kill(program, SIGKILL) }
      kill(shell, SIGKILL)
      waitpid(shell, nil, 0)
    }
    close(master)
  }

  /// The text on the terminal so far.
  var shown: String {
    let text = String(decoding: bytes, as: UTF8.self)
    return text.range(of: Self.mark).map { String(text[..<$0.lowerBound]) } ?? text
  }

  /// The process id of the program, the shell's only child; nil if it has ended.
  var program: pid_t? {
    (try? String(contentsOfFile: "/proc/\(shell)/task/\(shell)/children", encoding: .utf8))?
      .split(separator: " ").first.flatMap { pid_t($0) }
  }

  /// Waits until `text` is shown after the text of the previous wait.
  ///
  /// - Throws: `TimedOut`, also if the program ends before.
  func expect(_ text: String, timeout: Double = 30) throws {
    let deadline = Deadline(seconds: timeout)
    while true {
      if let found = find(text) {
        position = found
        return
      }
      if find(Self.mark) != nil || deadline.isOver {
        throw TimedOut(description: "\"\(text)\" was not shown. Shown was: \(shown)")
      }
      readMore(deadline)
    }
  }

  /// Everything shown so far, as characters; the end of a line is one, however it was written.
  var characters: [Character] { Array(shown.replacing("\r\r\n", with: "\r\n")) }

  /// Waits until `condition` holds for what is shown and for the seconds since something new was shown.
  ///
  /// - Returns: `false` if the program ends before.
  /// - Throws: `TimedOut`.
  func await(timeout: Double = 60, _ condition: (_ shown: [Character], _ silence: Double) -> Bool) throws -> Bool {
    let deadline = Deadline(seconds: timeout)
    var count = -1
    var latest = ContinuousClock.now
    while true {
      if String(decoding: bytes, as: UTF8.self).contains(Self.mark) { return false }
      if bytes.count != count {
        count = bytes.count
        latest = .now
      }
      if condition(characters, (ContinuousClock.now - latest) / .seconds(1)) { return true }
      guard !deadline.isOver else { throw TimedOut(description: "no prompt. Shown was: \(shown)") }
      readMore(deadline)
    }
  }

  /// Types keys.
  func send(_ text: String) {
    var copy = text
    copy.withUTF8 { _ = write(master, $0.baseAddress, $0.count) }
  }

  /// Types a line.
  func enter(_ line: String) { send(line + "\r") }

  /// Changes the size of the window, as a terminal emulator does (ioctl_tty(2), TIOCSWINSZ).
  func resize(rows: UInt16, columns: UInt16) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  /// Waits for the end of the program.
  ///
  /// - Throws: `TimedOut`.
  func finish(timeout: Double = 30) throws -> Outcome {
    let deadline = Deadline(seconds: timeout)
    while true {
      let text = String(decoding: bytes, as: UTF8.self)
      if let start = text.range(of: Self.mark), let end = text.range(of: ">>", range: start.upperBound..<text.endIndex)
      {
        waitpid(shell, nil, 0)
        isReaped = true
        let words = text[start.upperBound..<end.lowerBound].split { " ;\r\n".contains($0) }.map(String.init)
        return Outcome(
          status: words.first.flatMap { Int32($0) } ?? -1, shown: String(text[..<start.lowerBound]),
          isRestored: ["echo", "icanon", "isig"].allSatisfy(words.contains))
      }
      guard !deadline.isOver else { throw TimedOut(description: "still running. Shown was: \(text)") }
      readMore(deadline)
    }
  }

  private func find(_ text: String) -> Int? {
    let pattern = Array(text.utf8)
    guard bytes.count >= position + pattern.count else { return nil }
    for start in position...bytes.count - pattern.count where bytes[start...].starts(with: pattern) {
      return start + pattern.count
    }
    return nil
  }

  private func readMore(_ deadline: Deadline) {
    var list = [pollfd(fd: master, events: Int16(POLLIN), revents: 0)]
    poll(&list, 1, deadline.milliseconds())
    _ = RunningProgram.readAvailable(master, into: &bytes)
  }
}

import Foundation

/// The standard input of a program.
enum Input {
  case none
  case closed
  case bytes([UInt8])
  case text(String)
  /// A text after which more may follow (`RunningProgram.finishInput`).
  case beginning(String)

  var bytes: [UInt8]? {
    switch self {
    case .none, .closed: nil
    case .bytes(let bytes): bytes
    case .text(let text), .beginning(let text): Array(text.utf8)
    }
  }
}

/// A program that has run to its end.
struct Run {
  let ending: Ending
  let outputBytes: [UInt8]
  let errorBytes: [UInt8]

  var output: String { String(decoding: outputBytes, as: UTF8.self) }
  var error: String { String(decoding: errorBytes, as: UTF8.self) }
  /// The exit status; nil if a signal ended the program.
  var status: Int32? { if case .exited(let status) = ending { status } else { nil } }
  var lines: [String] { output.split(separator: "\n").map(String.init) }
  var errorLines: [String] { error.split(separator: "\n").map(String.init) }

  /// Runs a program to its end.
  ///
  /// - Throws: `Spawn.Failure`; `TimedOut`, after it was killed.
  static func program(
    _ path: String, _ arguments: [String] = [], input: Input = .none, environment: [String: String],
    timeout: Double = 60
  ) throws -> Run {
    try RunningProgram(path, arguments, input: input, environment: environment)
      .finish(timeout: timeout)
  }
}

/// A running program with its output in pipes.
final class RunningProgram {
  let pid: pid_t
  private let name: String
  private var pending: ArraySlice<UInt8>
  private var inputEnd: Int32
  private var isInputComplete = true
  private var ends: [Int32]
  private var collected: [[UInt8]] = [[], []]
  private var ending: Ending?

  init(
    _ path: String, _ arguments: [String] = [], input: Input = .none, environment: [String: String]
  ) throws {
    // A program may end before it has read all input.
    _ = Foundation.signal(SIGPIPE, SIG_IGN)
    name = ([path] + arguments).joined(separator: " ")
    pending = (input.bytes ?? [])[...]
    if case .beginning = input { isInputComplete = false }
    (pid, inputEnd, ends) = try Spawn.alone {
      let source = input.bytes == nil ? nil : try Spawn.pipe()
      let output = try Spawn.pipe()
      let error = try Spawn.pipe()
      defer { for end in [source?.read, output.write, error.write] { if let end { close(end) } } }
      var stdin = Spawn.Stream.null
      if let source { stdin = .descriptor(source.read) }
      if case .closed = input { stdin = .closed }
      let pid = try Spawn.start(
        path, arguments, environment: environment,
        streams: [stdin, .descriptor(output.write), .descriptor(error.write)])
      return (pid, source?.write ?? -1, [output.read, error.read])
    }
    for end in ends + [inputEnd] where end >= 0 { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    feed()
  }

  deinit {
    if ending == nil {
      kill(pid, SIGKILL)
      waitpid(pid, nil, 0)
    }
    for end in ends + [inputEnd] where end >= 0 { close(end) }
  }

  /// Sends a signal.
  func signal(_ number: Int32) { if ending == nil { kill(pid, number) } }

  /// Whether it has ended.
  var hasEnded: Bool {
    if ending != nil { return true }
    var status: Int32 = 0
    guard waitpid(pid, &status, WNOHANG) == pid else { return false }
    ending = Ending(waitStatus: status)
    return true
  }

  /// The output so far.
  var outputSoFar: String {
    drain()
    return String(decoding: collected[0], as: UTF8.self)
  }

  /// Waits for the end of the program.
  ///
  /// - Throws: `TimedOut`, after it was killed.
  func finish(timeout: Double = 60) throws -> Run {
    let deadline = Deadline(seconds: timeout)
    while true {
      feed()
      drain()
      let isQuiet = ends.allSatisfy { $0 < 0 }
      if hasEnded, let ending {
        drain()
        return Run(ending: ending, outputBytes: collected[0], errorBytes: collected[1])
      }
      if deadline.isOver {
        kill(pid, SIGKILL)
        throw TimedOut(
          description: "not done after \(timeout) s: \(name)\n"
            + collected.map { String(decoding: $0.suffix(2000), as: UTF8.self) }.joined(separator: "\n"))
      }
      if isQuiet { usleep(200) } else { waitForData(deadline) }
    }
  }

  private func waitForData(_ deadline: Deadline) {
    var list = ends.filter { $0 >= 0 }.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    if inputEnd >= 0 { list.append(pollfd(fd: inputEnd, events: Int16(POLLOUT), revents: 0)) }
    poll(&list, nfds_t(list.count), deadline.milliseconds())
  }

  private func feed() {
    guard inputEnd >= 0 else { return }
    while !pending.isEmpty {
      let count = pending.withUnsafeBytes { write(inputEnd, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { return }
      guard count > 0 else { break }
      pending = pending.dropFirst(count)
    }
    guard isInputComplete else { return }
    close(inputEnd)
    inputEnd = -1
  }

  /// Whether the program has read all of its input so far (ioctl_pipe(2), FIONREAD).
  var hasReadInput: Bool {
    feed()
    var unread: Int32 = 0
    return pending.isEmpty && ioctl(inputEnd, UInt(FIONREAD), &unread) == 0 && unread == 0
  }

  /// Sends the rest of an input that was begun.
  func finishInput(_ text: String) {
    pending += Array(text.utf8)
    isInputComplete = true
    feed()
  }

  private func drain() {
    for index in ends.indices where ends[index] >= 0 {
      if !Self.readAvailable(ends[index], into: &collected[index]) {
        close(ends[index])
        ends[index] = -1
      }
    }
  }

  /// Reads more output; returns false at the end of the stream.
  static func readAvailable(_ descriptor: Int32, into bytes: inout [UInt8]) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { return errno == EAGAIN }
      guard count > 0 else { return false }
      bytes += chunk[..<count]
    }
  }
}

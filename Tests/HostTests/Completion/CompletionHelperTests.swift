import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwiseHostSupport

/// What completions of names and references cost, and what they do with a locked vault.
@Suite(.serialized) struct CompletionHelperTests {
  /// Lines that end where a name or a reference is completed, and others.
  static let lines = [
    "lockwise-pass ", "lockwise-pass gith", "lockwise-pass show ", "lockwise-pass mv ",
    "lockwise-pass mv github.com/alice ", "lockwise-pass otp ", "lockwise-pass otp insert ",
    "lockwise-pass show nothing", "lockwise-env read ",
    "lockwise-env read lockwise://gith", "lockwise-env read github.com/alice/", "lockwise-env export A=lockwise://",
    "lockwise-env run A=lockwise://", "lockwise-env run --stdin ", "lockwise-env run --file A=",
    "lockwise-env read nothing",
  ]
  /// The lines after which the vault has nothing to offer.
  private static let withoutNames: Set = ["lockwise-pass show nothing", "lockwise-env read nothing"]
  static let cases = PassShell.Kind.allCases.flatMap { kind in lines.map { (kind, $0) } }

  private static let records: [LoginRecord] = {
    ["alice", "bob"].compactMap { name in
      let json = LoginJSON("{\(name)}", origin: "https://github.com", realm: "git", username: name, password: "p")
      return try? LoginRecord(json: SecretBytes(utf8: json.text), bsoID: "{\(name)}")
    }
  }()

  /// Makes a home whose programs write a line to its log when they start. pinentry gets no answer.
  private func home(passphrase: String?) throws -> (home: PassHome, log: () -> [String]) {
    let home = try PassHome(Self.records, passphrase: passphrase)
    let log = home.scratch.root + "/log"
    let folder = home.scratch.root + "/programs"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    for name in ["lockwise-pass", "lockwise-env"] {
      try Spawn.alone {
        try FileManager.default.copyItem(atPath: Executables.path(name), toPath: folder + "/" + name)
      }
      unlink(home.bin + "/" + name)
      try home.scratch.write(
        "#!/bin/sh\necho \(name) >>'\(log)'\nexec '\(folder)/\(name)' \"$@\"\n", to: home.bin + "/" + name)
    }
    for path in [folder + "/lockwise-sync", home.bin + "/lockwise-sync", home.bin + "/pinentry"] {
      try home.scratch.write("#!/bin/sh\necho '\(path)' >>'\(log)'\n", to: path)
    }
    home.environment["LOCKWISE_PINENTRY"] = home.bin + "/pinentry"
    home.environment["DISPLAY"] = ":4711"
    home.environment["LOCKWISE_PULL_INTERVAL"] = nil
    return (
      home,
      {
        defer { unlink(log) }
        return ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
      }
    )
  }

  /// Each completion starts its program once, and nothing else.
  @Test(arguments: PassShell.Kind.allCases) func startsTheProgramOnce(kind: PassShell.Kind) throws {
    let (home, log) = try home(passphrase: nil)
    for program in ["lockwise-pass", "lockwise-env"] {
      let shell = try CompletingShell(kind, of: program, environment: home.environment)
      for line in Self.lines where line.hasPrefix(program) {
        let offer = try shell.offer(for: line)
        #expect(log() == [program], "\(line)")
        let isNamed = offer.words.contains { $0.contains("github.com") || $0.hasPrefix("alice") }
        #expect(isNamed != Self.withoutNames.contains(line), "\(line): \(offer.words)")
        #expect(offer.error.isEmpty, "\(line): \(offer.error)")
      }
    }
  }

  /// Nothing is asked, neither at the terminal nor in a window, and nothing is printed.
  @Test(arguments: PassShell.Kind.allCases) func offersNothingOfALockedVault(kind: PassShell.Kind) throws {
    let (home, log) = try home(passphrase: "polonium 50")
    for program in ["lockwise-pass", "lockwise-env"] {
      let shell = try CompletingShell(kind, of: program, environment: home.environment)
      for line in Self.lines where line.hasPrefix(program) {
        let offer = try shell.offer(for: line)
        #expect(log() == [program], "\(line)")
        #expect(!offer.words.contains { $0.contains("github.com") || $0.hasPrefix("alice") }, "\(line): \(offer.words)")
        #expect(offer.error.isEmpty, "\(line): \(offer.error)")
      }
      #expect(!shell.shown.contains("assphrase"), "\(shell.shown)")
    }
  }

  /// The processor time of the helper with ten thousand logins, the least of many runs, so that other work on the
  /// machine does not count. On a machine where `--version` needs more than 0.5 ms, the limit is higher: a processor whose
  /// other thread is busy is slower.
  /// `contrib/bench pass` and `contrib/bench env` measure the time on the clock.
  @Test(.disabled(if: Executables.directory.contains("/debug"), "these executables are not optimised"))
  func needsLessThanFiveMilliseconds() throws {
    let home = try TestHome(["--generate", "10000"])
    try home.signInAndPull()
    for (name, arguments) in [("lockwise-pass", ["ls", "--flat"]), ("lockwise-env", ["ref"])] {
      let path = try Executables.path(name)
      // The first run stores the names for the next.
      let list = try Run.program(path, arguments, environment: home.scratch.environment).expectSuccess()
      #expect(list.lines.count > 10_000)
      let start = try ProcessorTime.least(of: 40, path, ["--version"], environment: home.scratch.environment)
      let time = try ProcessorTime.least(of: 40, path, arguments, environment: home.scratch.environment)
      #expect(time < max(.milliseconds(5), start * 10), "\(name), of which the start: \(start)")
    }
  }
}

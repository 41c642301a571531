import Foundation
import Testing

@testable import LockwiseHostSupport

/// The clipboard with programs that behave like wl-copy, like termux-clipboard-set and like a user's own.
///
/// Serialized: of several copies with one program only the last empties the clipboard.
@Suite(.serialized) final class PassClipboardProgramTests {
  private static let name = "example.com/alice"

  private let home: PassHome

  init() throws { home = try PassHome.withTwoLogins() }

  private var clip: String { home.scratch.root + "/clip" }
  private var log: String { home.scratch.root + "/log" }

  private func content(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

  /// A wl-copy that copies standard input to a file, as versions before 2.2 do, and leaves it there on SIGTERM.
  private func makeWaylandProgram(isSensitiveSupported: Bool) throws {
    home.environment["WAYLAND_DISPLAY"] = "wayland-lockwise-test"
    try home.scratch.write(
      """
      #!/bin/sh
      printf '%s\\n' "$*" >>\(log)
      case " $* " in
        *" --help "*) echo --foreground\(isSensitiveSupported ? "; echo '--sensitive'" : ""); exit 0 ;;
      esac
      buffer=$(mktemp -d \(isSensitiveSupported ? "\"$TMPDIR\"" : "/tmp")/wl-copy-buffer-XXXXXX)
      cat >"$buffer/stdin"
      echo "$buffer" >\(home.scratch.root)/buffer
      cp "$buffer/stdin" \(clip)
      trap 'rm -f \(clip); exit 0' TERM
      sleep 1000 </dev/null >/dev/null 2>&1 & wait
      """, to: home.bin + "/wl-copy")
  }

  @Test(arguments: [false, true]) func aWaylandProgramLeavesNoFile(isNew: Bool) throws {
    try makeWaylandProgram(isSensitiveSupported: isNew)
    let run = try home.pass("-c", Self.name, with: ["PASSWORD_STORE_CLIP_TIME": "1"]).expectSuccess()
    #expect(run.output == "Copied \(Self.name) to clipboard. Will clear in 1 seconds.\n")
    #expect(content(clip) == PassHome.secret)
    let buffer = try #require(content(home.scratch.root + "/buffer")).trimmingCharacters(in: .newlines)
    #expect(buffer.hasPrefix(isNew ? "/dev/shm/lockwise-pass." : "/tmp/wl-copy-buffer-"))
    let expected = "--foreground --type text/plain" + (isNew ? " --sensitive" : "")
    #expect(content(log) == "--help\n\(expected)\n")
    #expect(Deadline(seconds: 20).await { content(clip) == nil && access(buffer, F_OK) != 0 })
    #expect(Deadline(seconds: 10).await { home.waitingProcesses().isEmpty })
    let parent = (buffer as NSString).deletingLastPathComponent
    if isNew { #expect(access(parent, F_OK) != 0) }
  }

  @Test(arguments: ["termux-clipboard-set", "my-clip"], ["0", "0.6"]) func aProgramThatEndsIsGivenNothingAfterTheTime(
    program: String, delay: String
  ) throws {
    try home.scratch.write(
      "#!/bin/sh\necho \"$@\" >>\(log)\ncat >\(clip)\nsleep \(delay)\n", to: home.bin + "/" + program)
    if program == "my-clip" { home.environment["LOCKWISE_PASS_CLIP"] = "my-clip one $(two)" }
    try home.pass("-c", Self.name, with: ["PASSWORD_STORE_CLIP_TIME": "1"]).expectSuccess()
    #expect(content(clip) == PassHome.secret)
    #expect(Deadline(seconds: 20).await { content(clip) == "" })
    let arguments = program == "my-clip" ? "one $(two)" : ""
    #expect(content(log) == "\(arguments)\n\(arguments)\n")
  }

  /// Another session of this user, with another display, has another clipboard.
  @Test func aCopyOnAnotherDisplayDoesNotKeepThisOne() throws {
    try home.scratch.write("#!/bin/sh\ncat >\(clip)$DISPLAY\n", to: home.bin + "/my-clip")
    home.environment["LOCKWISE_PASS_CLIP"] = "my-clip"
    try home.pass("-c", Self.name, with: ["PASSWORD_STORE_CLIP_TIME": "1", "DISPLAY": "-0"]).expectSuccess()
    try home.pass("-c", Self.name, with: ["PASSWORD_STORE_CLIP_TIME": "9", "DISPLAY": "-1"]).expectSuccess()
    #expect(Deadline(seconds: 8).await { content(clip + "-0") == "" })
    #expect(content(clip + "-1") == PassHome.secret)
  }

  /// A program that set the clipboard and did not end before the time did.
  @Test func aProgramThatStaysIsGivenNothingAfterTheTime() throws {
    try home.scratch.write("#!/bin/sh\necho >>\(log)\ncat >\(clip)\nexec sleep 1000\n", to: home.bin + "/my-clip")
    home.environment["LOCKWISE_PASS_CLIP"] = "my-clip"
    try home.pass("-c", Self.name, with: ["PASSWORD_STORE_CLIP_TIME": "1"]).expectSuccess()
    #expect(Deadline(seconds: 20).await { content(clip) == "" })
    #expect(Deadline(seconds: 20).await { home.waitingProcesses().isEmpty })
    #expect(content(log) == "\n\n")
  }

  @Test func onlyTheLastOfTwoCopiesOverwrites() throws {
    try home.scratch.write("#!/bin/sh\necho >>\(log)\ncat >\(clip)\n", to: home.bin + "/termux-clipboard-set")
    try home.pass("-c", Self.name, with: ["PASSWORD_STORE_CLIP_TIME": "1"]).expectSuccess()
    try home.pass("-c", "example.com/bob", with: ["PASSWORD_STORE_CLIP_TIME": "4"]).expectSuccess()
    sleep(2)
    #expect(content(clip) == "second")
    #expect(Deadline(seconds: 20).await { content(clip) == "" })
    #expect(content(log) == "\n\n\n")
  }
}

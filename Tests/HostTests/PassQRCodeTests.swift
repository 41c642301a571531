import Foundation
import Testing

@testable import LockwiseHostSupport

/// QR codes, compared with those of qrencode(1), in the terminal and in the window of a stand-in for feh(1).
@Suite final class PassQRCodeTests {
  private static let name = "example.com/alice"

  private let home: PassHome

  init() throws {
    home = try PassHome.withTwoLogins()
    home.environment["DISPLAY"] = ":4711"
  }

  private func expected(_ arguments: String...) throws -> [UInt8] {
    try Run.program(
      Executables.ofSystem("qrencode"), arguments, input: .text(PassHome.secret), environment: home.environment
    ).expectSuccess().outputBytes
  }

  private func makeViewer(_ commands: String) throws {
    let root = home.scratch.root
    try home.scratch.write(
      """
      #!/bin/sh
      for file; do :; done
      printf '%s\\n' "$@" >\(root)/arguments; cp "$file" \(root)/image
      stat -c %a "$file" "$(dirname "$file")" >\(root)/modes
      \(commands)
      """, to: home.bin + "/feh")
  }

  private func content(_ name: String) throws -> String {
    try String(contentsOfFile: home.scratch.root + "/" + name, encoding: .utf8)
  }

  @Test(arguments: [["-q"], ["--qrcode"], ["show", "-q1"]]) func theCodeIsShownInTheTerminal(arguments: [String]) throws
  {
    try makeViewer("exit 9")
    let watch = ProcessWatch(for: PassHome.secret)
    let run = try home.pass(arguments + [Self.name]).expectSuccess()
    #expect(run.outputBytes == (try expected("-t", "utf8")))
    #expect(run.error == "")
    #expect(watch.finish().found == [])
    #expect(access(home.scratch.root + "/image", F_OK) != 0)
  }

  @Test func aWindowShowsAFileThatIsGoneAfterwards() throws {
    try makeViewer("")
    let run = try home.pass("-q", "--window", Self.name).expectSuccess()
    #expect(run.output == "" && run.error == "")
    let image = try #require(FileManager.default.contents(atPath: home.scratch.root + "/image"))
    #expect(Array(image) == (try expected("--size", "10", "-o", "-")))
    #expect(try content("modes") == "600\n700\n")
    let arguments = try content("arguments").split(separator: "\n").map(String.init)
    #expect(arguments.dropLast() == ["-x", "--title", "pass: \(Self.name)", "-g", "+200+200"])
    let file = try #require(arguments.last)
    #expect(file.hasPrefix("/dev/shm/lockwise-pass.") && access(file, F_OK) != 0)
    #expect(access((file as NSString).deletingLastPathComponent, F_OK) != 0)
    try makeViewer("exit 2")
    #expect(try home.pass("-q", "--window", Self.name).status == 1)
  }

  @Test func aSignalClosesTheWindowAndLeavesNothing() throws {
    try makeViewer("touch \(home.scratch.root)/shown; exec sleep 1000")
    let run = try RunningProgram(home.bin + "/pass", ["-q", "--window", Self.name], environment: home.environment)
    #expect(Deadline(seconds: 30).await { access(home.scratch.root + "/shown", F_OK) == 0 })
    run.signal(SIGTERM)
    #expect(try run.finish().ending == .killed(signal: SIGTERM))
    let file = try #require(try content("arguments").split(separator: "\n").last.map(String.init))
    #expect(access((file as NSString).deletingLastPathComponent, F_OK) != 0)
  }

  @Test func aMissingProgramIsNamed() throws {
    home.environment["PATH"] = home.bin
    let run = try home.pass("-q", Self.name)
    #expect(run.status == 1 && run.output == "")
    #expect(run.error.hasPrefix("pass: error: cannot show the QR code: cannot find qrencode\n"))
    home.environment["PATH"] = home.bin + ":/usr/bin:/bin"
    home.environment["DISPLAY"] = nil
    let window = try home.pass("-q", "--window", Self.name)
    #expect(window.error == "Error: No X11 or Wayland display detected\n")
  }
}

import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwiseHostSupport

/// The clipboard of a real X server.
@Suite final class PassClipboardTests {
  private static let name = "example.com/alice"

  private let home: PassHome

  init() throws { home = try PassHome.withTwoLogins() }

  /// Makes only one of the system's clipboard programs available.
  private func useOnly(_ program: String, _ server: XServer) throws {
    let folder = home.scratch.root + "/only"
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/" + program, withDestinationPath: Executables.ofSystem(program))
    home.environment["PATH"] = home.bin + ":" + folder
    home.environment["DISPLAY"] = server.display
  }

  @Test(arguments: ["xclip", "xsel"]) func aSecretIsGoneAfterTheTime(program: String) throws {
    let server = try XServer()
    try useOnly(program, server)
    let watch = ProcessWatch(for: PassHome.secret)
    let began = ContinuousClock.now
    let run = try home.pass("-c", Self.name, with: ["PASSWORD_STORE_CLIP_TIME": "3"])
    let took = ContinuousClock.now - began
    run.expectSuccess()
    #expect(run.output == "Copied \(Self.name) to clipboard. Will clear in 3 seconds.\n")
    #expect(try server.text() == PassHome.secret)
    #expect(took < .seconds(3))
    #expect(try Deadline(seconds: 30).await { try server.text() == nil })
    #expect(ContinuousClock.now - began >= .seconds(3))
    let (found, rounds) = watch.finish()
    #expect(found == [])
    #expect(rounds > 3)
    #expect(Deadline(seconds: 10).await { home.waitingProcesses().isEmpty })
  }

  @Test(arguments: ["xclip", "xsel"]) func anotherCopyStays(program: String) throws {
    let server = try XServer()
    try useOnly(program, server)
    try home.pass("-c", Self.name, with: ["PASSWORD_STORE_CLIP_TIME": "8"]).expectSuccess()
    try server.copy("another's")
    #expect(try server.text() == "another's")
    // The waiting process does not wait for its time to be over.
    #expect(Deadline(seconds: 6).await { home.waitingProcesses().isEmpty })
    sleep(8)
    #expect(try server.text() == "another's")
  }

  @Test func theSecondOfTwoCopiesHasItsOwnTime() throws {
    let server = try XServer()
    try useOnly("xclip", server)
    try home.pass("-c", Self.name, with: ["PASSWORD_STORE_CLIP_TIME": "6"]).expectSuccess()
    let began = ContinuousClock.now
    try home.pass("show", "--clip", "example.com/bob", with: ["PASSWORD_STORE_CLIP_TIME": "10"]).expectSuccess()
    #expect(try server.text() == "second")
    #expect(Deadline(seconds: 5).await { home.waitingProcesses().count == 1 })
    sleep(7)
    #expect(try server.text() == "second")
    #expect(try Deadline(seconds: 30).await { try server.text() == nil })
    #expect(ContinuousClock.now - began >= .seconds(10))
  }

  @Test func aSelectionIsFilledAloneAndASignalEmptiesIt() throws {
    let server = try XServer()
    try useOnly("xclip", server)
    try server.copy("old")
    try home.pass("-c", Self.name, with: ["PASSWORD_STORE_X_SELECTION": "primary"]).expectSuccess()
    #expect(try server.text(of: "primary") == PassHome.secret)
    #expect(try server.text() == "old")
    for id in home.waitingProcesses() { kill(id, SIGTERM) }
    #expect(try Deadline(seconds: 10).await { try server.text(of: "primary") == nil })
    #expect(try server.text() == "old")
  }

  @Test func aProgramThatFailsIsReported() throws {
    home.environment["PATH"] = home.bin + ":/usr/bin:/bin"
    for variables in [
      ["DISPLAY": ":4711"], ["DISPLAY": ":0", "LOCKWISE_PASS_CLIP": "false"],
      ["LOCKWISE_PASS_CLIP": "lockwise-no-such-program"],
    ] {
      let run = try home.pass("-c", Self.name, with: variables)
      #expect(run.status == 1)
      #expect(run.output == "")
      #expect(run.error == "Error: Could not copy data to the clipboard\n")
    }
    let none = try home.pass("-c", Self.name)
    #expect(none.status == 1)
    #expect(none.error == "Error: No X11 or Wayland display detected\n")
    home.environment["PATH"] = home.bin
    let missing = try home.pass("-c", Self.name, with: ["DISPLAY": ":0"])
    #expect(missing.status == 1)
    #expect(missing.error.hasPrefix("pass: error: cannot copy to the clipboard: cannot find xclip or xsel\n"))
    let time = try home.pass("-c", Self.name, with: ["PASSWORD_STORE_CLIP_TIME": "soon"])
    #expect(time.status == 64)
  }
}

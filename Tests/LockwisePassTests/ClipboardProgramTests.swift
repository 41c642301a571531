import LockwiseCLI
import LockwiseCore
import Testing

@testable import LockwisePass

@Suite struct ClipboardProgramTests {
  private func choose(
    _ variables: [String: String], _ selection: ClipboardSelection = .clipboard, installed: Set<String>,
    isSensitive: Bool = false
  ) -> Result<ClipboardProgram, ClipboardProgram.Missing> {
    ClipboardProgram.choose(Configuration(Environment(variables)), selection) {
      installed.contains($0)
    } supportsSensitive: {
      isSensitive
    }
  }

  @Test func theDisplayAndTheInstalledProgramsDecide() throws {
    let all: Set = ["wl-copy", "xclip", "xsel", "termux-clipboard-set"]
    let both = ["WAYLAND_DISPLAY": "wayland-1", "DISPLAY": ":0"]
    for (variables, installed, name) in [
      (both, all, "wl-copy"), (both, all.subtracting(["wl-copy"]), "xclip"), (both, ["xsel"], "xsel"),
      (["DISPLAY": ":0"], all, "xclip"), (["WAYLAND_DISPLAY": "wayland-1"], all, "wl-copy"),
      (["DISPLAY": ""], all, "termux-clipboard-set"), ([:], all, "termux-clipboard-set"),
      (["WAYLAND_DISPLAY": "wayland-1"], ["xclip", "termux-clipboard-set"], "termux-clipboard-set"),
    ] as [([String: String], Set<String>, String)] {
      #expect(try choose(variables, installed: installed).get().name == name)
    }
    #expect(choose([:], installed: ["xclip", "wl-copy"]) == .failure(.noDisplay))
    #expect(choose(both, installed: []) == .failure(.notInstalled(["wl-copy", "xclip", "xsel"])))
  }

  @Test func eachProgramStaysInTheForegroundWithTheSelection() throws {
    for (variables, program, selection, arguments) in [
      (["DISPLAY": ":0"], "xclip", .clipboard, ["-quiet", "-selection", "clipboard"]),
      (["DISPLAY": ":0"], "xclip", .primary, ["-quiet", "-selection", "primary"]),
      (["DISPLAY": ":0"], "xsel", .secondary, ["--nodetach", "--input", "--secondary"]),
      (["WAYLAND_DISPLAY": "w"], "wl-copy", .clipboard, ["--foreground", "--type", "text/plain"]),
      (["WAYLAND_DISPLAY": "w"], "wl-copy", .primary, ["--foreground", "--type", "text/plain", "--primary"]),
    ] as [([String: String], String, ClipboardSelection, [String])] {
      #expect(try choose(variables, selection, installed: [program]).get().arguments == arguments)
    }
    let sensitive = choose(["WAYLAND_DISPLAY": "w"], installed: ["wl-copy"], isSensitive: true)
    #expect(try sensitive.get().arguments == ["--foreground", "--type", "text/plain", "--sensitive"])
  }

  @Test func theUsersProgramWinsAndNoShellReadsIt() throws {
    let variables = ["DISPLAY": ":0", "LOCKWISE_PASS_CLIP": " clip.exe  -x $(id) "]
    let expected = ClipboardProgram(name: "clip.exe", arguments: ["-x", "$(id)"], kind: .unknown)
    #expect(choose(variables, installed: ["xclip"]) == .success(expected))
    #expect(try choose(["DISPLAY": ":0", "LOCKWISE_PASS_CLIP": " "], installed: ["xclip"]).get().name == "xclip")
  }

  @Test func selectionsAreNamedByTheirFirstLetters() {
    for (value, selection) in [
      ("clipboard", .clipboard), ("primary", .primary), ("PRIM", .primary), ("s", .secondary), ("", .clipboard),
      ("other", .clipboard), ("primaryx", .clipboard),
    ] as [(String, ClipboardSelection)] {
      #expect(ClipboardSelection(Environment(["PASSWORD_STORE_X_SELECTION": value])) == selection, "\(value)")
    }
  }

  @Test func timesAreThoseOfSleep() throws {
    for (text, milliseconds) in [
      ("45", 45_000), ("0", 0), ("2.5", 2500), (".25", 250), ("1m", 60_000), ("0.5h", 1_800_000), ("7s", 7000),
      ("1.0009", 1000), ("5.", 5000), ("1d", 86_400_000), ("99999999999999999999999", 86_400_000), ("007", 7000),
    ] as [(String, Milliseconds)] {
      #expect(ClipboardTime(text)?.span == milliseconds, "\(text)")
    }
    for text in ["", ".", "s", "-1", "+1", "1e3", "1 ", "1.2.3", "0x10", "m5", "nan", "\u{661}", "1sm"] {
      #expect(ClipboardTime(text) == nil, "\(text)")
      guard !text.isEmpty else { continue }
      #expect(throws: UserFacingError.self) { try ClipboardTime(Environment(["PASSWORD_STORE_CLIP_TIME": text])) }
    }
    #expect(try ClipboardTime(Environment([:])).span == 45_000)
  }
}

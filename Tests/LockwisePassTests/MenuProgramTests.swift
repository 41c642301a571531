import Foundation
import LockwiseCLI
import LockwiseCore
import Testing

@testable import LockwisePass

@Suite struct MenuProgramTests {
  private func choose(_ variables: [String: String], _ installed: Set<String>, isAtTerminal: Bool = false) throws
    -> String
  {
    try MenuProgram.choose(Configuration(Environment(variables)), isAtTerminal: isAtTerminal) {
      installed.contains($0)
    }.name
  }

  @Test func theDisplayAndTheInstalledProgramsDecide() throws {
    let all: Set = ["fuzzel", "wofi", "bemenu", "rofi", "dmenu", "fzf"]
    let wayland = ["WAYLAND_DISPLAY": "w", "DISPLAY": ":0"]
    #expect(try choose(wayland, all) == "fuzzel")
    #expect(try choose(wayland, all.subtracting(["fuzzel"])) == "wofi")
    #expect(try choose(wayland, ["dmenu"]) == "dmenu")
    #expect(try choose(["DISPLAY": ":0"], all) == "bemenu")
    #expect(try choose(["DISPLAY": ":0"], ["fuzzel", "dmenu"]) == "dmenu")
    #expect(try choose(wayland, all, isAtTerminal: true) == "fzf")
    #expect(try choose([:], all, isAtTerminal: true) == "fzf")
    #expect(try choose(["LOCKWISE_PASS_MENU": "tofi --x"], all, isAtTerminal: true) == "tofi")
    #expect(throws: UserFacingError.self) { try choose([:], all) }
    #expect(throws: UserFacingError.self) { try choose(wayland, ["fzf"]) }
  }

  @Test func onlyALineOfTheMenuIsAccepted() throws {
    signal(SIGPIPE, SIG_IGN)
    let environment = Environment(["PATH": "/usr/bin:/bin"])
    func select(_ script: String) throws -> String? {
      try MenuProgram(name: "sh", arguments: ["-c", script]).select(
        from: ["example.com/alice", "a b/c d", "per%20cent"], environment: environment)
    }
    #expect(try select("sed -n 2p") == "a b/c d")
    #expect(try select("tail -n 1 | tr -d '\\n'") == "per%20cent")
    for nothing in ["exit 1", "cat >/dev/null", "echo example.com/alice; exit 130", "echo"] {
      #expect(try select(nothing) == nil, "\(nothing)")
    }
    for wrong in ["echo example.com", "cat", "echo EXAMPLE.com/alice", "echo 'per cent'", "echo 'a b/c d '"] {
      #expect(throws: UserFacingError.self, "\(wrong)") { try select(wrong) }
    }
    #expect(throws: UserFacingError.self) {
      try MenuProgram(name: "lockwise-no-such-menu", arguments: []).select(from: ["a"], environment: environment)
    }
  }

  @Test func theDisplayDecidesWhatTypes() throws {
    func choose(_ variables: [String: String], _ installed: Set<String>) throws -> String {
      try TypingProgram.choose(Environment(variables)) { installed.contains($0) }.name
    }
    let all: Set = ["wtype", "ydotool", "xdotool"]
    #expect(try choose(["WAYLAND_DISPLAY": "w", "DISPLAY": ":0"], all) == "wtype")
    #expect(try choose(["WAYLAND_DISPLAY": "w"], ["xdotool", "ydotool"]) == "ydotool")
    #expect(try choose(["DISPLAY": ":0"], all) == "xdotool")
    #expect(try choose(["DISPLAY": ":0"], ["ydotool"]) == "ydotool")
    #expect(try choose([:], all) == "ydotool")
    #expect(throws: UserFacingError.self) { try choose(["DISPLAY": ":0"], ["wtype"]) }
  }
}

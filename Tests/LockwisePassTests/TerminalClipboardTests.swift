import LockwiseCore
import Testing

@testable import LockwisePass

@Suite struct TerminalClipboardTests {
  private func text(_ secret: SecretBytes) -> String { secret.exposedText() ?? "" }

  @Test func aSecretIsWrappedForWhatIsInBetween() {
    let secret = SecretBytes(utf8: "Möwe 7")
    for (selection, multiplexer, expected) in [
      (.clipboard, .none, "\u{1B}]52;c;TcO2d2UgNw==\u{7}"),
      (.primary, .none, "\u{1B}]52;p;TcO2d2UgNw==\u{7}"),
      (.secondary, .tmux, "\u{1B}Ptmux;\u{1B}\u{1B}]52;s;TcO2d2UgNw==\u{7}\u{1B}\\"),
      (.clipboard, .screen, "\u{1B}P\u{1B}]52;c;TcO2d2UgNw==\u{7}\u{1B}\\"),
    ] as [(ClipboardSelection, TerminalClipboard.Multiplexer, String)] {
      let clipboard = TerminalClipboard(selection: selection, multiplexer: multiplexer)
      #expect(text(clipboard.sequence(copying: secret)) == expected)
    }
    let clipboard = TerminalClipboard(selection: .clipboard, multiplexer: .none)
    #expect(text(clipboard.clearing) == "\u{1B}]52;c;!\u{7}")
  }

  @Test func screenGetsPiecesThatItAccepts() {
    let clipboard = TerminalClipboard(selection: .clipboard, multiplexer: .screen)
    let secret = SecretBytes(copying: [UInt8](repeating: UInt8(ascii: "x"), count: 1000))
    let pieces = text(clipboard.sequence(copying: secret)).split(separator: "\u{1B}P", omittingEmptySubsequences: true)
    #expect(pieces.count > 4)
    #expect(pieces.allSatisfy { $0.hasSuffix("\u{1B}\\") && $0.utf8.count <= 256 })
    let joined = pieces.map { $0.dropLast(2) }.joined()
    #expect(joined == text(TerminalClipboard(selection: .clipboard, multiplexer: .none).sequence(copying: secret)))
  }

  @Test func theEnvironmentShowsWhatIsInBetween() {
    for (variables, multiplexer) in [
      (["TERM": "xterm-256color"], .none), (["TERM": "screen-256color", "TMUX": "/tmp/tmux-1000/default,1,0"], .tmux),
      (["TERM": "tmux-256color"], .tmux), (["TERM": "screen.xterm", "STY": "1.pts"], .screen),
      (["TERM": "screen-256color"], .screen), ([:], .none),
    ] as [([String: String], TerminalClipboard.Multiplexer)] {
      #expect(TerminalClipboard.Multiplexer(Environment(variables)) == multiplexer, "\(variables)")
    }
    for terminal in ["dumb", "linux", "", "unknown"] {
      #expect(!TerminalClipboard.isSupported(Environment(["TERM": terminal])))
    }
    #expect(TerminalClipboard.isSupported(Environment(["TERM": "foot"])))
    #expect(!TerminalClipboard.isSupported(Environment([:])))
  }

  @Test func anOrderSurvivesTheCommandLine() {
    let wl = ClipboardProgram(name: "wl-copy", arguments: ["--foreground", "", "a b"], kind: .filingHolder)
    for way in [
      .program(wl), .later(ClipboardProgram(name: "tmux", arguments: [], kind: .setter)),
      .terminal(TerminalClipboard(selection: .primary, multiplexer: .screen)),
    ] as [ClipboardOrder.Way] {
      let order = ClipboardOrder(way, time: 45_000, start: 17, place: "terminal 34816 clipboard")
      #expect(ClipboardOrder([ClipboardOrder.processName] + order.arguments) == order)
      #expect(ClipboardOrder(["lockwise-pass"] + order.arguments) == nil)
      #expect(ClipboardOrder(Array(([ClipboardOrder.processName] + order.arguments).prefix(6))) == nil)
    }
  }

  @Test func onlyALaterCopyToTheSamePlaceOutdatesAnOrder() {
    let terminal = ClipboardOrder.Way.terminal(TerminalClipboard(selection: .clipboard, multiplexer: .none))
    func order(_ start: Milliseconds, _ place: String) -> ClipboardOrder {
      ClipboardOrder(terminal, time: 1, start: start, place: place)
    }
    #expect(order(1, "a").isOutdated(by: order(2, "a")))
    #expect(!order(2, "a").isOutdated(by: order(1, "a")))
    #expect(!order(2, "a").isOutdated(by: order(2, "a")))
    #expect(!order(1, "a").isOutdated(by: order(2, "b")))
  }
}

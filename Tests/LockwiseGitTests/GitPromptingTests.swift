import LockwiseCore
import Testing

@testable import LockwiseCLI
@testable import LockwiseGit

/// Prompts below a git command.
@Suite struct GitPromptingTests {
  @Test(
    arguments: [
      ([:], .anywhere), (["GIT_TERMINAL_PROMPT": "1"], .anywhere), (["GIT_TERMINAL_PROMPT": "true"], .anywhere),
      (["GIT_TERMINAL_PROMPT": "0"], .nowhere), (["GIT_TERMINAL_PROMPT": "false"], .nowhere),
      (["GIT_TERMINAL_PROMPT": ""], .nowhere), (["GIT_ASKPASS": "/usr/share/code/askpass.sh"], .nowhere),
      (["GIT_ASKPASS": ""], .anywhere), (["SSH_ASKPASS": "/usr/bin/ssh-askpass"], .anywhere),
      (["GIT_ASKPASS": "x", "GIT_TERMINAL_PROMPT": "1"], .nowhere), (["DISPLAY": ":0"], .anywhere),
      (["GIT_ASKPASS": "x", "DISPLAY": ":0"], .window), (["GIT_TERMINAL_PROMPT": "0", "DISPLAY": ":0"], .window),
      (["GIT_TERMINAL_PROMPT": "0", "WAYLAND_DISPLAY": "wayland-0"], .window),
      (["GIT_TERMINAL_PROMPT": "0", "DISPLAY": ""], .nowhere),
    ] as [([String: String], PromptScope)])
  func variablesForbidTheTerminalOnly(variables: [String: String], expected: PromptScope) {
    #expect(GitPrompting.scope(Environment(variables)) == expected)
  }
}

import Testing

@testable import LockwiseAskpass

/// Prompts of sudo with its escapes.
@Suite struct SudoPromptTests {
  private func user(_ template: String, _ prompt: String) -> SudoPrompt.User? {
    SudoPrompt(template, runner: "ann", machine: "vm.example").user(in: Array(prompt.utf8))
  }

  @Test(
    arguments: [
      ("[sudo] password for %p: ", "[sudo] password for ann: ", .named("ann")),
      ("%p's password:", "root's password:", .named("root")), ("Password: ", "Password: ", .runner),
      ("pw of %u on %h for %U (%p) %H %%: ", "pw of ann on vm for root (bob) vm %: ", .named("bob")),
      ("%u@%H %% ", "ann@vm.corp.example % ", .runner), ("%p %p: ", "bob bob: ", .named("bob")),
      ("%x%", "%x%", .runner),
      ("%h: %p ", "vm: bob ", .named("bob")), ("%p for %U: ", "bob for root: ", .named("bob")),
    ] as [(String, String, SudoPrompt.User)])
  func escapesMatchNames(template: String, prompt: String, expected: SudoPrompt.User) {
    #expect(user(template, prompt) == expected)
    #expect(user(template, prompt + "x") == nil)
    #expect(user(template, "x" + prompt) == nil || template.hasPrefix("%p"))
    #expect(user(template, String(prompt.dropLast())) == nil)
  }

  @Test(arguments: [
    ("%u: ", "bob: "), ("%h: ", "other: "), ("%p %p: ", "bob ann: "), ("%p: ", ": "), ("%p: ", "a\nb: "),
    ("%p%U", "ab c"),
    ("%p", ""), ("", "Password: "), ("%p: ", "a: b: "), ("%H: ", "vm/x: "), ("%U %p: ", "a b c: "),
  ])
  func otherAndAmbiguousPromptsDoNot(template: String, prompt: String) { #expect(user(template, prompt) == nil) }

  /// An empty setting is a prompt without text, which is not one of sudo's.
  @Test func anEmptyTemplateMatchesNothing() { #expect(user("", "") == nil) }

  @Test func theSitesPromptComesFirst() {
    let own = [SudoPrompt("%p@%h's password: ", runner: "ann", machine: "vm")]
    #expect(Question("ann@vm's password: ", sudoPrompts: own) == .sudoPassword(user: "ann"))
    #expect(Question("[sudo] password for ann: ", sudoPrompts: own) == .sudoPassword(user: "ann"))
    #expect(Question("Pw: ", sudoPrompts: [SudoPrompt("Pw: ", runner: "a", machine: "m")]) == .sudoPassword(user: nil))
    // Not even then is an expired password's successor taken from the vault.
    let any = [SudoPrompt("%p ", runner: "ann", machine: "vm")]
    #expect(Question("New password: ", sudoPrompts: any) == .newSecret)
  }

  /// A template for every name must not take long.
  @Test func manyEscapesAreMatchedQuickly() {
    let template = String(repeating: "%p%U%H", count: 40) + "x"
    #expect(user(template, String(repeating: "a", count: 4000)) == nil)
  }
}

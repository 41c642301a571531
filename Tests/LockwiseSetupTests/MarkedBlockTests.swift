import LockwiseCore
import Testing

@testable import LockwiseSetup

/// A block is added at the end of a text, found and removed again.
@Suite struct MarkedBlockTests {
  private static let block = MarkedBlock(name: "ssh", lines: ["if true; then", "fi"])
  private static let text = """
    # >>> lockwise ssh >>>
    # Written by lockwise-sync setup; lockwise-sync unsetup removes it.
    if true; then
    fi
    # <<< lockwise ssh <<<

    """

  /// Texts without the block: with and without a line feed at the end, with CRLF, without UTF-8, with other blocks.
  private static let others: [[UInt8]] = [
    [], Array("export A=1\n".utf8), Array("export A=1".utf8), Array("export A=1\r\nexport B=2\r\n".utf8),
    Array("export A=1\r\nexport B=2\r".utf8), [0xFF, 0x0A, 0x00, 0x0A], Array("\n\n\n".utf8), Array("\n".utf8),
    Array(MarkedBlock(name: "sudo", lines: []).text.utf8), Array("# >>> lockwise sshd >>>\n".utf8),
    Array("echo '# >>> lockwise ssh >>>'\n".utf8), Array("## >>> lockwise ssh >>>\n".utf8),
  ]

  @Test func hasMarksAndAnExplanation() {
    #expect(Self.block.text == Self.text)
    #expect(Self.block.lineCount == 5)
  }

  @Test(arguments: others) func isAddedAndRemovedExactly(other: [UInt8]) throws {
    let before = SecretBytes(copying: other)
    #expect(MarkedBlock.find("ssh", in: before) == .absent)
    let insertion = Self.block.insertion(into: before)
    let after = insertion.applied(to: before)
    #expect(after.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }.hasSuffix(Self.text))
    #expect(insertion.removed(from: after) == before)
    #expect(insertion.found(in: after) == before)
    guard case .found(let range) = MarkedBlock.find("ssh", in: after) else {
      Issue.record("the block is not found")
      return
    }
    #expect(after[range] == SecretBytes(utf8: Self.text))
    // Without a record only the missing line feed at the end is not known.
    let removed = try #require(MarkedBlock.removing("ssh", from: after))
    #expect(removed == before || removed == SecretBytes(copying: other + [0x0A]))
    #expect(MarkedBlock.find("ssh", in: removed) == .absent)
  }

  /// A text with a block that someone edited, and the text without the block.
  @Test(arguments: [
    ("a\n\n# >>> lockwise ssh >>>\nexport MINE=1\n# <<< lockwise ssh <<<\nb\n", "a\nb\n"),
    ("a\n# >>> lockwise ssh >>>\n# <<< lockwise ssh <<<", "a\n"),
    ("a\r\n\r\n# >>> lockwise ssh >>>\r\nexport X\r\n# <<< lockwise ssh <<<\r\nb\r\n", "a\r\n\r\nb\r\n"),
    ("  # >>> lockwise ssh >>> \n\t# <<< lockwise ssh <<<\t\n", ""),
    (
      "# >>> lockwise ssh >>>\n# >>> lockwise sudo >>>\n# <<< lockwise ssh <<<\n# <<< lockwise sudo <<<\n",
      "# <<< lockwise sudo <<<\n"
    ),
    ("\n# >>> lockwise ssh >>>\n# <<< lockwise ssh <<<\n", ""),
  ])
  func isRemovedAfterItWasEdited(text: String, rest: String) {
    #expect(MarkedBlock.removing("ssh", from: SecretBytes(utf8: text)) == SecretBytes(utf8: rest))
  }

  @Test(arguments: [
    "# >>> lockwise ssh >>>\nexport A=1\n", "export A=1\n# <<< lockwise ssh <<<\n",
    "# <<< lockwise ssh <<<\n# >>> lockwise ssh >>>\n",
  ])
  func isIncompleteWithoutAMark(text: String) {
    #expect(MarkedBlock.find("ssh", in: SecretBytes(utf8: text)) == .incomplete)
    #expect(MarkedBlock.removing("ssh", from: SecretBytes(utf8: text)) == nil)
  }
}

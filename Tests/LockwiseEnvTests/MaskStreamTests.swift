import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseEnv

@Suite struct MaskStreamTests {
  /// An output that is written in steps.
  private struct Writer {
    private let stream: MaskStream
    private let output = WipedArray<UInt8>()

    init(_ secrets: [(String, String)]) {
      stream = MaskStream(MaskPatterns(secrets.map { ($0.0, SecretBytes(utf8: $0.1)) }))
    }

    func write(_ text: String) -> String {
      Array(text.utf8).withUnsafeBytes { stream.accept($0, into: output) }
      return take()
    }

    func wait() -> String {
      stream.release(into: output)
      return take()
    }

    func finish() -> String {
      stream.finish(into: output)
      return take()
    }

    private func take() -> String {
      defer { output.removeAll() }
      return String(decoding: output.bytes, as: UTF8.self)
    }
  }

  private func hide(_ text: [UInt8], _ secrets: [(name: String, value: [UInt8])], chunk: () -> Int) -> [UInt8] {
    let patterns = MaskPatterns(secrets.map { ($0.name, SecretBytes(copying: $0.value)) })
    let stream = MaskStream(patterns)
    let output = WipedArray<UInt8>()
    var rest = text[...]
    while !rest.isEmpty {
      let next = Array(rest.prefix(max(1, chunk())))
      rest = rest.dropFirst(next.count)
      next.withUnsafeBytes { stream.accept($0, into: output) }
    }
    stream.finish(into: output)
    return Array(output.bytes)
  }

  @Test(arguments: [
    ("nothing secret", "nothing secret"),
    ("a hunter22 b", "a <hidden:P> b"),
    ("hunter22hunter22", "<hidden:P><hidden:P>"),
    ("hunter2", "hunter2"),
    ("hunthunter22er22", "hunt<hidden:P>er22"),
    ("hunter2 and hunter22", "hunter2 and <hidden:P>"),
    ("", ""),
  ])
  func replacesSecrets(text: String, expected: String) {
    for size in [1, 2, 3, 7, 1000] {
      let hidden = hide(Array(text.utf8), [("P", Array("hunter22".utf8))]) { size }
      #expect(String(decoding: hidden, as: UTF8.self) == expected)
    }
  }

  @Test(arguments: [
    // One secret contains another.
    ("abcdefgh", "<hidden:LONG>"), ("abcdefg", "ab<hidden:SHORT>g"), ("xcdefx", "x<hidden:SHORT>x"),
    // Two overlap: nothing of either is shown.
    ("cdefghij", "<hidden:SHORT>"), ("efghij abcdefghij", "<hidden:TAIL> <hidden:LONG>"),
    ("abcdefxyz", "ab<hidden:SHORT>xyz"),
  ])
  func hidesOverlappingSecrets(text: String, expected: String) {
    let secrets = [("SHORT", "cdef"), ("LONG", "abcdefgh"), ("TAIL", "efghij")].map { ($0.0, Array($0.1.utf8)) }
    for size in [1, 2, 5, 1000] {
      #expect(String(decoding: hide(Array(text.utf8), secrets) { size }, as: UTF8.self) == expected)
    }
  }

  @Test func usesTheFirstOfEqualSecrets() {
    let writer = Writer([("FIRST", "hunter22"), ("SECOND", "hunter22")])
    #expect(writer.write("hunter22.") == "<hidden:FIRST>.")
  }

  @Test func leavesShortSecrets() {
    let patterns = MaskPatterns([
      ("EMPTY", SecretBytes(utf8: "")), ("PIN", SecretBytes(utf8: "123")), ("LONG", SecretBytes(utf8: "1234")),
    ])
    #expect(patterns.shortNames == ["PIN"])
    #expect(patterns.replacements == [Array("<hidden:LONG>".utf8)])
  }

  @Test func holdsWhatMayBecomeASecret() {
    let writer = Writer([("P", "hunter22")])
    #expect(writer.write("x hunt") == "x ")
    #expect(writer.write("er2") == "")
    #expect(writer.write("1 h") == "hunter21 ")
    #expect(writer.finish() == "h")
  }

  @Test func releasesThreeBytesAfterASilence() {
    let writer = Writer([("P", "hunter22")])
    #expect(writer.write("pa: h") == "pa: ")
    #expect(writer.wait() == "h")
    #expect(writer.write("unt") == "")
    #expect(writer.wait() == "un")
    #expect(writer.wait() == "")
    #expect(writer.write("er22!") == "<hidden:P>!")
  }

  @Test func passesTheRestOfABeginning() {
    let writer = Writer([("P", "hunter22")])
    #expect(writer.write("hunte") + writer.wait() == "hun")
    #expect(writer.write("d") == "ted")
  }

  @Test func countsReleasedBytesOfALaterBeginning() {
    // What was a beginning of the first secret becomes one of the second.
    let writer = Writer([("A", "abcdefgh"), ("B", "cdXYZW")])
    #expect(writer.write("abcd") + writer.wait() == "abc")
    #expect(writer.write("X") == "")
    #expect(writer.wait() == "dX")
    #expect(writer.write("YZ") + writer.wait() == "")
    #expect(writer.write("W.") == "<hidden:B>.")
  }

  @Test func showsThreeBytesOfASlowSecretAtMost() {
    for secret in ["hunter22", "aaaaaaaa", "abababab", "aabaabaa", "xy\nzw\nxyzw"] {
      let writer = Writer([("P", secret), ("Q", "aab!"), ("R", "zw\nxq")])
      var shown = writer.write(">") + writer.wait()
      for character in secret.utf8 {
        shown += writer.write(String(decoding: [character], as: UTF8.self)) + writer.wait()
      }
      shown += writer.finish()
      #expect(shown.hasPrefix(">" + secret.prefix(3) + "<hidden:P>"))
      #expect(shown.filter { $0 != ">" }.count <= 3 + "<hidden:P".count)
    }
  }

  @Test func replacesACompleteSecretAfterASilence() {
    // The first line is hidden when the command waits, though the whole secret may follow.
    let writer = Writer([("P", "first line\nsecond line")])
    #expect(writer.write("> first line") == "> ")
    #expect(writer.wait() == "<hidden:P>")
    #expect(writer.write("\nsecond line.") == ".")
    #expect(writer.write("first line") + writer.wait() + writer.write("?") == "<hidden:P>?")
  }

  @Test func hidesBrokenBase64() {
    let secret = (0..<100).map { UInt8($0 * 7 & 0xFF) }
    let text = Base64.standard.encode(Array("user:".utf8) + secret + Array(":x".utf8))
    for (width, end) in [(76, "\n"), (64, "\r\n"), (76, "\r\r\n"), (1, "\n"), (1000, "\n")] {
      var lines = ""
      for (index, character) in text.enumerated() {
        if index > 0, index % width == 0 { lines += end }
        lines.append(character)
      }
      for size in [1, 3, 10000] {
        let hidden = String(decoding: hide(Array(lines.utf8), [("P", secret)]) { size }, as: UTF8.self)
        // What stays is what depends on the bytes around the secret too.
        #expect(hidden.filter { !$0.isNewline } == "dXNlcjo<hidden:P>Ong=")
      }
    }
  }

  @Test func leavesRandomBytes() {
    var generator = SeededGenerator(seed: 16)
    let noise = (0..<300_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let secrets = ["hunter22", "correct horse battery staple", "päss\nwört\n"].map { ("P", Array($0.utf8)) }
    #expect(hide(noise, secrets) { 65536 } == noise)
    #expect(hide(noise, secrets) { Int.random(in: 1...9000, using: &generator) } == noise)
  }

  @Test func hidesSecretsAtEveryBoundary() {
    let secret = Array("hunter22".utf8)
    for before in 65536 - 10...65536 + 2 {
      let text = [UInt8](repeating: 0x2E, count: before) + secret + [0x2E]
      let expected = [UInt8](repeating: 0x2E, count: before) + Array("<hidden:P>".utf8) + [0x2E]
      #expect(hide(text, [("P", secret)]) { 65536 } == expected)
    }
  }

  @Test func hidesLongSecrets() {
    var generator = SeededGenerator(seed: 7)
    let secret = (0..<5000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let text = Array("a".utf8) + secret.dropLast() + Array("b".utf8) + secret + Array("c".utf8)
    let hidden = hide(text, [("P", secret)]) { 4096 }
    #expect(hidden.suffix(12) == Array("b<hidden:P>c".utf8))
    #expect(hidden.first == 0x61)
  }

  @Test func equalsANaiveReplacement() {
    var generator = SeededGenerator(seed: 2024)
    let alphabet = Array("aabbc\n\r\"/+".utf8)
    for _ in 0..<400 {
      let length = { (most: Int, generator: inout SeededGenerator) in Int.random(in: 0...most, using: &generator) }
      var secrets: [(name: String, value: [UInt8])] = []
      for index in 0...length(2, &generator) {
        let value = (0..<length(9, &generator)).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
        secrets.append(("S\(index)", value))
      }
      let naive = NaiveMask(secrets)
      var text: [UInt8] = []
      for _ in 0..<length(12, &generator) {
        text += (0..<length(6, &generator)).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
        let value = secrets.randomElement(using: &generator)?.value ?? []
        switch length(4, &generator) {
        case 0: text += value
        case 1: text += value.prefix(length(9, &generator))
        case 2: text += Array(Base64.standard.encode(Array("x".utf8.prefix(length(1, &generator))) + value).utf8)
        default: break
        }
      }
      let hidden = hide(text, secrets) { length(4, &generator) }
      #expect(hidden == naive.hide(text), "\(secrets) \(text)")
    }
  }
}

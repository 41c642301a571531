import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwisePass

/// Searches in a sorted list of SHA-1 digests.
@Suite struct BreachListTests {
  private func list(_ text: String) -> BreachList {
    let bytes = Array(text.utf8)
    return BreachList(size: bytes.count) { position, count in Array(bytes[position..<position + count]) }
  }

  private func digest(_ password: String) throws -> String {
    try #require(Hex.encode(SHA1.hash(SecretBytes(utf8: password))).exposedText()).uppercased()
  }

  private func count(_ password: String, in text: String) throws -> Int {
    try list(text).count(of: SecretBytes(utf8: password))
  }

  /// Every password of the list is found, and no other; lists of each length from 0 to 40, and a long one.
  @Test(arguments: Array(0...40) + [3000]) func finds(length: Int) throws {
    let passwords = (0..<length).map { "password\($0)" }
    let counts = (0..<length).map { $0 * $0 * 1000 + 1 }
    let lines = try zip(passwords, counts).map { try "\(digest($0.0)):\($0.1)" }.sorted()
    for end in ["\n", "\r\n"] {
      let whole = lines.map { $0 + end }.joined()
      let list = list(whole)
      for (password, count) in zip(passwords, counts) {
        #expect(try list.count(of: SecretBytes(utf8: password)) == count)
      }
      for other in 0..<30 { #expect(try list.count(of: SecretBytes(utf8: "other\(other)")) == 0) }
      guard let last = passwords.last else { continue }
      // The last line end may be missing.
      #expect(try count(last, in: String(whole.dropLast(end.count))) == counts.last)
    }
  }

  @Test func acceptsSmallDigitsAndLinesWithoutCount() throws {
    #expect(try count("a", in: digest("a").lowercased() + "\n") == 1)
    #expect(try count("a", in: digest("a") + ":12") == 12)
  }

  @Test(arguments: [
    "hello\n", ":1\n", "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709:\n", "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709:x\n",
    "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709:-1\n", "DA39A3EE5E6B4B0D3255BFEF95601890AFD8070:1\n",
    "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709 1\n", "8846F7EAEE8FB117AD06BDD830B7586C:3\n", "\n",
    String(repeating: "A", count: 1000), String(repeating: "A", count: 40) + ":" + String(repeating: "1", count: 500),
  ])
  func refusesOtherFormats(text: String) {
    #expect(throws: BreachList.Failure.format) { try count("a", in: text) }
  }

  @Test func refusesUnsortedLines() throws {
    let lines = try (0..<200).map { try "\(digest("password\($0)")):1\n" }
    #expect(throws: BreachList.Failure.notSorted) {
      for other in 0..<50 { _ = try count("other\(other)", in: lines.joined()) }
    }
  }

  @Test func readsFiles() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/list"
    let lines = try (0..<5000).map { try "\(digest("password\($0)")):\($0 + 1)\r\n" }.sorted()
    try lines.joined().write(toFile: path, atomically: true, encoding: .utf8)
    let list = try BreachList(path: path)
    for number in stride(from: 0, to: 5000, by: 97) {
      #expect(try list.count(of: SecretBytes(utf8: "password\(number)")) == number + 1)
    }
    #expect(try list.count(of: SecretBytes(utf8: "something else")) == 0)
    #expect(throws: BreachList.Failure.unreadable(ENOENT)) { try BreachList(path: folder.path + "/missing") }
    #expect(throws: BreachList.Failure.notAFile) { try BreachList(path: folder.path) }
    #expect(throws: BreachList.Failure.notAFile) { try BreachList(path: "/dev/null") }
  }
}

import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwiseHostSupport

/// Character sets, compared with tr(1).
@Suite struct PasswordCharactersTests {
  /// Parts from which random sets are built, so that many of them mean something to tr.
  private static let parts = [
    "a", "z", "A", "0", "9", "-", "[", "]", ":", "=", "*", "\\", "\\\\", "\\-", "\\[", "\\]", "\\n", "\\t", "\\141",
    "\\53",
    "\\0", "\\377", "\\400", "\\8", "a-z", "A-F", "0-9", "!-~", "z-a", "[:", ":]", "[=", "=]", "[:alpha:]", "[:digit:]",
    "[:punct:]", "[:space:]", "[:xdigit:]", "[:none:]", "[::]", "[=a=]", "[=ab=]", "[==]", "[a*", "[a*]", "[a*3]",
    "[a*010]",
    "[a*08]", "[a*x]", "[:*3]", "*3]", "3", "+", " ", "/", "é",
  ]

  @Test func randomSetsMeanWhatTheyMeanToTr() throws {
    let tr = try Executables.ofSystem("tr")
    let all = Array(0...255 as ClosedRange<UInt8>)
    var random = TestSeed.generator()
    var accepted = 0
    for _ in 0..<3000 {
      let count = Int(random.next() % 6) + 1
      let set = (0..<count).compactMap { _ in Self.parts.randomElement(using: &random) }.joined()
      let run = try Run.program(
        tr, ["-dc", "--", set], input: .bytes(all), environment: ["LC_ALL": "C", "PATH": "/usr/bin:/bin"])
      let ours = try? PasswordCharacters(set)
      #expect((ours != nil) == (run.status == 0), "\(set): \(run.error)")
      if let ours, run.status == 0 {
        #expect(run.outputBytes == ours.bytes, "\(set)")
        accepted += 1
      }
    }
    #expect(accepted > 500)
  }
}

import LockwiseTestSupport
import Synchronization
import Testing

@testable import LockwiseCore

/// Random bytes that a seed determines.
private final class SeededRandom: RandomSource {
  private let generator: Mutex<SeededGenerator>

  init(seed: UInt64) { generator = Mutex(SeededGenerator(seed: seed)) }

  func fill(_ buffer: UnsafeMutableRawBufferPointer) {
    generator.withLock { generator in buffer.copyBytes(from: generator.bytes(buffer.count)) }
  }
}

/// The same bytes repeatedly.
private struct RepeatedRandom: RandomSource {
  let bytes: [UInt8]

  func fill(_ buffer: UnsafeMutableRawBufferPointer) {
    for position in buffer.indices { buffer[position] = bytes[position % bytes.count] }
  }
}

@Suite struct PasswordGeneratorTests {
  /// Chi-square test of 94,000 characters: 93 degrees of freedom, of which 1 in 1,000 samples exceeds 139.
  @Test func charactersAreUniform() throws {
    let generator = try PasswordGenerator(characters: .all)
    let password = try generator.password(length: 4000, random: SeededRandom(seed: 1)).bytes
    var counts = [Int](repeating: 0, count: 256)
    for round in 0..<24 {
      for byte in try generator.password(length: 4000, random: SeededRandom(seed: UInt64(round))).bytes {
        counts[Int(byte)] += 1
      }
    }
    #expect(password.count == 4000)
    #expect(counts.reduce(0, +) == 96_000)
    #expect(chiSquare(Array(counts[0x21...0x7E])) < 139)
    #expect(counts[..<0x21].allSatisfy { $0 == 0 } && counts[0x7F...].allSatisfy { $0 == 0 })
  }

  /// 65,536 is 1,489 times 44 and 20 more: without rejection the first 20 numbers would be likelier.
  @Test func theRemainderIsDiscarded() throws {
    var numbers = UniformNumbers(random: RepeatedRandom(bytes: [0xFF, 0xFF, 0xEB, 0xFF]))
    // 0xFFFF is 65,535, beyond 44 × 1,489; 0xFFEB is 65,515, the last one within.
    for _ in 0..<100 { #expect(try numbers.next(below: 44) == 43) }
  }

  @Test func wordsAreUniform() throws {
    var counts: [String: Int] = [:]
    let random = SeededRandom(seed: 7)
    for _ in 0..<10 {
      let text = try #require(try PasswordGenerator.words(4096, random: random).exposedText())
      for word in text.split(separator: "-") { counts[String(word), default: 0] += 1 }
    }
    #expect(counts.values.reduce(0, +) == 40_960)
    #expect(counts.count == 2048)
    // 2,047 degrees of freedom, of which 1 in 1,000 samples exceeds 2,251.
    #expect(chiSquare(Array(counts.values)) < 2251)
  }

  private func chiSquare(_ counts: [Int]) -> Double {
    let expected = Double(counts.reduce(0, +)) / Double(counts.count)
    return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
  }

  @Test func theListHasDistinctWordsOfLetters() {
    let words = PasswordWords.all.map { String(decoding: $0, as: UTF8.self) }
    #expect(words.count == 2048)
    #expect(Set(words).count == 2048)
    #expect(words == words.sorted())
    #expect(words.allSatisfy { (3...8).contains($0.utf8.count) && $0.utf8.allSatisfy { (0x61...0x7A).contains($0) } })
  }

  @Test(
    arguments: [("", .noCharacters), ("[:space:]", .unsupportedCharacters), ("aä", .unsupportedCharacters)]
      as [(String, PasswordGenerator.Failure)])
  func refusedSets(set: String, expected: PasswordGenerator.Failure) {
    #expect(throws: expected) { try PasswordGenerator(characters: set) }
  }

  @Test(arguments: [Int.min, 0, 4097, Int.max]) func refusedLengths(length: Int) throws {
    let generator = try PasswordGenerator(characters: "a-z")
    #expect(throws: PasswordGenerator.Failure.length) { try generator.password(length: length, random: SystemRandom()) }
    #expect(throws: PasswordGenerator.Failure.length) { try PasswordGenerator.words(length, random: SystemRandom()) }
  }

  @Test func oneCharacterIsEnough() throws {
    let generator = try PasswordGenerator(characters: " ")
    #expect(try generator.password(length: 3, random: SystemRandom()).bytes == [0x20, 0x20, 0x20])
  }
}

import LockwiseTestSupport
import Testing

@testable import LockwiseCore

@Suite struct SecretBytesTests {
  @Test func startsZeroedAndKeepsTheBytes() throws {
    #expect(SecretBytes(count: 3) { _ in }.bytes == [0, 0, 0])
    #expect(SecretBytes(utf8: "é").bytes == [0xC3, 0xA9])
    #expect(SecretBytes(copying: [1, 2, 3]).bytes == [1, 2, 3])
    #expect([4, 5].withUnsafeBytes { SecretBytes(copying: $0) }.count == 16, "two Ints")
    #expect(SecretBytes(copying: UnsafeRawBufferPointer(start: nil, count: 0)).isEmpty)
    #expect(SecretBytes(count: 0) { _ in }.bytes.isEmpty)
  }

  @Test func errorsOfTheInitialiserAreRethrown() {
    #expect(throws: CryptoError.unavailable) {
      try SecretBytes(count: 8) { _ in throw CryptoError.unavailable }
    }
  }

  /// Sizes below and above the secure heap's 128 KiB, and secrets that no longer fit next to others.
  @Test func beyondTheSecureHeap() {
    let many = (0..<400).map { index in
      SecretBytes(copying: [UInt8](repeating: UInt8(index % 256), count: 900))
    }
    let large = SecretBytes(copying: [UInt8](repeating: 9, count: 1_000_000))
    for (index, secret) in many.enumerated() {
      #expect(secret.bytes == [UInt8](repeating: UInt8(index % 256), count: 900))
    }
    #expect(large.bytes == [UInt8](repeating: 9, count: 1_000_000))
  }

  @Test func equality() {
    let value = SecretBytes(copying: Array(0..<40))
    #expect(value == SecretBytes(copying: Array(0..<40)))
    #expect(SecretBytes(utf8: "") == SecretBytes(copying: []))
    #expect(value != SecretBytes(utf8: ""))
    #expect(value != SecretBytes(copying: Array(0..<39)))
    #expect(value != SecretBytes(copying: Array(0..<41)))
    for bit in 0..<320 {
      var changed = Array(UInt8(0)..<40)
      changed[bit / 8] ^= 1 << (bit % 8)
      #expect(value != SecretBytes(copying: changed), "bit \(bit)")
    }
  }

  @Test func constantTimeEqualOfBuffers() {
    let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
    let empty: [UInt8] = []
    let one: [UInt8] = [1]
    #expect(constantTimeEqual(nothing, nothing))
    #expect(empty.withUnsafeBytes { constantTimeEqual($0, nothing) })
    #expect(!one.withUnsafeBytes { constantTimeEqual($0, nothing) })
    #expect(one.withUnsafeBytes { constantTimeEqual($0, $0) })
  }

  @Test func exclusiveOr() throws {
    let left = SecretBytes(copying: [0b1100, 0xFF, 0])
    let right = SecretBytes(copying: [0b1010, 0xFF, 0])
    #expect(try SecretBytes.xor(left, right).bytes == [0b0110, 0, 0])
    #expect(try SecretBytes.xor(SecretBytes(utf8: ""), SecretBytes(utf8: "")).isEmpty)
    #expect(throws: CryptoError.incorrectSize) { try SecretBytes.xor(left, SecretBytes(copying: [1, 2])) }
    #expect(throws: CryptoError.incorrectSize) { try SecretBytes.xor(SecretBytes(utf8: ""), right) }
  }

  @Test func slices() {
    let whole = SecretBytes(copying: Array(0..<10))
    let slice = whole[2..<8]
    #expect(slice.bytes == [2, 3, 4, 5, 6, 7])
    #expect(slice[1..<3].bytes == [3, 4], "positions in a slice must start at 0")
    #expect(whole[0..<10] == whole)
    #expect(whole[10..<10].isEmpty)
    #expect(whole[4..<4] == SecretBytes(utf8: ""))
  }

  @Test func aSliceOutlivesTheWhole() {
    var whole: SecretBytes? = SecretBytes(copying: [UInt8](repeating: 3, count: 500))
    let slice = whole?[100..<200]
    whole = nil
    #expect(slice?.bytes == [UInt8](repeating: 3, count: 100))
  }

  @Test func concatenation() {
    let parts = ["", "ab", "", "c", "def", ""].map { SecretBytes(utf8: $0) }
    #expect(SecretBytes.concatenating(parts).bytes == Array("abcdef".utf8))
    #expect(SecretBytes.concatenating([]).isEmpty)
    #expect(SecretBytes.concatenating([parts[0]]).isEmpty)
    #expect(SecretBytes.concatenating([parts[4][1..<2], parts[4][0..<1]]).bytes == Array("ed".utf8))
  }

  @Test func text() {
    #expect(SecretBytes(utf8: "pässwörd\0").exposedText() == "pässwörd\0")
    #expect(SecretBytes(utf8: "").exposedText()?.isEmpty == true)
    for bytes: [UInt8] in [[0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]] {
      #expect(SecretBytes(copying: bytes).exposedText() == nil, "\(bytes)")
    }
  }
}

/// None of Swift's conversions of values to text reveals a secret.
@Suite struct SecretDisclosureTests {
  private static let content = "S3cr3tPassw0rd"

  private struct Holder {
    var inside: SecretBytes
    var maybe: SecretBytes?
    var list: [SecretBytes]
    var map: [String: SecretBytes]
  }

  private func texts(of value: Any) -> [String] {
    var dumped = ""
    dump(value, to: &dumped)
    let children = Mirror(reflecting: value).children.map { "\($0.label ?? "") \($0.value)" }
    return ["\(value)", String(describing: value), String(reflecting: value), dumped] + children
  }

  private func check(_ value: Any) {
    let digits = Array(Self.content.utf8).map { "\($0)" }.joined(separator: ", ")
    for text in texts(of: value) {
      for form in [Self.content, "S3cr", "w0rd", Hex.encode(Self.content.utf8), digits] {
        #expect(!text.contains(form), "\(type(of: value))")
      }
    }
  }

  @Test func secretBytes() {
    let secret = SecretBytes(utf8: Self.content)
    #expect("\(secret)" == "SecretBytes(14)")
    #expect(String(reflecting: secret) == "SecretBytes(14)")
    #expect(Mirror(reflecting: secret).children.isEmpty)
    check(secret)
    check(secret[0..<4])
    check(Holder(inside: secret, maybe: secret, list: [secret], map: ["name": secret]))
  }

  @Test func builder() {
    var builder = SecretBuilder()
    builder.append(Self.content)
    check(builder)
  }

  @Test func jsonAndItsErrors() throws {
    let text = #"{"password":"\#(Self.content)"}"#
    check(try JSONValue(parsing: SecretBytes(utf8: text)))
    check(try #require(try JSONValue(parsing: SecretBytes(utf8: text)).object))
    var writer = JSONObjectWriter()
    writer.member("password", Self.content)
    check(writer)
    #expect {
      try JSONValue(parsing: SecretBytes(utf8: text + "x"))
    } throws: { error in
      check(error)
      return true
    }
  }

  @Test func loginRecord() throws {
    let text = #"{"hostname":"https://example.com","httpRealm":"r","password":"\#(Self.content)"}"#
    check(try LoginRecord(json: SecretBytes(utf8: text), bsoID: "abcdefghijkl"))
  }
}

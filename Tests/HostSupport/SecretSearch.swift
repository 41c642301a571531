import Foundation

/// A search for secrets in bytes, in every form that a careless program might write.
struct SecretSearch {
  private var needles: [Data: String] = [:]

  /// Adds a text: as UTF-8 and UTF-16, in hexadecimal and Base64.
  mutating func add(_ text: String, _ name: String) {
    add(Data(text.utf8), name)
    for encoding in [String.Encoding.utf16LittleEndian, .utf16BigEndian] {
      needles[text.data(using: encoding) ?? Data()] = name + " in UTF-16"
    }
  }

  /// Adds bytes: raw, in hexadecimal, and in both alphabets of Base64.
  mutating func add(_ bytes: Data, _ name: String) {
    needles[bytes] = name
    // Shorter ones would match by chance.
    guard bytes.count >= 6 else { return }
    let hex = bytes.map { String(format: "%02x", $0) }.joined()
    let base64 = bytes.base64EncodedString()
    let unpadded = base64.replacingOccurrences(of: "=", with: "")
    let url = unpadded.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
    // The last characters have bits of the next bytes.
    for text in [hex, hex.uppercased(), String(unpadded.dropLast()), String(url.dropLast())] {
      needles[Data(text.utf8)] = name + " encoded"
    }
  }

  /// Returns the names of the secrets in `data`.
  func found(in data: Data) -> [String] {
    data.withUnsafeBytes { place in
      needles.filter { needle, _ in
        needle.withUnsafeBytes { Self.isFound($0, in: place) }
      }.values.sorted()
    }
  }

  /// Searches bytes as memmem(3) does, which Swift does not import.
  private static func isFound(_ needle: UnsafeRawBufferPointer, in place: UnsafeRawBufferPointer) -> Bool {
    guard let first = needle.first, let start = needle.baseAddress, var position = place.baseAddress else {
      return false
    }
    let end = position + place.count
    while end - position >= needle.count, let found = memchr(position, CInt(first), end - position) {
      position = UnsafeRawPointer(found)
      if end - position >= needle.count, memcmp(position, start, needle.count) == 0 { return true }
      position += 1
    }
    return false
  }

  /// The host names, user names and passwords of the fixture, except those of up to four letters, which match by
  /// chance.
  static func ofFixture() throws -> SecretSearch {
    var search = SecretSearch()
    for login in try ExpectedLogin.all() {
      let host = URL(string: login.origin)?.host ?? login.git.host
      for (kind, text) in [("host", host), ("user name", login.username), ("password", login.password)]
      where text.utf8.count > 4 {
        search.add(text, "\(kind) \(text.prefix(40))")
      }
    }
    search.add(SandboxProcess.password, "the account's password")
    return search
  }
}

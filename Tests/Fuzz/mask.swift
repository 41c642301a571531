@testable import LockwiseCore
@testable import LockwiseEnv

/// Checks that a stream hides what a comparison at every place of the whole output hides, whatever the chunks and
/// silences are, and that it shows at most the first three bytes of a secret.
///
/// The input is, for each secret, its length and its bytes; 0; then the output. A byte of the output below 0x20 inserts a
/// part of a secret or of its base64; its upper bits are the size of the next chunk. Bytes are mapped to few characters,
/// so that secrets overlap.
func fuzz(_ input: UnsafeRawBufferPointer) {
  var rest = input[...]
  var secrets: [(name: String, value: SecretBytes)] = []
  while let count = rest.popFirst(), count > 0, secrets.count < 3 {
    let value = rest.prefix(Int(count & 15)).map(character)
    rest = rest.dropFirst(value.count)
    secrets.append(("\(secrets.count)", SecretBytes(copying: value)))
  }
  var text: [UInt8] = []
  var sizes: [Int] = []
  while let byte = rest.popFirst(), text.count < 400 {
    sizes.append(Int(byte >> 5))
    guard byte & 0x18 == 0, let secret = secrets.isEmpty ? nil : secrets[Int(byte) % secrets.count].value else {
      text.append(character(byte))
      continue
    }
    let count = Int(rest.popFirst() ?? 0)
    if byte & 4 == 0 {
      text += secret.withUnsafeBytes { Array($0.prefix(count & 15)) }
    } else {
      let padded = SecretBytes.concatenating([SecretBytes(utf8: String(repeating: "b", count: count % 3)), secret])
      for (index, digit) in Base64.standard.encode(padded).withUnsafeBytes({ Array($0) }).enumerated() {
        if count & 0x10 != 0, index % 3 == 2 { text += count & 0x20 == 0 ? [10] : [13, 10] }
        text.append(digit)
      }
    }
  }
  let patterns = MaskPatterns(secrets)
  let found = occurrences(text, secrets)
  let replaced = hide(text, patterns, sizes, waits: false)
  precondition(replaced == replace(found, text, secrets), "another result than that of a comparison")

  // With a silence after each byte, the first three bytes of an occurrence may be shown too, but nothing else of it.
  let shown = hide(text, patterns, [1], waits: true).filter { !isToken($0) }
  var (least, most): ([UInt8], [UInt8]) = ([], [])
  for place in text.indices where !isToken(text[place]) {
    let covering = found.filter { $0.start <= place && place < $0.end }
    if covering.isEmpty { least.append(text[place]) }
    if covering.allSatisfy({ place < $0.start + 3 }) { most.append(text[place]) }
  }
  precondition(isSubsequence(least, shown), "something that is not secret is missing")
  precondition(isSubsequence(shown, most), "more than the beginning of a secret is shown")
}

/// A character of a small alphabet, with those that encodings change.
private func character(_ byte: UInt8) -> UInt8 {
  let alphabet = Array("aab\n\r\"/&YW +%\\\u{E9}".utf8)
  return alphabet[Int(byte) % alphabet.count]
}

/// Whether a byte may be part of what replaces a secret.
private func isToken(_ byte: UInt8) -> Bool { Array("<hidden:012>".utf8).contains(byte) }

private func isSubsequence(_ part: [UInt8], _ whole: [UInt8]) -> Bool {
  var rest = part[...]
  for byte in whole where byte == rest.first { rest = rest.dropFirst() }
  return rest.isEmpty
}

private func hide(_ text: [UInt8], _ patterns: MaskPatterns, _ sizes: [Int], waits: Bool) -> [UInt8] {
  let stream = MaskStream(patterns)
  let output = WipedArray<UInt8>()
  var rest = text[...]
  var turn = 0
  while !rest.isEmpty {
    let chunk = Array(rest.prefix(max(1, sizes[turn % sizes.count])))
    turn += 1
    rest = rest.dropFirst(chunk.count)
    chunk.withUnsafeBytes { stream.accept($0, into: output) }
    if waits { stream.release(into: output) }
  }
  stream.finish(into: output)
  return Array(output.bytes)
}

/// An occurrence of a form of a secret.
private typealias Occurrence = (start: Int, end: Int, count: Int, secret: Int)

/// The secrets that are long enough to be hidden.
private func hidden(_ secrets: [(name: String, value: SecretBytes)]) -> [(name: String, value: SecretBytes)] {
  secrets.filter { $0.value.count >= 4 }
}

/// Finds every occurrence of every form, by comparing at every place.
private func occurrences(_ text: [UInt8], _ secrets: [(name: String, value: SecretBytes)]) -> [Occurrence] {
  var found: [Occurrence] = []
  // The bytes without line breaks of up to three CR and LF, between longer ones.
  var pieces: [[Int]] = [[]]
  for place in text.indices where text[place] != 10 && text[place] != 13 {
    if let last = pieces[pieces.count - 1].last, place - last > 4 { pieces.append([]) }
    pieces[pieces.count - 1].append(place)
  }
  func search(_ pattern: UnsafeRawBufferPointer, _ places: [Int], _ secret: Int) {
    guard !pattern.isEmpty, pattern.count <= places.count else { return }
    for start in 0...places.count - pattern.count
    where pattern.indices.allSatisfy({ text[places[start + $0]] == pattern[$0] }) {
      found.append((places[start], places[start + pattern.count - 1] + 1, pattern.count, secret))
    }
  }
  for (index, secret) in hidden(secrets).enumerated() {
    SecretForms(secret.value).forEachExact { search($0, Array(text.indices), index) }
    SecretForms(secret.value).forEachBase64 { pattern in for piece in pieces { search(pattern, piece, index) } }
  }
  return found
}

/// Replaces each connected part of the occurrences.
private func replace(
  _ found: [Occurrence], _ text: [UInt8], _ secrets: [(name: String, value: SecretBytes)]
) -> [UInt8] {
  var result: [UInt8] = []
  var end = 0
  for next in found.sorted(by: { ($0.start, -$0.count, $0.secret) < ($1.start, -$1.count, $1.secret) }) {
    if next.start >= end {
      result += text[end..<next.start] + Array("<hidden:\(hidden(secrets)[next.secret].name)>".utf8)
    }
    end = max(end, next.end)
  }
  return result + text[end...]
}

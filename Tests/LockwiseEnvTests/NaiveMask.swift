@testable import LockwiseCore
@testable import LockwiseEnv

/// Hides secrets in a whole output, by comparing every pattern at every place.
struct NaiveMask {
  private struct Occurrence {
    let start: Int
    let end: Int
    let count: Int
    let secret: Int
  }

  private var exact: [(pattern: [UInt8], secret: Int)] = []
  private var broken: [(pattern: [UInt8], secret: Int)] = []
  private let names: [String]

  /// Makes a mask of secrets.
  init(_ secrets: [(name: String, value: [UInt8])]) {
    let hidden = secrets.filter { $0.value.count >= 4 }
    names = hidden.map(\.name)
    for (index, secret) in hidden.enumerated() {
      let forms = SecretForms(SecretBytes(copying: secret.value))
      forms.forEachExact { exact.append((Array($0), index)) }
      forms.forEachBase64 { broken.append((Array($0), index)) }
    }
  }

  /// Returns the output with the secrets hidden.
  func hide(_ text: [UInt8]) -> [UInt8] {
    var found = occurrences(exact, text, Array(text.indices))
    // Between two bytes of base64 there may be up to three CR and LF.
    var places: [Int] = []
    for place in text.indices + [text.count] {
      if place < text.count, text[place] == 10 || text[place] == 13 { continue }
      if place == text.count || place - (places.last ?? place) > 4 {
        found += occurrences(broken, text, places)
        places = []
      }
      places.append(place)
    }
    return replace(found, text)
  }

  private func occurrences(
    _ patterns: [(pattern: [UInt8], secret: Int)], _ text: [UInt8], _ places: [Int]
  ) -> [Occurrence] {
    let bytes = places.filter { $0 < text.count }.map { text[$0] }
    var found: [Occurrence] = []
    for (pattern, secret) in patterns where pattern.count <= bytes.count {
      for start in 0...bytes.count - pattern.count where bytes[start..<start + pattern.count].elementsEqual(pattern) {
        let last = places[start + pattern.count - 1]
        found.append(Occurrence(start: places[start], end: last + 1, count: pattern.count, secret: secret))
      }
    }
    return found
  }

  private func replace(_ found: [Occurrence], _ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var end = 0
    for next in found.sorted(by: { ($0.start, -$0.count, $0.secret) < ($1.start, -$1.count, $1.secret) }) {
      if next.start >= end {
        result += text[end..<next.start] + Array("<hidden:\(names[next.secret])>".utf8)
      }
      end = max(end, next.end)
    }
    return result + text[end...]
  }
}

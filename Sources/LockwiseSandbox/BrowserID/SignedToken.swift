import Foundation

/// A signed token: header, payload and signature in base64url, separated by dots (RFC 7515 section 3.1).
struct SignedToken {
  let algorithm: String
  let payload: JSON
  private let signature: [UInt8]
  private let signed: [UInt8]

  /// Parses a token without checking its signature; nil if it is malformed.
  init?(_ text: Substring) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, !parts.contains(where: { $0.contains("=") }),
      let header = Base64.decodeURL(parts[0]).flatMap({ try? JSON(parsing: Data($0)) }),
      let algorithm = header["alg"]?.text,
      let payload = Base64.decodeURL(parts[1]).flatMap({ try? JSON(parsing: Data($0)) }),
      let signature = Base64.decodeURL(parts[2])
    else { return nil }
    self.algorithm = algorithm
    self.payload = payload
    self.signature = signature
    signed = Array("\(parts[0]).\(parts[1])".utf8)
  }

  /// Returns whether the signature is valid under a key.
  func isSigned(by key: BrowserIDPublicKey) -> Bool {
    algorithm == key.algorithm && key.isValid(signature, for: signed)
  }

  /// Makes a token with a signature over its header and payload.
  static func text(_ payload: JSON, algorithm: String, sign: ([UInt8]) throws -> [UInt8]) rethrows -> String {
    let header: JSON = ["alg": .string(algorithm)]
    let signed = Base64.url(header.encoded) + "." + Base64.url(payload.encoded)
    return signed + "." + Base64.url(try sign(Array(signed.utf8)))
  }
}

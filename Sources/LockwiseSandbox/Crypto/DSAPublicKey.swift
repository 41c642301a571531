import Crypto

/// A DSA public key (FIPS 186-4 section 4), which swift-crypto does not support.
struct DSAPublicKey {
  private let p: BigUInt
  private let q: BigUInt
  private let g: BigUInt
  private let y: BigUInt

  /// Makes a key from the members of BrowserID's key object, in hexadecimal.
  ///
  /// Returns nil unless p and q have 1024 and 160 bits or 2048 and 256 bits, and the numbers are consistent.
  init?(p: String?, q: String?, g: String?, y: String?) {
    guard let p = p.flatMap(BigUInt.init(hex:)), let q = q.flatMap(BigUInt.init(hex:)),
      let g = g.flatMap(BigUInt.init(hex:)), let y = y.flatMap(BigUInt.init(hex:)),
      [1024, 2048].contains(p.bitCount), q.bitCount == (p.bitCount == 1024 ? 160 : 256),
      ((p - .one) % q).isZero, .one < g, g < p, .one < y, y < p,
      g.power(q, modulo: p) == .one, y.power(q, modulo: p) == .one
    else { return nil }
    self.p = p
    self.q = q
    self.g = g
    self.y = y
  }

  /// The name of the algorithm: `DS128` with SHA-1, `DS256` with SHA-256.
  var algorithm: String { q.bitCount == 160 ? "DS128" : "DS256" }

  /// Returns whether a signature, r and s each as long as q, is valid for a message.
  func isValid(_ signature: [UInt8], for message: [UInt8]) -> Bool {
    let half = q.bitCount / 8
    guard signature.count == 2 * half else { return false }
    let r = BigUInt(signature[..<half])
    let s = BigUInt(signature[half...])
    guard !r.isZero, r < q, !s.isZero, s < q else { return false }
    let digest = half == 20 ? Array(Insecure.SHA1.hash(data: message)) : Array(SHA256.hash(data: message))
    // q is a prime, so that Fermat's little theorem gives the inverse.
    let w = s.power(q - .one - .one, modulo: q)
    let u1 = BigUInt(digest) * w % q
    let u2 = r * w % q
    return g.power(u1, modulo: p) * y.power(u2, modulo: p) % p % q == r
  }
}

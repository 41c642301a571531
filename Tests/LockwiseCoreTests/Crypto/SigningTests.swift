import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// Signatures, verified with the formulas of RFC 8017 and FIPS 186-4 in Python's integers.
@Suite struct SigningTests {
  private static let message = "aud.exp"

  @Test func rsa() throws {
    let key = try RSAPrivateKey()
    let signature = try key.signature(for: SecretBytes(utf8: Self.message))
    #expect(signature.count == 256)
    #expect(try key.exponent() == "65537")
    let script = """
      n, e, s, m = int(a[0]), int(a[1]), int(a[2], 16), a[3].encode()
      info = bytes.fromhex('3031300d060960864801650304020105000420') + hashlib.sha256(m).digest()
      padded = b'\\0\\1' + b'\\xff' * (256 - 3 - len(info)) + b'\\0' + info
      ok = n.bit_length() == 2048 and pow(s, e, n).to_bytes(256, 'big') == padded
      """
    let numbers = [try key.modulus(), try key.exponent(), Hex.encode(signature)]
    #expect(try holds(script, numbers + [Self.message]))
    #expect(try !holds(script, numbers + [Self.message + "x"]), "the check finds nothing at all")
  }

  @Test(arguments: [(DSAPrivateKey.Size.bits1024, 1024, 160, "sha1"), (.bits2048, 2048, 256, "sha256")])
  func dsa(size: DSAPrivateKey.Size, pBits: Int, qBits: Int, digest: String) throws {
    let key = try DSAPrivateKey(size)
    let script = """
      p, q, g, y, r, s = (int(x, 16) for x in a[:6])
      h = int(hashlib.new('\(digest)', a[6].encode()).hexdigest(), 16)
      w = pow(s, -1, q)
      ok = (p.bit_length(), q.bit_length()) == (\(pBits), \(qBits)) and (p - 1) % q == 0 \\
          and pow(g, q, p) == pow(y, q, p) == 1 < g and 0 < r < q and 0 < s < q \\
          and pow(g, h * w % q, p) * pow(y, r * w % q, p) % p % q == r
      """
    let numbers = try [DSAPrivateKey.Number.p, .q, .g, .y].map { Hex.encode(try key.bytes($0)) }
    // Enough signatures for an r or s that is shorter than q.
    for index in 0..<8 {
      let signature = try key.signature(for: SecretBytes(utf8: Self.message))
      #expect(signature.count == 2 * size.halfCount)
      let halves = [signature[..<size.halfCount], signature[size.halfCount...]].map { Hex.encode($0) }
      #expect(try holds(script, numbers + halves + [Self.message]), "\(index)")
      if index == 0 { #expect(try !holds(script, numbers + halves + ["other"]), "the check finds nothing at all") }
    }
  }

  private func holds(_ script: String, _ arguments: [String]) throws -> Bool {
    let program = "import hashlib, sys\na = sys.argv[1:]\n\(script)\nsys.exit(0 if ok else 3)"
    let status = try TestProcess(["python3", "-c", program] + arguments).wait()
    #expect([0, 3].contains(status))
    return status == 0
  }
}

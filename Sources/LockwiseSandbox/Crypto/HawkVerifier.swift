import Foundation

/// Checks Hawk headers to the letter: MAC, payload hash, time, and that no nonce comes twice.
final class HawkVerifier {
  /// Why a header is refused.
  enum Refusal: String, Error {
    case mac = "wrong mac"
    case payload = "wrong payload hash"
    case stale = "timestamp outside the window"
    case replay = "nonce used before"
  }

  private var seen: [String: Int] = [:]

  /// Checks a header; its time may be `skew` seconds from the server's `now` (unix seconds).
  ///
  /// - Throws: ``Refusal``; a refused header does not use up its nonce.
  func verify(_ header: HawkHeader, key: [UInt8], request: Request, now: Int, skew: Int) throws {
    // FlyingFox drops a question mark with nothing behind it, so that both forms of target must be tried.
    let targets = request.rawQuery.isEmpty ? [request.target, request.target + "?"] : [request.target]
    let host = request.hostAndPort
    guard
      targets.contains(where: { target in
        let mac = header.expectedMAC(
          key: key, method: request.method, target: target, host: host.name, port: host.port)
        return Derive.equal(mac.utf8, header.mac.utf8)
      })
    else { throw Refusal.mac }
    if let hash = header.hash, !hash.isEmpty {
      let expected = HawkHeader.payloadHash(
        contentType: request.header("content-type") ?? "", body: request.body)
      guard Derive.equal(hash.utf8, expected.utf8) else { throw Refusal.payload }
    }
    guard abs(header.timestamp - now) <= skew else { throw Refusal.stale }
    guard seen.updateValue(now, forKey: "\(header.timestamp) \(header.nonce) \(header.id)") == nil else {
      throw Refusal.replay
    }
    if seen.count > 100_000 { seen = seen.filter { abs($0.value - now) <= 2 * skew } }
  }
}

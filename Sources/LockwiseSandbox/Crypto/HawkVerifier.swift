import Foundation

/// Verifies Hawk headers strictly: MAC, payload hash, time, and that a nonce is used only once.
final class HawkVerifier {
  /// The reason to refuse a header, as the request log names it.
  enum Failure: String, Error {
    case mac = "wrong mac"
    case payload = "wrong payload hash"
    case stale = "timestamp outside the window"
    case replay = "nonce used before"
  }

  /// The time of use of each timestamp, nonce and id.
  private var seen: [String: Int] = [:]

  /// Verifies a header whose time is at most `skew` seconds from the server's Unix time `now`.
  ///
  /// - Throws: ``Failure``; a refused header does not use up its nonce.
  func verify(_ header: HawkHeader, key: [UInt8], request: Request, now: Int, skew: Int) throws {
    // FlyingFox drops a question mark at the end of a target, so both forms are tried.
    let targets = request.rawQuery.isEmpty ? [request.target, request.target + "?"] : [request.target]
    let host = request.hostAndPort
    guard
      targets.contains(where: { target in
        let mac = header.expectedMAC(
          key: key, method: request.method, target: target, host: host.name, port: host.port)
        return Derive.equal(mac.utf8, header.mac.utf8)
      })
    else { throw Failure.mac }
    if let hash = header.hash, !hash.isEmpty {
      let expected = HawkHeader.payloadHash(
        contentType: request.header("content-type") ?? "", body: request.body)
      guard Derive.equal(hash.utf8, expected.utf8) else { throw Failure.payload }
    }
    guard abs(header.timestamp - now) <= skew else { throw Failure.stale }
    guard seen.updateValue(now, forKey: "\(header.timestamp) \(header.nonce) \(header.id)") == nil else {
      throw Failure.replay
    }
    if seen.count > 100_000 { seen = seen.filter { abs($0.value - now) <= 2 * skew } }
  }
}

/// The logins that a request for an origin can be about: those of the origin itself, or of the first other origin that
/// stands in for it and has some.
public struct Candidates {
  /// The origin that the logins belong to.
  public let origin: Origin
  /// The logins; empty if no origin has any.
  public let logins: [LoginRecord]

  /// Finds the logins.
  ///
  /// - Parameters:
  ///   - origin: the origin that is asked for.
  ///   - others: the origins that stand in for it, in order. Evaluated only if it has no logins.
  ///   - find: returns the logins of an origin.
  /// - Throws: what `find` throws.
  public init(
    at origin: Origin, else others: @autoclosure () -> [Origin], find: (Origin) throws -> [LoginRecord]
  ) rethrows {
    var logins = try find(origin)
    guard logins.isEmpty else {
      (self.origin, self.logins) = (origin, logins)
      return
    }
    for other in others() {
      logins = try find(other)
      guard logins.isEmpty else {
        (self.origin, self.logins) = (other, logins)
        return
      }
    }
    (self.origin, self.logins) = (origin, [])
  }
}

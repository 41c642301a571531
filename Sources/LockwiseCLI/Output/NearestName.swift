import LockwiseCore

/// Finds what somebody meant who mistyped a name.
public enum NearestName {
  /// Returns the name nearest to `typed`; `nil` if none is near.
  ///
  /// Near means at most one edit in three characters, or a common beginning: `stat` is near `status`.
  public static func of(_ typed: String, among names: [String]) -> String? {
    let typed = typed.lowercased()
    guard !typed.isEmpty, typed.utf8.count <= 64 else { return nil }
    let ranked = names.map { (name: $0, distance: EditDistance.of(Array(typed.utf8), Array($0.utf8))) }
    let beginning = names.filter { $0.hasPrefix(typed) && typed.utf8.count >= 2 }
    if beginning.count == 1 { return beginning[0] }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(1, typed.utf8.count / 3) ? best.name : nil
  }
}

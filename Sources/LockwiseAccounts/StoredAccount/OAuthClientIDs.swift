/// The OAuth client ids that a sign-in may use, in the order in which it tries them.
///
/// Mozilla offers no registration for programs like this one, so every other client of Sync borrows the id of a public
/// client of Mozilla's. Any of them may be disabled at any time; the next one is then tried.
public struct OAuthClientIDs: Equatable, Sendable {
  /// Ids for a sign-in that has a session: Lockwise for Android, Firefox for Android, Firefox for desktops.
  public static let withSession = OAuthClientIDs(
    first: "e7ce535d93522896", others: ["a2270f727f45f648", "5882386c6d801776"])

  /// Ids for the sign-in page: the Reference Browser, Firefox for Android. The page sends the browser to an address
  /// that shows the code.
  public static let inBrowser = OAuthClientIDs(first: "3c49430b43dfba77", others: ["a2270f727f45f648"])

  /// The id that is tried first.
  let first: String
  private let others: [String]

  private init(first: String, others: [String]) {
    self.first = first
    self.others = others
  }

  /// Creates a list of one id, which the user chose.
  public init(only id: String) { self.init(first: id, others: []) }

  /// All ids in their order.
  var all: [String] { [first] + others }

  /// Returns the same ids, beginning with that of an earlier sign-in.
  ///
  /// - Parameter id: the id of the earlier sign-in; `nil` or an id that is not in the list changes nothing.
  public func startingWith(_ id: String?) -> OAuthClientIDs {
    guard let id, all.contains(id) else { return self }
    return OAuthClientIDs(first: id, others: all.filter { $0 != id })
  }

  /// Returns the name under which Mozilla's servers list a client id of these lists; `nil` for every other id.
  static func appName(of id: String) -> String? {
    switch id {
    case "e7ce535d93522896": "Lockwise for Android"
    case "a2270f727f45f648": "Firefox for Android"
    case "5882386c6d801776": "Firefox"
    case "3c49430b43dfba77": "Reference Browser"
    default: nil
    }
  }

  /// Tries each id once, in order, until the server accepts one.
  ///
  /// - Parameter attempt: makes the requests that name the id.
  /// - Throws: the errors of `attempt`, unless it is a refusal of the id and another id is left.
  func firstAccepted<Value>(_ attempt: (String) throws -> Value) throws -> Value {
    for id in all.dropLast() {
      do {
        return try attempt(id)
      } catch let error as AccountsError where error.refusesClientID {
        continue
      }
    }
    return try attempt(others.last ?? first)
  }
}

/// A look-up of one login by a typed name.
///
/// A name is compared in this order: with the names as they are shown; with the names that origin and user name make,
/// for logins with a name of their own, in any equivalent spelling of the site; as a URL; as a GUID. Nothing is guessed:
/// no part of a name, no other case, no parent domain.
public struct EntryLookup {
  /// The result of a look-up.
  public enum Result: Sendable {
    /// No login has the name.
    case none
    /// The only login that has the name.
    case login(LoginRecord)
    /// Several logins have it. The names that distinguish them, in the order of `ls`.
    case ambiguous([String])
  }

  /// The name without leading slashes.
  private let text: String

  /// Makes a look-up.
  ///
  /// - Parameter name: the name as typed. Leading slashes are dropped.
  public init(_ name: String) { text = String(ShownName.withoutLeadingSlashes(name)) }

  /// Finds the login.
  ///
  /// - Throws: what `index` throws.
  public func find(in index: some EntryIndex) throws -> Result {
    guard !text.isEmpty else { return .none }
    let typed = ShownName.of(text)
    // An escaped character can be part of the origin, and only the list shows which one it stands for.
    let isListed = typed.utf8.contains(UInt8(ascii: "%"))
    let steps: [() throws -> Result] = [
      { isListed ? try listed(typed, index) : try shown(typed, index) },
      { try naturallyNamed(text, index) },
      { try canonicalSpelling.map { try naturallyNamed($0, index) } ?? .none },
      { try atURL(index) },
      { try index.login(guid: text).map { .login($0) } ?? .none },
      // The names of invalid origins.
      { isListed ? .none : try listed(typed, index) },
    ]
    for step in steps {
      let result = try step()
      if case .none = result { continue }
      return result
    }
    return .none
  }

  /// Finds a name among the names as they are shown, by the origins and own names that it can be made of.
  private func shown(_ typed: String, _ index: some EntryIndex) throws -> Result {
    var logins: [LoginRecord] = []
    for name in Self.withoutDigits(typed) {
      logins += try index.logins(named: name)
      for origin in Self.origins(of: name) { logins += try index.logins(at: origin) }
    }
    return try Self.exact(typed, logins.map { EntryList.Source($0) }, logins)
  }

  /// Finds a name among all names.
  private func listed(_ typed: String, _ index: some EntryIndex) throws -> Result {
    let entries = try index.entryList().exact(typed)
    guard entries.count == 1 else { return entries.isEmpty ? .none : .ambiguous(entries.map(\.name)) }
    return try index.login(guid: entries[0].guid).map { .login($0) } ?? .none
  }

  /// Finds a name among those that origin and user name make.
  private func naturallyNamed(_ name: String, _ index: some EntryIndex) throws -> Result {
    var logins: [LoginRecord] = []
    for name in Self.withoutDigits(name) {
      for origin in Self.origins(of: name) { logins += try index.logins(at: origin) }
    }
    return try Self.exact(name, logins.map(EntryList.Source.init(withoutOwnName:)), logins)
  }

  /// The name in the spelling that the login of its site has; `nil` if it refers to no site or is spelled so.
  private var canonicalSpelling: String? {
    let end = text.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "#") } ?? text.endIndex
    guard let web = WebLikeName(String(text[..<end])) else { return nil }
    let spelled = EntryName.natural(web.origin, username: "") + text[end...]
    return spelled.isSameText(as: text) ? nil : spelled
  }

  /// Finds the login of a URL's origin and user name. Of several, only those of one user name are one login. A path is
  /// allowed where it is not part of a name.
  private func atURL(_ index: some EntryIndex) throws -> Result {
    guard let separator = text.utf8.firstRange(of: "://"), let origin = Origin(text) else { return .none }
    // A slash at the end is not a path.
    let hasPath = text[separator.upperBound...].utf8.dropLast().contains(UInt8(ascii: "/"))
    guard !hasPath || ["https", "http"].contains(origin.scheme) else { return .none }
    let logins = try index.logins(at: origin).filter(EntryName(text).matches)
    guard let first = logins.first else { return .none }
    let forms = logins.filter { $0.httpRealm == nil }
    if logins.count == 1 { return .login(first) }
    if forms.count == 1, logins.allSatisfy({ $0.username.isSameText(as: first.username) }) { return .login(forms[0]) }
    return .ambiguous(EntryList(logins.map(EntryList.Source.init(withoutOwnName:))).entries.map(\.name))
  }

  /// Finds a name among the names of some logins, which may be repeated.
  private static func exact(
    _ name: String, _ sources: [EntryList.Source], _ logins: [LoginRecord]
  ) throws -> Result {
    var known: Set<String> = []
    let entries = EntryList(sources.filter { known.insert($0.guid).inserted }).exact(name)
    guard entries.count == 1 else { return entries.isEmpty ? .none : .ambiguous(entries.map(\.name)) }
    return logins.first { $0.guid == entries[0].guid }.map { .login($0) } ?? .none
  }

  /// Returns a name, and the name without each `#` and what follows, which can be digits of a GUID.
  private static func withoutDigits(_ name: String) -> [String] {
    [name] + name.utf8.indices.filter { name.utf8[$0] == UInt8(ascii: "#") }.map { String(name[..<$0]) }
  }

  /// Returns the origins whose logins can have a name: `host[:port]` by https, `scheme:host[:port]`, and the free
  /// entries with this first part.
  private static func origins(of name: String) -> [Origin] {
    let parts = FreeEntry.split(name)
    let place = parts.firstPart
    var origins = [Origin(scheme: "https", authority: place), Origin(FreeEntry.origin(firstPart: place))]
    if let colon = place.utf8.firstIndex(of: UInt8(ascii: ":")) {
      origins.append(
        Origin(scheme: String(place[..<colon]), authority: String(place[place.utf8.index(after: colon)...])))
    }
    return origins.compactMap { $0 }
  }
}

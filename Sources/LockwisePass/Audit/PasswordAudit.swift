import LockwiseCore

/// Collects the passwords of a vault and reports their problems. No password is kept: only its keyed digest, under a key
/// that exists during the run.
struct PasswordAudit {
  /// The optional checks.
  struct Rules {
    /// The age in days from which a password is old; `nil` if the age does not matter.
    var oldAfter: Int?
    /// Breached passwords; `nil` if there is no list.
    var breaches: BreachList?
    /// The time of the run.
    var now: Milliseconds
  }

  /// An entry and one of its problems.
  struct Row: Equatable {
    let name: String
    let finding: AuditFinding
  }

  private struct Checked {
    let place: Int
    let name: String
    let site: String
    let digest: [UInt8]
    let isReported: Bool
    let findings: [AuditFinding]
  }

  private static let day: Milliseconds = 86_400_000

  private let rules: Rules
  private let hash: HMACSHA256
  private var checked: [Checked] = []

  /// Makes an audit without entries.
  ///
  /// - Parameter random: the source of the key.
  /// - Throws: `CryptoError.unavailable`.
  init(_ rules: Rules, random: some RandomSource) throws {
    self.rules = rules
    hash = try HMACSHA256(key: try random.secret(HMACSHA256.byteCount))
  }

  /// The number of entries whose problems are reported.
  var reportedCount: Int { checked.count { $0.isReported } }

  /// Checks an entry.
  ///
  /// - Parameters:
  ///   - login: its login.
  ///   - name: its name.
  ///   - place: its place among the results.
  ///   - isReported: whether its problems matter, not only whether others have the same password.
  /// - Throws: `BreachList.Failure`; `CryptoError`.
  mutating func add(_ login: LoginRecord, named name: String, at place: Int, isReported: Bool = true) throws {
    let origin = Origin(login.origin)
    let digest = try login.password.withUnsafeBytes { try hash.withCode(for: $0) { Array($0) } }
    checked.append(
      Checked(
        place: place, name: name, site: Self.site(origin, name), digest: digest, isReported: isReported,
        findings: isReported ? try findings(of: login, at: origin) : []))
  }

  /// Returns all problems in the order of the entries' places.
  func rows() -> [Row] {
    var sites: [[UInt8]: Set<String>] = [:]
    for entry in checked { sites[entry.digest, default: []].insert(entry.site) }
    return checked.filter(\.isReported).sorted { $0.place < $1.place }.flatMap { entry in
      let count = sites[entry.digest]?.count ?? 0
      let reused: [AuditFinding] = count > 1 ? [.reused(sites: count)] : []
      return (reused + entry.findings).map { Row(name: entry.name, finding: $0) }
    }
  }

  /// Returns the site of a login. The logins of one host are one site, with or without `www.`; each free entry is one.
  private static func site(_ origin: Origin?, _ name: String) -> String {
    guard let origin, origin.scheme != "pass" else { return "entry " + name }
    let host = origin.host.lowercased()
    return "host " + (host.hasPrefix("www.") ? String(host.dropFirst(4)) : host)
  }

  private func findings(of login: LoginRecord, at origin: Origin?) throws -> [AuditFinding] {
    let host = origin.map { $0.host.lowercased() } ?? ""
    let users = Self.usernames(login.username)
    let places = Self.places(host)
    var findings: [AuditFinding] = []
    if users.contains(where: { Self.isSame(login.password, $0) }) {
      findings.append(.sameAsUsername)
    } else if places.contains(where: { Self.isSame(login.password, $0) }) {
      findings.append(.sameAsHost)
    } else {
      let bits = PasswordEstimate.bits(login.password, knowing: users + places)
      if bits < PasswordEstimate.weakBits { findings.append(.weak(bits: Int(bits))) }
    }
    if let breaches = rules.breaches {
      let count = try breaches.count(of: login.password)
      if count > 0 { findings.append(.breached(count: count)) }
    }
    if origin?.scheme == "http", !Self.isLocal(host) { findings.append(.unencrypted) }
    if let age = age(of: login), let limit = rules.oldAfter, age >= limit { findings.append(.old(days: age)) }
    return findings
  }

  /// Returns the days since the last change of the password; `nil` if the time is unknown.
  private func age(of login: LoginRecord) -> Int? {
    let changed = max(login.timePasswordChanged, login.timeCreated)
    guard changed > 0 else { return nil }
    return Int(max(0, rules.now - changed).rawValue / Self.day.rawValue)
  }

  private static func usernames(_ username: String) -> [String] {
    [username, String(username.prefix { $0 != "@" })].filter { !$0.isEmpty }
  }

  /// Returns a host, and its labels but for the last.
  private static func places(_ host: String) -> [String] {
    [host] + host.split(separator: ".").dropLast().map(String.init).filter { $0.utf8.count >= 3 }
  }

  private static func isSame(_ password: SecretBytes, _ text: String) -> Bool {
    guard !text.isEmpty else { return false }
    return password.withUnsafeBytes { bytes in
      bytes.lazy.map(lowered).elementsEqual(text.utf8.lazy.map(lowered))
    }
  }

  private static func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

  /// Returns whether a host is this machine (RFC 6761 section 6.3).
  private static func isLocal(_ host: String) -> Bool {
    host == "localhost" || host.hasSuffix(".localhost") || host.hasPrefix("127.") || host == "[::1]" || host == "::1"
  }
}

import Glibc
import LockwiseCore

/// The references of all logins of a vault, sorted, a line each.
///
/// Most follow from the list of names, which one decryption opens. Only a login whose name does not tell enough is read.
struct ReferenceList {
  private var text: [UInt8] = []
  private var lines: [Range<Int>] = []

  /// Makes the list.
  ///
  /// - Parameters:
  ///   - names: the names of all logins.
  ///   - login: reads a login by its GUID.
  /// - Throws: what `login` throws; `VaultError.damaged` if it finds none.
  init(_ names: EntryList, login: (String) throws -> LoginRecord?) throws {
    text.reserveCapacity(names.rows.count * 64)
    lines.reserveCapacity(names.rows.count)
    var others: [LoginReferences.Source] = []
    for row in names.rows where row.kind == .other {
      guard let login = try login(names.guid(row)) else { throw VaultError.damaged(part: "names") }
      others.append(.init(login))
    }
    let shared = Self.sharedNames(names, others)
    names.storage.withUnsafeBytes { storage in
      for row in names.rows {
        guard let name = ReferenceName(row, in: storage) else { continue }
        let start = text.count
        if shared.isEmpty || !shared.contains(name.hash), name.appendReference(to: &text) {
          endLine(from: start)
        } else {
          others.append(name.source(guid: names.guid(row)))
        }
      }
    }
    let references = LoginReferences(others)
    for source in others {
      let start = text.count
      text += references.reference(to: source).text.utf8
      endLine(from: start)
    }
    sort()
  }

  /// The lines.
  var bytes: [UInt8] {
    // They are usually in order already.
    if zip(lines, lines.dropFirst()).allSatisfy({ $0.upperBound == $1.lowerBound }) { return text }
    var sorted: [UInt8] = []
    sorted.reserveCapacity(text.count)
    text.withUnsafeBytes { text in
      for line in lines { sorted.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[line])) }
    }
    return sorted
  }

  private mutating func endLine(from start: Int) {
    text.append(0x0A)
    lines.append(start..<text.count)
  }

  private mutating func sort() {
    text.withUnsafeBytes { text in
      guard let base = text.baseAddress else { return }
      // Without the line feeds.
      lines.sort { left, right in
        let order = memcmp(base + left.lowerBound, base + right.lowerBound, min(left.count, right.count) - 1)
        return order == 0 ? left.count < right.count : order < 0
      }
    }
  }

  /// Returns the hashes of the names that more than one login may have.
  ///
  /// - Parameter others: the logins whose names do not tell enough.
  private static func sharedNames(_ names: EntryList, _ others: [LoginReferences.Source]) -> Set<UInt64> {
    var shared: Set<UInt64> = []
    names.storage.withUnsafeBytes { storage in
      // All but one of the logins that share a name have digits.
      for row in names.rows where row.nameCount != row.plainCount {
        if let name = ReferenceName(row, in: storage) { shared.insert(name.hash) }
      }
    }
    for login in others {
      let end = login.username.isEmpty ? "" : "/" + login.username
      switch login.place {
      case .site(let origin) where origin.scheme == "https":
        let port = origin.port.map { ":\($0)" } ?? ""
        shared.insert(ReferenceName.hash((origin.host + port + end).utf8, .site))
      case .free(let firstPart): shared.insert(ReferenceName.hash(EntryName(firstPart + end).shown.utf8, .free))
      case .site, nil: break
      }
      if let name = login.ownName { shared.insert(ReferenceName.hash(EntryName(name).shown.utf8, .free)) }
    }
    return shared
  }
}

extension EntryList {
  /// Returns the GUID of a row's login.
  fileprivate func guid(_ row: Row) -> String {
    storage.withUnsafeBytes { String(decoding: Self.guid(row, in: $0), as: UTF8.self) }
  }
}

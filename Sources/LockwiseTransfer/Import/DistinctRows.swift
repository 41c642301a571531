import LockwiseCore

/// The rows of a file, of which no two are one login for Firefox.
///
/// Of several such rows with one password, the first one stays and gets the notes of the others. With another password,
/// the later row is refused: the file does not show which password is the newer one.
struct DistinctRows {
  /// The distinct rows in the order of the file.
  private(set) var rows: [ImportRow] = []
  /// The rows that repeat an earlier one.
  private(set) var repeated: [ImportRow] = []
  /// The rows that contradict an earlier one.
  private(set) var refused: [ItemRefusal] = []

  /// Examines the rows of a file.
  ///
  /// - Parameter now: the time of changes.
  init(_ all: [ImportRow], now: Milliseconds) {
    var positions: [LoginKey: [Int]] = [:]
    rows.reserveCapacity(all.count)
    for row in all {
      let key = LoginKey(row.login)
      guard let first = positions[key]?.first(where: { rows[$0].login.isSameLogin(as: row.login) }) else {
        positions[key, default: []].append(rows.count)
        rows.append(row)
        continue
      }
      let earlier = rows[first]
      guard earlier.login.hasSamePassword(as: row.login) else {
        refused.append(ItemRefusal(row.location, name: row.name, .otherPassword(at: earlier.location)))
        continue
      }
      do {
        let changes = try earlier.login.changes(completingFrom: row.login, replacesPassword: false, now: now)
        rows[first].login = try earlier.login.applying(changes, now: now)
        repeated.append(row)
      } catch let failure as EntryBody.Failure {
        refused.append(ItemRefusal(row.location, name: row.name, .unusableNotes(failure)))
      } catch {
        refused.append(ItemRefusal(row.location, name: row.name, .malformed))
      }
    }
  }
}

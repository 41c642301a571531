import LockwiseCore

/// The changes that an import makes to a vault, worked out before anything is changed.
package struct ImportPlan {
  /// The effect of a row.
  package enum Outcome: Equatable, Sendable {
    /// The vault gets a new login.
    case new
    /// The vault has the login already.
    case same
    /// A login with the same password gets notes or an entry name that it lacks.
    case completed
    /// A login with another password gets the new one.
    case replaced
    /// A login with another password is kept as it is, because replacing was not requested.
    case kept
  }

  /// A row and its effect.
  package struct Step {
    /// The row. A new login's id is in use neither in the vault nor in an earlier row.
    package let row: ImportRow
    /// The effect.
    package let outcome: Outcome
    /// The change of a login of the vault; `nil` if it has none.
    let change: Change?

    init(_ row: ImportRow, _ outcome: Outcome, _ change: Change? = nil) {
      self.row = row
      self.outcome = outcome
      self.change = change
    }
  }

  /// The change of a login of the vault.
  final class Change {
    /// The login before the change.
    let known: LoginRecord
    /// Its changes.
    let changes: LoginChanges

    init(_ known: LoginRecord, _ changes: LoginChanges) {
      self.known = known
      self.changes = changes
    }
  }

  /// The number of rows after which progress is reported.
  private static let progressInterval = 1000

  /// The steps in the order of the file.
  package private(set) var steps: [Step] = []
  /// The items that are not imported.
  package private(set) var refused: [ItemRefusal]

  /// Returns the number of rows with an effect.
  package func count(_ outcome: Outcome) -> Int { steps.count { $0.outcome == outcome } }

  /// The number of logins that are added or changed.
  package var changeCount: Int { steps.count { [.new, .completed, .replaced].contains($0.outcome) } }

  /// Compares the rows of a file with each other and with the logins of a vault.
  ///
  /// - Parameters:
  ///   - conversion: the rows and the items refused so far.
  ///   - replaces: whether other passwords are replaced.
  ///   - now: the time of the changes.
  ///   - random: makes ids in place of those that are in use.
  ///   - forEachLogin: calls its argument with each login of the vault.
  /// - Throws: `CryptoError.unavailable`; any error of `forEachLogin`.
  package init<Random: RandomSource>(
    _ conversion: ItemConversion<Random>, replaces: Bool, now: Milliseconds, random: Random,
    forEachLogin: ((LoginRecord) throws -> Void) throws -> Void
  ) throws {
    refused = conversion.refused
    let rows = DistinctRows(conversion.rows, now: now)
    refused += rows.refused
    var vault = VaultMatches(for: rows.rows)
    try forEachLogin { vault.add($0) }
    var used = vault.usedGUIDs
    let known = vault.matches(of: rows.rows)
    var steps: [Step] = []
    steps.reserveCapacity(rows.rows.count)
    for index in rows.rows.indices {
      let row = rows.rows[index]
      if let known = known[index] {
        do {
          steps.append(try Self.step(row, known, replaces: replaces, now: now))
        } catch {
          refused.append(ItemRefusal(row.location, name: row.name, .unusableNotes(error)))
        }
        continue
      }
      if !used.insert(row.login.guid).inserted {
        row.login = try row.login.renamed(guid: LoginGUID.make(random))
        used.insert(row.login.guid)
      }
      steps.append(Step(row, .new))
    }
    for row in rows.repeated { steps.append(Step(row, .same)) }
    self.steps = steps
    let inOrder = refused.enumerated().sorted {
      ($0.element.location.number, $0.offset) < ($1.element.location.number, $1.offset)
    }
    refused = inOrder.map(\.element)
  }

  private static func step(
    _ row: ImportRow, _ known: LoginRecord, replaces: Bool, now: Milliseconds
  ) throws(EntryBody.Failure) -> Step {
    let isSame = known.hasSamePassword(as: row.login)
    guard isSame || replaces else { return Step(row, .kept) }
    let changes = try known.changes(completingFrom: row.login, replacesPassword: !isSame, now: now)
    guard !changes.isEmpty else { return Step(row, .same) }
    return Step(row, isSame ? .completed : .replaced, Change(known, changes))
  }

  /// Makes the changes, in one transaction.
  ///
  /// - Parameters:
  ///   - editor: the editor of the vault.
  ///   - progress: is given the number of examined rows from time to time.
  /// - Returns: the number of changed logins.
  /// - Throws: `Conflict` if the vault changed since the plan was made, then nothing is changed; `VaultError`;
  ///   `CryptoError`.
  @discardableResult
  package func apply(to editor: LoginEditor, progress: (Int) -> Void = { _ in }) throws -> Int {
    try editor.transaction { editor in
      for (index, step) in steps.enumerated() {
        if index % Self.progressInterval == 0, index > 0 { progress(index) }
        switch step.outcome {
        case .same, .kept: continue
        case .new:
          do {
            try editor.addNew(step.row.login)
          } catch is LoginEditor.Failure {
            throw Conflict()
          }
        case .completed, .replaced:
          guard let change = step.change, let present = try editor.login(guid: change.known.guid),
            present.json == change.known.json
          else { throw Conflict() }
          try editor.change(guid: change.known.guid, change.changes)
        }
      }
      return changeCount
    }
  }

  /// The vault changed between the plan and the transaction.
  package struct Conflict: Error, UserFacingErrorConvertible {
    /// The error as a program shows it.
    package var userFacingError: UserFacingError {
      UserFacingError(
        "the vault changed meanwhile; nothing was imported", hint: "run the command again", exitCode: .failure)
    }
  }
}

import LockwiseCore

/// Comma-separated values whose first record names the columns.
package struct CSVTable: Sendable {
  /// The columns' names in lower case, in the order of the text.
  package let columns: [String]
  private let positions: [String: Int]
  private var reader: CSVReader

  /// The reason why a text is not such a table.
  package enum Failure: Error, Equatable, Sendable {
    /// There is no record at all.
    case empty
    /// Two columns have this name, apart from case.
    case repeatedColumn(String)
    /// The text is not comma-separated values.
    case csv(CSVError)
  }

  /// A record, with its values by column.
  package struct Row: Sendable {
    /// The line of the text in which the record begins, from 1.
    package let line: Int
    private let positions: [String: Int]
    private let fields: [CSVField]

    init(_ record: CSVRecord, _ positions: [String: Int]) {
      line = record.line
      fields = record.fields
      self.positions = positions
    }

    /// Returns the field of a column, whose name is in lower case; `nil` if there is no such column.
    package func field(_ column: String) -> CSVField? { positions[column].map { fields[$0] } }

    /// Returns the value of a column, empty if there is no such column.
    package subscript(column: String) -> SecretBytes { field(column)?.value ?? SecretBytes(copying: []) }

    /// Returns the value of a column that is not secret, as text.
    package func text(_ column: String) -> String { self[column].exposedText() ?? "" }
  }

  /// The next record of a table.
  package enum Result: Sendable {
    /// A record with a value for each column.
    case row(Row)
    /// A record with another number of values.
    case unequal(line: Int, expected: Int, found: Int)
  }

  /// Reads the names of the columns.
  ///
  /// - Throws: `Failure`.
  package init(_ text: SecretBytes) throws(Failure) {
    let first: CSVRecord?
    do {
      reader = try CSVReader(text)
      first = try reader.next()
    } catch {
      throw .csv(error)
    }
    guard let first else { throw .empty }
    var columns: [String] = []
    var positions: [String: Int] = [:]
    for (index, field) in first.fields.enumerated() {
      let name = (field.value.trimmed.exposedText() ?? "").lowercased()
      // Several columns may lack a name.
      guard name.isEmpty || positions[name] == nil else { throw .repeatedColumn(name) }
      positions[name] = index
      columns.append(name)
    }
    self.columns = columns
    self.positions = positions
  }

  /// Returns the next record; `nil` at the end.
  ///
  /// - Throws: `Failure.csv`.
  package mutating func next() throws(Failure) -> Result? {
    do {
      guard let record = try reader.next() else { return nil }
      guard record.fields.count == columns.count else {
        return .unequal(line: record.line, expected: columns.count, found: record.fields.count)
      }
      return .row(Row(record, positions))
    } catch {
      throw .csv(error)
    }
  }

  /// Returns whether there are columns of all these names.
  package func has(_ names: String...) -> Bool { names.allSatisfy { positions[$0] != nil } }
}

extension CSVTable.Failure: CustomStringConvertible {
  /// A short phrase for messages.
  package var description: String {
    switch self {
    case .empty: "it is empty"
    case .repeatedColumn(let name): "it has two columns \(name)"
    case .csv(let error): error.description
    }
  }
}

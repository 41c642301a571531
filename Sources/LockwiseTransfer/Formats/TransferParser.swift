import LockwiseCore

/// Reads the items of a file.
package enum TransferParser {
  /// Reads the items of a text. The text of 1PUX is its file `export.data`.
  ///
  /// - Parameters:
  ///   - text: the whole text.
  ///   - format: its format.
  ///   - random: makes ids of records without one.
  ///   - body: called with each item in order.
  /// - Throws: `TransferError`; `CryptoError.unavailable`; any error of `body`.
  package static func forEachItem(
    in text: SecretBytes, format: TransferFormat, random: some RandomSource, _ body: (ParsedItem) throws -> Void
  ) throws {
    switch format {
    case .firefox: try forEachRow(in: text, format, ["url", "username", "password"], FirefoxCSV.item, body)
    case .chrome: try forEachRow(in: text, format, ["url", "username", "password"], ChromeCSV.item, body)
    case .apple: try forEachRow(in: text, format, ["url", "username", "password"], AppleCSV.item, body)
    case .onePasswordCSV: try forEachRow(in: text, format, ["url", "username", "password"], OnePasswordCSV.item, body)
    case .keepassxc: try forEachRow(in: text, format, ["title", "username", "password"], KeePassXCCSV.item, body)
    case .bitwardenCSV:
      try forEachRow(in: text, format, ["login_uri", "login_username", "login_password"], BitwardenCSV.item, body)
    case .bitwardenJSON: try BitwardenJSON.items(text.withoutMark).forEach(body)
    case .onePUX: try OnePUX.items(text.withoutMark).forEach(body)
    case .json: try RecordArray.items(text.withoutMark, random: random).forEach(body)
    case .gitCredentials: try GitCredentials.items(text.withoutMark).forEach(body)
    case .netrc: try Netrc.items(text.withoutMark).forEach(body)
    case .pass: throw TransferError.needsPath(.pass)
    }
  }

  private static func forEachRow(
    in text: SecretBytes, _ format: TransferFormat, _ required: [String], _ item: (CSVTable.Row) -> ParsedItem,
    _ body: (ParsedItem) throws -> Void
  ) throws {
    do {
      var table = try CSVTable(text)
      if let missing = required.first(where: { !table.columns.contains($0) }) {
        throw TransferError.notInFormat(format, reason: "it has no column \(missing)")
      }
      while let result = try table.next() {
        switch result {
        case .row(let row): try body(item(row))
        case .unequal(let line, let expected, let found):
          try body(.refused(ItemRefusal(.line(line), .unequalFields(expected: expected, found: found))))
        }
      }
    } catch let failure as CSVTable.Failure {
      throw TransferError.notInFormat(format, reason: "\(failure)")
    }
  }
}

extension SecretBytes {
  /// The text without a byte order mark.
  fileprivate var withoutMark: SecretBytes {
    let hasMark = withUnsafeBytes { $0.starts(with: [0xEF, 0xBB, 0xBF]) }
    return hasMark ? self[3..<count] : self
  }
}

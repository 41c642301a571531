import LockwiseCore

/// The formats that can be imported.
package enum TransferFormat: String, CaseIterable, Sendable {
  case firefox
  case chrome
  case bitwardenCSV = "bitwarden-csv"
  case bitwardenJSON = "bitwarden-json"
  case keepassxc
  case onePasswordCSV = "1password-csv"
  case onePUX = "1pux"
  case apple
  case pass
  case gitCredentials = "git-credentials"
  case netrc
  case json

  /// The name for messages.
  package var title: String {
    switch self {
    case .firefox: "Firefox CSV"
    case .chrome: "Chrome CSV"
    case .bitwardenCSV: "Bitwarden CSV"
    case .bitwardenJSON: "Bitwarden JSON"
    case .keepassxc: "KeePassXC CSV"
    case .onePasswordCSV: "1Password CSV"
    case .onePUX: "1Password 1PUX"
    case .apple: "Apple Passwords CSV"
    case .pass: "password store of pass"
    case .gitCredentials: "git-credentials"
    case .netrc: "netrc"
    case .json: "Lockwise JSON"
    }
  }

  /// Whether the format consists of comma-separated values.
  package var isCSV: Bool {
    switch self {
    case .firefox, .chrome, .bitwardenCSV, .keepassxc, .onePasswordCSV, .apple: true
    default: false
    }
  }
}

/// The reason why a file cannot be imported. It contains nothing of the file.
package enum TransferError: Error, Equatable, Sendable {
  /// The format was not recognised.
  case unknownFormat
  /// The format was not recognised, because the file is not UTF-8 from this line on.
  case notUTF8(line: Int)
  /// The file does not have the format.
  case notInFormat(TransferFormat, reason: String)
  /// The file is an encrypted export.
  case encrypted(TransferFormat)
  /// The format has the form of a folder, or cannot be read from a pipe.
  case needsPath(TransferFormat)
  /// A program that reads the format is missing.
  case missingProgram(String, TransferFormat)
  /// The archive is damaged, has no data, or is too large.
  case badArchive
  /// gpg cannot decrypt the entries.
  case notDecrypted(count: Int)
}

extension TransferError: UserFacingErrorConvertible {
  /// The error as a program shows it.
  package var userFacingError: UserFacingError {
    switch self {
    case .unknownFormat:
      UserFacingError(
        "cannot recognise the format of the file",
        hint: "name it: --format " + TransferFormat.allCases.map(\.rawValue).joined(separator: "|"), exitCode: .usage)
    case .notUTF8(let line):
      UserFacingError(
        "cannot recognise the format of the file: line \(line) is not UTF-8",
        hint: "convert it: iconv -f ENCODING -t UTF-8 FILE | lockwise-sync import -", exitCode: .usage)
    case .notInFormat(let format, let reason):
      UserFacingError("cannot read the file as \(format.title): \(reason)", exitCode: .usage)
    case .encrypted(let format):
      UserFacingError(
        "cannot read the file: it is an encrypted export", hint: "export as \(format.rawValue) without encryption",
        exitCode: .usage)
    case .needsPath(let format):
      UserFacingError(
        "cannot read \(format.title) from standard input", hint: "name the path instead of -", exitCode: .usage)
    case .missingProgram(let program, let format):
      UserFacingError(
        "cannot read \(format.title): the program \(program) is missing", hint: "install \(program)",
        exitCode: .failure)
    case .badArchive:
      UserFacingError(
        "cannot read the archive: it is damaged, has no export.data, or is too large", exitCode: .usage)
    case .notDecrypted(let count):
      UserFacingError(
        "cannot decrypt the entries: gpg failed for the first \(count)",
        hint: "try one: gpg --decrypt ENTRY.gpg", exitCode: .failure)
    }
  }
}

import LockwiseCore

/// The texts for entries that cannot be saved.
private func cannotSave(_ reason: String, hint: String? = nil) -> UserFacingError {
  UserFacingError("cannot save the entry: \(reason)", hint: hint, exitCode: .failure)
}

extension EntryBody.Failure: UserFacingErrorConvertible {
  /// The error as a program shows it.
  public var userFacingError: UserFacingError { cannotSave(description) }
}

extension EntryJSON.Failure: UserFacingErrorConvertible {
  /// The error as a program shows it.
  public var userFacingError: UserFacingError {
    switch self {
    case .notAnObject: cannotSave("it is not a JSON object")
    case .wrongType(let member): cannotSave("\(member) is not a string")
    }
  }
}

extension LoginRecordError: UserFacingErrorConvertible {
  /// The error as a program shows it.
  public var userFacingError: UserFacingError { cannotSave(description) }
}

extension LoginEditor.Failure: UserFacingErrorConvertible {
  /// The error as a program shows it.
  public var userFacingError: UserFacingError {
    switch self {
    case .noSuchLogin: cannotSave("it was deleted meanwhile")
    case .duplicate: cannotSave("another login has the same site and user name")
    }
  }
}

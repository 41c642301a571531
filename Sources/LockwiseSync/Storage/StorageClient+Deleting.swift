import LockwiseCore

/// The user's confirmation that a collection, or everything, may be deleted: the typed name.
public struct Confirmation: Sendable {
  /// The name of what may be deleted.
  let name: String

  /// Compares the typed name with the required one, byte for byte.
  ///
  /// - Parameters:
  ///   - name: the collection's name; for the whole storage the account's e-mail address.
  ///   - typed: the typed text.
  /// - Returns: `nil` if they differ, or if there is no name.
  public init?(of name: String, typed: String) {
    guard !name.isEmpty, name.utf8.elementsEqual(typed.utf8) else { return nil }
    self.name = name
  }
}

// The only requests that delete more than one record. Neither can be sent without a confirmation.
extension StorageClient {
  /// Deletes a whole collection, without tombstones.
  ///
  /// - Parameters:
  ///   - collection: 1 to 32 of `A-Z a-z 0-9 . _ -`.
  ///   - confirmation: of this collection's name.
  ///   - time: fails with `.preconditionFailed` if the collection was written since.
  /// - Throws: `StorageError`, `.invalidName` if something else was confirmed.
  public func deleteCollection(
    _ collection: String, _ confirmation: Confirmation, unmodifiedSince time: Timestamp
  ) throws {
    guard confirmation.name == collection else { throw StorageError.invalidName }
    _ = try write("DELETE", path(of: collection), body: nil, .unmodifiedSince(time))
  }

  /// Deletes everything that the account has on the storage server.
  ///
  /// - Parameters:
  ///   - account: the account's e-mail address.
  ///   - confirmation: of this address.
  ///   - time: fails with `.preconditionFailed` if anything was written since.
  /// - Throws: `StorageError`, `.invalidName` if something else was confirmed.
  public func deleteEverything(
    of account: String, _ confirmation: Confirmation, unmodifiedSince time: Timestamp
  ) throws {
    guard confirmation.name == account else { throw StorageError.invalidName }
    _ = try write("DELETE", "/storage", body: nil, .unmodifiedSince(time))
  }
}

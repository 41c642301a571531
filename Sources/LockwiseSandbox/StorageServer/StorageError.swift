/// A refusal of the storage server: status, and the bare number that is its body.
struct StorageError: Error {
  let status: Int
  /// Code of the Sync storage API ("response codes"); nil for an empty body.
  var code: Int? = 0
  /// `X-Last-Modified`, where the answer has one.
  var lastModified: SyncTime?
  var headers: [(name: String, value: String)] = []
  /// For the request log.
  var note: String?

  static let badRequest = StorageError(status: 400)
  static let invalidRecord = StorageError(status: 400, code: 8)
  static let tooLarge = StorageError(status: 400, code: 17)
  static let notFound = StorageError(status: 404)
  static let methodNotAllowed = StorageError(status: 405)
  static let overQuota = StorageError(status: 403, code: 14)
  static let bodyTooLarge = StorageError(status: 413, code: 17)
  static let notAcceptable = StorageError(status: 406)
  static let unsupportedType = StorageError(status: 415)
}

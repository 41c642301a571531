/// An error response of the storage server: a status, and a number as its body.
struct StorageError: Error {
  let status: Int
  /// The response code of the Sync storage API; nil for an empty body.
  var code: Int? = 0
  /// The value of `X-Last-Modified`, if the response has one.
  var lastModified: SyncTime?
  var headers: [(name: String, value: String)] = []
  /// The remark for the request log.
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

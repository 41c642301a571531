/// An error response of the token server.
struct TokenError: Error {
  /// The `status` member of the body.
  let word: String
  var status = 401
  var name = "Authorization"
  var description = "Unauthorized"

  static let invalidCredentials = TokenError(word: "invalid-credentials")
  static let invalidKeyID = TokenError(word: "invalid-key-id", name: "X-KeyID")
  static let invalidClientState = TokenError(word: "invalid-client-state", name: "X-Client-State")
  static let invalidGeneration = TokenError(word: "invalid-generation")
  static let invalidKeysChangedAt = TokenError(word: "invalid-keysChangedAt", name: "X-KeyID")
  static let newUsersDisabled = TokenError(word: "new-users-disabled", status: 403)

  /// Makes the error that the switch `token.error` forces.
  init(forced word: String, status: Int?) {
    self.word = word
    let usual = ["new-users-disabled": 403, "error": 503, "internal-error": 500]
    self.status = status ?? usual[word] ?? 401
  }

  init(word: String, status: Int = 401, name: String = "Authorization") {
    self.word = word
    self.status = status
    self.name = name
  }

  /// The body of the response.
  var body: JSON {
    [
      "status": .string(word),
      "errors": [
        ["location": "header", "name": .string(name), "description": .string(description)]
      ],
    ]
  }
}

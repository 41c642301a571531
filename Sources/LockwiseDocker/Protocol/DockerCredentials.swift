import LockwiseCore

/// The credentials of a registry, as docker sends and reads them: a JSON object of `ServerURL`, `Username` and `Secret`.
struct DockerCredentials: Equatable, Sendable {
  /// The server URL.
  let server: ServerURL
  /// The user name; `<token>` if the secret is an identity token.
  let username: String
  /// The password or token.
  let secret: SecretBytes

  /// A reason why an input has no credentials. It contains nothing of the input.
  enum Malformed: Error, Equatable {
    /// It is not a JSON object.
    case notAnObject
    /// A member is not a string.
    case notAString(String)
    /// The secret is missing or empty, and Firefox supports no empty passwords.
    case noSecret
    /// The user name or the secret contains a NUL byte.
    case nullByte
    /// The server URL is not a URL of http or https.
    case badServerURL
  }

  /// Makes credentials.
  init(server: ServerURL, username: String, secret: SecretBytes) {
    self.server = server
    self.username = username
    self.secret = secret
  }

  /// Reads the credentials that docker stores. Unknown members are ignored.
  ///
  /// - Parameter input: the JSON text.
  /// - Throws: `DockerFailure`; `Malformed`.
  init(parsing input: SecretBytes) throws {
    guard let object = try? JSONObject(parsing: input) else { throw Malformed.notAnObject }
    server = try ServerURL(Self.string("ServerURL", in: object)?.exposedText() ?? "")
    username = try Self.string("Username", in: object)?.exposedText() ?? ""
    guard !ServerURL.trimmed(username).isEmpty else { throw DockerFailure.noUsername }
    guard server.origin != nil else { throw Malformed.badServerURL }
    guard let secret = try Self.string("Secret", in: object), !secret.isEmpty else { throw Malformed.noSecret }
    guard !username.utf8.contains(0), !secret.withUnsafeBytes({ $0.contains(0) }) else { throw Malformed.nullByte }
    self.secret = secret
  }

  private static func string(_ name: String, in object: JSONObject) throws -> SecretBytes? {
    guard let value = object[name], !value.isNull else { return nil }
    guard let text = value.secret else { throw Malformed.notAString(name) }
    return text
  }

  /// The JSON text and a line feed.
  var json: SecretBytes {
    var writer = JSONObjectWriter()
    writer.member("ServerURL", server.text)
    writer.member("Username", username)
    writer.member("Secret", secret: secret)
    return .concatenating([writer.finish(), SecretBytes(utf8: "\n")])
  }
}

extension DockerCredentials.Malformed {
  /// A short phrase for messages.
  var text: String {
    switch self {
    case .notAnObject: "the input is not a JSON object"
    case .notAString(let member): "\(member) is not a string"
    case .noSecret: "there is no secret"
    case .nullByte: "the user name or the secret contains a NUL byte"
    case .badServerURL: "the server URL is invalid"
    }
  }
}

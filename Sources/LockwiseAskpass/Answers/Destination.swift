import Glibc
import LockwiseCLI
import LockwiseCore
import LockwiseGit

/// What a question's answer is for: the origin, user name and realm of a login.
struct Destination {
  /// The origin of the login.
  let origin: Origin
  /// The required user name; `nil` accepts any.
  let username: String?
  /// The user name of a new login.
  let newUsername: String
  /// The realm of a new login.
  let realm: String
  /// The settings that apply.
  let git: GitQuestion

  /// Makes the destination of an account.
  private init(_ origin: Origin, _ username: String, realm: String, _ context: HelperContext) {
    self.init(origin, username: username, newUsername: username, realm: realm, Self.settings(origin, context))
  }

  private init(_ origin: Origin, username: String?, newUsername: String, realm: String, _ git: GitQuestion) {
    self.origin = origin
    self.username = username
    self.newUsername = newUsername
    self.realm = realm
    self.git = git
  }

  /// Finds the destination of a question.
  ///
  /// - Throws: `Unanswered` if it is unknown or not certain.
  init(of context: PromptContext) throws {
    switch context.question {
    case .sshPassword(let user, let host, _):
      guard let asker = context.asker else { throw Unanswered.otherAsker }
      let probe = SSHProbe(context.helper.configuration.environment)
      guard let origin = probe.origin(of: SSHAccount(user: user, host: host), asker: asker) else {
        throw Unanswered.hostNotProven
      }
      self.init(ssh: origin, user: user, context.helper)
    case .keyPassphrase(let prompt):
      let key: KeyFingerprint
      do throws(KeyFileError) {
        key = try KeyFingerprint(of: prompt, asker: context.asker)
      } catch {
        throw Unanswered.key(error)
      }
      guard let destination = Destination(key: key, context.helper) else { throw Unanswered.noDestination }
      self = destination
    case .sudoPassword(let user):
      guard let user = user ?? context.helper.configuration.environment["LOGNAME"],
        let destination = Destination(sudo: user, context.helper)
      else { throw Unanswered.noDestination }
      self = destination
    case .gitUserName(let url), .gitPassword(let url):
      let git = GitQuestion(
        scheme: url.scheme, host: url.host, username: url.username, path: url.path, context: context.helper)
      self.init(
        url.origin, username: url.username, newUsername: url.username ?? "",
        realm: url.path.map(GitRealm.realm) ?? GitRealm.wholeHost, git)
    default: throw Unanswered.notAnswerable
    }
  }

  /// The destination of an ssh account.
  init(ssh origin: Origin, user: String, _ context: HelperContext) {
    self.init(origin, user, realm: "ssh", context)
  }

  /// The destination of a key; `nil` if the fingerprint is invalid.
  init?(key: KeyFingerprint, _ context: HelperContext) {
    guard let origin = Origin(key.origin) else { return nil }
    self.init(
      origin, username: nil, newUsername: key.comment ?? "", realm: "ssh-key", Self.settings(origin, context))
  }

  /// The destination of sudo on this machine; `nil` if the machine's name is invalid.
  init?(sudo user: String, _ context: HelperContext) {
    guard let machine = Self.machine, let origin = Origin(scheme: "sudo", authority: machine) else { return nil }
    self.init(origin, user, realm: "sudo", context)
  }

  /// The name of this machine (uname(2), `nodename`).
  static var machine: String? {
    var names = utsname()
    guard uname(&names) == 0 else { return nil }
    let name = withUnsafeBytes(of: &names.nodename) { Array($0.prefix { $0 != 0 }) }
    return name.isEmpty ? nil : String(validating: name, as: UTF8.self)
  }

  private static func settings(_ origin: Origin, _ context: HelperContext) -> GitQuestion {
    GitQuestion(
      scheme: origin.scheme, host: origin.host + (origin.port.map { ":\($0)" } ?? ""), username: nil, path: nil,
      context: context)
  }

  /// The name of the destination, for questions to the user.
  var name: String {
    switch origin.scheme {
    case "ssh": "\(newUsername)@" + origin.serialized.dropFirst("ssh://".count)
    case "ssh-key": "this key"
    case "sudo": "\(newUsername) on \(origin.host)"
    default: "\(newUsername) at \(origin.serialized)"
    }
  }
}

import LockwiseCLI
import LockwiseCore

/// docker, whose configuration names the program that keeps its logins (docker-login(1), "Credential stores").
struct DockerStep: SetupStep {
  private static let helper = "docker-credential-lockwise"
  private static let member = "credsStore"
  private static let value = "lockwise"

  let name = StepName.docker
  let context: SetupContext

  private var path: String {
    (context.environment["DOCKER_CONFIG"] ?? context.home + "/.docker") + "/config.json"
  }

  var manualChange: String {
    "set this member in \(context.shown(path)) yourself: \"\(Self.member)\": \"\(Self.value)\""
  }

  /// Logins in the file are no longer used then, so the user decides.
  var isRecommended: Bool { loginCount == 0 }

  /// The number of logins in the file itself.
  private var loginCount: Int {
    guard let object = try? JSONObjectText(UserFile(path).text) else { return 0 }
    let logins = object.members.last { $0.name == "auths" }?.value.object?.members ?? []
    return logins.count { login in
      ["auth", "identitytoken"].contains { login.value.object?[$0]?.string?.isEmpty == false }
    }
  }

  func state() -> StepState {
    guard context.search.find("docker") != nil else { return .missing(program: "docker") }
    guard let program = context.program(Self.helper) else { return .missing(program: Self.helper) }
    // docker finds it by its name only.
    guard context.search.find(Self.helper) != nil else {
      return .unavailable(
        "\(Self.helper) is not in a folder of PATH",
        remedy: "add \(context.shown(String(program.dropLast(Self.helper.count + 1)))) to PATH")
    }
    let text: SecretBytes
    do throws(UserFile.Failure) {
      text = try UserFile(path).text
    } catch {
      return .unavailable("cannot read \(context.shown(error.path)): \(error.reason)")
    }
    guard let object = try? JSONObjectText(text) else {
      return .unavailable("\(context.shown(path)) is not valid JSON")
    }
    // docker ignores the case of names, and the last member applies (Go's encoding/json).
    let store = object.members.last { $0.name.lowercased() == Self.member.lowercased() }
    guard let store else { return .notSetUp }
    guard let value = store.value.string else { return .other("\(Self.member) in \(context.shown(path))") }
    return value == Self.value
      ? .setUp(context.shown(path)) : .other("\(Self.member) \"\(value)\" in \(context.shown(path))")
  }

  func proposal() -> String {
    let count = loginCount
    return "adds \"\(Self.member)\": \"\(Self.value)\" to \(context.shown(path)): docker keeps its logins in the vault"
      + (count > 0 ? ". It no longer uses the \(Quantity.of(count, "login")) in that file: sign in again" : "")
  }

  func apply() throws -> [String] {
    let file = try UserFile(path)
    let insertion: JSONObjectText.Insertion
    do {
      insertion = try JSONObjectText(file.text).insertion(of: Self.member, Self.value)
    } catch {
      throw UserFacingError("cannot change \(context.shown(path)): it is not valid JSON", exitCode: .failure)
    }
    try context.add(
      TextInsertion(position: insertion.position, bytes: insertion.bytes), to: file, as: .secret, for: name)
    return []
  }

  func revert(_ change: SetupChange) throws -> Reversion {
    try context.remove(
      change,
      isEmpty: { text in
        text.isBlank || (try? JSONObjectText(text))?.isEmpty == true
      },
      edited: { text in
        guard let object = try? JSONObjectText(text), let range = object.removal(of: Self.member, Self.value) else {
          return nil
        }
        return text.removing(range)
      })
  }
}

import Foundation

/// A user of the sandbox's sign-in page, without a browser.
struct PageClient {
  private let target: String
  private let control: ControlClient

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  init(address: String, port: UInt16) throws {
    guard let start = address.range(of: "/authorization?") else {
      throw Failure(description: "no address of the page: \(address)")
    }
    target = String(address[start.lowerBound...])
    control = ControlClient(port: port)
    _ = try control.send("GET", target)
  }

  /// Signs in.
  ///
  /// - Returns: the address of the redirect.
  func signIn(email: String = SandboxProcess.email, password: String = SandboxProcess.password) throws -> String {
    try post("email=\(Self.encode(email))&password=\(Self.encode(password))")
  }

  /// Cancels the sign-in.
  ///
  /// - Returns: the address of the redirect.
  func cancel() throws -> String { try post("cancel=1") }

  private func post(_ form: String) throws -> String {
    let answer = try control.answer("POST", target, form: form)
    guard let line = answer.split(separator: "\r\n").first(where: { $0.lowercased().hasPrefix("location: ") }) else {
      throw Failure(description: "the page does not lead on: \(answer)")
    }
    return String(line.dropFirst("location: ".count))
  }

  private static func encode(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
  }
}

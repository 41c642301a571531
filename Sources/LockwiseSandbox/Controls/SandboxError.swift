/// A failure to start, load or save the sandbox, or an invalid request to the control surface.
struct SandboxError: Error, CustomStringConvertible {
  /// The message for the user.
  let description: String

  init(_ description: String) { self.description = description }
}

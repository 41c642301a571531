import Glibc
import LockwiseCLI
import LockwiseCore

/// Shows secrets as QR codes, drawn by qrencode(1).
struct QRCode {
  private let context: PassContext

  /// Makes the display of a run.
  init(_ context: PassContext) { self.context = context }

  /// Shows a QR code in the terminal, or in a window until the user closes it.
  ///
  /// - Parameters:
  ///   - secret: the text, without a line feed at its end.
  ///   - name: what the title of the window calls it.
  ///   - window: whether to open a window.
  /// - Throws: `UserFacingError` if a program is missing or fails.
  func show(_ secret: SecretBytes, called name: String, window: Bool) throws {
    guard window else {
      return try draw(secret, ["-t", "utf8"], output: .descriptor(context.streams.output))
    }
    let viewer = try chooseViewer(title: "pass: \(PrintableText.of(name))")
    let interruption = Interruption()
    interruption.begin()
    guard let folder = PrivateFolder(in: "/dev/shm", prefix: "lockwise-pass.", isShared: true) else {
      throw UserFacingError("cannot make a folder in /dev/shm: \(String(cString: strerror(errno)))", exitCode: .failure)
    }
    defer {
      folder.remove()
      interruption.endReceived()
    }
    // Viewers that read standard input copy it to a file in /tmp.
    let image = folder.path + "/code.png"
    try draw(secret, ["--size", "10", "-o", image], output: .null)
    let outcome = try AttendedProcess.run(
      viewer.name, viewer.arguments + [image], environment: context.environment, in: .root, interruption: interruption)
    guard outcome.ending?.isSuccess == true || outcome.signal != nil else {
      throw UserFacingError("cannot show the QR code: \(viewer.name) failed", exitCode: .failure)
    }
  }

  private func draw(_ secret: SecretBytes, _ arguments: [String], output: ChildProcess.Stream) throws {
    do {
      let ending = try ChildProcess.run(
        "qrencode", arguments, environment: context.environment, input: secret, streams: .init(output: output))
      guard ending.isSuccess else {
        throw UserFacingError("cannot show the QR code: qrencode failed", exitCode: .failure)
      }
    } catch ChildProcess.Failure.notFound {
      throw UserFacingError(
        "cannot show the QR code: cannot find qrencode", hint: "install qrencode", exitCode: .failure)
    }
  }

  /// The viewers that pass uses, in its order.
  private func chooseViewer(title: String) throws -> (name: String, arguments: [String]) {
    guard context.environment["DISPLAY"] != nil || context.environment["WAYLAND_DISPLAY"] != nil else {
      throw PassFailure("Error: No X11 or Wayland display detected")
    }
    // These programs replace what follows a percent sign.
    let title = title.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%")
    let viewers: [(name: String, arguments: [String])] = [
      ("feh", ["-x", "--title", title, "-g", "+200+200"]),
      ("gm", ["display", "-title", title, "-geometry", "+200+200"]),
      ("display", ["-title", title, "-geometry", "+200+200"]),
    ]
    let search = ProgramSearch(context.environment)
    guard let viewer = viewers.first(where: { search.find($0.name) != nil }) else {
      throw UserFacingError(
        "cannot open a window: cannot find feh, gm or display", hint: "install feh", exitCode: .failure)
    }
    return viewer
  }
}

import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

/// The file, folder or standard input that is imported.
package struct ImportSource {
  /// The greatest size of a file, bytes.
  private static let fileLimit = 1 << 30

  private let path: String?
  private let format: TransferFormat?
  private let environment: Environment
  private let progress: (String) -> Void

  /// Makes a source; nothing is read yet.
  ///
  /// - Parameters:
  ///   - path: the path; `-` is standard input.
  ///   - format: the format; `nil` recognises it.
  ///   - environment: the environment of gpg and unzip.
  ///   - progress: is given the progress of work that takes long.
  package init(
    _ path: String, format: TransferFormat?, environment: Environment, progress: @escaping (String) -> Void
  ) {
    self.path = path == "-" ? nil : path
    self.format = format
    self.environment = environment
    self.progress = progress
  }

  /// Reads everything.
  ///
  /// - Parameters:
  ///   - random: makes ids of records without one.
  ///   - body: called with each item in order.
  /// - Returns: the format.
  /// - Throws: `TransferError`; `UserFacingError` if the file cannot be read; any error of `body`.
  package func read(random: some RandomSource, _ body: (ParsedItem) throws -> Void) throws -> TransferFormat {
    guard let path else {
      guard let text = FileDescriptor.readAll(0, limit: Self.fileLimit) else { throw Self.tooLarge("standard input") }
      let format = try recognised(text)
      if format == .onePUX, FormatRecognition.isArchive(text) { throw TransferError.needsPath(.onePUX) }
      try TransferParser.forEachItem(in: text, format: format, random: random, body)
      return format
    }
    let file = lockwise_open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY, 0)
    guard file >= 0 else { throw Self.unreadable(path, errno) }
    defer { close(file) }
    var info = stat()
    guard fstat(file, &info) == 0 else { throw Self.unreadable(path, errno) }
    guard info.st_mode & S_IFMT != S_IFDIR else {
      guard format == nil || format == .pass else { throw Self.unreadable(path, EISDIR) }
      try PassTree(environment: environment, progress: progress).forEachItem(in: file, body)
      return .pass
    }
    guard let text = FileDescriptor.readAll(file, limit: Self.fileLimit) else { throw Self.tooLarge(path) }
    let format = try recognised(text)
    let isArchive = format == .onePUX && FormatRecognition.isArchive(text)
    let data = isArchive ? try OnePUXArchive(environment: environment).data(of: file) : text
    try TransferParser.forEachItem(in: data, format: format, random: random, body)
    return format
  }

  private func recognised(_ text: SecretBytes) throws -> TransferFormat {
    if let format = format ?? FormatRecognition.format(of: text) { return format }
    do {
      _ = try CSVReader(text)
    } catch CSVError.notUTF8(let line) {
      throw TransferError.notUTF8(line: line)
    }
    throw TransferError.unknownFormat
  }

  private static func unreadable(_ path: String, _ number: Int32) -> UserFacingError {
    UserFacingError("cannot read \(path): \(String(cString: strerror(number)))", exitCode: .failure)
  }

  private static func tooLarge(_ path: String) -> UserFacingError {
    UserFacingError("cannot read \(path), or it is larger than 1 GiB", exitCode: .failure)
  }
}

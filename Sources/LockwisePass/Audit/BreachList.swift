import Glibc
import LockwiseCore

/// A list of the passwords of public breaches: a file of lines `SHA-1:COUNT`, sorted by the hexadecimal SHA-1, as
/// Have I Been Pwned publishes it. A password is found by bisection, without reading the rest and without a network.
struct BreachList {
  /// The reason why a list cannot be searched.
  enum Failure: Error, Equatable {
    /// The file cannot be opened or read; the number is `errno`.
    case unreadable(Int32)
    /// It is not a regular file.
    case notAFile
    /// A line is not `SHA-1:COUNT`.
    case format
    /// The lines are not sorted.
    case notSorted
  }

  private static let digitCount = 40
  /// The most bytes of a line with its line end; longer ones are not in the format.
  private static let longestLine = 80

  private let size: Int
  /// Reads some bytes at a position; fewer only at the end.
  private let read: (_ position: Int, _ count: Int) throws(Failure) -> [UInt8]

  /// Makes a list of a given size from a function that reads a part of it.
  init(size: Int, read: @escaping (_ position: Int, _ count: Int) throws(Failure) -> [UInt8]) {
    self.size = size
    self.read = read
  }

  /// Returns how often a password was found in breaches; 0 if it is not in the list.
  ///
  /// - Throws: `Failure`; `CryptoError`.
  func count(of password: SecretBytes) throws -> Int {
    // The digest of a password that is in no list is as secret as the password.
    let digits = Hex.encode(try SHA1.hash(password))
    return try search(for: digits)
  }

  /// A line and its position.
  private struct Line {
    let range: Range<Int>
    let digits: SecretBytes
    let count: Int
  }

  private func search(for digits: SecretBytes) throws(Failure) -> Int {
    var (low, high) = (0, size)
    var (first, last): (SecretBytes?, SecretBytes?) = (nil, nil)
    while low < high {
      let line = try line(at: low + (high - low) / 2)
      if let first, !Self.precedes(first, line.digits) { throw .notSorted }
      if let last, !Self.precedes(line.digits, last) { throw .notSorted }
      if line.digits == digits { return line.count }
      if Self.precedes(digits, line.digits) {
        (high, last) = (line.range.lowerBound, line.digits)
      } else {
        (low, first) = (line.range.upperBound, line.digits)
      }
    }
    return 0
  }

  private static func precedes(_ left: SecretBytes, _ right: SecretBytes) -> Bool {
    left.withUnsafeBytes { left in right.withUnsafeBytes { left.lexicographicallyPrecedes($0) } }
  }

  /// Returns the line that a position is in.
  private func line(at position: Int) throws(Failure) -> Line {
    let start = max(0, position - Self.longestLine)
    let bytes = try read(start, min(size - start, 2 * Self.longestLine))
    guard bytes.count > position - start else { throw .format }
    let isLineEnd: (UInt8) -> Bool = { $0 == UInt8(ascii: "\n") }
    let before = bytes[..<(position - start)].lastIndex(where: isLineEnd)
    guard before != nil || start == 0 else { throw .format }
    let first = before.map { $0 + 1 } ?? 0
    let end = bytes[(position - start)...].firstIndex(where: isLineEnd)
    guard end != nil || start + bytes.count == size else { throw .format }
    let (digits, count) = try Self.parse(bytes[first..<(end ?? bytes.count)])
    return Line(range: start + first..<start + (end.map { $0 + 1 } ?? bytes.count), digits: digits, count: count)
  }

  /// Returns the digest in lower case and the count of a line; a line without a count counts as 1.
  private static func parse(_ line: ArraySlice<UInt8>) throws(Failure) -> (SecretBytes, Int) {
    let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    guard let digest = Hex.decode(line.prefix(digitCount)), digest.count == SHA1.byteCount else { throw .format }
    let digits = SecretBytes(utf8: Hex.encode(digest))
    let rest = line.dropFirst(digitCount)
    guard !rest.isEmpty else { return (digits, 1) }
    guard rest.first == UInt8(ascii: ":"), let count = Int(String(decoding: rest.dropFirst(), as: UTF8.self)), count > 0
    else { throw .format }
    return (digits, count)
  }
}

extension BreachList {
  /// Opens a file and checks its first line. It stays open until the process ends.
  ///
  /// - Throws: `Failure`.
  init(path: String) throws(Failure) {
    let descriptor = FileDescriptor.retrying { open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) }
    guard descriptor >= 0 else { throw .unreadable(errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .unreadable(errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
    self.init(size: Int(status.st_size)) { position, count throws(Failure) in
      try Self.read(descriptor, position, count)
    }
    if size > 0 { _ = try line(at: 0) }
  }

  private static func read(_ descriptor: Int32, _ position: Int, _ count: Int) throws(Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let part = bytes.withUnsafeMutableBytes { buffer in
        FileDescriptor.retrying {
          pread(descriptor, buffer.baseAddress.map { $0 + done }, count - done, off_t(position + done))
        }
      }
      guard part >= 0 else { throw .unreadable(errno) }
      if part == 0 { break }
      done += part
    }
    return Array(bytes[..<done])
  }
}

extension BreachList.Failure: UserFacingErrorConvertible {
  /// The error as a program shows it.
  var userFacingError: UserFacingError {
    switch self {
    case .unreadable(let number):
      UserFacingError("cannot read the breach list: \(String(cString: strerror(number)))", exitCode: .failure)
    case .notAFile: UserFacingError("cannot read the breach list: not a regular file", exitCode: .failure)
    case .format:
      UserFacingError(
        "cannot read the breach list: a line is not SHA-1:COUNT",
        hint: "use the list of SHA-1 digests that is ordered by hash", exitCode: .failure)
    case .notSorted:
      UserFacingError(
        "cannot search the breach list: its lines are not sorted by SHA-1", hint: "sort it: LC_ALL=C sort FILE",
        exitCode: .failure)
    }
  }
}

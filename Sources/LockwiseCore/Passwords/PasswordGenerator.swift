/// Generates random passwords, of which each possible one is equally likely.
public struct PasswordGenerator: Sendable {
  /// The reason why no password can be generated.
  public enum Failure: Error, Equatable, Sendable {
    /// The set has no character.
    case noCharacters
    /// The set includes control characters or bytes outside ASCII, which forms and terminals change or refuse.
    case unsupportedCharacters
    /// The length or the number of words is not between 1 and `longest`.
    case length
  }

  /// The most characters or words.
  static let longest = 4096

  private let characters: [UInt8]

  /// Makes a generator of passwords of these characters.
  ///
  /// - Throws: `Failure.noCharacters` or `Failure.unsupportedCharacters`.
  public init(characters: PasswordCharacters) throws(Failure) {
    self.characters = characters.bytes
    guard !self.characters.isEmpty else { throw .noCharacters }
    guard self.characters.allSatisfy({ (0x20...0x7E).contains($0) }) else { throw .unsupportedCharacters }
  }

  /// Makes a generator of passwords of a set of characters, as tr(1) reads it.
  ///
  /// - Throws: `PasswordCharacters.Failure`; `Failure.noCharacters` or `Failure.unsupportedCharacters`.
  public init(characters set: String) throws { try self.init(characters: try PasswordCharacters(set)) }

  /// Returns a random password.
  ///
  /// - Parameters:
  ///   - length: the number of characters.
  ///   - random: the source of randomness.
  /// - Throws: `Failure.length`; `CryptoError.unavailable` if no random bytes are available.
  public func password(length: Int, random: some RandomSource) throws -> SecretBytes {
    guard (1...Self.longest).contains(length) else { throw Failure.length }
    var numbers = UniformNumbers(random: random)
    return try SecretBytes(count: length) { password in
      for position in 0..<length { password[position] = characters[try numbers.next(below: characters.count)] }
    }
  }

  /// Returns random words with hyphens between them. Each word adds 11 bits.
  ///
  /// - Parameters:
  ///   - count: the number of words.
  ///   - random: the source of randomness.
  /// - Throws: `Failure.length`; `CryptoError.unavailable` if no random bytes are available.
  public static func words(_ count: Int, random: some RandomSource) throws -> SecretBytes {
    guard (1...longest).contains(count) else { throw Failure.length }
    let words = PasswordWords.all
    var numbers = UniformNumbers(random: random)
    var builder = SecretBuilder(capacity: count * 9)
    for index in 0..<count {
      if index > 0 { builder.append(UInt8(ascii: "-")) }
      builder.append(UnsafeRawBufferPointer(words[try numbers.next(below: words.count)]))
    }
    return builder.finish()
  }
}

extension PasswordGenerator.Failure: UserFacingErrorConvertible {
  /// The error as a program shows it.
  public var userFacingError: UserFacingError {
    let reason =
      switch self {
      case .noCharacters: "the character set is empty"
      case .unsupportedCharacters: "the character set includes characters other than printable ASCII"
      case .length: "the length must be between 1 and \(PasswordGenerator.longest)"
      }
    return UserFacingError("cannot generate a password: \(reason)", exitCode: .failure)
  }
}

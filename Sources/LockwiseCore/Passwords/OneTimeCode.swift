/// A generator of one-time codes: TOTP (RFC 6238), HOTP (RFC 4226) or Steam's variant of TOTP.
///
/// Steam is written in three ways: `issuer=Steam`, `encoder=steam` (KeePassXC) and `steam://SECRET` (Bitwarden).
public struct OneTimeCode: Sendable {
  /// The reason why no codes can be generated.
  public enum Failure: Error, Equatable, Sendable {
    /// The line is not a valid URI.
    case invalid(OTPAuthURI.Failure)
    /// The secret is not Base32 of at least one byte.
    case invalidSecret
    /// `algorithm` is not SHA1, SHA256 or SHA512.
    case unsupportedAlgorithm
    /// `digits` is not a number from 6 to 10.
    case unsupportedDigits
    /// `period` is not a positive number.
    case invalidPeriod
    /// `counter` is larger than a counter can be.
    case invalidCounter
  }

  /// The number that a code depends on, together with the secret.
  private enum Moving: Sendable {
    case time(period: Seconds)
    case counter(UInt64)
  }

  /// The form of a code.
  private enum Format: Sendable {
    case decimal(digits: Int)
    case steam
  }

  /// The URI of the generator.
  public let uri: OTPAuthURI
  private let secret: SecretBytes
  private let digest: HMACDigest
  private let moving: Moving
  private let format: Format

  /// Reads the generator that a line describes.
  ///
  /// - Throws: `Failure` for an invalid line or a variant that is not supported.
  public init(line: SecretBytes) throws(Failure) {
    do throws(OTPAuthURI.Failure) {
      uri = try OTPAuthURI(line)
    } catch {
      throw .invalid(error)
    }
    guard let secret = Self.secret(of: uri), !secret.isEmpty else { throw .invalidSecret }
    self.secret = secret
    if uri.isSteam {
      (digest, moving, format) = (.sha1, .time(period: Self.usualPeriod), .steam)
    } else {
      digest = try Self.digest(of: uri)
      moving = try Self.moving(of: uri)
      format = .decimal(digits: try Self.digits(of: uri))
    }
  }

  /// The counter that the next code belongs to is one more than this; `nil` if codes depend on the time.
  var counter: UInt64? { if case .counter(let counter) = moving { counter } else { nil } }

  /// The span for which a code is valid; `nil` if codes depend on a counter.
  public var period: Seconds? { if case .time(let period) = moving { period } else { nil } }

  /// The generator with the counter increased by one, whose `code` is the next to use; `nil` if codes depend on the time
  /// or the counter is at its end.
  public var next: OneTimeCode? {
    guard let counter, counter < UInt64.max else { return nil }
    return try? OneTimeCode(line: uri.replacingCounter(counter + 1).text)
  }

  /// Returns the code of a time, or of the present counter.
  ///
  /// - Parameter time: the time since 1970; ignored if codes depend on a counter.
  /// - Throws: `CryptoError.unavailable` if libcrypto refuses.
  public func code(at time: Seconds) throws -> SecretBytes {
    let factor: UInt64 =
      switch moving {
      case .time(let period): UInt64(max(0, time.rawValue) / period.rawValue)
      case .counter(let counter): counter
      }
    let message = SecretBytes(count: 8) { $0.storeBytes(of: factor.bigEndian, as: UInt64.self) }
    let code = try digest.authenticationCode(for: message, key: secret)
    return Self.text(code.withUnsafeBytes(Self.truncated), format)
  }

  /// Returns the span for which the code of a time remains valid, at least one second; `nil` if codes depend on a
  /// counter.
  ///
  /// - Parameter time: the time since 1970.
  public func timeLeft(at time: Seconds) -> Seconds? {
    period.map { $0 - Seconds(max(0, time.rawValue) % $0.rawValue) }
  }
}

extension OneTimeCode {
  private static let usualPeriod: Seconds = 30
  private static let steamLetters = Array("23456789BCDFGHJKMNPQRTVWXY".utf8)

  /// Returns the 31 bits that the last half byte selects (RFC 4226 section 5.3).
  private static func truncated(_ code: UnsafeRawBufferPointer) -> UInt64 {
    let offset = Int(code[code.count - 1] & 0x0F)
    let word = code.loadUnaligned(fromByteOffset: offset, as: UInt32.self).bigEndian
    return UInt64(word & 0x7FFF_FFFF)
  }

  private static func text(_ value: UInt64, _ format: Format) -> SecretBytes {
    switch format {
    case .decimal(let digits):
      SecretBytes(count: digits) { text in
        var rest = value
        for position in (0..<digits).reversed() {
          text[position] = UInt8(ascii: "0") + UInt8(rest % 10)
          rest /= 10
        }
      }
    case .steam:
      SecretBytes(count: 5) { text in
        var rest = value
        for position in 0..<5 {
          text[position] = steamLetters[Int(rest % 26)]
          rest /= 26
        }
      }
    }
  }

  /// Returns the decoded secret. A URI may encode its spaces and its padding.
  private static func secret(of uri: OTPAuthURI) -> SecretBytes? {
    guard let value = uri.value(.secret) else { return nil }
    var builder = SecretBuilder(capacity: value.count)
    value.withUnsafeBytes { bytes in
      var position = 0
      while position < bytes.count {
        let octet = PercentEncoding.octet(in: bytes, at: position)
        let byte = bytes[position] == UInt8(ascii: "+") ? UInt8(ascii: " ") : bytes[position]
        builder.append(octet ?? byte)
        position += octet == nil ? 1 : 3
      }
    }
    return Base32.decode(builder.finish())
  }

  private static func digest(of uri: OTPAuthURI) throws(Failure) -> HMACDigest {
    switch uri.value(.algorithm).map(OTPAuthParts.text)?.uppercased() {
    case nil, "SHA1", "SHA-1": return .sha1
    case "SHA256", "SHA-256": return .sha256
    case "SHA512", "SHA-512": return .sha512
    default: throw .unsupportedAlgorithm
    }
  }

  private static func digits(of uri: OTPAuthURI) throws(Failure) -> Int {
    guard let value = uri.value(.digits) else { return 6 }
    guard let digits = value.decimal, (6...10).contains(digits) else { throw .unsupportedDigits }
    return Int(digits)
  }

  private static func moving(of uri: OTPAuthURI) throws(Failure) -> Moving {
    switch uri.kind {
    case .hotp:
      guard let counter = uri.counter else { throw .invalidCounter }
      return .counter(counter)
    case .totp:
      guard let value = uri.value(.period) else { return .time(period: usualPeriod) }
      guard let period = value.decimal.flatMap({ Int64(exactly: $0) }), period > 0 else { throw .invalidPeriod }
      return .time(period: Seconds(period))
    }
  }
}

extension OTPAuthURI {
  /// Whether the codes are Steam's.
  var isSteam: Bool {
    kind == .totp
      && (issuer?.lowercased() == "steam" || value(.encoder).map(OTPAuthParts.text)?.lowercased() == "steam")
  }
}

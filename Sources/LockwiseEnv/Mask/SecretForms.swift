import LockwiseCore

/// The forms in which programs write a secret.
struct SecretForms {
  private let secret: SecretBytes

  /// Makes the forms of a secret.
  init(_ secret: SecretBytes) { self.secret = secret }

  /// Calls `body` with the secret and each of its lines, with CR LF as the terminal writes LF (termios(3), ONLCR), and
  /// all of them in JSON and percent-encoded. Forms may be equal.
  func forEachExact(_ body: (UnsafeRawBufferPointer) -> Void) {
    let scratch = WipedArray<UInt8>(capacity: 2 * secret.count)
    forEachPart { part in
      body(part)
      if part.contains(Self.lineFeed) {
        for byte in part {
          if byte == Self.lineFeed { scratch.append(Self.carriageReturn) }
          scratch.append(byte)
        }
        body(scratch.bytes)
        scratch.removeAll()
      }
      for style in JSONEscapes.styles {
        style.write(part, to: scratch)
        body(scratch.bytes)
        scratch.removeAll()
      }
      for style in PercentEscapes.styles {
        style.write(part, to: scratch)
        body(scratch.bytes)
        scratch.removeAll()
      }
    }
  }

  /// Calls `body` with the secret and each of its lines in base64, at each of the three alignments: the characters that
  /// depend on the secret alone.
  func forEachBase64(_ body: (UnsafeRawBufferPointer) -> Void) {
    forEachPart { part in
      for alphabet in [Base64.standard, .urlSafe] {
        for offset in 0..<3 {
          let before = (8 * offset + 5) / 6
          let end = 8 * (offset + part.count) / 6
          var builder = SecretBuilder(capacity: part.count + offset)
          for _ in 0..<offset { builder.append(0) }
          builder.append(part)
          alphabet.encode(builder.finish())[before..<end].withUnsafeBytes(body)
        }
      }
    }
  }

  /// Calls `body` with the secret, then with each line that is long enough and not blank.
  private func forEachPart(_ body: (UnsafeRawBufferPointer) -> Void) {
    secret.withUnsafeBytes { bytes in
      body(bytes)
      var start = 0
      while start < bytes.count {
        let feed = bytes[start...].firstIndex(of: Self.lineFeed) ?? bytes.count
        var end = feed
        while end > start, bytes[end - 1] == Self.carriageReturn { end -= 1 }
        let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
        if line.count >= MaskPatterns.leastCount, line.count < bytes.count, !line.allSatisfy({ $0 == 0x20 || $0 == 9 })
        {
          body(line)
        }
        start = feed + 1
      }
    }
  }

  private static let lineFeed: UInt8 = 0x0A
  private static let carriageReturn: UInt8 = 0x0D
}

import LockwiseCore

/// The file `.netrc` of ftp, curl, git and others (netrc(5) of GNU inetutils; curl, "netrc").
enum Netrc {
  /// Returns whether a text looks like such a file: its first word is `machine`, `default` or `macdef`.
  static func matches(_ text: SecretBytes) -> Bool {
    var scanner = NetrcScanner(text)
    return scanner.word().map { ["machine", "default", "macdef"].contains($0.plain) } ?? false
  }

  /// Reads a file. What is between two entries and not a keyword is ignored, as by other programs.
  static func items(_ text: SecretBytes) throws(TransferError) -> [ParsedItem] {
    guard text.withUnsafeBytes({ UTF8Text.isValid($0) }) else {
      throw .notInFormat(.netrc, reason: "it is not UTF-8")
    }
    var scanner = NetrcScanner(text)
    var items: [ParsedItem] = []
    var open: ForeignItem?
    var isDefault = false
    func close() {
      guard let item = open else { return }
      open = nil
      if isDefault {
        items.append(.refused(ItemRefusal(item.location, name: "default", .noHost)))
      } else {
        items.append(.item(item))
      }
    }
    while let word = scanner.word() {
      switch word.plain {
      case "machine", "default":
        close()
        isDefault = word.plain == "default"
        open = ForeignItem(.line(word.line))
        open?.use = .http
        if !isDefault, let host = scanner.word()?.text.exposedText() { open?.addresses = ["https://" + host] }
      case "login": if let value = scanner.word()?.text.exposedText() { open?.username = value }
      case "password": if let value = scanner.word()?.text { open?.password = value }
      case "port":
        if let value = scanner.word()?.text.exposedText(), let address = open?.addresses.first {
          open?.addresses = [address + ":" + value]
        }
      case "account": _ = scanner.word()
      case "macdef":
        _ = scanner.word()
        scanner.skipMacro()
      default: break
      }
    }
    close()
    return items
  }
}

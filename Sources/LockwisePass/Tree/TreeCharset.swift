import LockwiseCore

/// The lines of a tree in a character set, as tree(1) draws them.
///
/// tree(1) has a table of names for each set of lines and ignores case in them. All other names get lines of ASCII.
enum TreeCharset: Equatable {
  case ascii
  case utf8
  case latin
  case codePage
  case koi8
  case eucJapanese
  case eucKorean
  case shiftJIS
  case iso2022Japanese
  case gb2312
  case big5

  /// Selects the lines: for `TREE_CHARSET` if it is set, even if it is empty, else for the locale's character set.
  init(_ environment: Environment) {
    if let name = environment.value("TREE_CHARSET") {
      self.init(name: name)
    } else {
      self.init(locale: environment["LC_ALL"] ?? environment["LC_CTYPE"] ?? environment["LANG"] ?? "C")
    }
  }

  /// Selects the lines for a character set's name in any case.
  init(name: String) {
    let name = name.lowercased()
    self = Self.names.first { $0.names.contains(name) }?.charset ?? .ascii
  }

  /// Selects the lines for a locale's name, such as `de_DE.UTF-8@euro` (locale(7)). A locale whose name contains no
  /// character set gets lines of ASCII.
  init(locale: String) {
    guard let dot = locale.utf8.firstIndex(of: UInt8(ascii: ".")) else {
      self = .ascii
      return
    }
    // glibc ignores case and punctuation in this part.
    let set = locale[locale.utf8.index(after: dot)...].prefix { $0 != "@" }
    let letters = String(set.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) })
    switch letters {
    case "iso88591", "88591", "iso88593", "iso88597", "iso88598", "iso88599": self = .latin
    case "ujis": self = .eucJapanese
    case "sjis": self = .shiftJIS
    default:
      let known = Self.names.first { $0.names.contains { $0.filter { $0.isLetter || $0.isNumber } == letters } }
      self = known?.charset ?? .ascii
    }
  }

  /// The lines of one line of a tree.
  struct Lines {
    /// Before a name with others below it in its folder.
    let branch: [UInt8]
    /// Before the last name of its folder.
    let last: [UInt8]
    /// Under a branch, before the names of its folder.
    let bar: [UInt8]
    /// Under the last name, before the names of its folder.
    let gap = Array("    ".utf8)

    init(_ branch: [UInt8], _ last: [UInt8], _ bar: [UInt8]) {
      self.branch = branch + Array(" ".utf8)
      self.last = last + Array(" ".utf8)
      self.bar = bar
    }
  }

  /// The lines of the character set.
  var lines: Lines {
    switch self {
    case .ascii: Lines(Array("|--".utf8), Array("`--".utf8), Array("|   ".utf8))
    case .utf8:
      Lines(
        Array("\u{251C}\u{2500}\u{2500}".utf8), Array("\u{2514}\u{2500}\u{2500}".utf8),
        Array("\u{2502}\u{A0}\u{A0} ".utf8))
    case .latin: Lines(Array("|--".utf8), Array("&middot;--".utf8), Array("|   ".utf8))
    case .codePage: Lines([0xC3, 0xC4, 0xC4], [0xC0, 0xC4, 0xC4], [0xB3, 0x20, 0x20, 0x20])
    case .koi8: Lines([0x86, 0x80, 0x80], [0x84, 0x80, 0x80], [0x81, 0x20, 0x20, 0x20])
    case .eucJapanese: Lines([0xA8, 0xA7], [0xA8, 0xA6], [0xA8, 0xA2, 0x20, 0x20])
    case .eucKorean: Lines([0xA6, 0xA7], [0xA6, 0xA6], [0xA6, 0xA2, 0x20, 0x20])
    case .shiftJIS: Lines([0x84, 0xA5], [0x84, 0xA4], [0x84, 0xA0, 0x20, 0x20])
    case .iso2022Japanese:
      Lines(Array("\u{1B}$B('\u{1B}(B".utf8), Array("\u{1B}$B(&\u{1B}(B".utf8), Array("\u{1B}$B(\"\u{1B}(B  ".utf8))
    case .gb2312: Lines([0xA9, 0xC0], [0xA9, 0xB8], [0xA9, 0xA6, 0x20, 0x20])
    case .big5: Lines([0xA2, 0x75], [0xA2, 0x7C], [0xA2, 0x78, 0x20, 0x20])
    }
  }

  /// The names that tree(1) 2.1 knows, in lower case.
  static let names: [(charset: TreeCharset, names: [String])] = [
    (.utf8, ["utf-8", "utf8"]),
    (
      .latin,
      [
        "iso-8859-1", "iso-8859-1:1987", "iso_8859-1", "latin1", "l1", "ibm819", "cp819", "csisolatin1", "iso-8859-3",
        "iso_8859-3:1988", "iso_8859-3", "latin3", "csisolatin3", "iso-8859-7", "iso_8859-7:1987", "iso_8859-7",
        "elot_928", "ecma-118", "greek", "greek8", "csisolatingreek", "iso-8859-8", "iso_8859-8:1988", "iso-ir-138",
        "iso_8859-8", "hebrew", "csisolatinhebrew", "iso-8859-9", "iso_8859-9:1989", "iso-ir-148", "iso_8859-9",
        "latin5", "l5", "csisolatin5",
      ]
    ),
    (
      .codePage,
      [
        "ibm437", "cp437", "437", "cspc8codepage437", "ibm852", "cp852", "852", "cspcp852", "ibm863", "cp863", "863",
        "csibm863", "ibm855", "cp855", "855", "csibm855", "ibm865", "cp865", "865", "csibm865", "ibm866", "cp866",
        "866",
        "csibm866", "ibm850", "cp850", "850", "cspc850multilingual", "ibm00858", "cp00858", "ccsid00858",
        "pc-multilingual-850+euro", "ibm869", "cp869", "869", "cp-gr", "csibm869",
      ]
    ),
    (.koi8, ["koi8-r", "koi8-u", "cskoi8r"]),
    (.eucJapanese, ["euc-jp", "extended_unix_code_packed_format_for_japanese", "cseucpkdfmtjapanese"]),
    (.eucKorean, ["euc-kr", "cseuckr"]),
    (.shiftJIS, ["shift_jis", "ms_kanji", "csshiftjis"]),
    (.iso2022Japanese, ["iso-2022-jp", "iso-2022-jp-2", "csiso2022jp", "csiso2022jp2"]),
    (.gb2312, ["gb2312", "csgb2312"]),
    (.big5, ["big5", "csbig5"]),
  ]
}

import LockwiseCore
import Testing

@testable import LockwisePass

/// The lines of trees by character set.
@Suite struct TreeCharsetTests {
  @Test(arguments: [
    (["TREE_CHARSET": "UTF-8"], TreeCharset.utf8), (["TREE_CHARSET": "uTf8", "LC_ALL": "C"], .utf8),
    (["TREE_CHARSET": "ISO-8859-1", "LC_ALL": "C.UTF-8"], .latin), (["TREE_CHARSET": "latin1"], .latin),
    (["TREE_CHARSET": "", "LC_ALL": "C.UTF-8"], .ascii), (["TREE_CHARSET": "US-ASCII", "LANG": "C.UTF-8"], .ascii),
    (["TREE_CHARSET": "ISO-8859-15"], .ascii), (["TREE_CHARSET": "KOI8-R"], .koi8),
    (["TREE_CHARSET": "CP437"], .codePage),
    (["TREE_CHARSET": "EUC-JP"], .eucJapanese), (["LANG": "C.UTF-8"], .utf8), (["LANG": "de_DE.utf8"], .utf8),
    (["LANG": "de_DE.UTF-8@euro"], .utf8), (["LANG": "de_DE.ISO-8859-1"], .latin), (["LANG": "de_DE.iso88591"], .latin),
    (["LANG": "de_DE.ISO-8859-15@euro"], .ascii), (["LANG": "ru_RU.KOI8-R"], .koi8),
    (["LANG": "ja_JP.eucJP"], .eucJapanese),
    (["LANG": "ja_JP.ujis"], .eucJapanese), (["LANG": "zh_TW.Big5"], .big5), (["LANG": "C"], .ascii), ([:], .ascii),
    (["LANG": "POSIX"], .ascii), (["LC_CTYPE": "UTF-8"], .ascii), (["LC_ALL": "C", "LANG": "en_US.UTF-8"], .ascii),
    (["LC_ALL": "", "LC_CTYPE": "C", "LANG": "en_US.UTF-8"], .ascii), (["LC_CTYPE": "C.UTF-8", "LANG": "C"], .utf8),
  ])
  func selection(variables: [String: String], charset: TreeCharset) {
    #expect(TreeCharset(Environment(variables)) == charset)
  }
}

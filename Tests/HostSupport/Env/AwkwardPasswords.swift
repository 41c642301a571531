/// Passwords that quoting, an encoding or a shell could change.
enum AwkwardPasswords {
  /// The passwords; none contains NUL.
  static let all: [String] = [
    "it's", "''", "\"double\" \"", "'\"`'", "$HOME ${HOME} $(id) $$", "`id`", "a\\", "\\\\'\\", "\\n\\t\\x41",
    "\nfirst", "last\n",
    "\n\n", "line 1\nline 2\r\n\tline 3", "\r", "-n", "--help", " blanks at both ends ", "#comment # x",
    "!history !! !$",
    "* ? [a-z] ~ {a,b}", (1...31).filter { $0 != 10 }.map { String(Unicode.Scalar(UInt8($0))) }.joined() + "\u{7F}",
    "\u{85}\u{2028}\u{2029}\u{FEFF}", "🔑 ünïcödé 漢字", String(repeating: "0123456789'\\\n$", count: 7_100),
    "lockwise://example.com/user0 {{ lockwise://example.com/user1 }}", "=;&|<>()%^", "false\n",
  ]

  /// The logins of a vault, `user0`, `user1` and so on.
  static var logins: [EnvHome.Login] { all.enumerated().map { .init(username: "user\($0)", password: $1) } }

  /// A file of references for them, `V0`, `V1` and so on.
  static var file: String { all.indices.map { "V\($0)=lockwise://example.com/user\($0)\n" }.joined() }
}

import LockwiseCLI
import LockwiseCore

/// The help and the version of the program, for which no vault is needed.
enum ProgramInformation {
  /// Returns the text that a command prints; `nil` if it does something else.
  ///
  /// - Parameters:
  ///   - command: the first argument.
  ///   - program: the name that the program was called by.
  static func text(of command: String, program: String) -> String? {
    switch command {
    case "help", "--help", "-h": help(of: program)
    case "version", "--version": version
    default: nil
    }
  }

  /// The version. Scripts take a text with pass's title for the real pass, which has files.
  static var version: String {
    "lockwise-pass \(Version.current) (\(CryptoLibrary.version), \(VaultFile.libraryVersion))\n"
  }

  /// Returns the help. Scripts look for the words "pass: the standard unix password manager" in it.
  private static func help(of program: String) -> String {
    """
    usage: \(program) [<command>] [<options>] [<name>]

    The passwords saved in Firefox, with the command line of
    pass: the standard unix password manager.

    commands:
      show NAME              print an entry: the password, then its notes (default)
      ls [FOLDER]            list the names
      find NAME...           list the entries that match names
      grep [OPTIONS] TEXT    search all entries, with grep's options
      insert NAME            save a password that you type
      edit NAME              change an entry in your editor
      generate NAME [LENGTH] save a random password
      rm NAME                delete an entry, or with -r a folder
      mv OLD NEW             rename an entry or a folder
      cp OLD NEW             copy an entry or a folder
      otp NAME               print a one-time code; see otp help
      tail NAME              print an entry without its password
      history NAME           list the former passwords of an entry
      audit [FOLDER]         report reused, weak and old passwords
      pick                   select an entry in a menu
      shadow -- COMMAND      run a program that expects pass's folder of files
      sync                   pull and push
      git pull|push|status   run lockwise-sync pull, push or status
      init GPG-ID            check that an account is signed in
      help                   show this help; also --help, -h
      version                show the version; also --version

    options:
      show: -c[LINE], --clip[=LINE]     copy the line to the clipboard (the first by default)
            -q[LINE], --qrcode[=LINE]   show the line as a QR code
            --window                    show the QR code in a window
            -o, --password              print the password only
            --field KEY                 print one field: login, url, otp or a key in the notes
            --json                      print the entry as JSON
      ls:   --flat                      print one full name per line
            --json                      print the names as JSON
      find, grep: --json                print the names as JSON
      insert: -e, --echo                show the password while you type it
              -m, --multiline           read the whole entry from standard input
              -f, --force               replace without asking
              --json                    read password and notes as JSON, as show prints them
              --free                    save an entry of its own, without the site of its url: line
      generate: -n, --no-symbols        use letters and digits only
                --words NUMBER          use this many random words
                -i, --in-place          replace the password of an entry that exists
                -f, --force             replace without asking
                -c, --clip              copy the password to the clipboard
                -q, --qrcode            show the password as a QR code
                --window                show the QR code in a window
      rm:   -r, --recursive             delete a folder
            -f, --force                 delete without asking
      mv, cp: -f, --force               replace without asking
      otp:  -c, --clip                  copy the code to the clipboard
            --qrcode, --window          show the code as a QR code, or that in a window
            -q, --quiet                 do not print how long the code is valid
            --next                      print the code after the current one
            --at TIME                   print the code of another time
      history: -s, --show               print the passwords too
      audit: --older DAYS               report passwords that are older than this too
             --breached FILE            report passwords in this list of breached ones too
             --json                     print the findings as JSON
      pick: -c, --clip                  copy the password to the clipboard (default)
            --type                      type it into the window that has the focus
            --print                     print it
            --otp                       use the one-time code instead of the password

    A program lockwise-pass-NAME on your PATH is the command NAME.

    """
  }
}

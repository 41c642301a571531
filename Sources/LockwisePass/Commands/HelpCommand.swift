import LockwiseCore

/// The command `help`.
struct HelpCommand: PassCommand {
  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    try context.out(Self.text(context.program))
    return .success
  }

  /// The help text. Scripts look for the words "pass: the standard unix password manager" in it.
  static func text(_ program: String) -> String {
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
      audit                  report reused, weak and old passwords
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
      insert: -e, --echo                show the password while you type it
              -m, --multiline           read the whole entry from standard input
              -f, --force               replace without asking
              --json                    read password and notes as JSON, as show prints them
              --free                    save an entry of its own, without the site of its url: line
      rm:   -r, --recursive             delete a folder
            -f, --force                 delete without asking
      mv, cp: -f, --force               replace without asking

    A program lockwise-pass-NAME on your PATH is the command NAME.

    """
  }
}

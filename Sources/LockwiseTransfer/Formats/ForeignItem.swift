import LockwiseCore

/// An item of another program's file, in the terms that all of them share.
package struct ForeignItem: Sendable {
  /// The place in the file.
  package var location: ItemLocation
  /// The folder, without slashes at its ends; empty if there is none.
  package var folder = ""
  /// The title; empty if there is none.
  package var title = ""
  /// The addresses as written: URLs, or hosts without a scheme.
  package var addresses: [String] = []
  /// The user name, which may be empty.
  package var username = ""
  /// The password; empty if there is none.
  package var password = SecretBytes(copying: [])
  /// The one-time code: an `otpauth://` or `steam://` URI, or the secret in Base32; empty if there is none.
  package var oneTimeCode = SecretBytes(copying: [])
  /// Further fields as lines `name: value`.
  package var fields = SecretBytes(copying: [])
  /// The notes.
  package var notes = SecretBytes(copying: [])
  /// The use of the login.
  package var use = Use.website

  /// Makes an item.
  package init(_ location: ItemLocation) { self.location = location }

  /// Reads the columns that 1Password and Apple name alike, in lower case.
  init(titled row: CSVTable.Row) {
    self.init(.line(row.line))
    title = row.text("title")
    addresses = [row.text("url")]
    username = row.text("username")
    password = row["password"]
    oneTimeCode = row["otpauth"]
    notes = row["notes"]
  }

  /// The use of a login.
  package enum Use: Equatable, Sendable {
    /// A form of the web site, or what the scheme of the address demands.
    case website
    /// git and other programs that send a user name and a password with each HTTP request.
    case http
  }
}

/// An item as a format's parser returns it.
package enum ParsedItem: Sendable {
  /// An item of another program.
  case item(ForeignItem)
  /// A login in Firefox's own terms, under its own id if it has one.
  case draft(LoginDraft, guid: String?, ItemLocation)
  /// An entry of pass: its text and its name.
  case entry(SecretBytes, path: String, ItemLocation)
  /// A whole record of the vault.
  case record(LoginRecord, ItemLocation)
  /// An item that is not imported.
  case refused(ItemRefusal)
}

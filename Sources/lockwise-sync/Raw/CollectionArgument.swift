import ArgumentParser
import LockwiseCLI
import LockwiseCore
import LockwiseSync

/// The name of a collection, which may be any valid name.
struct CollectionArgument: ParsableArguments {
  /// The collections of Firefox. Others are accepted, too.
  private static let known = [
    "addons", "addresses", "bookmarks", "clients", "creditcards", "crypto", "extension-storage", "forms", "history",
    "meta", "passwords", "prefs", "tabs",
  ]

  @Argument(help: ArgumentHelp("The collection's name.", valueName: "collection"), completion: .list(known))
  var collection: String

  func validate() throws {
    guard StorageClient.isCollectionName(collection) else {
      throw ValidationError("a collection's name must have 1 to 32 of these characters: A-Z a-z 0-9 . _ -")
    }
  }
}

/// The permission to change the collections that all clients depend on.
struct ForceOption: ParsableArguments {
  @Flag(help: "Allow changes to meta and crypto.")
  var force = false

  /// - Throws: `UserFacingError` for `meta` and `crypto` unless forced.
  func check(_ collection: String) throws {
    guard RawCipher.foundations.contains(collection), !force else { return }
    throw UserFacingError(
      "all clients of the account depend on \(collection); nothing was changed",
      hints: ["add --force to change it anyway"], exitCode: .usage)
  }
}

/// The id of a record.
struct RecordID: ExpressibleByArgument {
  let text: String

  init?(argument: String) {
    guard LoginRecord.isValidID(argument) else { return nil }
    text = argument
  }
}

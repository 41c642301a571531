import ArgumentParser
import LockwiseCore
import LockwiseSync

/// The name of a collection, which may be one that only this program could write to.
struct CollectionArgument: ParsableArguments {
  @Argument(help: ArgumentHelp("The collection's name.", valueName: "collection"))
  var collection: String

  func validate() throws {
    guard StorageClient.isCollectionName(collection) else {
      throw ValidationError("a collection's name is 1 to 32 of A-Z a-z 0-9 . _ -")
    }
  }
}

/// Leave to change what all clients rest on.
struct ForceOption: ParsableArguments {
  @Flag(help: "Change meta or crypto too, which all clients depend on.")
  var force = false

  /// - Throws: `UserFacingError` for `meta` and `crypto` unless forced.
  func check(_ collection: String) throws {
    guard RawCipher.foundations.contains(collection), !force else { return }
    throw UserFacingError(
      "all clients of the account depend on \(collection); nothing was changed",
      hints: ["to change it anyway: --force"], exitCode: .usage)
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

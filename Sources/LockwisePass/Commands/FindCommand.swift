import LockwiseCore

/// Lists the entries that match names, and folders that match with everything below them.
struct FindCommand: PassCommand {
  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    // pass's find has no options: every other argument is a search term.
    let isJSON = arguments.first == "--json"
    let terms = isJSON ? Array(arguments.dropFirst()) : arguments
    guard !terms.isEmpty else { throw context.usage(nil, GetoptArguments(arguments, [.own("json")])) }
    let list = try PassStore(context).list()
    let rows = FindPattern(terms).matches(in: list)[...]
    if isJSON {
      try context.out(NameListing.json(rows, of: list))
    } else {
      let heading = context.printable("Search Terms: " + terms.joined(separator: ","))
      try context.out(context.tree.tree(heading, rows, of: list))
    }
    return .success
  }
}

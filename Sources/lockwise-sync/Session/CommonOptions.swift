import ArgumentParser
import LockwiseCLI
import LockwiseCore

/// The options of every subcommand.
struct CommonOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Print each request to standard error.")
  var verbose = false
}

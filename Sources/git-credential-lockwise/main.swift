import Glibc
import LockwiseCore

ProcessHardening.apply()
exit(CommandLineProgram.run(Array(CommandLine.arguments.dropFirst())).rawValue)

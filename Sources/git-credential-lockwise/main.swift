import Glibc
import LockwiseCLI
import LockwiseGit

ProcessHardening.apply()
exit(GitCredentialProgram.run(Array(CommandLine.arguments.dropFirst())).rawValue)

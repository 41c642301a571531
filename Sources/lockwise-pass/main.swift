import Glibc
import LockwiseCLI
import LockwisePass

ProcessHardening.apply()
exit(PassProgram.run(CommandLine.arguments).rawValue)

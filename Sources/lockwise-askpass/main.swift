import Glibc
import LockwiseAskpass
import LockwiseCLI

ProcessHardening.apply()
exit(AskpassProgram.run(CommandLine.arguments).rawValue)

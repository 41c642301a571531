import Glibc
import LockwiseCLI
import LockwiseDocker

ProcessHardening.apply()
exit(DockerProgram.run(ProcessArguments.bytes).rawValue)

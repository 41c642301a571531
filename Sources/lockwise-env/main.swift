import Glibc
import LockwiseCLI
import LockwiseEnv

// A command that replaces this process gets its state back.
let inherited = InheritedState.recordAndHarden()
exit(EnvProgram.run(ProcessArguments.bytes, inherited: inherited))

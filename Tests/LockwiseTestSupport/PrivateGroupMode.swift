import Glibc
import LockwiseCore

/// Returns whether a mode gives forbidden permissions only to the user's private group, and only to write
/// (`PrivateGroup`). Root has no private group; on many systems every other user has one.
package func isOpenToPrivateGroupAlone(_ mode: Int, _ forbidden: Int = 0o022) -> Bool {
  mode & forbidden == 0o020 && PrivateGroup.isPrivate(getegid())
}

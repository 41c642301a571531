import Foundation

/// A folder that is removed after its test.
package final class TemporaryFolder {
  /// The folder's path, without symbolic links.
  package let path: String

  package init() throws {
    let base = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
    path = base + "/lockwise-\(UUID().uuidString)"
    try make("")
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Makes a subfolder.
  package func make(_ name: String, mode: Int = 0o700) throws {
    let folder = name.isEmpty ? path : path + "/" + name
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    // Not subject to the umask.
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder)
  }

  /// Writes a file in the folder and returns its path.
  @discardableResult
  package func write(_ name: String, _ text: String = "", mode: Int = 0o600) throws -> String {
    try write(name, Data(text.utf8), mode: mode)
  }

  /// Writes a file in the folder and returns its path.
  @discardableResult
  package func write(_ name: String, _ content: Data, mode: Int = 0o600) throws -> String {
    let file = path + "/" + name
    try content.write(to: URL(fileURLWithPath: file))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    return file
  }

  /// Makes a symbolic link in the folder and returns its path.
  @discardableResult
  package func link(_ name: String, to target: String) throws -> String {
    let link = path + "/" + name
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
    return link
  }
}

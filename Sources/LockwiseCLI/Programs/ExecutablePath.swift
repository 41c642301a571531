import Glibc
import LockwiseCore

/// The location of this program's own file.
public enum ExecutablePath {
  /// The path (proc(5), `/proc/self/exe`); `nil` without `/proc`.
  public static var own: String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let length = buffer.withUnsafeMutableBytes { bytes in
      bytes.withMemoryRebound(to: CChar.self) { text in
        text.baseAddress.map { readlink("/proc/self/exe", $0, text.count) } ?? -1
      }
    }
    return length > 0 ? String(decoding: buffer[..<length], as: UTF8.self) : nil
  }
}

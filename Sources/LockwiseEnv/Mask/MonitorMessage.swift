import Glibc
import LockwiseCore

/// A message between the masking process and the monitor of its command.
struct MonitorMessage {
  /// The meaning of a message.
  enum Kind: Int32 {
    /// To the monitor: continue the command in the foreground of its terminal.
    case foreground
    /// To the monitor: continue the command in the background of its terminal.
    case background
    /// To the monitor: send this signal to the command.
    case signal
    /// To the monitor: send this signal to the group of the command.
    case groupSignal
    /// From the monitor: this signal stopped the command.
    case stopped
    /// From the monitor: the command ended with this status of wait(2).
    case ended
    /// From the monitor: the command could not be started, for this error number.
    case failed
  }

  /// The meaning.
  let kind: Kind
  /// The number of a signal, a status or an error number.
  let value: Int32

  /// Makes a message.
  init(_ kind: Kind, _ value: Int32 = 0) {
    self.kind = kind
    self.value = value
  }

  /// Sends the message through a pipe. Messages are shorter than what a pipe writes in one piece.
  func send(to descriptor: Int32) {
    withUnsafeBytes(of: (kind.rawValue, value)) { _ = FileDescriptor.writeAll(descriptor, $0) }
  }

  /// Receives a message; `nil` at the end of the pipe.
  static func receive(from descriptor: Int32) -> MonitorMessage? {
    var fields: (Int32, Int32) = (0, 0)
    let size = MemoryLayout.size(ofValue: fields)
    let count = withUnsafeMutableBytes(of: &fields) { buffer in
      FileDescriptor.retrying { read(descriptor, buffer.baseAddress, size) }
    }
    guard count == size, let kind = Kind(rawValue: fields.0) else { return nil }
    return MonitorMessage(kind, fields.1)
  }
}

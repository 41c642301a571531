/// The way of one output of a command.
struct MaskChannel {
  /// The descriptor that the command's output is read from.
  let source: Int32
  /// The descriptor that it is written to.
  let target: Int32
  /// Whether the source is the master of a pseudo-terminal, which no other process uses when the command has ended.
  let isTerminal: Bool
}

import Glibc

/// The arguments that this process was given, of any bytes. Swift's `CommandLine.arguments` replaces what is not UTF-8.
public enum ProcessArguments {
  /// All arguments, with the program's name in front.
  public static var bytes: [[UInt8]] {
    (0..<Int(CommandLine.argc)).compactMap { index in
      CommandLine.unsafeArgv[index].map { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
    }
  }
}

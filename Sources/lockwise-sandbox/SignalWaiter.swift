import Dispatch
import Foundation

/// Turns signals into something that can be waited for.
struct SignalWaiter {
  private let stream: AsyncStream<Void>
  private let sources: [any DispatchSourceSignal]

  /// From here on the signals no longer end the process.
  init(_ signals: [Int32]) {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    self.stream = stream
    sources = signals.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { continuation.yield() }
      source.resume()
      return source
    }
  }

  /// Returns when one of them came.
  func wait() async {
    for await _ in stream { return }
  }
}

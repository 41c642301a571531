/// The place of an item in a file, as messages name it.
package enum ItemLocation: Equatable, Sendable {
  /// The line in which it begins, from 1.
  case line(Int)
  /// The n-th item, from 1.
  case item(Int)
  /// The path of an entry in a folder.
  case entry(String)

  /// The number of the line or item; 0 for an entry.
  var number: Int {
    switch self {
    case .line(let number), .item(let number): number
    case .entry: 0
    }
  }
}

extension ItemLocation: CustomStringConvertible {
  /// The text to show. A path may contain control characters.
  package var description: String {
    switch self {
    case .line(let number): "line \(number)"
    case .item(let number): "item \(number)"
    case .entry(let path): path
    }
  }
}

import LockwiseCore

/// Draws names as a tree of folders, as pass(1) shows the output of tree(1).
struct TreeRenderer {
  private let lines: TreeCharset.Lines
  private let hasColours: Bool

  /// Makes a renderer.
  ///
  /// - Parameters:
  ///   - charset: the character set of the lines.
  ///   - hasColours: whether names have the colours that tree(1) gives without `LS_COLORS`.
  init(charset: TreeCharset, hasColours: Bool) {
    lines = charset.lines
    self.hasColours = hasColours
  }

  /// Returns the tree of some entries, a line for each folder and entry.
  ///
  /// - Parameters:
  ///   - heading: the first line.
  ///   - rows: the entries, in the order of the list.
  ///   - list: the list that they belong to.
  ///   - depth: the number of bytes of each name that are not drawn: the folder that is listed, with its slash.
  func tree(_ heading: String, _ rows: ArraySlice<EntryList.Row>, of list: EntryList, below depth: Int = 0) -> [UInt8] {
    list.storage.withUnsafeBytes { names in
      rows.withUnsafeBufferPointer { rows in
        var drawing = Drawing(
          names: names, rows: rows, lines: lines, folder: Self.paint("01;34", hasColours),
          entry: Self.paint("00", hasColours), end: Self.paint("0", hasColours))
        drawing.output.reserveCapacity(rows.count * 64 + 256)
        drawing.output += heading.utf8
        drawing.output.append(UInt8(ascii: "\n"))
        drawing.draw(0..<rows.count, at: depth)
        return drawing.output
      }
    }
  }

  private static func paint(_ code: String, _ hasColours: Bool) -> [UInt8] {
    hasColours ? Array("\u{1B}[\(code)m".utf8) : []
  }
}

/// The state of a drawing.
private struct Drawing {
  let names: UnsafeRawBufferPointer
  let rows: UnsafeBufferPointer<EntryList.Row>
  let lines: TreeCharset.Lines
  /// What is written before the name of a folder, of an entry, and after both.
  let folder: [UInt8]
  let entry: [UInt8]
  let end: [UInt8]
  /// The bars and gaps before each line of the present folder.
  var indent: [UInt8] = []
  var output: [UInt8] = []

  /// Draws the entries of one folder.
  ///
  /// - Parameter start: the length of the folder's path with its slash. All names of the range begin alike up to it.
  mutating func draw(_ range: Range<Int>, at start: Int) {
    var index = range.lowerBound
    while index < range.upperBound {
      let name = name(index, from: start)
      guard let slash = name.firstIndex(of: UInt8(ascii: "/")) else {
        line(name, entry, isLast: index + 1 == range.upperBound)
        index += 1
        continue
      }
      let part = UnsafeRawBufferPointer(rebasing: name[...slash])
      var next = index + 1
      while next < range.upperBound, begins(next, from: start, with: part) { next += 1 }
      let isLast = next == range.upperBound
      line(UnsafeRawBufferPointer(rebasing: name[..<slash]), folder, isLast: isLast)
      let width = indent.count
      indent += isLast ? lines.gap : lines.bar
      draw(index..<next, at: start + part.count)
      indent.removeSubrange(width...)
      index = next
    }
  }

  private func name(_ index: Int, from start: Int) -> UnsafeRawBufferPointer {
    let row = rows[index]
    return UnsafeRawBufferPointer(rebasing: names[Int(row.name) + start..<Int(row.name + row.nameCount)])
  }

  private func begins(_ index: Int, from start: Int, with part: UnsafeRawBufferPointer) -> Bool {
    let name = name(index, from: start)
    guard name.count > part.count else { return false }
    for offset in 0..<part.count where name[offset] != part[offset] { return false }
    return true
  }

  private mutating func line(_ name: UnsafeRawBufferPointer, _ colour: [UInt8], isLast: Bool) {
    output += indent
    output += isLast ? lines.last : lines.branch
    output += colour
    output += name
    output += end
    output.append(UInt8(ascii: "\n"))
  }
}

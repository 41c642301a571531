/// Shortens a failing list by leaving out ever smaller pieces as long as the rest still fails (delta debugging, Zeller
/// and Hildebrandt, "Simplifying and isolating failure-inducing input", 2002).
///
/// - Returns: a failing list that does not fail without any one of its elements, unless `fails` is random.
func shrunk<Element>(_ list: [Element], fails: ([Element]) throws -> Bool) rethrows -> [Element] {
  var list = list
  var size = max(1, list.count / 2)
  while true {
    var start = 0
    var isShorter = false
    while start < list.count {
      var rest = list
      rest.removeSubrange(start..<min(start + size, list.count))
      if try fails(rest) {
        list = rest
        isShorter = true
      } else {
        start += size
      }
    }
    if size > 1 { size /= 2 } else if !isShorter { return list }
  }
}

@testable import LockwiseCore

/// Checks that the texts of names and bodies are refused or consistent: every name, GUID and body that they describe is
/// within the text, and nothing is left over.
func fuzz(_ input: UnsafeRawBufferPointer) {
  let text = SecretBytes(copying: input)
  if let cache = EntryNameCache(text: text) {
    var count = 0
    for (index, row) in cache.list.rows.enumerated() {
      let entry = cache.list.entry(row)
      _ = cache.position(index)
      _ = cache.list.exact(entry.name)
      count += Int(row.nameCount + row.guidCount) + EntryOrder.suffix.count
      precondition(row.plainCount <= row.nameCount)
    }
    precondition(count <= text.count, "names that overlap")
    _ = cache.list.below("a")
    precondition(cache.state.count == SHA256.byteCount)
  }
  if let cache = EntryBodyCache(text: text) {
    var count = 0
    for index in 0..<cache.bodies.count {
      let body = cache.bodies[index]
      if !body.isEmpty { precondition(cache.bodies.index(containing: count) == index) }
      count += body.count
    }
    precondition(count == cache.bodies.text.count, "bodies that overlap")
    precondition(cache.bodies.index(containing: count) == nil)
  }
}

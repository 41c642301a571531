/// What libFuzzer calls with each input; a target's own file defines `fuzz`.
@_cdecl("LLVMFuzzerTestOneInput")
public func runOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  fuzz(UnsafeRawBufferPointer(start: start, count: count))
  return 0
}

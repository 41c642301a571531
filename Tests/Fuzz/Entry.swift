/// The function that libFuzzer calls with each input. The file of a target defines `fuzz`.
@_cdecl("LLVMFuzzerTestOneInput")
public func runOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  fuzz(UnsafeRawBufferPointer(start: start, count: count))
  return 0
}

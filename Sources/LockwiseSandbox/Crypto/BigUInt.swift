/// An unsigned integer of any size, for DSA. It is short rather than fast, and does not run in constant time.
struct BigUInt: Comparable {
  /// The digits in base 2^32, the lowest first, without leading zeros.
  private var limbs: [UInt32]

  private init(limbs: [UInt32]) {
    self.limbs = limbs
    while self.limbs.last == 0 { self.limbs.removeLast() }
  }

  /// Makes a number from big-endian bytes.
  init(_ bytes: some Collection<UInt8>) {
    var limbs = [UInt32](repeating: 0, count: (bytes.count + 3) / 4)
    for (index, byte) in bytes.reversed().enumerated() {
      limbs[index / 4] |= UInt32(byte) << UInt32(8 * (index % 4))
    }
    self.init(limbs: limbs)
  }

  /// Parses at most 1000 decimal digits; nil for anything else.
  init?(decimal text: String) {
    guard 1...1000 ~= text.utf8.count else { return nil }
    var limbs: [UInt32] = []
    for digit in text.utf8 {
      guard 48...57 ~= digit else { return nil }
      var carry = UInt64(digit - 48)
      for index in limbs.indices {
        carry += UInt64(limbs[index]) * 10
        limbs[index] = UInt32(truncatingIfNeeded: carry)
        carry >>= 32
      }
      if carry > 0 { limbs.append(UInt32(carry)) }
    }
    self.init(limbs: limbs)
  }

  /// Parses at most 1000 hexadecimal digits; nil for anything else.
  init?(hex text: String) {
    guard 1...1000 ~= text.utf8.count,
      let bytes = Hex.decode(text.utf8.count.isMultiple(of: 2) ? text : "0" + text)
    else { return nil }
    self.init(bytes)
  }

  static let one = BigUInt(limbs: [1])

  var isZero: Bool { limbs.isEmpty }
  var bitCount: Int { limbs.count * 32 - (limbs.last?.leadingZeroBitCount ?? 0) }

  /// The big-endian bytes, without leading zeros.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for limb in limbs.reversed() { bytes += withUnsafeBytes(of: limb.bigEndian) { Array($0) } }
    return Array(bytes.drop { $0 == 0 })
  }

  /// The decimal digits.
  var decimal: String {
    var rest = limbs
    var digits: [UInt8] = []
    repeat {
      var remainder: UInt64 = 0
      for index in rest.indices.reversed() {
        remainder = remainder << 32 | UInt64(rest[index])
        rest[index] = UInt32(remainder / 10)
        remainder %= 10
      }
      digits.append(48 + UInt8(remainder))
      while rest.last == 0 { rest.removeLast() }
    } while !rest.isEmpty
    return String(decoding: digits.reversed(), as: UTF8.self)
  }

  private func bit(_ index: Int) -> Bool { limbs[index / 32] >> UInt32(index % 32) & 1 == 1 }

  static func < (left: BigUInt, right: BigUInt) -> Bool {
    guard left.limbs.count == right.limbs.count else { return left.limbs.count < right.limbs.count }
    for (l, r) in zip(left.limbs.reversed(), right.limbs.reversed()) where l != r { return l < r }
    return false
  }

  static func + (left: BigUInt, right: BigUInt) -> BigUInt {
    var limbs: [UInt32] = []
    var carry: UInt64 = 0
    for index in 0..<max(left.limbs.count, right.limbs.count) {
      for number in [left, right] where index < number.limbs.count { carry += UInt64(number.limbs[index]) }
      limbs.append(UInt32(truncatingIfNeeded: carry))
      carry >>= 32
    }
    return BigUInt(limbs: limbs + [UInt32(carry)])
  }

  /// Subtracts; `left` must not be less than `right`.
  static func - (left: BigUInt, right: BigUInt) -> BigUInt {
    var limbs = left.limbs
    var borrow: Int64 = 0
    for index in limbs.indices {
      borrow += Int64(limbs[index]) - (index < right.limbs.count ? Int64(right.limbs[index]) : 0)
      limbs[index] = UInt32(truncatingIfNeeded: borrow)
      borrow >>= 32
    }
    return BigUInt(limbs: limbs)
  }

  static func * (left: BigUInt, right: BigUInt) -> BigUInt {
    var limbs = [UInt32](repeating: 0, count: left.limbs.count + right.limbs.count)
    for (i, l) in left.limbs.enumerated() {
      var carry: UInt64 = 0
      for (j, r) in right.limbs.enumerated() {
        carry += UInt64(l) * UInt64(r) + UInt64(limbs[i + j])
        limbs[i + j] = UInt32(truncatingIfNeeded: carry)
        carry >>= 32
      }
      limbs[i + right.limbs.count] = UInt32(carry)
    }
    return BigUInt(limbs: limbs)
  }

  /// Returns the remainder of a long division, limb by limb (Knuth, The Art of Computer Programming 4.3.1, algorithm D).
  static func % (left: BigUInt, modulus: BigUInt) -> BigUInt {
    precondition(!modulus.isZero)
    guard left >= modulus else { return left }
    guard modulus.limbs.count > 1 else {
      var remainder: UInt64 = 0
      for limb in left.limbs.reversed() { remainder = (remainder << 32 | UInt64(limb)) % UInt64(modulus.limbs[0]) }
      return BigUInt(limbs: [UInt32(remainder)])
    }
    let shift = modulus.limbs[modulus.limbs.count - 1].leadingZeroBitCount
    let divisor = modulus.shifted(left: shift).limbs
    var rest = left.shifted(left: shift).limbs
    rest.append(0)
    let n = divisor.count
    let top = UInt64(divisor[n - 1])
    let second = UInt64(divisor[n - 2])
    for j in stride(from: rest.count - n - 1, through: 0, by: -1) {
      let high = UInt64(rest[j + n]) << 32 | UInt64(rest[j + n - 1])
      var quotient = high / top
      var remainder = high % top
      while quotient > UInt64(UInt32.max) || quotient * second > (remainder << 32 | UInt64(rest[j + n - 2])) {
        quotient -= 1
        remainder += top
        if remainder > UInt64(UInt32.max) { break }
      }
      var carry: UInt64 = 0
      var borrow: Int64 = 0
      for i in 0..<n {
        carry += quotient * UInt64(divisor[i])
        borrow += Int64(rest[i + j]) - Int64(carry & 0xFFFF_FFFF)
        rest[i + j] = UInt32(truncatingIfNeeded: borrow)
        borrow >>= 32
        carry >>= 32
      }
      borrow += Int64(rest[j + n]) - Int64(carry)
      rest[j + n] = UInt32(truncatingIfNeeded: borrow)
      guard borrow < 0 else { continue }
      // The estimate was one too large.
      carry = 0
      for i in 0..<n {
        carry += UInt64(rest[i + j]) + UInt64(divisor[i])
        rest[i + j] = UInt32(truncatingIfNeeded: carry)
        carry >>= 32
      }
      rest[j + n] &+= UInt32(truncatingIfNeeded: carry)
    }
    return BigUInt(limbs: Array(rest[..<n])).shifted(right: shift)
  }

  private func shifted(left bits: Int) -> BigUInt {
    var result: [UInt32] = []
    var carry: UInt64 = 0
    for limb in limbs {
      carry |= UInt64(limb) << UInt64(bits)
      result.append(UInt32(truncatingIfNeeded: carry))
      carry >>= 32
    }
    return BigUInt(limbs: result + [UInt32(carry)])
  }

  private func shifted(right bits: Int) -> BigUInt {
    var result: [UInt32] = []
    var carry: UInt64 = 0
    for limb in limbs.reversed() {
      carry = carry << 32 | UInt64(limb)
      result.append(UInt32(truncatingIfNeeded: carry >> UInt64(bits)))
    }
    return BigUInt(limbs: result.reversed())
  }

  /// Returns this number to the power of `exponent`, modulo `modulus`.
  func power(_ exponent: BigUInt, modulo modulus: BigUInt) -> BigUInt {
    var result = BigUInt.one % modulus
    let base = self % modulus
    for index in (0..<exponent.bitCount).reversed() {
      result = result * result % modulus
      if exponent.bit(index) { result = result * base % modulus }
    }
    return result
  }
}

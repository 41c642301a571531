// swift-tools-version: 6.1
import Glibc
import PackageDescription

// `contrib/build` sets LOCKWISE_LINK. `static`: a helper, a program that hands out secrets, becomes one static file.
// `static-pie`: the same at a random address, at the price of 0.7 ms a start (34,000 relocations, 190 page faults).
// Elsewhere (`swift build`, `contrib/build --shared`) the C libraries are the system's.
let link = Context.environment["LOCKWISE_LINK"] ?? ""

// What the dynamic linker loads is bound at the start and then made read-only (ld(1), `-z now`, `-z relro`).
let boundLinking: [LinkerSetting] = [
  .unsafeFlags(["-Xlinker", "-z", "-Xlinker", "now", "-Xlinker", "-z", "-Xlinker", "relro"])
]

// What a static libcrypto needs in turn, such as `-lz` (`contrib/build`).
let alsoLinked = (Context.environment["LOCKWISE_LINK_ALSO"] ?? "").split(separator: " ")
  .flatMap { ["-Xlinker", String($0)] }

let helperLinking: [LinkerSetting] =
  switch link {
  case "static":
    [
      .unsafeFlags(
        [
          "-static-executable", "-use-ld=lld", "-Xlinker", "--gc-sections", "-Xlinker", "--icf=safe",
          // What the start of a helper uses comes first, so that fewer pages are read (contrib/record-start).
          "-Xlinker", "--symbol-ordering-file=\(Context.packageDirectory)/contrib/start-symbols",
          "-Xlinker", "--no-warn-symbol-ordering",
        ] + alsoLinked, .when(configuration: .release))
    ]
  case "static-pie":
    [
      .unsafeFlags(
        [
          "-static-stdlib", "-Xclang-linker", "-static-pie", "-use-ld=lld",
          // Relative relocations packed: half the size, and less to do at the start.
          "-Xlinker", "--pack-dyn-relocs=relr", "-Xlinker", "--gc-sections", "-Xlinker", "-z", "-Xlinker", "now",
        ] + alsoLinked, .when(configuration: .release))
    ]
  default: boundLinking
  }

let published: [Package.Dependency] = [
  .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
]
// The folder `vendor` of a released source archive has the same packages, and swift-asn1, which swift-crypto needs, so that
// the archive builds without the network (contrib/export-sources).
let vendored: [Package.Dependency] = ["FlyingFox", "swift-argument-parser", "swift-asn1", "swift-crypto"].map {
  .package(path: "vendor/\($0)")
}
let isVendored = access("\(Context.packageDirectory)/vendor", F_OK) == 0

let package = Package(
  name: "lockwise",
  products: [
    .executable(name: "lockwise-sandbox", targets: ["lockwise-sandbox"])
  ],
  dependencies: isVendored ? vendored : published,
  targets: [
    .systemLibrary(name: "COpenSSL"),
    .systemLibrary(name: "CSQLite"),
    .systemLibrary(name: "CLinux"),
    .systemLibrary(name: "CCurl"),
    .systemLibrary(name: "CZlib"),
    .target(name: "LockwiseCore", dependencies: ["COpenSSL", "CSQLite", "CLinux"]),
    .target(name: "LockwiseCLI", dependencies: ["LockwiseCore", "CLinux"]),
    .target(name: "LockwiseGit", dependencies: ["LockwiseCLI", "LockwiseCore", "CLinux"]),
    .target(name: "LockwisePass", dependencies: ["LockwiseCLI", "LockwiseCore", "CLinux"]),
    .target(name: "LockwiseAskpass", dependencies: ["LockwiseCLI", "LockwiseCore", "LockwiseGit", "CLinux"]),
    .target(name: "LockwiseEnv", dependencies: ["LockwiseCLI", "LockwiseCore", "CLinux"]),
    .target(name: "LockwiseDocker", dependencies: ["LockwiseCLI", "LockwiseCore", "LockwiseGit"]),
    .target(name: "LockwiseTransfer", dependencies: ["LockwiseCLI", "LockwiseCore", "CLinux"]),
    .target(name: "LockwiseSetup", dependencies: ["LockwiseCLI", "LockwiseCore", "LockwiseGit", "CLinux"]),
    .target(name: "LockwiseAccounts", dependencies: ["LockwiseCore", "CCurl", "CSQLite"]),
    .target(name: "LockwiseSync", dependencies: ["LockwiseCore", "LockwiseAccounts"]),
    // swift-crypto reads here what libcrypto sealed. Bound at the start, because the dynamic linker saves the registers, and
    // a secret in them, on the stack when it binds a function at its first call (MemoryTests).
    .testTarget(
      name: "LockwiseCoreTests",
      dependencies: [
        "LockwiseCore", "LockwiseTestSupport", "CSQLite", "COpenSSL", .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
      ], linkerSettings: boundLinking),
    .testTarget(name: "LockwiseCLITests", dependencies: ["LockwiseCLI", "LockwiseTestSupport"]),
    .testTarget(name: "LockwiseGitTests", dependencies: ["LockwiseGit", "LockwiseTestSupport"]),
    .testTarget(name: "LockwisePassTests", dependencies: ["LockwisePass", "LockwiseTestSupport"]),
    .testTarget(name: "LockwiseAskpassTests", dependencies: ["LockwiseAskpass", "LockwiseTestSupport"]),
    .testTarget(name: "LockwiseEnvTests", dependencies: ["LockwiseEnv", "LockwiseTestSupport"]),
    .testTarget(name: "LockwiseDockerTests", dependencies: ["LockwiseDocker", "LockwiseTestSupport"]),
    .testTarget(name: "LockwiseTransferTests", dependencies: ["LockwiseTransfer", "LockwiseTestSupport"]),
    .testTarget(name: "LockwiseSetupTests", dependencies: ["LockwiseSetup", "LockwiseTestSupport"]),
    .testTarget(
      name: "LockwiseAccountsTests",
      dependencies: ["LockwiseAccounts", "LockwiseHostSupport", "LockwiseTestSupport", "CSQLite"]),
    .testTarget(name: "LockwiseSyncTests", dependencies: ["LockwiseSync", "LockwiseTestSupport"]),
    .target(name: "LockwiseTestSupport", dependencies: ["CLinux", "LockwiseCore"], path: "Tests/LockwiseTestSupport"),
    // Runs the executables of `contrib/build`, which is why it depends on none of them.
    .testTarget(
      name: "HostTests",
      dependencies: ["CLinux", "COpenSSL", "LockwiseCLI", "LockwiseCore", "LockwiseHostSupport", "LockwiseTestSupport"]),
    // The same with a real Firefox on the other side; `contrib/test-firefox` runs it.
    .testTarget(
      name: "InteropTests",
      dependencies: ["LockwiseAccounts", "LockwiseCLI", "LockwiseCore", "LockwiseHostSupport", "LockwiseTestSupport"]),
    .target(
      name: "LockwiseHostSupport", dependencies: ["LockwiseCLI", "LockwiseCore", "LockwiseTestSupport"],
      path: "Tests/HostSupport"),
    .target(
      name: "LockwiseSandbox",
      dependencies: [
        "CZlib",
        .product(name: "FlyingFox", package: "FlyingFox"),
        .product(name: "FlyingSocks", package: "FlyingFox"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
      ]),
    .executableTarget(
      name: "git-credential-lockwise", dependencies: ["LockwiseGit"], linkerSettings: helperLinking),
    .executableTarget(name: "lockwise-pass", dependencies: ["LockwisePass"], linkerSettings: helperLinking),
    .executableTarget(name: "lockwise-askpass", dependencies: ["LockwiseAskpass"], linkerSettings: helperLinking),
    .executableTarget(name: "lockwise-env", dependencies: ["LockwiseEnv"], linkerSettings: helperLinking),
    .executableTarget(
      name: "docker-credential-lockwise", dependencies: ["LockwiseDocker"], linkerSettings: helperLinking),
    .executableTarget(
      name: "lockwise-sync",
      dependencies: [
        "LockwiseSync", "LockwiseCLI", "LockwiseGit", "LockwiseSetup", "LockwiseTransfer",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], linkerSettings: boundLinking),
    .executableTarget(
      name: "lockwise-sandbox",
      dependencies: [
        "LockwiseSandbox", "CLinux",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], linkerSettings: boundLinking),
    .testTarget(
      name: "LockwiseSandboxTests",
      dependencies: [
        "LockwiseSandbox", "LockwiseTestSupport", "lockwise-sandbox",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)

// LOCKWISE_TEST_TARGETS="LockwiseCoreTests HostTests" builds only these test targets: a change of LockwiseCore rebuilds
// every test that imports it.
if let names = Context.environment["LOCKWISE_TEST_TARGETS"]?.split(separator: " "), names != ["all"] {
  package.targets.removeAll { $0.type == .test && !names.contains(Substring($0.name)) }
}

// `contrib/build` needs neither the tests nor what they share.
if !link.isEmpty {
  package.targets.removeAll { $0.type == .test || $0.path?.hasPrefix("Tests/") == true }
}

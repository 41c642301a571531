import ArgumentParser
import Glibc
import LockwiseAccounts
import LockwiseCLI
import LockwiseCore
import LockwiseSync

struct DevicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices", abstract: "List the account's devices.",
    discussion: """
      Lists the devices that the account's settings show and marks this one with an asterisk. To disconnect a device, \
      use those settings; for this one, also lockwise-sync logout.
      """)

  @OptionGroup var common: CommonOptions

  @Flag(help: "Print a JSON array.")
  var json = false

  func run() throws {
    let context = try SyncContext(common)
    let vault = try context.unlockedVault(.reading)
    let devices = try AccountDevices(transport: context.transport).list(of: context.account(in: vault))
    if json {
      print(Self.json(devices))
      return
    }
    let now = context.clock.now()
    let rows = devices.map { device in
      [
        device.isCurrent ? "*" : " ", PrintableText.of(device.name), PrintableText.of(device.type),
        device.lastAccess.map { Age.text(now - $0) } ?? "",
      ]
    }
    for line in TextTable.lines(rows) { print(line) }
  }

  private static func json(_ devices: [AccountDevice]) -> String {
    let elements = devices.map { device in
      var writer = JSONObjectWriter()
      writer.member("id", device.id)
      writer.member("name", device.name)
      writer.member("type", device.type)
      writer.member("isCurrent", device.isCurrent)
      if let time = device.lastAccess {
        writer.member("lastAccess", time.rawValue)
      } else {
        writer.memberNull("lastAccess")
      }
      return writer.finish().exposedText() ?? "{}"
    }
    return "[" + elements.joined(separator: ",") + "]"
  }
}

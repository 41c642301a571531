import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseGit

/// git's libcurl decodes a host in the locale's character set. If that is not UTF-8, the name means another host.
@Suite struct LocaleCharsetTests {
  private static let get = "protocol=https\nhost=b\u{FC}cher.example\n"

  private func makeHelper(_ variables: [String: String]) throws -> HelperVault {
    let helper = try HelperVault([
      HelperVault.login("{1}", origin: "https://xn--bcher-kva.example", realm: "R", password: "p")
    ])
    helper.variables.merge(variables) { $1 }
    return helper
  }

  @Test(arguments: [
    [:], ["LANG": "de_DE.UTF-8"], ["LANG": "C"], ["LC_ALL": "POSIX"], ["LC_CTYPE": "C.utf8", "LANG": "de_DE"],
    ["LC_ALL": "sr_RS.UTF-8@latin", "LC_CTYPE": "de_DE.ISO-8859-1"], ["LC_ALL": "", "LANG": "en_US.Utf-8"],
    ["LC_CTYPE": "UTF-8", "LANG": "de_DE"],
  ])
  func theHostIsCertain(variables: [String: String]) throws {
    #expect(try makeHelper(variables).run("get", Self.get).output == "username=alice\npassword=p\n")
  }

  @Test(arguments: [
    ["LANG": "de_DE"], ["LANG": "de_DE.ISO-8859-1"], ["LC_ALL": "de_DE@euro", "LANG": "C.UTF-8"],
    ["LC_CTYPE": "ja_JP.eucJP", "LANG": "C.UTF-8"], ["LANG": "de_DE.UTF-16"],
  ])
  func theHostIsNot(variables: [String: String]) throws {
    let helper = try makeHelper(variables)
    for operation in ["get", "store", "erase"] {
      let run = helper.run(operation, Self.get + (operation == "get" ? "" : "username=alice\npassword=p\n"))
      #expect(run.output.isEmpty && run.errors.contains("the locale is not UTF-8"))
    }
    #expect(try helper.vault().outbox().isEmpty && helper.vault().gitMemory().isEmpty)
    // The ASCII form is unambiguous in every locale.
    #expect(helper.run("get", "protocol=https\nhost=xn--bcher-kva.example\n").output == "username=alice\npassword=p\n")
  }
}

import CLinux
import Glibc
import LockwiseAccounts
import LockwiseCLI
import LockwiseCore

/// Checks the vault's directory, its file and its slots without prompting.
struct VaultCheck {
  private(set) var findings: [Finding] = []
  /// The vault, if it could be unlocked without prompting.
  private(set) var vault: Vault?

  init(_ context: SyncContext) {
    let file: VaultFile
    do {
      try context.directory.check()
      file = try VaultFile(in: context.directory, access: .writing)
      findings.append(.ok("vault", "\(context.directory.path) (only you can read it)"))
    } catch {
      findings.append(.fail("vault", error))
      return
    }
    let slots = (try? file.slots()) ?? []
    let keys = checkSlots(slots, file, context)
    checkSession(file, slots, context)
    do {
      if let keys {
        vault = keys
      } else if let session = context.session(of: file).load(renewing: false) {
        vault = try file.unlock(with: session)
      }
    } catch {
      findings.append(.fail("vault", error))
    }
  }

  /// - Returns: the vault, if a key file opens it.
  private mutating func checkSlots(
    _ slots: [KeySlot], _ file: VaultFile, _ context: SyncContext
  ) -> Vault? {
    var vault: Vault?
    for slot in slots {
      guard case .keyFile(let path) = slot.source else {
        let line = SlotLine(slot, context.configuration)
        findings.append(
          line.lacksCommand ? .fail("slot", VaultError.unlockCommandDiffers) : .ok("slot", line.description))
        continue
      }
      do {
        vault = try file.unlock(slot, with: Unlocker.readKeyFile(path))
        findings.append(.ok("slot", slot.source.name + " " + path))
      } catch {
        let isUnlocked = context.session(of: file).isOpen
        findings.append(.fail("slot", LostKeyFile.explain(error, slots: slots, isUnlocked: isUnlocked)))
      }
    }
    return vault
  }

  private mutating func checkSession(_ file: VaultFile, _ slots: [KeySlot], _ context: SyncContext) {
    let opensItself = slots.contains { $0.source != .passphrase }
    do {
      try KeyringSession.probe()
    } catch {
      let text = "each command has to unlock the vault: \(error.reason)"
      findings.append(opensItself ? .ok("keyring", text) : .warn("keyring", text, error.hint))
      return
    }
    let limits = SessionLimits(context.configuration)
    let idle = Quantity.duration(limits.idle)
    let longest = Quantity.duration(limits.longest)
    findings.append(.ok("keyring", "the vault stays unlocked for \(idle) after the last use, \(longest) at most"))
    if context.session(of: file).isOpen {
      findings.append(.ok("lock", "unlocked"))
    } else if opensItself {
      findings.append(.ok("lock", "locked; unlocks itself when needed"))
    } else {
      findings.append(.warn("lock", "locked: the account was not checked", "unlock it first: lockwise-sync unlock"))
    }
  }
}

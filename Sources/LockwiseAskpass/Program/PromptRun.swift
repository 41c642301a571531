import Glibc
import LockwiseCLI
import LockwiseCore

/// One run for a prompt: the vault's answer, else the fallback program's, else the user's.
struct PromptRun {
  /// The question.
  let context: PromptContext
  /// The meaning of `SSH_ASKPASS_PROMPT`.
  let hint: PromptHint
  /// The messages of the run.
  let messages: HeldMessages
  /// The parent of this process at its start.
  let parent: Int32

  private var helper: HelperContext { context.helper }

  /// Answers the prompt.
  ///
  /// - Returns: the exit status. It is 0 only if there is an answer.
  func perform() -> ExitCode {
    switch effectiveHint {
    case .consent: return consent()
    case .notice: return notice()
    case .question: break
    }
    if hint == .question, let status = answerFromVault() { return status }
    if case .stalePassphrase = context.question { recordStalePassphrase() }
    if let failure = fallBack(isNotice: false) { helper.diagnostics.report(failure) }
    return answerFromUser()
  }

  /// The hint, unless it was inherited: ssh does not remove it from the environment for questions with an answer.
  private var effectiveHint: PromptHint {
    switch context.question {
    case .hostKey, .yesOrNo, .other: hint
    default: .question
    }
  }

  // MARK: The vault

  /// Returns the exit status; `nil` if the vault has no answer.
  private func answerFromVault() -> ExitCode? {
    guard context.question.isAnswerable, context.asker?.mayAsk(context.question) == true, helper.directory.hasVault,
      let vault = unlockedVault()
    else { return nil }
    var isAnswered = false
    defer { if helper.unlocker.hasUnkeptKeys { helper.gate.recordUnkept(isAnswered: isAnswered) } }
    let sync = helper.sync
    let isDue = sync.isDue
    var answer = answer(in: vault)
    // Maybe it was saved in Firefox a minute ago.
    if case .failure(.noLogin) = answer, isDue, sync.runBounded() { answer = self.answer(in: vault) }
    switch answer {
    case .success(let secret):
      isAnswered = true
      let status = Self.print(secret)
      // The program that asks waits for the end of the output, not of the process.
      close(1)
      if isDue { sync.startDetached() }
      return status
    case .failure(let reason):
      if let text = Self.message(reason) { helper.diagnostics.error(text) }
      return nil
    }
  }

  private func answer(in vault: Vault) -> Result<SecretBytes, Unanswered> {
    do {
      return .success(try VaultAnswer(context: context, vault: vault, log: log).perform())
    } catch let reason as Unanswered {
      return .failure(reason)
    } catch {
      helper.diagnostics.report(UserFacingError(error))
      return .failure(.notAnswerable)
    }
  }

  /// Returns the message for the user; `nil` for reasons that are usual.
  private static func message(_ reason: Unanswered) -> String? {
    switch reason {
    case .repeated, .refused, .unsuitable, .hostNotProven, .oldClient: reason.text
    default: nil
    }
  }

  private var log: TryLog { TryLog(in: helper.directory) }

  private func recordStalePassphrase() {
    // ssh-add asked with these words first.
    let text = context.text.dropFirst("Bad passphrase, try again for ".count)
    let first = Array("Enter passphrase for \(text)".utf8)
    let context = context.asking(first, Question(first))
    guard helper.directory.hasVault, context.question.isAnswerable, context.asker?.mayAsk(context.question) == true,
      let vault = (try? helper.vaultWithoutPrompting()) ?? nil
    else { return }
    do {
      if try VaultAnswer(context: context, vault: vault, log: log).refuse() {
        helper.diagnostics.error(Unanswered.repeated.text)
      }
    } catch is Unanswered {
      // The key's file is gone, so its login is not offered either.
    } catch {
      helper.diagnostics.report(UserFacingError(error))
    }
  }

  /// Returns the vault, which the user may be asked to unlock; `nil` if it stays locked.
  private func unlockedVault() -> Vault? {
    do {
      let file = try VaultFile(in: helper.directory, access: .reading)
      return try helper.unlocker.unlock(
        file, for: UnlockPurpose(context.question.purpose), prompting: helper.gate.scope())
    } catch VaultError.missing {
      return nil
    } catch VaultError.locked, PromptError.nobodyThere {
      if !helper.gate.isDeclined { helper.diagnostics.error(helper.unlocker.lockedLine) }
    } catch PromptError.cancelled {
      helper.gate.recordDeclined(wasCancelled: true)
    } catch {
      if case VaultError.wrongKey = error { helper.gate.recordDeclined(wasCancelled: false) }
      helper.diagnostics.report(UserFacingError(error))
    }
    return nil
  }

  // MARK: The user

  private func answerFromUser() -> ExitCode {
    do {
      guard let answer = try TypedSecret(context: context).perform(note: messages.text) else { return .failure }
      if answer.isEmpty {
        // ssh-keygen makes an unencrypted key. For every other program an empty answer is a wrong one.
        return context.question == .newSecret && context.text.contains("passphrase") ? .success : .failure
      }
      return Self.print(try VaultAnswer.checked(answer))
    } catch PromptError.cancelled {
      return .failure
    } catch {
      report(error)
      messages.show()
      return .failure
    }
  }

  private func report(_ error: any Error) {
    switch error {
    case PromptError.nobodyThere:
      // A message may have given the reason.
      guard messages.text == nil else { break }
      helper.diagnostics.error("the vault does not answer this prompt, and you cannot be asked here")
      helper.diagnostics.hint("lockwise-askpass explain shows why: quote the prompt")
    case PromptError.pinentryMissing(let program): helper.diagnostics.error("cannot find \(program) to ask you")
    case Unanswered.unsuitable:
      helper.diagnostics.error("the answer has a line break or is longer than \(VaultAnswer.limit) bytes")
    default: helper.diagnostics.report(UserFacingError(error))
    }
  }

  private func consent() -> ExitCode {
    if let failure = fallBack(isNotice: false) { helper.diagnostics.report(failure) }
    let isGiven = (try? PersonAnswer(context: context).consents()) ?? false
    return isGiven ? .success : .failure
  }

  private func notice() -> ExitCode {
    if let failure = fallBack(isNotice: true) { helper.diagnostics.report(failure) }
    ParentWatch.begin()
    guard ParentWatch.isAlive(parent) else { return .success }
    PersonAnswer(context: context).showNotice(parent: parent)
    return .success
  }

  /// Runs the fallback program in place of this one.
  ///
  /// - Returns: the failure; `nil` if there is no such program. It does not return on success.
  private func fallBack(isNotice: Bool) -> UserFacingError? {
    guard !helper.configuration.isOn("LOCKWISE_NO_PROMPT"),
      let program = FallbackProgram(helper.configuration, helper.diagnostics)
    else { return nil }
    return program.run(context.prompt, isNotice: isNotice)
  }

  /// Writes an answer and a line feed with one call.
  private static func print(_ answer: SecretBytes) -> ExitCode {
    let line = SecretBytes.concatenating([answer, SecretBytes(utf8: "\n")])
    return line.withUnsafeBytes { FileDescriptor.writeAll(1, $0) } ? .success : .failure
  }
}

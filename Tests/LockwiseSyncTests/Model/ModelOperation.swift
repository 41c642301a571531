import LockwiseTestSupport

/// An actor in a model test.
enum ModelActor: CaseIterable, CustomStringConvertible {
  /// Two of our clients.
  case a, b
  /// A simulated Firefox.
  case firefox

  var description: String {
    switch self {
    case .a: ".a"
    case .b: ".b"
    case .firefox: ".firefox"
    }
  }
}

/// A failure during a sync of our client.
enum ModelFault: CaseIterable {
  /// The request is lost; its response is lost; another client wrote first.
  case lostRequest, lostResponse, conflict
  /// The server accepts the request, and the process dies before the response.
  case killed
  /// The request is too large; the server is overloaded; it no longer responds.
  case tooLarge, overloaded, down
}

/// An operation of a model test. `pick` selects one of the actor's logins, in an order that does not depend on GUIDs.
enum ModelOperation: CustomStringConvertible {
  case add(ModelActor, site: Int, user: Int)
  case password(ModelActor, pick: Int)
  /// Sets a member that no other operation sets.
  case note(ModelActor, pick: Int)
  /// Sets a member that all actors set.
  case shared(ModelActor, pick: Int)
  case rename(ModelActor, pick: Int, user: Int)
  case delete(ModelActor, pick: Int)
  case sync(ModelActor)
  case disturbedSync(ModelActor, ModelFault, request: Int)
  case restart(ModelActor)
  /// Limits the records in a request from here on, with or without batches, announced or not.
  case limits(records: Int, hasBatches: Bool, isTold: Bool)
  case wait(seconds: Int64)

  /// The operation as Swift code.
  var description: String {
    switch self {
    case .add(let actor, let site, let user): ".add(\(actor), site: \(site), user: \(user))"
    case .password(let actor, let pick): ".password(\(actor), pick: \(pick))"
    case .note(let actor, let pick): ".note(\(actor), pick: \(pick))"
    case .shared(let actor, let pick): ".shared(\(actor), pick: \(pick))"
    case .rename(let actor, let pick, let user): ".rename(\(actor), pick: \(pick), user: \(user))"
    case .delete(let actor, let pick): ".delete(\(actor), pick: \(pick))"
    case .sync(let actor): ".sync(\(actor))"
    case .disturbedSync(let actor, let fault, let request):
      ".disturbedSync(\(actor), .\(fault), request: \(request))"
    case .restart(let actor): ".restart(\(actor))"
    case .limits(let records, let hasBatches, let isTold):
      ".limits(records: \(records), hasBatches: \(hasBatches), isTold: \(isTold))"
    case .wait(let seconds): ".wait(seconds: \(seconds))"
    }
  }

  /// The operations of a seed.
  static func list(seed: UInt64, count: Int) -> [ModelOperation] {
    var random = SeededGenerator(seed: seed)
    func number(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
    return (0..<count).map { _ in
      let actor = ModelActor.allCases[number(3)]
      let ours = [ModelActor.a, .b][number(2)]
      switch number(100) {
      case 0..<22: return .add(actor, site: number(6), user: number(3))
      case 22..<36: return .password(actor, pick: number(100))
      case 36..<50: return .note(actor, pick: number(100))
      case 50..<54: return .shared(actor, pick: number(100))
      case 54..<59: return .rename(actor, pick: number(100), user: number(3))
      case 59..<67: return .delete(actor, pick: number(100))
      case 67..<80: return .sync(actor)
      case 80..<93:
        return .disturbedSync(ours, ModelFault.allCases[number(ModelFault.allCases.count)], request: number(6))
      case 93..<95: return .restart(ours)
      case 95..<97: return .limits(records: 1 + number(4), hasBatches: number(2) == 0, isTold: number(2) == 0)
      default: return .wait(seconds: Int64(number(3600)))
      }
    }
  }
}

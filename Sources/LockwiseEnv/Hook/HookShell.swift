/// A shell for which there are functions.
///
/// Their variables begin with `__lockwise_`, because a variable of a file that had the name of a local one would be local.
enum HookShell: String {
  case bash, zsh, fish

  /// The format in which the shell gets variables.
  var format: ExportFormat { self == .fish ? .fish : .sh }

  /// Returns the line that adds names to those that `lockwise-unload` removes.
  func remembering(_ names: [String]) -> String {
    let list = names.joined(separator: " ")
    return self == .fish ? "set -ga __lockwise_names \(list)\n" : "__lockwise_names+=(\(list))\n"
  }

  /// The functions `lockwise-load` and `lockwise-unload`. `lockwise-load` has the status of `lockwise-env`.
  var functions: String {
    switch self {
    case .bash:
      """
      lockwise-load() {
        local __lockwise_lines
        __lockwise_lines=$(command lockwise-env hook bash load "$@") || return
        eval "$__lockwise_lines"
      }
      lockwise-unload() {
        [[ -z ${__lockwise_names[*]-} ]] || unset -v "${__lockwise_names[@]}"
        unset -v __lockwise_names
      }

      """
    case .zsh:
      """
      lockwise-load() {
        emulate -L zsh
        local __lockwise_lines
        __lockwise_lines=$(command lockwise-env hook zsh load "$@") || return
        eval "$__lockwise_lines"
      }
      lockwise-unload() {
        emulate -L zsh
        (( ! ${#__lockwise_names} )) || unset -v "${__lockwise_names[@]}"
        unset -v __lockwise_names
      }

      """
    case .fish:
      """
      function lockwise-load --description 'Set variables from references'
          command lockwise-env hook fish load $argv | source
          set -l __lockwise_status $pipestatus
          return $__lockwise_status[1]
      end
      function lockwise-unload --description 'Remove the variables of lockwise-load'
          for __lockwise_name in $__lockwise_names
              set -eg $__lockwise_name
          end
          set -eg __lockwise_names
          return 0
      end

      """
    }
  }
}

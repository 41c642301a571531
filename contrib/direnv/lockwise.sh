# shellcheck shell=bash
# A library for direnv: link it into ~/.config/direnv/lib.
#
# use lockwise [--ask] [FILE | NAME=REFERENCE]…
#
# Sets the variables of files of references, .env.lockwise if nothing is named, and of arguments. It sets all of them or
# none. `use lockwise || exit` in .envrc sets nothing else either, because direnv goes on after a line that fails.
#
# The vault must be unlocked. With --ask, you are asked for its passphrase. direnv writes a warning over the question
# after five seconds (warn_timeout in direnv.toml).

use_lockwise() {
  # A variable of a file that has the name of a local one would be local. So is `cmd` in direnv's `use`, whose value is
  # no longer needed.
  unset -v cmd
  local __lockwise_argument __lockwise_lines __lockwise_prompt=1 __lockwise_timeout=2
  local __lockwise_files=() __lockwise_variables=()
  for __lockwise_argument in "$@"; do
    case $__lockwise_argument in
    --ask) __lockwise_prompt=${LOCKWISE_NO_PROMPT-} ;;
    -*)
      log_error "lockwise: unknown option $__lockwise_argument (use lockwise [--ask] [FILE | NAME=REFERENCE]...)"
      return 64
      ;;
    *)
      if [[ $__lockwise_argument =~ ^[A-Za-z_][A-Za-z0-9_]*= ]]; then
        __lockwise_variables+=("$__lockwise_argument")
      else
        __lockwise_files+=(-f "$__lockwise_argument")
        # Also a file that does not exist yet.
        watch_file "$__lockwise_argument"
      fi
      ;;
    esac
  done
  if ((${#__lockwise_files[@]} + ${#__lockwise_variables[@]} == 0)); then
    __lockwise_files=(-f .env.lockwise)
    watch_file .env.lockwise
  fi
  if ! has lockwise-env; then
    log_error 'lockwise: cannot find lockwise-env in PATH; nothing was set'
    return 127
  fi
  # A server that does not answer must not keep the shell waiting.
  if [[ ${LOCKWISE_PULL_TIMEOUT-} == [012] ]]; then __lockwise_timeout=$LOCKWISE_PULL_TIMEOUT; fi
  if __lockwise_lines=$(
    LOCKWISE_NO_PROMPT=$__lockwise_prompt LOCKWISE_PULL_TIMEOUT=$__lockwise_timeout \
      lockwise-env export "${__lockwise_files[@]}" "${__lockwise_variables[@]}"
  ); then
    eval "$__lockwise_lines"
  else
    set -- $?
    log_error 'lockwise: nothing was set'
    return "$1"
  fi
}

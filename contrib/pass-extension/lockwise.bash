#!/usr/bin/env bash
# An extension of pass(1): `pass lockwise COMMAND` runs lockwise-pass. Install it, executable, as
# /usr/lib/password-store/extensions/lockwise.bash, or in $PASSWORD_STORE_EXTENSIONS_DIR with
# PASSWORD_STORE_ENABLE_EXTENSIONS=true.

exec -a "${PROGRAM:-pass} lockwise" lockwise-pass "$@"

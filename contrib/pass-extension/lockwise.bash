#!/usr/bin/env bash
# An extension of pass(1): `pass lockwise COMMAND` runs lockwise-pass. pass finds it in /usr/lib/password-store/extensions,
# or in $PASSWORD_STORE_EXTENSIONS_DIR with PASSWORD_STORE_ENABLE_EXTENSIONS=true.

exec -a "${PROGRAM:-pass} lockwise" lockwise-pass "$@"

// What Swift cannot call of SQLite itself: the variadic sqlite3_db_config and the destructor constants.
#pragma once

#include <sqlite3.h>

static inline int lockwise_db_config_flag(sqlite3 *db, int option, int value) {
  return sqlite3_db_config(db, option, value, (int *)0);
}

// The flag's present value; a negative one asks and changes nothing.
static inline int lockwise_db_config_value(sqlite3 *db, int option) {
  int value = -1;
  sqlite3_db_config(db, option, -1, &value);
  return value;
}

// The bytes must outlive the statement's next step or reset (SQLITE_STATIC, sqlite3_bind_blob).
static inline int lockwise_bind_blob_static(sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 n) {
  return sqlite3_bind_blob64(statement, index, bytes, n, SQLITE_STATIC);
}

static inline int lockwise_bind_text_copy(sqlite3_stmt *statement, int index, const char *text, int n) {
  return sqlite3_bind_text(statement, index, text, n, SQLITE_TRANSIENT);
}

static inline int lockwise_persist_wal(sqlite3 *db, int on) {
  return sqlite3_file_control(db, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
}

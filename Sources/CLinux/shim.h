// Linux calls that Swift cannot make itself: system calls without a libc wrapper, variadics and macros.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

// add_key(2), keyctl(2): glibc has no wrappers.
static inline long lockwise_add_key(const char *type, const char *description, const void *payload, size_t length,
                                    int keyring) {
  return syscall(SYS_add_key, type, description, payload, length, (long)keyring);
}
static inline long lockwise_key_search(int keyring, const char *type, const char *description) {
  return syscall(SYS_keyctl, (long)KEYCTL_SEARCH, (long)keyring, type, description, 0L);
}
static inline long lockwise_key_read(long key, void *buffer, size_t length) {
  return syscall(SYS_keyctl, (long)KEYCTL_READ, key, buffer, length, 0L);
}
static inline long lockwise_key_set_timeout(long key, unsigned seconds) {
  return syscall(SYS_keyctl, (long)KEYCTL_SET_TIMEOUT, key, (long)seconds, 0L, 0L);
}
static inline long lockwise_key_set_permissions(long key, unsigned permissions) {
  return syscall(SYS_keyctl, (long)KEYCTL_SETPERM, key, (long)permissions, 0L, 0L);
}
static inline long lockwise_key_invalidate(long key) {
  return syscall(SYS_keyctl, (long)KEYCTL_INVALIDATE, key, 0L, 0L, 0L);
}
static inline long lockwise_key_link(long key, int keyring) {
  return syscall(SYS_keyctl, (long)KEYCTL_LINK, key, (long)keyring, 0L, 0L);
}
static inline long lockwise_key_unlink(long key, int keyring) {
  return syscall(SYS_keyctl, (long)KEYCTL_UNLINK, key, (long)keyring, 0L, 0L);
}
static inline long lockwise_key_describe(long key, char *buffer, size_t length) {
  return syscall(SYS_keyctl, (long)KEYCTL_DESCRIBE, key, buffer, length, 0L);
}

// prctl(2) is variadic.
static inline int lockwise_set_not_dumpable(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

// setrlimit(2): RLIMIT_CORE is an enum constant of another type in Swift.
static inline int lockwise_no_core_dumps(void) {
  struct rlimit none = {0, 0};
  return setrlimit(RLIMIT_CORE, &none);
}

// The Swift runtime may have handlers that print registers and memory, secrets included, and start a program to do so
// (SWIFT_BACKTRACE). A signal that ends the process does nothing else from here on; one that is ignored stays ignored.
static inline void lockwise_default_fatal_signals(void) {
  static const int fatal[] = {SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS};
  for (unsigned i = 0; i < sizeof fatal / sizeof *fatal; i++) {
    struct sigaction action;
    if (!sigaction(fatal[i], 0, &action) && action.sa_handler != SIG_IGN) signal(fatal[i], SIG_DFL);
  }
}

// open(2) and fcntl(2) are variadic.
static inline int lockwise_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }
static inline int lockwise_open_at(int folder, const char *name, int flags, mode_t mode) {
  return openat(folder, name, flags, mode);
}

/// Makes a file without a name in memory.
static inline int lockwise_open_in_memory(void) {
  // MFD_CLOEXEC (memfd_create(2)).
  return (int)syscall(SYS_memfd_create, "lockwise", 1U);
}

/// Makes a file without a name in a directory, for reading and writing.
static inline int lockwise_open_unnamed(const char *directory) {
  // O_TMPFILE, which glibc names so only with _GNU_SOURCE (open(2)).
  return open(directory, __O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}
static inline int lockwise_set_cloexec(int fd, int on) { return fcntl(fd, F_SETFD, on ? FD_CLOEXEC : 0); }
// Closes every descriptor from `first` on (close_range(2), Linux 5.9). Older kernels leave them open.
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
static inline void lockwise_close_from(unsigned first) { syscall(SYS_close_range, first, ~0U, 0U); }
// A copy of a descriptor that is not a standard stream's and is not handed on.
static inline int lockwise_duplicate(int fd) { return fcntl(fd, F_DUPFD_CLOEXEC, 3); }
static inline int lockwise_set_nonblocking(int fd) { return fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK); }

// fcntl(2), "Open file description locks": waits until nobody else holds the lock at a place of a file, and takes it.
// glibc shows it under _GNU_SOURCE only.
#ifndef F_OFD_SETLKW
#define F_OFD_SETLKW 38
#endif
static inline int lockwise_lock_place(int fd, off_t place) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = place, .l_len = 1};
  return fcntl(fd, F_OFD_SETLKW, &lock);
}
// The same without waiting.
#ifndef F_OFD_SETLK
#define F_OFD_SETLK 37
#endif
static inline int lockwise_try_lock_place(int fd, off_t place) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = place, .l_len = 1};
  return fcntl(fd, F_OFD_SETLK, &lock);
}

// environ(7) is a global variable that Swift 6 calls unsafe to share; nobody here changes it.
extern char **environ;
static inline char **lockwise_environment(void) { return environ; }

// The spawned program gets `program`'s own session, so that closing the terminal does not end it (setsid(2)), and
// the default action for every signal. posix_spawn(3).
#include <spawn.h>
// glibc shows it under _GNU_SOURCE only, and that would make this module's C library differ from the others'.
#ifndef POSIX_SPAWN_SETSID
#define POSIX_SPAWN_SETSID 0x80
#endif
static inline int lockwise_spawn(pid_t *pid, const char *program, posix_spawn_file_actions_t *actions,
                                 char *const arguments[], char *const environment[], int new_session) {
  posix_spawnattr_t attributes;
  int error = posix_spawnattr_init(&attributes);
  if (error) return error;
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                            (new_session ? POSIX_SPAWN_SETSID : 0));
  error = posix_spawn(pid, program, actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  return error;
}

// wait(2): the macros over a status.
static inline int lockwise_wait_exited(int status) { return WIFEXITED(status); }
static inline int lockwise_wait_exit_status(int status) { return WEXITSTATUS(status); }
static inline int lockwise_wait_signal(int status) { return WTERMSIG(status); }

// A descriptor that is readable when a process has ended (pidfd_open(2), Linux 5.3); -1 if there is none.
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
static inline int lockwise_open_process(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0U); }

// Blocks the signals by which a process at a terminal is ended, those of them that are not ignored, and returns a
// descriptor that is readable when one of them came (signalfd(2)); -1 if that is not possible, and nothing is blocked.
static inline int lockwise_hold_signals(sigset_t *previous) {
  static const int deadly[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
  sigset_t held;
  sigemptyset(&held);
  for (unsigned i = 0; i < sizeof deadly / sizeof *deadly; i++) {
    struct sigaction action;
    if (!sigaction(deadly[i], 0, &action) && action.sa_handler != SIG_IGN) sigaddset(&held, deadly[i]);
  }
  if (sigprocmask(SIG_BLOCK, &held, previous)) return -1;
  int descriptor = signalfd(-1, &held, SFD_CLOEXEC);
  if (descriptor < 0) sigprocmask(SIG_SETMASK, previous, 0);
  return descriptor;
}
static inline void lockwise_release_signals(int descriptor, const sigset_t *previous) {
  if (descriptor < 0) return;
  close(descriptor);
  sigprocmask(SIG_SETMASK, previous, 0);
}

// posix_spawn_file_actions_addchdir_np(3), glibc 2.29: shown under _GNU_SOURCE only.
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
static inline int lockwise_spawn_in_folder(posix_spawn_file_actions_t *actions, const char *path) {
  return posix_spawn_file_actions_addchdir_np(actions, path);
}

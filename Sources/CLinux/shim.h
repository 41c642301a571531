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
#include <sys/vfs.h>
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
// SIGTERM when the parent ends, also for a program that replaces this one (PR_SET_PDEATHSIG).
static inline int lockwise_end_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0); }

// Whether a process has another real, effective or saved user or group than this one: only then its limits must not be
// read (prlimit(2), which glibc shows under _GNU_SOURCE only). It does not depend on /proc.
static inline int lockwise_is_foreign(pid_t pid) {
  unsigned long long limits[2];
  return syscall(SYS_prlimit64, pid, RLIMIT_NOFILE, 0L, limits) < 0 && errno == EPERM;
}

// setrlimit(2): RLIMIT_CORE is an enum constant of another type in Swift.
static inline int lockwise_no_core_dumps(void) {
  struct rlimit none = {0, 0};
  return setrlimit(RLIMIT_CORE, &none);
}

// The limit that lockwise_no_core_dumps() changes (getrlimit(2)).
static inline int lockwise_get_core_limit(struct rlimit *limit) { return getrlimit(RLIMIT_CORE, limit); }
static inline int lockwise_set_core_limit(const struct rlimit *limit) { return setrlimit(RLIMIT_CORE, limit); }

// Ignores SIGPIPE and returns whether it was ignored before. SIG_IGN is a cast integer that Swift cannot compare.
static inline int lockwise_ignore_closed_pipes(void) { return signal(SIGPIPE, SIG_IGN) == SIG_IGN; }

// Gives SIGCHLD its default action if it is ignored, which discards the status of children (wait(2)), and returns whether
// it was. Nothing is called otherwise: setting the default action also removes a pending signal (sigaction(2)).
static inline int lockwise_default_child_signal(void) {
  struct sigaction action;
  if (sigaction(SIGCHLD, 0, &action) || action.sa_handler != SIG_IGN) return 0;
  signal(SIGCHLD, SIG_DFL);
  return 1;
}

// Whether SIGCHLD is pending, which only a process that blocks it sees, and removes it (sigtimedwait(2)). A pending
// signal stays pending across execve(2).
static inline int lockwise_has_child_signal(void) {
  sigset_t pending;
  return !sigpending(&pending) && sigismember(&pending, SIGCHLD) == 1;
}
static inline void lockwise_discard_child_signal(void) {
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  struct timespec none = {0, 0};
  sigtimedwait(&child, 0, &none);
}

// Puts a descriptor in the place of each standard stream that is closed, so that no file of ours gets its number. Reading
// and writing it fails with EBADF, like those of a closed one (open(2), O_PATH), and execve(2) closes it.
static inline void lockwise_occupy_closed_streams(void) {
  for (int fd = 0; fd <= 2; fd++) {
    // The lowest free number is this one. glibc names O_PATH so only with _GNU_SOURCE.
    if (fcntl(fd, F_GETFD) < 0) open("/", __O_PATH | O_CLOEXEC);
  }
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

// memfd_create(2): the flags, some of which glibc 2.36 does not have.
#define LOCKWISE_MFD_CLOEXEC 1U
#define LOCKWISE_MFD_ALLOW_SEALING 2U
#define LOCKWISE_MFD_NOEXEC_SEAL 8U
// Makes a file without a name in memory that can be sealed, and never executed where the kernel supports that (Linux
// 6.3; earlier ones report EINVAL).
static inline int lockwise_open_sealable(void) {
  const unsigned flags = LOCKWISE_MFD_CLOEXEC | LOCKWISE_MFD_ALLOW_SEALING;
  int fd = (int)syscall(SYS_memfd_create, "lockwise", flags | LOCKWISE_MFD_NOEXEC_SEAL);
  return fd < 0 && errno == EINVAL ? (int)syscall(SYS_memfd_create, "lockwise", flags) : fd;
}
// Seals a file in memory against every change (fcntl(2), F_ADD_SEALS with F_SEAL_SEAL, SHRINK, GROW and WRITE; glibc
// shows them under _GNU_SOURCE only).
static inline int lockwise_seal(int fd) { return fcntl(fd, 1033, 1 | 2 | 4 | 8); }
// Whether a file is in memory: on tmpfs or ramfs (statfs(2)).
static inline int lockwise_is_in_memory(int fd) {
  struct statfs info;
  return !fstatfs(fd, &info) && (info.f_type == 0x01021994 || info.f_type == 0x858458f6);
}
// A copy of a descriptor with at least this number, which is not handed on.
static inline int lockwise_duplicate_from(int fd, int least) { return fcntl(fd, F_DUPFD_CLOEXEC, least); }

/// Makes a file without a name in a directory, for reading and writing.
static inline int lockwise_open_unnamed(const char *directory) {
  // O_TMPFILE, which glibc names so only with _GNU_SOURCE (open(2)).
  return open(directory, __O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}
static inline int lockwise_set_cloexec(int fd, int on) { return fcntl(fd, F_SETFD, on ? FD_CLOEXEC : 0); }
// Reading the file does not change its time of access (open(2), O_NOATIME, which glibc names so only with _GNU_SOURCE).
// Only the owner may ask for it; nothing happens for others.
static inline void lockwise_keep_access_time(int fd) { fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | __O_NOATIME); }
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

// Runs a program in place of this one as env(1) does (execvp(3)): a name without a slash is searched in the PATH of the
// given environment, and a script without `#!` is run by /bin/sh. Returns only if it fails, with `errno` set.
static inline void lockwise_execute(char *const arguments[], char **environment) {
  char **own = environ;
  environ = environment;
  execvp(arguments[0], arguments);
  environ = own;
}

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

// The same for a program that is not a child of this process, and that gets only the standard streams: its parent is a
// process that has ended. That process sends no SIGCHLD, which would stay pending across execve(2) if it is blocked.
static inline int lockwise_spawn_orphan(const char *program, posix_spawn_file_actions_t *actions,
                                        char *const arguments[], char *const environment[]) {
  // fork(2) with 0 in place of SIGCHLD (clone(2)).
  pid_t middle = (pid_t)syscall(SYS_clone, 0L, 0L, 0L, 0L, 0L);
  if (middle < 0) return errno;
  if (middle == 0) {
    lockwise_close_from(3);
    pid_t pid;
    _exit(lockwise_spawn(&pid, program, actions, arguments, environment, 1));
  }
  int status = 0;
  // __WALL: also processes without SIGCHLD.
  while (waitpid(middle, &status, 0x40000000) < 0) {
    if (errno != EINTR) return 0;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : ECHILD;
}
// Whether processes whose parent has ended become children of this one (init of a container, PR_SET_CHILD_SUBREAPER).
static inline int lockwise_adopts_orphans(void) {
  int adopts = 0;
  return getpid() == 1 || (!prctl(PR_GET_CHILD_SUBREAPER, &adopts, 0, 0, 0) && adopts);
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

// A copy of this process (fork(2)). Nothing of ours has a second thread.
static inline pid_t lockwise_fork(void) { return fork(); }

// wait(2): a process that is stopped, and by which signal.
static inline int lockwise_wait_stopped(int status) { return WIFSTOPPED(status); }
static inline int lockwise_wait_stop_signal(int status) { return WSTOPSIG(status); }

// Blocks signals and returns a descriptor from which they are read without waiting (signalfd(2)); negative if that is not
// possible.
static inline int lockwise_block_signals(const int *numbers, int count, sigset_t *previous) {
  sigset_t held;
  sigemptyset(&held);
  for (int i = 0; i < count; i++) sigaddset(&held, numbers[i]);
  if (sigprocmask(SIG_BLOCK, &held, previous)) return -1;
  return signalfd(-1, &held, SFD_CLOEXEC | SFD_NONBLOCK);
}
// Lets a signal end this process from here on.
static inline void lockwise_release_signal(int number) {
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, number);
  signal(number, SIG_DFL);
  sigprocmask(SIG_UNBLOCK, &one, 0);
}
static inline void lockwise_set_signal_mask(const sigset_t *mask) { sigprocmask(SIG_SETMASK, mask, 0); }
// Lets a signal take its default action now. One that stops the process returns when the process continues.
static inline void lockwise_take_default_action(int number) {
  struct sigaction action = {.sa_handler = SIG_DFL}, previous;
  sigset_t one, mask;
  sigemptyset(&one);
  sigaddset(&one, number);
  sigaction(number, &action, &previous);
  sigprocmask(SIG_UNBLOCK, &one, &mask);
  sigprocmask(SIG_SETMASK, &mask, 0);
  sigaction(number, &previous, 0);
}

// A pseudo-terminal (pts(4)): returns the master and opens the terminal; negative if there is none. Neither becomes the
// controlling terminal. TIOCGPTPEER (Linux 4.13) works also if /dev/pts is another mount.
#include <sys/ioctl.h>
#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif
static inline int lockwise_open_pseudo_terminal(int *terminal) {
  int master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC), locked = 0;
  if (master < 0) return -1;
  if (ioctl(master, TIOCSPTLCK, &locked) ||
      (*terminal = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC)) < 0) {
    int number = errno;
    close(master);
    errno = number;
    return -1;
  }
  return master;
}
// Makes a terminal the controlling one of this process, which leads a session (ioctl_tty(2)).
static inline int lockwise_set_controlling_terminal(int fd) { return ioctl(fd, TIOCSCTTY, 0); }
// Copies the window size of a terminal. The foreground of the target gets SIGWINCH if it differs.
static inline int lockwise_copy_window_size(int source, int target) {
  struct winsize size;
  return ioctl(source, TIOCGWINSZ, &size) ? -1 : ioctl(target, TIOCSWINSZ, &size);
}
// Sends SIGINT, SIGQUIT or SIGTSTP to the foreground of the terminal of a master, as its keys do.
static inline int lockwise_signal_foreground(int master, int number) { return ioctl(master, TIOCSIG, number); }

// Whether two descriptors are of the same open file (kcmp(2), KCMP_FILE). False where the kernel does not say.
static inline int lockwise_is_same_file(int one, int other) {
  pid_t pid = getpid();
  return !syscall(SYS_kcmp, pid, pid, 0, (long)one, (long)other);
}

// A program that reports what it got from execve(2), and another that starts a program in an unusual state.
//
//   process-probe report FILE [ARG]…        writes the report to FILE
//   process-probe start STATE PROGRAM [ARG]… gets into the state, then becomes the program
//   process-probe exit STATUS
//   process-probe kill SIGNAL
//   process-probe pause                     prints a line, and waits for a signal
//
// Two reports are equal if the two processes cannot tell how they were started.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void print_bytes(FILE *out, const char *text) {
  for (; *text; text++) {
    if (*text > ' ' && *text < 127 && *text != '\\') fputc(*text, out);
    else fprintf(out, "\\x%02x", (unsigned char)*text);
  }
  fputc('\n', out);
}

static void report_descriptors(FILE *out, int own) {
  for (int fd = 0; fd < 1024; fd++) {
    int flags = fcntl(fd, F_GETFD);
    if (flags < 0 || fd == own) continue;
    char link[64], target[PATH_MAX] = "";
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    if (readlink(link, target, sizeof target - 1) < 0) strcpy(target, "?");
    fprintf(out, "descriptor %d: %d %o %lld %s\n", fd, flags, fcntl(fd, F_GETFL), (long long)lseek(fd, 0, SEEK_CUR),
            target);
  }
}

static void report_signals(FILE *out) {
  for (int number = 1; number < 65; number++) {
    struct sigaction action;
    if (sigaction(number, NULL, &action)) continue;
    fprintf(out, "signal %d: %s %x\n", number,
            action.sa_handler == SIG_DFL ? "default" : action.sa_handler == SIG_IGN ? "ignored" : "handled",
            (unsigned)action.sa_flags);
  }
  char line[256];
  FILE *status = fopen("/proc/self/status", "re");
  const char *wanted[] = {"TracerPid", "Uid", "Gid", "Groups", "VmLck", "Threads", "SigPnd", "ShdPnd", "SigBlk",
                          "SigIgn", "SigCgt", "Cap", "NoNewPrivs", "Seccomp:", "Cpus_allowed_list", "Mems_allowed_list"};
  while (status && fgets(line, sizeof line, status)) {
    for (unsigned i = 0; i < sizeof wanted / sizeof *wanted; i++) {
      if (!strncmp(line, wanted[i], strlen(wanted[i]))) fprintf(out, "status %s", line);
    }
  }
  if (status) fclose(status);
}

static void report_children(FILE *out) {
  errno = 0;
  int status;
  pid_t child = waitpid(-1, &status, WNOHANG | __WALL);
  fprintf(out, "children: %s\n", child < 0 ? strerror(errno) : child ? "one that has ended" : "running ones");
  char path[64], text[256] = "";
  snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
  FILE *list = fopen(path, "re");
  int count = 0;
  if (list) {
    size_t length = fread(text, 1, sizeof text - 1, list);
    for (size_t i = 0; i < length; i++) count += text[i] == ' ';
    fclose(list);
  }
  fprintf(out, "number of children: %d\n", count);
}

static int report(const char *path, int argc, char **argv) {
  mode_t mask = umask(0);
  umask(mask);
  struct stat info;
  char folder[PATH_MAX] = "?";
  int own = -1;
  // The descriptors are looked at before this program opens one.
  FILE *memory = NULL;
  char *text = NULL;
  size_t length = 0;
  memory = open_memstream(&text, &length);
  report_descriptors(memory, own);
  report_children(memory);
  report_signals(memory);
  const char *starter = getenv("PROBE_STARTER");
  fprintf(memory, "same process: %d\n", starter && atoi(starter) == getpid());
  fprintf(memory, "parent: %d\n", getppid());
  fprintf(memory, "leads group: %d, group of parent: %d\n", getpgrp() == getpid(), getpgrp() == getpgid(getppid()));
  fprintf(memory, "leads session: %d, session of parent: %d\n", getsid(0) == getpid(), getsid(0) == getsid(getppid()));
  fprintf(memory, "umask: %o\n", mask);
  for (int which = 0; which < RLIM_NLIMITS; which++) {
    struct rlimit limit;
    if (!getrlimit(which, &limit))
      fprintf(memory, "limit %d: %llu %llu\n", which, (unsigned long long)limit.rlim_cur,
              (unsigned long long)limit.rlim_max);
  }
  int deathsig = -1, subreaper = -1;
  prctl(PR_GET_PDEATHSIG, &deathsig);
  prctl(PR_GET_CHILD_SUBREAPER, &subreaper);
  fprintf(memory, "prctl: dumpable %d, death signal %d, subreaper %d, keep caps %d, slack %d, secure bits %d, name ",
          prctl(PR_GET_DUMPABLE), deathsig, subreaper, prctl(PR_GET_KEEPCAPS), prctl(PR_GET_TIMERSLACK),
          prctl(PR_GET_SECUREBITS));
  char name[17] = "";
  prctl(PR_GET_NAME, name);
  fprintf(memory, "%s\n", name);
  struct itimerval timer;
  for (int which = 0; which < 3; which++) {
    getitimer(which, &timer);
    fprintf(memory, "timer %d: %d\n", which, timer.it_value.tv_sec || timer.it_value.tv_usec);
  }
  struct sched_param scheduling;
  sched_getparam(0, &scheduling);
  fprintf(memory, "scheduling: %d %d, nice %d, io %ld\n", sched_getscheduler(0), scheduling.sched_priority,
          getpriority(PRIO_PROCESS, 0), syscall(SYS_ioprio_get, 1, 0));
  stack_t stack;
  sigaltstack(NULL, &stack);
  fprintf(memory, "signal stack: %x\n", (unsigned)stack.ss_flags);
  fprintf(memory, "directory: %s\n", getcwd(folder, sizeof folder));
  if (!stat("/", &info)) fprintf(memory, "root: %llu\n", (unsigned long long)info.st_ino);
  FILE *adjustment = fopen("/proc/self/oom_score_adj", "re");
  int score = 0;
  if (adjustment && fscanf(adjustment, "%d", &score) == 1) fprintf(memory, "oom: %d\n", score);
  if (adjustment) fclose(adjustment);
  for (int i = 0; i < argc; i++) {
    fprintf(memory, "argument %d: ", i);
    print_bytes(memory, argv[i]);
  }
  for (int i = 0; environ[i]; i++) {
    if (!strncmp(environ[i], "PROBE_STARTER=", 14)) continue;
    fprintf(memory, "variable: ");
    print_bytes(memory, environ[i]);
  }
  fclose(memory);
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0 || write(file, text, length) != (ssize_t)length) return 99;
  return 0;
}

// Adds an entry to the environment as it is.
static void add_entry(const char *entry) {
  int count = 0;
  while (environ[count]) count++;
  char **larger = calloc(count + 2, sizeof *larger);
  memcpy(larger, environ, count * sizeof *larger);
  larger[count] = strdup(entry);
  environ = larger;
}

static int start(const char *state, char **program) {
  struct rlimit limit;
  sigset_t set;
  sigemptyset(&set);
  if (!strcmp(state, "ignoring")) {
    for (int number = 1; number < 65; number++) signal(number, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
  } else if (!strcmp(state, "ignoring-children")) {
    signal(SIGCHLD, SIG_IGN);
    signal(SIGINT, SIG_IGN);
  } else if (!strcmp(state, "pending-child")) {
    signal(SIGCHLD, SIG_IGN);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_SETMASK, &set, NULL);
    kill(getpid(), SIGCHLD);
  } else if (!strcmp(state, "blocking")) {
    sigfillset(&set);
    sigprocmask(SIG_SETMASK, &set, NULL);
    kill(getpid(), SIGUSR2);
  } else if (!strcmp(state, "limits")) {
    umask(0027);
    limit = (struct rlimit){4096, 8192};
    setrlimit(RLIMIT_CORE, &limit);
    limit = (struct rlimit){200, 300};
    setrlimit(RLIMIT_NOFILE, &limit);
    nice(3);
    alarm(100);
  } else if (!strcmp(state, "unlimited-core")) {
    umask(0);
    if (!getrlimit(RLIMIT_CORE, &limit)) {
      limit.rlim_cur = limit.rlim_max;
      setrlimit(RLIMIT_CORE, &limit);
    }
  } else if (!strcmp(state, "descriptors")) {
    int file = open("/dev/null", O_RDWR);
    dup2(file, 7);
    dup2(open("/proc/version", O_RDONLY), 100);
    lseek(100, 5, SEEK_SET);
    dup2(open("/dev/zero", O_WRONLY | O_APPEND | O_NONBLOCK), 9);
    int ends[2];
    if (pipe(ends)) return 98;
  } else if (!strncmp(state, "closed", 6)) {
    for (const char *digit = state + 6; *digit; digit++) close(*digit - '0');
  } else if (!strcmp(state, "children")) {
    if (!fork()) {
      execl("/bin/sleep", "sleep", "1", NULL);
      _exit(1);
    }
    if (!fork()) _exit(3);
    usleep(100000);
  } else if (!strcmp(state, "variables")) {
    putenv("SSLKEYLOGFILE=/dev/full");
    putenv("OPENSSL_CONF=relative.cnf");
    putenv("SSL_CERT_FILE=relative.pem");
    putenv("SSL_CERT_DIR=/etc/ssl/certs");
    putenv("CTLOG_FILE=");
    putenv("lockwise=lockwise://not/given");
    const char *entries[] = {"TWICE=first",     "TWICE=second",  "\xff\xfe=\x80\x81", "without a sign", "=",
                             "=nothing before", "EMPTY=",        "QUOTE='\"\\\n\t$(id)`", "OPENSSL_CONF=again",
                             "BASH_FUNC_x%%=() { :; }", "TWICE=third"};
    for (unsigned i = 0; i < sizeof entries / sizeof *entries; i++) add_entry(entries[i]);
  } else if (!strcmp(state, "without-variables")) {
    char **only = calloc(3, sizeof *only);
    for (int i = 0, next = 0; environ[i] && next < 2; i++) {
      if (!strncmp(environ[i], "LOCKWISE_HOME=", 14)) only[next++] = environ[i];
    }
    environ = only;
  } else if (strcmp(state, "usual")) {
    fprintf(stderr, "unknown state %s\n", state);
    return 98;
  }
  char own[32];
  snprintf(own, sizeof own, "%d", getpid());
  setenv("PROBE_STARTER", own, 1);
  execv(program[0], program);
  perror(program[0]);
  return 98;
}

int main(int argc, char **argv) {
  if (argc >= 3 && !strcmp(argv[1], "report")) return report(argv[2], argc, argv);
  if (argc >= 4 && !strcmp(argv[1], "start")) return start(argv[2], argv + 3);
  if (argc == 3 && !strcmp(argv[1], "exit")) return atoi(argv[2]);
  if (argc == 3 && !strcmp(argv[1], "kill")) {
    kill(getpid(), atoi(argv[2]));
    pause();
  }
  if (argc == 2 && !strcmp(argv[1], "pause")) {
    printf("ready\n");
    fflush(stdout);
    pause();
  }
  return 99;
}

/*
 * A disk that fails, kills and remembers: to be put under a process by LD_PRELOAD.
 *
 * It acts on files whose path begins with SCAN_DISK_PATH, and on syncs of their directory. What it
 * does is told, while the process runs, through a block of shared memory: the file that
 * SCAN_DISK_CONTROL names. What was done is written to the file that SCAN_DISK_TRACE names, in the
 * order in which it was done; so are the writes to the file SCAN_DISK_MARKS, by which the process
 * tells how far it is.
 *
 * Built by: cc -shared -fPIC -O1 -o faultydisk.so faultydisk.c -ldl -lpthread
 */
#define _GNU_SOURCE
#define _LARGEFILE64_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum operation {
  OPEN = 1,
  CREATE = 2,
  WRITE = 4,
  SYNC = 8,
  TRUNCATE = 16,
  UNLINK = 32,
  MAP = 64,
  READ = 128,
  MARK = 256
};

enum action { NOTHING = 0, KILL_BEFORE = 1, KILL_HALFWAY = 2, FAIL = 3, FAIL_HALFWAY = 4 };

/* As DiskControl has it: numbers of 8 bytes. */
struct control {
  volatile int64_t action;
  volatile int64_t operations; /* those that are counted */
  volatile int64_t from;       /* the first one that is acted on, counted from 1 */
  volatile int64_t to;         /* the last one */
  volatile int64_t error;      /* an errno */
  volatile int64_t count;      /* of operations so far */
  volatile int64_t hits;       /* how many were acted on */
};

#define DESCRIPTORS 4096
#define NAME 120

static struct {
  int used;
  int marks;
  char name[NAME]; /* the last part of its path; empty for the directory */
} descriptors[DESCRIPTORS];

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static const char *prefix;
static const char *marks;
static size_t prefix_length;
static size_t directory_length;
static struct control *control;
static int trace = -1;

static int (*real_open64)(const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_pwrite64)(int, const void *, size_t, off64_t);
static ssize_t (*real_pread64)(int, void *, size_t, off64_t);
static ssize_t (*real_write)(int, const void *, size_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate64)(int, off64_t);
static int (*real_unlink)(const char *);
static void *(*real_mmap64)(void *, size_t, int, int, int, off64_t);

static void fail(const char *what) {
  fprintf(stderr, "faultydisk: %s: %s\n", what, strerror(errno));
  _exit(70);
}

/* Others may call before the constructor does. */
static void resolve(void) {
  if (real_mmap64 != NULL) {
    return;
  }
  real_open64 = dlsym(RTLD_NEXT, "open64");
  real_close = dlsym(RTLD_NEXT, "close");
  real_pwrite64 = dlsym(RTLD_NEXT, "pwrite64");
  real_pread64 = dlsym(RTLD_NEXT, "pread64");
  real_write = dlsym(RTLD_NEXT, "write");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_ftruncate64 = dlsym(RTLD_NEXT, "ftruncate64");
  real_unlink = dlsym(RTLD_NEXT, "unlink");
  real_mmap64 = dlsym(RTLD_NEXT, "mmap64");
}

__attribute__((constructor)) static void start(void) {
  resolve();
  const char *control_file = getenv("SCAN_DISK_CONTROL");
  const char *trace_file = getenv("SCAN_DISK_TRACE");
  const char *path = getenv("SCAN_DISK_PATH");
  if (path == NULL || control_file == NULL) {
    return;
  }
  int descriptor = real_open64(control_file, O_RDWR | O_CLOEXEC);
  if (descriptor < 0) {
    fail(control_file);
  }
  control = real_mmap64(
      NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  if (control == MAP_FAILED) {
    fail(control_file);
  }
  real_close(descriptor);
  if (trace_file != NULL) {
    trace = real_open64(trace_file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (trace < 0) {
      fail(trace_file);
    }
  }
  marks = getenv("SCAN_DISK_MARKS");
  prefix_length = strlen(path);
  const char *slash = strrchr(path, '/');
  directory_length = slash == NULL ? 0 : (size_t) (slash - path);
  prefix = path;
}

static int is_ours(const char *path) {
  return prefix != NULL && path != NULL && strncmp(path, prefix, prefix_length) == 0;
}

static int is_directory(const char *path) {
  return prefix != NULL && path != NULL && strncmp(path, prefix, directory_length) == 0 &&
         path[directory_length] == '\0';
}

static int is_known(int descriptor) {
  return descriptor >= 0 && descriptor < DESCRIPTORS && descriptors[descriptor].used;
}

static const char *name_of(const char *path) { return path + directory_length + 1; }

/* One record: operation, offset, length (8 bytes each), the name's length, the name, the data. */
static void remember(
    enum operation operation, const char *name, int64_t offset, int64_t length, const void *data) {
  if (trace < 0) {
    return;
  }
  int64_t head[4] = {operation, offset, length, (int64_t) strlen(name)};
  struct iovec parts[3] = {
      {head, sizeof head},
      {(void *) name, strlen(name)},
      {(void *) data, data == NULL ? 0 : (size_t) length},
  };
  size_t whole = parts[0].iov_len + parts[1].iov_len + parts[2].iov_len;
  if (writev(trace, parts, 3) != (ssize_t) whole) {
    fail("trace");
  }
}

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) {
    pause();
  }
}

/* What is to become of the operation that is about to begin. */
static enum action next(enum operation operation) {
  if ((control->operations & operation) == 0) {
    return NOTHING;
  }
  int64_t number = ++control->count;
  enum action action = (enum action) control->action;
  if (action == NOTHING || number < control->from || number > control->to) {
    return NOTHING;
  }
  control->hits++;
  if (action == KILL_BEFORE) {
    die();
  }
  return action;
}

/* A disk that is read-only, or closed to its user, lets its files be opened for reading. */
static int may_be_read(int flags) {
  return (flags & O_ACCMODE) == O_RDONLY && (control->error == EROFS || control->error == EACCES);
}

static int refuse(void) {
  errno = (int) control->error;
  pthread_mutex_unlock(&mutex);
  return -1;
}

int open64(const char *path, int flags, ...) {
  resolve();
  mode_t mode = 0;
  if (flags & (O_CREAT | O_TMPFILE)) {
    va_list arguments;
    va_start(arguments, flags);
    mode = va_arg(arguments, mode_t);
    va_end(arguments);
  }
  int ours = is_ours(path);
  int directory = is_directory(path);
  int is_marks = marks != NULL && strcmp(path, marks) == 0;
  if (!ours && !directory && !is_marks) {
    return real_open64(path, flags, mode);
  }
  pthread_mutex_lock(&mutex);
  int creates = ours && (flags & O_CREAT) && access(path, F_OK) != 0;
  if (ours && !may_be_read(flags)) {
    enum action action = next(creates ? CREATE : OPEN);
    if (action == FAIL || action == FAIL_HALFWAY) {
      return refuse();
    }
    if (action == KILL_HALFWAY && creates) {
      real_open64(path, flags, mode);
      remember(CREATE, name_of(path), 0, 0, NULL);
      die();
    }
  }
  int descriptor = real_open64(path, flags, mode);
  int error = errno;
  if (descriptor >= DESCRIPTORS) {
    fail("too many open files");
  }
  if (descriptor >= 0) {
    const char *name = ours ? name_of(path) : "";
    if (strlen(name) >= NAME) {
      fail("name too long");
    }
    descriptors[descriptor].used = 1;
    descriptors[descriptor].marks = is_marks;
    strcpy(descriptors[descriptor].name, name);
    if (creates) {
      remember(CREATE, name, 0, 0, NULL);
    }
  }
  pthread_mutex_unlock(&mutex);
  errno = error;
  return descriptor;
}

int open(const char *path, int flags, ...) {
  mode_t mode = 0;
  if (flags & (O_CREAT | O_TMPFILE)) {
    va_list arguments;
    va_start(arguments, flags);
    mode = va_arg(arguments, mode_t);
    va_end(arguments);
  }
  return open64(path, flags, mode);
}

int close(int descriptor) {
  resolve();
  if (is_known(descriptor)) {
    descriptors[descriptor].used = 0;
  }
  return real_close(descriptor);
}

ssize_t pwrite64(int descriptor, const void *data, size_t length, off64_t offset) {
  resolve();
  if (!is_known(descriptor)) {
    return real_pwrite64(descriptor, data, length, offset);
  }
  pthread_mutex_lock(&mutex);
  const char *name = descriptors[descriptor].name;
  enum action action = next(WRITE);
  if (action == KILL_HALFWAY || action == FAIL_HALFWAY) {
    ssize_t half = real_pwrite64(descriptor, data, (length + 1) / 2, offset);
    remember(WRITE, name, offset, half, data);
    if (action == KILL_HALFWAY) {
      die();
    }
    return refuse();
  }
  if (action == FAIL) {
    return refuse();
  }
  ssize_t written = real_pwrite64(descriptor, data, length, offset);
  int error = errno;
  if (written > 0) {
    remember(WRITE, name, offset, written, data);
  }
  pthread_mutex_unlock(&mutex);
  errno = error;
  return written;
}

ssize_t pread64(int descriptor, void *data, size_t length, off64_t offset) {
  resolve();
  if (is_known(descriptor)) {
    pthread_mutex_lock(&mutex);
    if (next(READ) != NOTHING) {
      return refuse();
    }
    pthread_mutex_unlock(&mutex);
  }
  return real_pread64(descriptor, data, length, offset);
}

ssize_t write(int descriptor, const void *data, size_t length) {
  resolve();
  ssize_t written = real_write(descriptor, data, length);
  if (is_known(descriptor) && descriptors[descriptor].marks && written > 0) {
    int error = errno;
    pthread_mutex_lock(&mutex);
    remember(MARK, "", 0, written, data);
    pthread_mutex_unlock(&mutex);
    errno = error;
  }
  return written;
}

static int synced(int descriptor, int (*sync)(int)) {
  if (!is_known(descriptor)) {
    return sync(descriptor);
  }
  pthread_mutex_lock(&mutex);
  enum action action = next(SYNC);
  if (action == FAIL || action == FAIL_HALFWAY) {
    return refuse();
  }
  int result = sync(descriptor);
  int error = errno;
  if (result == 0) {
    remember(SYNC, descriptors[descriptor].name, 0, 0, NULL);
  }
  if (action == KILL_HALFWAY) {
    die();
  }
  pthread_mutex_unlock(&mutex);
  errno = error;
  return result;
}

int fsync(int descriptor) {
  resolve();
  return synced(descriptor, real_fsync);
}

int fdatasync(int descriptor) {
  resolve();
  return synced(descriptor, real_fdatasync);
}

int ftruncate64(int descriptor, off64_t length) {
  resolve();
  if (!is_known(descriptor)) {
    return real_ftruncate64(descriptor, length);
  }
  pthread_mutex_lock(&mutex);
  enum action action = next(TRUNCATE);
  if (action == FAIL || action == FAIL_HALFWAY) {
    return refuse();
  }
  int result = real_ftruncate64(descriptor, length);
  int error = errno;
  if (result == 0) {
    remember(TRUNCATE, descriptors[descriptor].name, length, 0, NULL);
  }
  if (action == KILL_HALFWAY) {
    die();
  }
  pthread_mutex_unlock(&mutex);
  errno = error;
  return result;
}

int ftruncate(int descriptor, off_t length) { return ftruncate64(descriptor, length); }

int unlink(const char *path) {
  resolve();
  if (!is_ours(path)) {
    return real_unlink(path);
  }
  pthread_mutex_lock(&mutex);
  enum action action = next(UNLINK);
  if (action == FAIL || action == FAIL_HALFWAY) {
    return refuse();
  }
  int result = real_unlink(path);
  int error = errno;
  if (result == 0) {
    remember(UNLINK, name_of(path), 0, 0, NULL);
  }
  if (action == KILL_HALFWAY) {
    die();
  }
  pthread_mutex_unlock(&mutex);
  errno = error;
  return result;
}

void *mmap64(void *address, size_t length, int protection, int flags, int descriptor, off64_t at) {
  resolve();
  if (is_known(descriptor)) {
    pthread_mutex_lock(&mutex);
    if (next(MAP) != NOTHING) {
      refuse();
      return MAP_FAILED;
    }
    pthread_mutex_unlock(&mutex);
  }
  return real_mmap64(address, length, protection, flags, descriptor, at);
}

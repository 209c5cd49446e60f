/*
 * The floor of the store: what SQLite alone needs for the rows, batches, statement and pragmas of
 * scan. Reads all rows into memory, writes those to become warm with to a file of their own, and
 * then at once the others: sorts each batch by key, and writes it in one transaction.
 *
 * floor DATABASE ROWS BATCH WARM_UP_DATABASE WARM_UP_ROWS UNCOUNTED STATEMENT [PRAGMA...]
 *
 * The first five and UNCOUNTED are those of WriteTask, STATEMENT is a file with the upsert. Prints a
 * line that counts closing the file: "rows N nanos N sort_nanos N cpu_nanos N sqlite VERSION".
 */
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
  const unsigned char *ip_key, *service, *ip, *response;
  int64_t first_scanned, last_scanned;
  int ip_key_size, port, service_size, ip_size, response_size, is_text;
} row;

static sqlite3 *database;

static void fail(const char *what) {
  fprintf(stderr, "floor: %s: %s\n", what, database ? sqlite3_errmsg(database) : "failed");
  exit(1);
}

static void execute(const char *sql) {
  if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK) {
    fail(sql);
  }
}

static int64_t nanos(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static unsigned char *contents(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END)) {
    fail(path);
  }
  *size = (size_t)ftell(file);
  rewind(file);
  unsigned char *bytes = malloc(*size + 1);
  if (!bytes || fread(bytes, 1, *size, file) != *size) {
    fail(path);
  }
  bytes[*size] = 0;
  fclose(file);
  return bytes;
}

/* Numbers are big-endian. */
static uint64_t number(const unsigned char **at, int size) {
  uint64_t value = 0;
  for (int i = 0; i < size; i++) {
    value = value << 8 | *(*at)++;
  }
  return value;
}

static const unsigned char *piece(const unsigned char **at, int size) {
  const unsigned char *start = *at;
  *at += size;
  return start;
}

static row *rows_of(const unsigned char *at, size_t *count) {
  *count = (size_t)number(&at, 4);
  row *rows = malloc(*count * sizeof(row));
  if (!rows) {
    fail("memory");
  }
  for (size_t i = 0; i < *count; i++) {
    row *r = &rows[i];
    r->ip_key_size = (int)number(&at, 1);
    r->ip_key = piece(&at, r->ip_key_size);
    r->port = (int)number(&at, 4);
    r->service_size = (int)number(&at, 1);
    r->service = piece(&at, r->service_size);
    r->ip_size = (int)number(&at, 1);
    r->ip = piece(&at, r->ip_size);
    r->first_scanned = (int64_t)number(&at, 8);
    r->last_scanned = (int64_t)number(&at, 8);
    r->is_text = (int)number(&at, 1);
    r->response_size = (int)number(&at, 4);
    r->response = piece(&at, r->response_size);
  }
  return rows;
}

static int bytes_order(const unsigned char *a, int a_size, const unsigned char *b, int b_size) {
  int order = memcmp(a, b, (size_t)(a_size < b_size ? a_size : b_size));
  return order ? order : a_size - b_size;
}

static int key_order(const void *left, const void *right) {
  const row *a = *(row *const *)left, *b = *(row *const *)right;
  int order = bytes_order(a->ip_key, a->ip_key_size, b->ip_key, b->ip_key_size);
  if (!order) {
    order = a->port - b->port;
  }
  return order ? order : bytes_order(a->service, a->service_size, b->service, b->service_size);
}

static void upsert(sqlite3_stmt *statement, const row *r) {
  sqlite3_bind_blob(statement, 1, r->ip_key, r->ip_key_size, SQLITE_STATIC);
  sqlite3_bind_int(statement, 2, r->port);
  sqlite3_bind_text(statement, 3, (const char *)r->service, r->service_size, SQLITE_STATIC);
  sqlite3_bind_text(statement, 4, (const char *)r->ip, r->ip_size, SQLITE_STATIC);
  sqlite3_bind_int64(statement, 5, r->first_scanned);
  sqlite3_bind_int64(statement, 6, r->last_scanned);
  sqlite3_bind_blob(statement, 7, r->response, r->response_size, SQLITE_STATIC);
  sqlite3_bind_int(statement, 8, r->is_text);
  if (sqlite3_step(statement) != SQLITE_DONE) {
    fail("upsert");
  }
  sqlite3_reset(statement);
}

typedef struct {
  int64_t nanos, sort_nanos, cpu_nanos;
} times;

static void open_database(const char *path, char **pragmas) {
  if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
      SQLITE_OK) {
    fail(path);
  }
  for (; *pragmas; pragmas++) {
    char *pragma = sqlite3_mprintf("PRAGMA %s", *pragmas);
    execute(pragma);
    sqlite3_free(pragma);
  }
}

/* What it took to write all but the first ones, which are uncounted, and to close the file. */
static times write_rows(const char *path, const row *rows, size_t count, size_t batch,
                        size_t uncounted, const char *sql, char **pragmas) {
  open_database(path, pragmas);
  sqlite3_stmt *statement;
  if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK) {
    fail("prepare");
  }
  const row **sorted = malloc(batch * sizeof(row *));
  if (!sorted) {
    fail("memory");
  }
  int64_t start = 0, cpu = 0, sort_nanos = 0;
  for (size_t from = 0; from < count; from += batch) {
    int64_t before = nanos(CLOCK_MONOTONIC);
    if (from == uncounted) {
      start = before;
      cpu = nanos(CLOCK_PROCESS_CPUTIME_ID);
      sort_nanos = 0;
    }
    size_t here = count - from < batch ? count - from : batch;
    for (size_t i = 0; i < here; i++) {
      sorted[i] = &rows[from + i];
    }
    qsort(sorted, here, sizeof(row *), key_order);
    sort_nanos += nanos(CLOCK_MONOTONIC) - before;
    execute("BEGIN IMMEDIATE");
    for (size_t i = 0; i < here; i++) {
      upsert(statement, sorted[i]);
    }
    execute("COMMIT");
  }
  sqlite3_finalize(statement);
  sqlite3_close(database);
  database = NULL;
  times taken = {nanos(CLOCK_MONOTONIC) - start, sort_nanos,
                 nanos(CLOCK_PROCESS_CPUTIME_ID) - cpu};
  free(sorted);
  return taken;
}

int main(int argc, char **argv) {
  if (argc < 8) {
    fprintf(stderr, "usage: floor DATABASE ROWS BATCH WARM_UP_DATABASE WARM_UP_ROWS UNCOUNTED"
                    " STATEMENT [PRAGMA...]\n");
    return 2;
  }
  size_t size, count, warm_up_count;
  row *rows = rows_of(contents(argv[2], &size), &count);
  row *warm_up_rows = rows_of(contents(argv[5], &size), &warm_up_count);
  size_t batch = strtoul(argv[3], NULL, 10), uncounted = strtoul(argv[6], NULL, 10);
  const char *sql = (const char *)contents(argv[7], &size);
  write_rows(argv[4], warm_up_rows, warm_up_count, batch, 0, sql, argv + 8);
  times taken = write_rows(argv[1], rows, count, batch, uncounted, sql, argv + 8);
  printf("rows %zu nanos %lld sort_nanos %lld cpu_nanos %lld sqlite %s\n", count - uncounted,
         (long long)taken.nanos, (long long)taken.sort_nanos, (long long)taken.cpu_nanos,
         sqlite3_libversion());
  return 0;
}

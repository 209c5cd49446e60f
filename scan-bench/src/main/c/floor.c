/*
 * The floor of the store: what SQLite alone needs for the rows, batches, statement and pragmas of
 * scan. Reads all rows into memory, and then for each batch sorts it by key and writes it in one
 * transaction.
 *
 * floor DATABASE ROWS BATCH STATEMENT [PRAGMA...]
 *
 * ROWS is a file as RowsFile writes it, STATEMENT a file with the upsert. Prints one line for each
 * batch, "batch NANOS", and a last one, which counts closing the file: "rows N nanos N sort_nanos N cpu_nanos N sqlite VERSION".
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

int main(int argc, char **argv) {
  if (argc < 5) {
    fprintf(stderr, "usage: floor DATABASE ROWS BATCH STATEMENT [PRAGMA...]\n");
    return 2;
  }
  size_t size, count;
  row *rows = rows_of(contents(argv[2], &size), &count);
  size_t batch = strtoul(argv[3], NULL, 10);
  if (sqlite3_open_v2(argv[1], &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
      SQLITE_OK) {
    fail(argv[1]);
  }
  for (int i = 5; i < argc; i++) {
    char *pragma = sqlite3_mprintf("PRAGMA %s", argv[i]);
    execute(pragma);
    sqlite3_free(pragma);
  }
  sqlite3_stmt *statement;
  if (sqlite3_prepare_v2(database, (const char *)contents(argv[4], &size), -1, &statement, NULL) !=
      SQLITE_OK) {
    fail("prepare");
  }
  row **sorted = malloc(batch * sizeof(row *));
  int64_t sort_nanos = 0;
  int64_t cpu = nanos(CLOCK_PROCESS_CPUTIME_ID), start = nanos(CLOCK_MONOTONIC), before = start;
  for (size_t from = 0; from < count; from += batch) {
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
    int64_t now = nanos(CLOCK_MONOTONIC);
    printf("batch %lld\n", (long long)(now - before));
    before = now;
  }
  sqlite3_finalize(statement);
  sqlite3_close(database);
  printf("rows %zu nanos %lld sort_nanos %lld cpu_nanos %lld sqlite %s\n", count,
         (long long)(nanos(CLOCK_MONOTONIC) - start), (long long)sort_nanos,
         (long long)(nanos(CLOCK_PROCESS_CPUTIME_ID) - cpu), sqlite3_libversion());
  return 0;
}

package io.github.miniscan.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.miniscan.store.StoreException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseFileTest {

  @TempDir private Path directory;
  private Path path;

  @BeforeEach
  void makeAFile() throws IOException {
    path = Files.createFile(directory.toRealPath().resolve("scans.db"));
  }

  @Test
  void doesNotTakeAFileThatIsJustBeingMadeForAnotherPrograms() throws Exception {
    DatabaseFile file = new DatabaseFile(path);
    try (Connection connection = file.connect(DatabaseFile.Mode.WRITE, Duration.ZERO);
        Statement statement = connection.createStatement()) {
      List<String> asked = new ArrayList<>();
      Schema.Mark mark =
          Schema.CURRENT.check(makingItBeforeTheSecond(statement, asked), file.sentences());

      assertThat(asked).hasSize(1);
      assertThat(mark).isEqualTo(new Schema.Mark(0, 0, true));
      SqliteScanStore.open(path).close();
      assertThat(Schema.CURRENT.check(statement, file.sentences()).isOurs()).isTrue();
    }
  }

  /** Somebody makes the store between the first thing that is asked and the next. */
  private Statement makingItBeforeTheSecond(Statement statement, List<String> asked) {
    return (Statement)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Statement.class},
            (proxy, method, arguments) -> {
              asked.add(method.getName());
              if (asked.size() == 2) {
                SqliteScanStore.open(path).close();
              }
              return method.invoke(statement, arguments);
            });
  }

  @Test
  void leavesWhatIsUnlikeADatabaseToSqliteOnlyWhereThereIsALog() throws Exception {
    DatabaseFile file = new DatabaseFile(path);
    Files.writeString(path, "torn by the power".repeat(600));
    for (String log : List.of("-wal", "-journal")) {
      Path beside = Path.of(path + log);
      assertThatThrownBy(() -> file.probe(Schema.CURRENT)).isInstanceOf(SQLException.class);
      Files.createFile(beside);
      assertThatThrownBy(() -> file.probe(Schema.CURRENT)).isInstanceOf(SQLException.class);
      Files.writeString(beside, "what mends it");
      file.probe(Schema.CURRENT);
      Files.delete(beside);
    }
  }

  @Test
  void refusesAFileWithTablesAndNoMark() throws Exception {
    DatabaseFile file = new DatabaseFile(path);
    try (Connection connection = file.connect(DatabaseFile.Mode.WRITE, Duration.ZERO);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE theirs (a)");
      assertThatThrownBy(() -> Schema.CURRENT.check(statement, file.sentences()))
          .isInstanceOf(StoreException.class)
          .hasMessageStartingWith(path + " is a SQLite file of another program");
    }
  }
}

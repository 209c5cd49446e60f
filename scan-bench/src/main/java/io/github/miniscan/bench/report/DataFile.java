package io.github.miniscan.bench.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All figures for programs, as JSON: under {@code sections}, for each its date, commit, versions,
 * options, goals and every run. Writing one section leaves the others as they are.
 */
public final class DataFile {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path path;

  /** The file at a path, which need not exist yet. */
  public DataFile(Path path) {
    this.path = path;
  }

  /**
   * Writes a section in the place of what was there of it.
   *
   * @param origin where and when it was measured: date, commit, versions of the machine
   * @throws IOException when the file can not be read, is no JSON, or can not be written
   */
  public void write(SectionReport report, Map<String, String> origin) throws IOException {
    ObjectNode root = read();
    ObjectNode section = root.withObjectProperty("sections").putObject(report.name());
    new TreeMap<>(origin).forEach(section::put);
    ObjectNode versions = section.putObject("versions");
    new TreeMap<>(report.versions()).forEach(versions::put);
    ObjectNode options = section.putObject("options");
    new TreeMap<>(report.options()).forEach(options::put);
    ArrayNode notes = section.putArray("notes");
    report.notes().forEach(notes::add);
    ArrayNode goals = section.putArray("goals");
    report.goals().forEach(goal -> append(goals.addObject(), goal));
    ArrayNode runs = section.putArray("runs");
    report.runs().forEach(run -> append(runs.addObject(), run));
    Files.writeString(path, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
  }

  private static void append(ObjectNode node, Goal goal) {
    node.put("what", goal.what());
    node.put("limit", goal.limit());
    node.put("at_least", goal.atLeast());
    node.put("unit", goal.unit());
    goal.measured()
        .ifPresent(
            spread ->
                node.putObject("measured")
                    .put("median", spread.median())
                    .put("min", spread.min())
                    .put("max", spread.max())
                    .put("count", spread.count()));
  }

  private static void append(ObjectNode node, Run run) {
    node.put("group", run.group());
    node.put("contestant", run.contestant());
    node.put("round", run.round());
    if (!run.isSound()) {
      node.put("fault", run.fault());
    }
    new TreeMap<>(run.figures()).forEach(node::put);
  }

  /** The goals of a section as they were last measured; none when it never was. */
  public List<Goal> goals(String section) throws IOException {
    List<Goal> goals = new ArrayList<>();
    for (JsonNode goal : read().path("sections").path(section).path("goals")) {
      JsonNode measured = goal.path("measured");
      goals.add(
          new Goal(
              goal.path("what").asText(),
              goal.path("limit").asDouble(),
              goal.path("at_least").asBoolean(),
              goal.path("unit").asText(),
              measured.isMissingNode()
                  ? Optional.empty()
                  : Optional.of(
                      new Spread(
                          measured.path("median").asDouble(),
                          measured.path("min").asDouble(),
                          measured.path("max").asDouble(),
                          measured.path("count").asInt()))));
    }
    return goals;
  }

  private ObjectNode read() throws IOException {
    if (!Files.exists(path)) {
      return JSON.createObjectNode();
    }
    @Nullable JsonNode root = JSON.readTree(path.toFile());
    if (root instanceof ObjectNode object) {
      return object;
    }
    throw new IOException(path + " is no JSON object: remove it, to have it written anew");
  }
}

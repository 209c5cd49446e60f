package io.github.miniscan.proof.mutants;

import io.github.miniscan.bench.report.Table;
import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.proof.Effort;
import io.github.miniscan.proof.Finding;
import io.github.miniscan.proof.Proof;
import io.github.miniscan.proof.Proofs;
import io.github.miniscan.proof.mutants.Product.Ending;
import io.github.miniscan.proof.mutants.Product.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Shows that the other proofs can fail: applies each patch of {@code scan-proof/src/main/mutants}
 * to a copy of the product, builds it, and runs the proofs that are to notice, first briefly and
 * then longer, until one does. What is caught counts only where the same command finds nothing in a
 * copy that was built in the same way without the patch.
 */
public final class MutantsProof implements Proof {

  /** Those that start no process: what a build has time for. */
  private static final Set<String> QUICKEST = Set.of("replay", "simulation");

  private static final Duration LONGEST_RUN = Duration.ofMinutes(30);

  /** A proof that starts a compiler, and processes with the other proofs. */
  public MutantsProof() {}

  @Override
  public String name() {
    return "mutants";
  }

  @Override
  public String description() {
    return "The proofs can fail: whatever we break in a copy of the product, one of them notices.";
  }

  @Override
  public String unit() {
    return "mutants";
  }

  @Override
  public long quickSize() {
    return 1;
  }

  @Override
  public long fullSize() {
    return 26;
  }

  @Override
  public Finding run(Effort effort) throws IOException, InterruptedException {
    List<Mutant> all = Mutant.all(effort.root());
    requireAllFit(all, effort.root());
    List<Mutant> chosen = new ArrayList<>(all);
    if (effort.size() < all.size()) {
      Collections.shuffle(chosen, new Random(effort.seed()));
      chosen.sort(Comparator.comparing(mutant -> !QUICKEST.contains(mutant.proofs().get(0))));
      chosen = chosen.subList(0, (int) effort.size());
    }
    return new Run(effort).all(chosen, all.size());
  }

  private static void requireAllFit(List<Mutant> mutants, Path root)
      throws IOException, InterruptedException {
    for (Mutant mutant : mutants) {
      String misfit = Product.misfit(root, mutant.patch());
      if (misfit != null) {
        throw new IOException(
            "the mutant "
                + mutant.name()
                + " does not fit the sources any more; refresh "
                + root.relativize(mutant.patch())
                + ": "
                + misfit);
      }
    }
  }

  /** Which proof noticed, and how soon. */
  private record Catch(Proof proof, long size, Duration took, String words) {}

  private static final class Run {
    private final Effort effort;
    private final Map<String, Verdict> controls = new HashMap<>();
    private final Product unchanged;

    Run(Effort effort) throws IOException {
      this.effort = effort;
      unchanged = Product.copy(effort.root(), effort.directory().resolve("unchanged"));
    }

    Finding all(List<Mutant> mutants, int existing) throws IOException, InterruptedException {
      TreeSet<String> modules = new TreeSet<>();
      mutants.forEach(mutant -> modules.addAll(mutant.modules()));
      unchanged.build(modules);
      Effort.Deadline deadline = effort.start();
      Table.Builder table =
          Table.builder("mutants-caught", "mutant", "breaks", "caught by", "within", "in (s)");
      List<String> escaped = new ArrayList<>();
      long tried = 0;
      for (Mutant mutant : mutants) {
        if (deadline.isOver()) {
          break;
        }
        tried++;
        Optional<Catch> caught = hunt(mutant);
        if (caught.isEmpty()) {
          escaped.add(mutant.name() + " (" + mutant.breaks() + ")");
          continue;
        }
        Catch by = caught.get();
        tell(mutant, by.words());
        table.row(
            mutant.name(),
            mutant.breaks(),
            by.proof().name(),
            String.format(Locale.ROOT, "%,d %s", by.size(), by.proof().unit()),
            Long.toString(by.took().toSeconds()));
      }
      if (!escaped.isEmpty()) {
        throw new BrokenPromiseException("no proof has noticed " + String.join(", ", escaped));
      }
      Finding.Builder finding =
          Finding.builder()
              .figure("mutants", existing)
              .figure("tried", tried)
              .figure("caught", tried);
      return tried == existing ? finding.table(table.build()).build() : finding.build();
    }

    private Optional<Catch> hunt(Mutant mutant) throws IOException, InterruptedException {
      try (Product broken =
          Product.copy(effort.root(), effort.directory().resolve(mutant.name()))) {
        broken.apply(mutant.patch());
        broken.build(mutant.modules());
        return hunt(mutant, broken);
      }
    }

    private Optional<Catch> hunt(Mutant mutant, Product broken)
        throws IOException, InterruptedException {
      for (String name : mutant.proofs()) {
        Proof proof = proof(name);
        for (long size : sizes(proof)) {
          tell(mutant, name + " of " + size + " " + proof.unit());
          long began = System.nanoTime();
          Verdict verdict = broken.prove(name, effort.seed(), size, LONGEST_RUN);
          Duration took = Duration.ofNanos(System.nanoTime() - began);
          if (verdict.ending() == Ending.NONE) {
            tell(mutant, name + " neither held nor broke: " + verdict.words());
            break;
          }
          if (verdict.ending() == Ending.BROKEN) {
            requireInnocence(name, size);
            return Optional.of(new Catch(proof, size, took, verdict.words()));
          }
        }
      }
      return Optional.empty();
    }

    /** From a hundredth of what a build has time for to a hundred times as much. */
    private static List<Long> sizes(Proof proof) {
      TreeSet<Long> sizes = new TreeSet<>();
      for (long times = 1; times <= 10_000; times *= 10) {
        long size = times * proof.quickSize() / 100;
        sizes.add(Math.max(1, Math.min(size, proof.fullSize())));
      }
      return List.copyOf(sizes);
    }

    private void requireInnocence(String proof, long size)
        throws IOException, InterruptedException {
      String what = proof + " " + size;
      Verdict verdict = controls.get(what);
      if (verdict == null) {
        verdict = unchanged.prove(proof, effort.seed(), size, LONGEST_RUN);
        controls.put(what, verdict);
      }
      if (verdict.ending() != Ending.HELD) {
        throw new BrokenPromiseException(
            "%s --seed %d --size %d fails without any mutant: %s"
                .formatted(proof, effort.seed(), size, verdict.words()));
      }
    }

    private static Proof proof(String name) throws IOException {
      return Proofs.all().stream()
          .filter(proof -> proof.name().equals(name))
          .findFirst()
          .orElseThrow(() -> new IOException("a mutant names a proof that is not: " + name));
    }

    private static void tell(Mutant mutant, String what) {
      System.err.println("mutants: " + mutant.name() + ": " + what);
    }
  }
}

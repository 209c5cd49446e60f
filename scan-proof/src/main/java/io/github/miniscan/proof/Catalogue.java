package io.github.miniscan.proof;

import io.github.miniscan.proof.broker.BrokerProof;
import io.github.miniscan.proof.concurrency.ConcurrencyProof;
import io.github.miniscan.proof.disk.CrashPoints;
import io.github.miniscan.proof.disk.IoFailures;
import io.github.miniscan.proof.disk.PowerLoss;
import io.github.miniscan.proof.fuzz.FuzzAddress;
import io.github.miniscan.proof.fuzz.FuzzDecoder;
import io.github.miniscan.proof.fuzz.FuzzFile;
import io.github.miniscan.proof.fuzz.FuzzOutput;
import io.github.miniscan.proof.fuzz.HostileSizes;
import io.github.miniscan.proof.kill.KillProof;
import io.github.miniscan.proof.mutants.MutantsProof;
import io.github.miniscan.proof.replay.ReplayProof;
import io.github.miniscan.proof.simulation.SimulationProof;
import io.github.miniscan.proof.soak.SoakProof;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Every proof that there is, in the order in which all are run. */
final class Catalogue {

  static final List<Proof> PROOFS =
      List.of(
          new SimulationProof(),
          new ReplayProof(),
          new KillProof(),
          new CrashPoints(),
          new IoFailures(),
          new PowerLoss(),
          new BrokerProof(),
          new SoakProof(),
          new FuzzDecoder(),
          new FuzzAddress(),
          new FuzzOutput(),
          new FuzzFile(),
          new HostileSizes(),
          new ConcurrencyProof(),
          new MutantsProof());

  private Catalogue() {}

  /** Their names, and one for all of them. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.concat(PROOFS.stream().map(Proof::name), Stream.of(Proofs.ALL)).iterator();
    }
  }
}

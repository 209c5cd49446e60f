package io.github.miniscan.cli;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.github.miniscan.IpAddress;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import java.util.stream.Stream;

/** Checks the rules of ARCHITECTURE.md. */
@AnalyzeClasses(packages = "io.github.miniscan", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String ROOT = "io.github.miniscan";
  private static final String[] CORE = {ROOT, ROOT + ".decode", ROOT + ".ingest", ROOT + ".store"};

  private static final String[] COMMANDS =
      Stream.of("consume", "query", "deadletters", "publish", "demo", "emulator")
          .map(command -> ROOT + ".cli." + command)
          .toArray(String[]::new);
  private static final String[] SHARED = {
    ROOT + ".cli.options", ROOT + ".cli.output", ROOT + ".cli.start"
  };

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.github.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theCoreDependsOnThreeLibrariesAtMost =
      classes()
          .that()
          .resideInAnyPackage(CORE)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              ROOT,
              ROOT + ".decode",
              ROOT + ".ingest",
              ROOT + ".store",
              "java..",
              "com.fasterxml.jackson.core..",
              "org.slf4j..",
              "org.jspecify..");

  @ArchTest
  static final ArchRule theDomainKnowsNothingElseOfOurs =
      noClasses()
          .that()
          .resideInAPackage(ROOT)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT + ".*..");

  @ArchTest
  static final ArchRule storesDoNotKnowTheEngine =
      noClasses()
          .that()
          .resideInAnyPackage(ROOT + ".store", ROOT + ".decode", ROOT + ".sqlite..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT + ".ingest");

  @ArchTest
  static final ArchRule theEngineKnowsNoScan =
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".ingest")
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(ScanRecord.class, ScanKey.class, Response.class, IpAddress.class);

  @ArchTest
  static final ArchRule theCoreDoesNoInputOrOutputAndStartsNoThreads =
      noClasses()
          .that()
          .resideInAnyPackage(CORE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.net..", "java.nio.file..", "java.nio.channels..", "java.sql..")
          .orShould()
          .dependOnClassesThat()
          .belongToAnyOf(java.util.concurrent.Executors.class, java.io.File.class)
          .orShould()
          .callConstructorWhere(target(owner(assignableTo(Thread.class))));

  @ArchTest static final ArchRule sqliteKnowsOnlyTheCore = knowsOnlyTheCore("sqlite");

  @ArchTest static final ArchRule pubSubKnowsOnlyTheCore = knowsOnlyTheCore("pubsub");

  @ArchTest
  static final ArchRule theEmulatorKnowsNothingOfOurs =
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".pubsub.emulator..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT, ROOT + ".decode", ROOT + ".ingest", ROOT + ".store");

  @ArchTest
  static final ArchRule trafficUsesNoTestLibraries =
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".traffic..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.junit..", "org.assertj..");

  @ArchTest static final ArchRule formatKnowsOnlyTheCore = knowsOnlyTheCore("format");

  /** The program knows its commands; a command knows what commands share; nothing else runs up. */
  @ArchTest
  static final ArchRule theProgramIsInLayers =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage(ROOT + ".cli..")
          .layer("program")
          .definedBy(ROOT + ".cli")
          .layer("commands")
          .definedBy(COMMANDS)
          .layer("options")
          .definedBy(ROOT + ".cli.options")
          .layer("start")
          .definedBy(ROOT + ".cli.start")
          .layer("output")
          .definedBy(ROOT + ".cli.output")
          .whereLayer("program")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("commands")
          .mayOnlyBeAccessedByLayers("program")
          .whereLayer("options")
          .mayOnlyBeAccessedByLayers("program", "commands")
          .whereLayer("start")
          .mayOnlyBeAccessedByLayers("program", "commands", "options")
          .whereLayer("output")
          .mayOnlyBeAccessedByLayers("program", "commands", "options", "start");

  @ArchTest
  static final ArchRule commandsDoNotKnowEachOther =
      slices()
          .matching(ROOT + ".cli.(*)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(resideInAnyPackage(ROOT + ".cli.."), resideInAnyPackage(SHARED));

  private static ArchRule knowsOnlyTheCore(String adapter) {
    return noClasses()
        .that()
        .resideInAPackage(ROOT + "." + adapter)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others(adapter));
  }

  private static String[] others(String adapter) {
    return Stream.of("format", "sqlite", "pubsub", "pubsub.emulator", "traffic", "cli")
        .filter(other -> !other.equals(adapter))
        .map(other -> ROOT + "." + other + "..")
        .map(other -> other.equals(ROOT + ".pubsub..") ? ROOT + ".pubsub" : other)
        .toArray(String[]::new);
  }
}

package io.github.miniscan.cli;

import io.github.miniscan.pubsub.emulator.EmulatorOptions;
import io.github.miniscan.pubsub.emulator.PubSubEmulator;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Our own Pub/Sub server. */
@Command(name = "emulator", mixinStandardHelpOptions = true)
final class EmulatorCommand {}

package org.amortis.studies.gp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Failure;
import org.amortis.engine.Progress;
import org.amortis.io.NpyArray;
import org.amortis.io.Safetensors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `--networks`: an earlier run's networks are used as they are, or refused in one line.
@Tag("study")
class NetworksTest {
  @TempDir Path folder;
  private Path networks;

  /// Remembers the phases of a run.
  private record Phases(List<String> names) implements Progress {
    @Override
    public void start(String phase, long total) {
      names.add(phase);
    }

    @Override
    public void advance(long done) {}

    @Override
    public void note(String text) {}

    @Override
    public void done() {}
  }

  @BeforeEach
  void copyNetworks() throws IOException {
    networks = Files.createDirectory(folder.resolve("networks"));
    for (String name : List.of("nbe.safetensors", "fkl.safetensors")) {
      Files.copy(TinyStudy.undisturbed().resolve(name), networks.resolve(name));
    }
  }

  @Test
  void nothingIsTrainedAndTheDrawsAreThoseOfTheRunTheyCameFrom() {
    Phases phases = new Phases(new ArrayList<>());
    Path run = folder.resolve("run");
    new TinyStudy(run).networks(networks).progress(phases, Cancellation.create()).run();
    assertThat(TinyStudy.differences(TinyStudy.undisturbed(), run)).isEmpty();
    assertThat(phases.names()).isNotEmpty().noneMatch(p -> p.contains("train"));
  }

  private void refused(String line, String... methods) {
    Path run = folder.resolve("run");
    Throwable thrown =
        catchThrowable(() -> new TinyStudy(run).methods(methods).networks(networks).run());
    assertThat(thrown).isInstanceOf(Failure.class).hasMessageContaining(line);
    assertThat(((Failure) thrown).kind()).isEqualTo(Failure.Kind.DATA);
    assertThat(thrown.getMessage()).hasLineCount(1).contains(networks.toString());
    assertThat(run).doesNotExist();
  }

  @Test
  void aMissingNetworkIsRefusedOnlyWhereItIsNeeded() throws IOException {
    Files.delete(networks.resolve("fkl.safetensors"));
    refused("no such network", "exact", "fkl");
    new TinyStudy(folder.resolve("run")).methods("nbe").networks(networks).run();
    Files.delete(networks.resolve("nbe.safetensors"));
    networks = Files.createDirectory(folder.resolve("none"));
    Throwable none =
        catchThrowable(
            () -> new TinyStudy(folder.resolve("e")).methods("exact").networks(networks).run());
    assertThat(none).isInstanceOf(Failure.class).hasMessageContaining("no *.safetensors");
  }

  @Test
  void damagedFilesAreRefused() throws IOException {
    Path file = networks.resolve("fkl.safetensors");
    byte[] good = Files.readAllBytes(file);
    for (int length : new int[] {0, 7, 100, good.length / 2, good.length - 1}) {
      Files.write(file, Arrays.copyOf(good, length));
      refused("fkl.safetensors", "fkl");
    }
    for (int at : new int[] {3, 90, 2_000, good.length / 2, good.length - 1}) {
      byte[] bad = good.clone();
      bad[at] ^= 4;
      Files.write(file, bad);
      refused("fkl.safetensors", "exact", "fkl");
    }
  }

  @Test
  void theNetworkOfAnotherMethodIsRefused() throws IOException {
    Files.delete(networks.resolve("nbe.safetensors"));
    Files.move(networks.resolve("fkl.safetensors"), networks.resolve("nbe.safetensors"));
    refused("network of method fkl, expected nbe", "nbe");
  }

  private void rewrite(String from, String to, Map<String, NpyArray> changed, String dropped) {
    Path file = networks.resolve("fkl.safetensors");
    Safetensors s = Safetensors.read(file);
    Map<String, NpyArray> tensors = new LinkedHashMap<>(s.tensors());
    tensors.putAll(changed);
    tensors.remove(dropped);
    String card = s.metadata().get("card");
    assertThat(card).contains(from);
    Safetensors.write(file, tensors, Map.of("card", card.replace(from, to)));
  }

  @Test
  void aNewerCardIsRefusedWithAdvice() {
    rewrite("\"format_version\":1", "\"format_version\":2", Map.of(), "");
    refused("card of format 2, this version reads up to 1", "fkl");
  }

  @Test
  void cardsThatSayTooLittleAreRefused() {
    rewrite("\"best_epoch\"", "\"best\"", Map.of(), "");
    refused("best_epoch", "fkl");
    rewrite("\"study\":\"gp\"", "\"study\":\"msp\"", Map.of(), "");
    refused("not a network of the gp study", "fkl");
    rewrite("{", "[", Map.of(), "");
    refused("card", "fkl");
  }

  @Test
  void cardsWithOddNumbersAreRefused() {
    rewrite("\"format_version\":1", "\"format_version\":1.5", Map.of(), "");
    refused("", "fkl");
    rewrite("\"format_version\":1.5", "\"format_version\":0", Map.of(), "");
    refused("card of format 0, expected 1", "fkl");
    rewrite("\"format_version\":0", "\"format_version\":1", Map.of(), "");
    rewrite("\"best_epoch\":", "\"best_epoch\":0.5,\"x\":", Map.of(), "");
    refused("", "fkl");
  }

  @Test
  void otherParametersAreRefused() {
    String first =
        Safetensors.read(networks.resolve("fkl.safetensors")).tensors().keySet().iterator().next();
    rewrite("", "", Map.of(first, NpyArray.of(new float[6], 2, 3)), "");
    refused(first, "fkl");
    rewrite("", "", Map.of(), first);
    refused("tensors, expected", "fkl");
  }
}

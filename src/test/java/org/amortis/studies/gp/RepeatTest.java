package org.amortis.studies.gp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files repeat byte for byte, however the run came about.
@Tag("study")
class RepeatTest {
  /// Asks for a stop after a number of steps of any phase.
  private record StopAfter(int steps, AtomicInteger seen, Cancellation cancellation)
      implements Progress {
    StopAfter(int steps) {
      this(steps, new AtomicInteger(), Cancellation.create());
    }

    @Override
    public void start(String phase, long total) {}

    @Override
    public void advance(long done) {
      if (seen.incrementAndGet() == steps) {
        cancellation.request();
      }
    }

    @Override
    public void note(String text) {}

    @Override
    public void done() {}
  }

  private static void same(Path run) {
    assertThat(TinyStudy.differences(TinyStudy.undisturbed(), run)).isEmpty();
  }

  @Test
  void threadsDoNotChangeAByte(@TempDir Path folder) {
    for (int threads : new int[] {1, 2, 3}) {
      Path run = folder.resolve("threads " + threads);
      new TinyStudy(run).threads(threads).run();
      same(run);
    }
  }

  @Test
  void methodsInTwoRunsGiveTheSameFiles(@TempDir Path folder) {
    new TinyStudy(folder).methods("fkl").run();
    new TinyStudy(folder).methods("exact", "mcmc").run();
    new TinyStudy(folder).run();
    same(folder);
  }

  @Test
  void anotherSeedChangesEverythingRandom(@TempDir Path folder) {
    new TinyStudy(folder).seed(2).run();
    assertThat(TinyStudy.differences(TinyStudy.undisturbed(), folder))
        .containsExactlyElementsOf(TinyStudy.files(folder).keySet());
  }

  @Test
  void aFinishedRunIsNotComputedAgainAndForceStartsOver(@TempDir Path folder) throws Exception {
    new TinyStudy(folder).methods("exact").run();
    var before = Files.getLastModifiedTime(folder.resolve("exact.npz"));
    Object key = Files.readAttributes(folder.resolve("exact.npz"), "unix:ino").get("ino");
    new TinyStudy(folder).methods("exact").run();
    assertThat(Files.getLastModifiedTime(folder.resolve("exact.npz"))).isEqualTo(before);
    assertThat(Files.readAttributes(folder.resolve("exact.npz"), "unix:ino").get("ino"))
        .isEqualTo(key);
    new TinyStudy(folder).force().run();
    same(folder);
  }

  @Test
  void interruptedAtAnyPointAndRunAgainGivesTheSameFiles(@TempDir Path folder) {
    StopAfter never = new StopAfter(Integer.MAX_VALUE);
    new TinyStudy(folder.resolve("count")).progress(never, never.cancellation()).run();
    int steps = never.seen().get();
    assertThat(steps).isGreaterThan(15);
    int stopped = 0;
    for (int k = 0; k < 15; k++) {
      Path run = folder.resolve("stopped " + k);
      StopAfter stop = new StopAfter(1 + k * (steps - 1) / 14);
      try {
        new TinyStudy(run).progress(stop, stop.cancellation()).run();
      } catch (Cancellation.Cancelled expected) {
        stopped++;
      }
      new TinyStudy(run).run();
      same(run);
    }
    assertThat(stopped).isGreaterThanOrEqualTo(10);
  }
}

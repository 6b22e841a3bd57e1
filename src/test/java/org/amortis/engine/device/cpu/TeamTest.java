package org.amortis.engine.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Threads that run one job together.
@Tag("pure")
class TeamTest {
  @Test
  void everyWorkerRunsEveryJobOnceAndBarriersSeparateSteps() {
    try (Team team = new Team(3)) {
      AtomicIntegerArray step = new AtomicIntegerArray(3);
      AtomicInteger wrong = new AtomicInteger();
      for (int job = 0; job < 50; job++) {
        team.run(w -> {
          for (int s = 0; s < 5; s++) {
            step.incrementAndGet(w.index);
            w.barrier();
            for (int other = 0; other < 3; other++) {
              if (step.get(other) != step.get(w.index)) {
                wrong.incrementAndGet();
              }
            }
            w.barrier();
          }
        });
      }
      assertThat(wrong).hasValue(0);
      assertThat(step.get(0)).isEqualTo(250);
      assertThat(step.get(2)).isEqualTo(250);
    }
  }

  @Test
  void sharesCoverAllItemsOnce() {
    for (int threads : new int[] {1, 2, 3, 7}) {
      try (Team team = new Team(threads)) {
        for (int items : new int[] {0, 1, 2, 13, 1021}) {
          AtomicIntegerArray seen = new AtomicIntegerArray(items);
          team.run(w -> {
            for (int i = w.from(items); i < w.to(items); i++) {
              seen.incrementAndGet(i);
            }
          });
          for (int i = 0; i < items; i++) {
            assertThat(seen.get(i)).isEqualTo(1);
          }
        }
      }
    }
  }

  @Test
  void aFailureOfAnyWorkerReachesTheCallerAndTheNextJobRuns() {
    try (Team team = new Team(3)) {
      for (int bad = 0; bad < 3; bad++) {
        int who = bad;
        assertThatThrownBy(() ->
                team.run(w -> {
                  if (w.index == who) {
                    throw new IllegalStateException("worker " + who);
                  }
                }))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("worker " + who);
        assertThatThrownBy(() -> team.run(w -> fail(w, who))).isInstanceOf(AssertionError.class);
        AtomicInteger ran = new AtomicInteger();
        team.run(w -> ran.incrementAndGet());
        assertThat(ran).hasValue(3);
      }
    }
  }

  private static void fail(Worker w, int who) {
    if (w.index == who) {
      throw new AssertionError("stop");
    }
  }

  @Test
  void closingEndsTheHelpersAndRefusesJobs() throws InterruptedException {
    Team team = new Team(2);
    Thread[] helper = new Thread[1];
    team.run(w -> {
      if (w.index == 1) {
        helper[0] = Thread.currentThread();
      }
    });
    assertThat(helper[0].isDaemon()).isTrue();
    team.close();
    helper[0].join(20_000);
    assertThat(helper[0].isAlive()).isFalse();
    assertThatThrownBy(() -> team.run(w -> {})).hasMessageContaining("closed");
  }
}

package org.amortis.studies.msp;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;

/// Work on the items 0 .. n - 1 by plain threads; each item is computed by itself, so results do
/// not depend on the number of threads.
final class Parallel {
  private Parallel() {}

  /// Computes every item once.
  ///
  /// @param worker makes the work of one thread, with buffers of its own
  /// @throws Cancellation.Cancelled when a stop was requested, which is looked at before each item
  static void each(
      String phase,
      int n,
      int threads,
      Supplier<IntConsumer> worker,
      Progress progress,
      Cancellation cancellation) {
    AtomicInteger next = new AtomicInteger();
    AtomicReference<Throwable> failed = new AtomicReference<>();
    Object shown = new Object();
    int[] done = {0};
    progress.start(phase, n);
    Runnable job =
        () -> {
          try {
            IntConsumer work = worker.get();
            for (int i = next.getAndIncrement(); i < n; i = next.getAndIncrement()) {
              cancellation.check();
              work.accept(i);
              synchronized (shown) {
                progress.advance(++done[0]);
              }
            }
          } catch (Throwable t) {
            failed.compareAndSet(null, t);
            next.set(n);
          }
        };
    List<Thread> others = new ArrayList<>();
    for (int t = 1; t < Math.min(threads, n); t++) {
      others.add(Thread.ofPlatform().daemon().name(phase + "-" + t).start(job));
    }
    job.run();
    boolean interrupted = false;
    for (Thread t : others) {
      while (t.isAlive()) {
        try {
          t.join();
        } catch (InterruptedException e) {
          interrupted = true;
          next.set(n);
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
      cancellation.request();
    }
    switch (failed.get()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
    cancellation.check();
    progress.done();
  }
}

package org.amortis.engine.device.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// A fixed set of threads that run one job together, step by step.
///
/// The caller is worker 0. Helpers spin briefly for the next job, then sleep. A barrier costs about
/// a tenth of a microsecond while all are awake.
final class Team implements AutoCloseable {
  /// Something that every worker runs at once.
  interface Job {
    void run(Worker worker);
  }

  private static final int SPINS = 20_000;

  private final Worker[] workers;
  private final Thread[] helpers;
  private final AtomicInteger arrived = new AtomicInteger();
  private final AtomicInteger finished = new AtomicInteger();
  private volatile int generation;
  private volatile int jobs;
  private volatile Job job;
  private volatile boolean closed;
  private volatile Throwable failure;

  Team(int threads) {
    workers = new Worker[threads];
    helpers = new Thread[threads - 1];
    for (int i = 0; i < threads; i++) {
      workers[i] = new Worker(this, i, threads);
    }
    for (int i = 1; i < threads; i++) {
      Worker w = workers[i];
      helpers[i - 1] = new Thread(() -> serve(w), "amortis-cpu-" + i);
      helpers[i - 1].setDaemon(true);
      helpers[i - 1].start();
    }
  }

  int threads() {
    return workers.length;
  }

  /// Runs a job on all workers; returns when all have finished.
  ///
  /// The first failure of a worker is thrown once all have come to the end.
  synchronized void run(Job next) {
    if (closed) {
      throw new IllegalStateException("the device is closed");
    }
    failure = null;
    job = next;
    finished.set(0);
    jobs++;
    for (Thread t : helpers) {
      LockSupport.unpark(t);
    }
    attempt(next, workers[0]);
    for (int spins = 0; finished.get() < helpers.length; spins++) {
      pause(spins);
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }

  private void attempt(Job next, Worker worker) {
    try {
      next.run(worker);
    } catch (Throwable e) {
      fail(e);
    }
  }

  private void serve(Worker worker) {
    int seen = 0;
    while (!closed) {
      int spins = 0;
      while (jobs == seen && !closed) {
        if (spins++ < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      if (closed) {
        return;
      }
      seen = jobs;
      attempt(job, worker);
      finished.incrementAndGet();
    }
  }

  /// Whether a worker has failed in the present job; the others then skip their work.
  boolean failed() {
    return failure != null;
  }

  void fail(Throwable e) {
    if (failure == null) {
      failure = e;
    }
  }

  /// Waits until all workers are here.
  void barrier() {
    if (workers.length == 1) {
      return;
    }
    int now = generation;
    if (arrived.incrementAndGet() == workers.length) {
      arrived.set(0);
      generation = now + 1;
      return;
    }
    for (int spins = 0; generation == now; spins++) {
      pause(spins);
    }
  }

  private static void pause(int spins) {
    if (spins < SPINS) {
      Thread.onSpinWait();
    } else {
      Thread.yield();
    }
  }

  /// Ends the helpers, after the job in progress.
  @Override
  public synchronized void close() {
    closed = true;
    for (Thread t : helpers) {
      LockSupport.unpark(t);
    }
  }
}

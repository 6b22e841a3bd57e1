package org.amortis.engine.device.gpu;

import java.util.List;
import org.amortis.engine.Failure;

/// The launches of one program, enqueued one by one or, where the driver records, as one.
///
/// The first run after a change of arguments goes launch by launch: a program that runs once is not
/// worth recording, and devices load kernels at their first launch. From the second on there are
/// two recordings: of one run, and of a power of two of runs, as many as were ever asked for at
/// once while it has at most [#MOST] launches. So a caller that polls twice a second bounds the
/// time of a launch, too.
final class Recording implements AutoCloseable {
  /// Most launches in a recording: some ten milliseconds to make one.
  static final int MOST = 8192;

  private final Driver driver;
  private final List<Prepared> launches;
  private Recorded one;
  private Recorded many;
  private int block = 1;
  private boolean begun;
  private boolean unable;

  /// @param launches may still grow until the first run
  Recording(Driver driver, List<Prepared> launches) {
    this.driver = driver;
    this.launches = launches;
  }

  /// Enqueues so many runs.
  void run(int times) {
    int left = times;
    if (left > 0 && !begun) {
      begun = true;
      launches.forEach(Prepared::enqueue);
      left--;
    }
    while (left > 0) {
      grow(left);
      if (block > 1 && left >= block) {
        many.enqueue();
        left -= block;
      } else {
        single();
        left--;
      }
    }
  }

  /// Records more runs at once when more are asked for.
  private void grow(int left) {
    int most = MOST / StrictMath.max(1, launches.size());
    int wanted = Integer.highestOneBit(StrictMath.max(1, StrictMath.min(left, most)));
    if (unable || wanted <= block) {
      return;
    }
    Recorded next = record(wanted);
    unable = next == null;
    if (!unable) {
      if (many != null) {
        driver.finish();
        many.close();
      }
      many = next;
      block = wanted;
    }
  }

  /// Without room for it launches go one by one.
  private Recorded record(int times) {
    try {
      return driver.record(launches, times);
    } catch (Failure f) {
      if (!f.shortOfMemory()) {
        throw f;
      }
      return null;
    }
  }

  private void single() {
    if (!unable && one == null && launches.size() > 1) {
      one = record(1);
      unable = one == null;
    }
    if (one != null) {
      one.enqueue();
    } else {
      launches.forEach(Prepared::enqueue);
    }
  }

  /// Arguments have changed: what is recorded is no longer true.
  void forget() {
    if (one != null || many != null) {
      driver.finish();
    }
    close();
    begun = false;
  }

  private static void release(Recorded r) {
    if (r != null) {
      r.close();
    }
  }

  /// Gives the recordings back; nothing of them may be running.
  @Override
  public void close() {
    release(one);
    release(many);
    one = null;
    many = null;
    block = 1;
  }
}

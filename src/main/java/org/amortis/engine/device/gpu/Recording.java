package org.amortis.engine.device.gpu;

import java.util.List;
import org.amortis.engine.Failure;

/// The launches of one program, enqueued one by one or, where the driver records, as one.
///
/// The first run after a change of arguments goes launch by launch: a program that runs once is not
/// worth recording, and devices load kernels at their first launch. From then on there are
/// recordings of 1, 2, 4, ... runs, each made when it is first needed and of at most [#MOST]
/// launches; any number of runs is a sum of them. None is of more runs than were asked for at once,
/// so a caller that polls a few times a second bounds the time of a launch, too.
final class Recording implements AutoCloseable {
  /// Most launches in a recording: some ten milliseconds to make one.
  static final int MOST = 8192;

  private final Driver driver;
  private final List<Prepared> launches;

  /// Recordings of `2^i` runs.
  private final Recorded[] recorded = new Recorded[32];

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
    int most = StrictMath.max(1, MOST / StrictMath.max(1, launches.size()));
    while (left > 0) {
      int runs = Integer.highestOneBit(StrictMath.min(left, most));
      Recorded r = unable || runs * launches.size() < 2 ? null : recorded(runs);
      if (r != null) {
        r.enqueue();
        left -= runs;
      } else {
        launches.forEach(Prepared::enqueue);
        left--;
      }
    }
  }

  /// The recording of a power of two of runs; `null` where the driver makes none, or has no room.
  private Recorded recorded(int runs) {
    int power = Integer.numberOfTrailingZeros(runs);
    if (recorded[power] == null) {
      try {
        recorded[power] = driver.record(launches, runs);
      } catch (Failure f) {
        if (!f.shortOfMemory()) {
          throw f;
        }
      }
      unable = recorded[power] == null;
    }
    return recorded[power];
  }

  /// Arguments have changed: what is recorded is no longer true.
  void forget() {
    for (Recorded r : recorded) {
      if (r != null) {
        driver.finish();
        break;
      }
    }
    close();
    begun = false;
  }

  /// Gives the recordings back; nothing of them may be running.
  @Override
  public void close() {
    for (int i = 0; i < recorded.length; i++) {
      if (recorded[i] != null) {
        recorded[i].close();
        recorded[i] = null;
      }
    }
  }
}

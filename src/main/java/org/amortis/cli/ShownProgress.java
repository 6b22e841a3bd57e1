package org.amortis.cli;

import java.util.Locale;
import java.util.function.LongSupplier;
import org.amortis.engine.Progress;

/// Measures the pace of a phase and decides when a form of progress is drawn again.
final class ShownProgress implements Progress {
  /// A form of progress on standard error.
  interface Form {
    /// The least time between two drawings of a running phase.
    long intervalNanos();

    /// Draws where the phase is.
    void draw(Moment moment);

    /// Shows a line of text beside it.
    void note(Moment moment, String text);
  }

  /// Where a phase is.
  ///
  /// @param phase its name
  /// @param done units finished
  /// @param total units in all, 0 when not known
  /// @param seconds since the start of the phase
  /// @param ended whether this is its last drawing
  record Moment(String phase, long done, long total, double seconds, boolean ended) {
    /// Units a second, 0 before the first.
    double rate() {
      return seconds > 0 ? done / seconds : 0;
    }

    /// Seconds until the end at the pace so far, NaN when it cannot be told.
    double eta() {
      return total > 0 && rate() > 0 ? Math.max(0, total - done) / rate() : Double.NaN;
    }

    /// The pace in few characters, for example `1.2e+06/s` or `310/s`.
    String rateText() {
      double rate = rate();
      if (rate >= 100_000) {
        return String.format(Locale.ROOT, "%.1e/s", rate);
      }
      return String.format(Locale.ROOT, rate >= 9.995 ? "%.0f/s" : "%.2f/s", rate);
    }

    /// A number of seconds as `m:ss` or `h:mm:ss`.
    static String clock(double seconds) {
      long s = Math.round(seconds);
      return s < 3600
          ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
          : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
    }
  }

  private final Form form;
  private final LongSupplier nanoTime;
  private String phase;
  private long total;
  private long done;
  private long started;
  private long drawn;

  ShownProgress(Form form, LongSupplier nanoTime) {
    this.form = form;
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized void start(String newPhase, long newTotal) {
    done();
    phase = newPhase;
    total = newTotal;
    done = 0;
    started = nanoTime.getAsLong();
    drawn = started;
    form.draw(moment(false));
  }

  @Override
  public synchronized void advance(long newDone) {
    done = newDone;
    long now = nanoTime.getAsLong();
    if (phase != null && now - drawn >= form.intervalNanos()) {
      drawn = now;
      form.draw(moment(false));
    }
  }

  @Override
  public synchronized void note(String text) {
    form.note(phase == null ? new Moment("", 0, 0, 0, false) : moment(false), text);
  }

  @Override
  public synchronized void done() {
    if (phase != null) {
      form.draw(moment(true));
      phase = null;
    }
  }

  private Moment moment(boolean ended) {
    return new Moment(phase, done, total, (nanoTime.getAsLong() - started) / 1e9, ended);
  }
}

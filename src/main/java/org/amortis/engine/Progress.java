package org.amortis.engine;

/// Where long work tells how far it is; called from one thread at a time.
///
/// A phase runs from [#start] to [#done]; starting another ends the one before. Implementations
/// decide how often to show something, so callers may call [#advance] as often as they like.
public interface Progress {
  /// Shows nothing.
  Progress NONE =
      new Progress() {
        @Override
        public void start(String phase, long total) {}

        @Override
        public void advance(long done) {}

        @Override
        public void note(String text) {}

        @Override
        public void done() {}
      };

  /// Begins a phase of `total` units, whatever they are: steps, fields; 0 when the total is not
  /// known.
  void start(String phase, long total);

  /// Says that `done` units of the phase, counted from its start, are finished.
  void advance(long done);

  /// Shows one line of text beside the progress, for example a validation loss.
  void note(String text);

  /// Ends the phase.
  void done();
}

package org.amortis.studies.msp;

import org.amortis.io.Json;

/// A method of the study: what it is called and how it comes to its results.
interface Method {
  /// The name as the user types it; also part of its files' names.
  String name();

  /// The name as the review writes it, which reports show.
  String label();

  /// Finds its finished parts in the run folder and computes the rest.
  Found run(Run run);

  /// Records how long the test fields took, before their file is written.
  static void took(Run run, String method, long started) {
    double seconds = (System.nanoTime() - started) * 1e-9;
    run.files.record(
        method, Json.Obj.empty().with("seconds_per_field", seconds / run.test.count()));
  }
}

package org.amortis.cli;

import java.util.List;
import org.amortis.studies.StudyOptions;

/// A process for tests: the command line over a study that works until it is asked to stop.
public final class ToyMain {
  private ToyMain() {}

  public static void main(String[] args) {
    Main.run(List.of(new ToyStudy(ToyMain::workUntilStopped)), args);
  }

  private static void workUntilStopped(StudyOptions options) {
    options.progress().start("toy", 0);
    options.progress().note("working");
    while (!options.cancellation().requested()) {
      Thread.onSpinWait();
    }
    options.progress().note("wrote what is finished");
    options.cancellation().check();
  }
}

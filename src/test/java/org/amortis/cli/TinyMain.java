package org.amortis.cli;

import java.util.List;
import org.amortis.studies.gp.TinyStudy;

/// A process for tests: the command line over the study with a budget of a second.
public final class TinyMain {
  private TinyMain() {}

  public static void main(String[] args) {
    Main.run(List.of(TinyStudy.study()), args);
  }
}

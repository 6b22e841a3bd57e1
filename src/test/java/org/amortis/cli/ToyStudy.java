package org.amortis.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.function.Consumer;
import org.amortis.studies.Study;
import org.amortis.studies.StudyOptions;

/// A study that does what a test tells it to and remembers what it was asked.
final class ToyStudy implements Study {
  private final Consumer<StudyOptions> work;
  StudyOptions asked;
  List<String> byDefault = methods();

  ToyStudy(Consumer<StudyOptions> work) {
    this.work = work;
  }

  @Override
  public String name() {
    return "gp";
  }

  @Override
  public String description() {
    return "A toy.";
  }

  @Override
  public List<String> methods() {
    return List.of("mcmc", "nbe", "fkl", "rkl1");
  }

  @Override
  public List<String> defaultMethods() {
    return byDefault;
  }

  @Override
  public void run(StudyOptions options, PrintStream table) {
    asked = options;
    work.accept(options);
    table.println("table");
  }
}

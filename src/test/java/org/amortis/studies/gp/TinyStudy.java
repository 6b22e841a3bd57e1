package org.amortis.studies.gp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.amortis.inference.mcmc.Adaptation;
import org.amortis.inference.mcmc.MetropolisOptions;
import org.amortis.inference.mcmc.Start;
import org.amortis.studies.Study;
import org.amortis.studies.StudyRun;

/// The study itself with budgets of a second.
public final class TinyStudy extends StudyRun {
  static final int FIELDS = 10;
  static final int DRAWS = 40;
  static final int CELLS = 200;

  /// What most tests run: one method of each kind.
  static final List<String> SOME = List.of("exact", "mcmc", "nbe", "fkl");

  private static Path undisturbed;
  private static Path whole;

  public TinyStudy(Path out) {
    super(study(), out);
    methods(SOME.toArray(String[]::new));
  }

  /// The study with a tiny budget, whatever the profile.
  public static Study study() {
    MetropolisOptions mcmc =
        new MetropolisOptions(
            60, 20, DRAWS, 1, new Start.FromPrior(), 0.06, Adaptation.RobbinsMonro.standard());
    return new GaussianProcessStudy(p -> new Budget(96, 32, FIELDS, 2, DRAWS, CELLS, mcmc));
  }

  /// The folder of a run of [#SOME] at seed 1 that nothing disturbed, made once; not to be written
  /// to.
  public static synchronized Path undisturbed() {
    if (undisturbed == null) {
      undisturbed = made(SOME);
    }
    return undisturbed;
  }

  /// The same with every method, those outside the default set included.
  static synchronized Path whole() {
    if (whole == null) {
      whole = made(Methods.names());
    }
    return whole;
  }

  private static Path made(List<String> methods) {
    try {
      Path folder = Files.createTempDirectory("amortis-tiny-");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      new TinyStudy(folder.resolve("run")).methods(methods.toArray(String[]::new)).run();
      return folder.resolve("run");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path p : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(p);
      }
    } catch (IOException left) {
      // A temporary folder that the system clears.
    }
  }
}

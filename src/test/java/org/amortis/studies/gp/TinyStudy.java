package org.amortis.studies.gp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.inference.mcmc.Adaptation;
import org.amortis.inference.mcmc.MetropolisOptions;
import org.amortis.inference.mcmc.Start;
import org.amortis.studies.Study;
import org.amortis.studies.StudyOptions;

/// The study itself with budgets of a second: one set of options and its run.
public final class TinyStudy {
  static final int FIELDS = 10;
  static final int DRAWS = 40;
  static final int CELLS = 200;

  /// What most tests run: one method of each kind.
  static final List<String> SOME = List.of("exact", "mcmc", "nbe", "fkl");

  private static Path undisturbed;
  private static Path whole;

  private final Path out;
  private List<String> methods = SOME;
  private int threads = 2;
  private long seed = 1;
  private Path networks;
  private Path data;
  private boolean force;
  private int repeats = 1;
  private Progress progress = Progress.NONE;
  private Cancellation cancellation = Cancellation.create();

  public TinyStudy(Path out) {
    this.out = out;
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

  TinyStudy methods(String... some) {
    methods = List.of(some);
    return this;
  }

  TinyStudy threads(int n) {
    threads = n;
    return this;
  }

  TinyStudy seed(long n) {
    seed = n;
    return this;
  }

  TinyStudy networks(Path folder) {
    networks = folder;
    return this;
  }

  TinyStudy data(Path file) {
    data = file;
    return this;
  }

  TinyStudy force() {
    force = true;
    return this;
  }

  TinyStudy repeats(int n) {
    repeats = n;
    return this;
  }

  TinyStudy progress(Progress p, Cancellation c) {
    progress = p;
    cancellation = c;
    return this;
  }

  /// Runs the study and returns what it printed.
  public String run() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    study()
        .run(
            new StudyOptions(
                "gp",
                StudyOptions.Profile.QUICK,
                methods,
                "cpu",
                threads,
                seed,
                out,
                Optional.ofNullable(networks),
                Optional.ofNullable(data),
                force,
                OptionalInt.empty(),
                repeats,
                progress,
                cancellation,
                false),
            new PrintStream(printed, true, UTF_8));
    return printed.toString(UTF_8);
  }

  /// The bytes of every file of a run that must repeat: all but run.json and the lock.
  public static TreeMap<String, byte[]> files(Path folder) {
    TreeMap<String, byte[]> all = new TreeMap<>();
    try (Stream<Path> list = Files.list(folder)) {
      for (Path p : list.toList()) {
        String name = p.getFileName().toString();
        if (!name.equals("run.json") && !name.equals(".lock")) {
          all.put(name, Files.readAllBytes(p));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  /// The names of the files that differ between two runs or are in one only.
  public static List<String> differences(Path a, Path b) {
    TreeMap<String, byte[]> left = files(a);
    TreeMap<String, byte[]> right = files(b);
    TreeMap<String, byte[]> names = new TreeMap<>(left);
    names.putAll(right);
    return names.keySet().stream()
        .filter(n -> !java.util.Arrays.equals(left.get(n), right.get(n)))
        .toList();
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

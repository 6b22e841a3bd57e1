package org.amortis.cli;

import java.io.File;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.amortis.engine.Failure;
import org.amortis.engine.Progress;
import org.amortis.studies.Study;
import org.amortis.studies.StudyOptions;
import org.amortis.studies.StudyOptions.Profile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `amortis study NAME`: checks every name and path, then runs the study; `amortis study all` runs
/// every study, each into its own folder.
@Command(versionProvider = Version.class, sortOptions = false, footerHeading = "%nExamples:%n")
final class RunStudyCommand implements Callable<Integer> {
  /// The word for every study.
  static final String ALL = "all";

  private static final int MAX_THREADS = 4096;
  private static final int MAX_REPEATS = 1000;

  private final Session session;
  private final String name;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      defaultValue = "standard",
      description = "Budget: quick, standard or paper (default ${DEFAULT-VALUE}).")
  private String profile;

  @Option(
      names = "--methods",
      paramLabel = "A,B",
      description =
          "Methods to run, in any order; results do not depend on it (default: the study's"
              + " default set; all for every method).")
  private String methods;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "auto",
      description = "auto, cpu, cuda[:n], opencl[:n] or reference (default ${DEFAULT-VALUE}).")
  private String device;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads to use; results do not depend on it (default all processors).")
  private Integer threads;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of every random stream (default ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Run folder (default runs/STUDY-PROFILE-SEED); finished parts are reused.")
  private Path out;

  @Option(
      names = "--networks",
      paramLabel = "DIR",
      description = "Use the trained networks of an earlier run and train nothing.")
  private Path networks;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "Your own fields, .npy or .npz, instead of simulated test fields.")
  private Path data;

  @Option(
      names = "--test-fields",
      paramLabel = "N",
      description = "Number of test fields or pairs, where the profile's is not wanted.")
  private Integer testFields;

  @Option(
      names = "--repeats",
      paramLabel = "K",
      defaultValue = "1",
      description =
          "Train every network K times from different seeds and show the spread, in studies gp and"
              + " msp (default ${DEFAULT-VALUE}).")
  private int repeats;

  @Option(names = "--force", description = "Start over in a folder that holds finished parts.")
  private boolean force;

  @Option(
      names = "--progress",
      paramLabel = "STYLE",
      defaultValue = "auto",
      description = "auto, bar, plain, json or none, on stderr (default ${DEFAULT-VALUE}).")
  private String progress;

  @Mixin private CommonOptions common;

  RunStudyCommand(Session session, String name) {
    this.session = session;
    this.name = name;
  }

  /// Examples for this study's help, with options that it takes.
  static String[] examples(String name, boolean takesData) {
    String own =
        takesData
            ? " --networks runs/%s-standard-1 --data fields.npz --out runs/mine"
            : " --networks runs/%s-standard-1 --seed 2";
    return new String[] {
      "  amortis study " + name + " --profile quick --threads 2",
      "  amortis study " + name + String.format(own, name)
    };
  }

  @Override
  public Integer call() {
    PrintStream table = session.out();
    ProgressStyle style = ProgressStyle.parse(progress);
    List<StudyOptions> runs = new ArrayList<>();
    if (name.equals(ALL)) {
      runs.addAll(everyStudy(style));
    } else {
      runs.add(options(StudyCommand.require(session, name), style, folder(name), networks));
    }
    for (StudyOptions options : runs) {
      if (name.equals(ALL)) {
        table.println((options == runs.getFirst() ? "== " : "\n== ") + options.study());
      }
      try {
        StudyCommand.require(session, options.study()).run(options, table);
      } catch (Failure f) {
        throw damaged(f, options);
      } finally {
        options.progress().done();
        table.flush();
      }
    }
    return 0;
  }

  /// A damaged file of the run itself is not the user's: it can be computed again.
  private static Failure damaged(Failure f, StudyOptions options) {
    boolean own = f.getMessage().startsWith(options.out() + File.separator);
    boolean given = options.data().map(d -> f.getMessage().startsWith(d + ":")).orElse(false);
    return own && !given && f.kind() == Failure.Kind.DATA
        ? f.advise("delete this file to have it computed again, or start over with --force")
        : f;
  }

  /// The options of every study, with its default methods and a folder of its own.
  private List<StudyOptions> everyStudy(ProgressStyle style) {
    if (methods != null || data != null) {
      throw Failure.usage(
          (methods != null ? "--methods" : "--data") + " belongs to one study, not to all of them");
    }
    Path parent = folder(name);
    List<StudyOptions> runs = new ArrayList<>();
    for (Study study : session.studies()) {
      Path trained = networks == null ? null : networks.resolve(study.name());
      runs.add(options(study, style, parent.resolve(study.name()), trained));
    }
    return runs;
  }

  /// The run folder.
  private Path folder(String study) {
    return out == null ? Path.of("runs", study + "-" + profile().label() + "-" + seed) : out;
  }

  private StudyOptions options(Study runnable, ProgressStyle style, Path folder, Path trained) {
    Profile budget = profile();
    List<String> chosen = methods(runnable);
    String deviceName = DeviceName.check(device);
    int threadCount =
        threads == null
            ? Runtime.getRuntime().availableProcessors()
            : between("--threads", threads, MAX_THREADS);
    OptionalInt fields =
        testFields == null
            ? OptionalInt.empty()
            : OptionalInt.of(between("--test-fields", testFields, 10_000_000));
    int trainings = between("--repeats", repeats, MAX_REPEATS);
    boolean once = trainings > 1 && !runnable.repeats();
    if (once && !name.equals(ALL)) {
      throw Failure.usage(noRepeats(runnable));
    }
    if (folder.toString().isEmpty()) {
      throw Failure.usage("--out: expected the name of a folder");
    }
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw Failure.usage("--out " + folder + ": a file stands there, expected a folder");
    }
    if (trained != null && !Files.isDirectory(trained)) {
      throw Failure.data("--networks " + trained + ": no such folder")
          .advise("expected the run folder of an earlier study " + name);
    }
    if (data != null) {
      Paths.requireReadable("--data", data);
    }
    Progress shown = style.open(session);
    if (once) {
      shown.note(noRepeats(runnable));
    }
    return new StudyOptions(
        runnable.name(),
        budget,
        chosen,
        deviceName,
        threadCount,
        seed,
        folder,
        Optional.ofNullable(trained),
        Optional.ofNullable(data),
        force,
        fields,
        once ? 1 : trainings,
        shown,
        session.cancellation(),
        common.debug);
  }

  private String noRepeats(Study study) {
    List<String> those =
        session.studies().stream().filter(Study::repeats).map(Study::name).toList();
    return "--repeats: study "
        + study.name()
        + " has no repeated trainings"
        + (those.isEmpty() ? "" : "; there are some in " + String.join(" and ", those));
  }

  private Profile profile() {
    List<String> known = Arrays.stream(Profile.values()).map(Profile::label).toList();
    return Profile.valueOf(Names.resolve("profile", profile, known).toUpperCase(Locale.ROOT));
  }

  /// The chosen methods in the order of the study's table.
  private List<String> methods(Study runnable) {
    if (methods == null) {
      return runnable.defaultMethods();
    }
    List<String> known = new ArrayList<>(runnable.methods());
    known.add("all");
    List<String> asked = new ArrayList<>();
    for (String word : methods.split(",", -1)) {
      asked.add(Names.resolve("method", word.strip(), known));
    }
    return asked.contains("all")
        ? runnable.methods()
        : runnable.methods().stream().filter(asked::contains).toList();
  }

  private static int between(String option, int value, int max) {
    if (value < 1 || value > max) {
      throw Failure.usage(option + " " + value + ": expected a number from 1 to " + max);
    }
    return value;
  }
}

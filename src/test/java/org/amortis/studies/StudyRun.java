package org.amortis.studies;

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

/// One set of options of a study, which a test may change, and its run.
public class StudyRun {
  private final Study study;
  private final Path out;
  private List<String> methods;
  private String device = "cpu";
  private int threads = 2;
  private long seed = 1;
  private Path networks;
  private Path data;
  private boolean force;
  private OptionalInt testFields = OptionalInt.empty();
  private int repeats = 1;
  private Progress progress = Progress.NONE;
  private Cancellation cancellation = Cancellation.create();

  public StudyRun(Study study, Path out) {
    this.study = study;
    this.out = out;
    this.methods = study.methods();
  }

  public StudyRun methods(String... some) {
    methods = List.of(some);
    return this;
  }

  public StudyRun device(String name) {
    device = name;
    return this;
  }

  public StudyRun threads(int n) {
    threads = n;
    return this;
  }

  public StudyRun seed(long n) {
    seed = n;
    return this;
  }

  public StudyRun networks(Path folder) {
    networks = folder;
    return this;
  }

  public StudyRun data(Path file) {
    data = file;
    return this;
  }

  public StudyRun force() {
    force = true;
    return this;
  }

  public StudyRun testFields(int n) {
    testFields = OptionalInt.of(n);
    return this;
  }

  public StudyRun repeats(int n) {
    repeats = n;
    return this;
  }

  public StudyRun progress(Progress p, Cancellation c) {
    progress = p;
    cancellation = c;
    return this;
  }

  /// Runs the study and returns what it printed.
  public String run() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    StudyOptions options =
        new StudyOptions(
            study.name(),
            StudyOptions.Profile.QUICK,
            methods,
            device,
            threads,
            seed,
            out,
            Optional.ofNullable(networks),
            Optional.ofNullable(data),
            force,
            testFields,
            repeats,
            progress,
            cancellation,
            false);
    study.run(options, new PrintStream(printed, true, UTF_8));
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
}

package org.amortis.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.amortis.engine.Failure;

/// The folder of one run: finished files of the same settings are found again, anything else is
/// refused and left untouched.
///
/// `run.json` is written first and holds the settings and their SHA-256; every file is written in
/// one step; one process at a time holds the folder. Close it to give it free.
public final class RunFolder implements AutoCloseable {
  /// The file that holds settings, fingerprint and facts of the run.
  public static final String RUN = "run.json";

  private static final String PROGRAM = "amortis";
  private static final long MAX_RUN_JSON = 1L << 26;

  private final Disk disk;
  private final Path folder;
  private final Pattern names;
  private final Json.Obj settings;
  private final FolderLock lock;
  private Json.Obj facts = Json.Obj.empty();
  private boolean resumed;

  private RunFolder(
      Disk disk, Path folder, Json.Obj settings, List<String> files, FolderLock lock) {
    this.disk = disk;
    this.folder = folder;
    this.names = pattern(files);
    this.settings = settings;
    this.lock = lock;
  }

  /// Creates the folder, or opens it if it holds a run of the same settings.
  ///
  /// @param folder the folder; created with its parents where absent
  /// @param settings everything that decides the results; the order of members does not matter
  /// @param files the names the run may write, `*` standing for any text: `table.csv`,
  ///   `draws_*.npy`
  /// @param force whether to delete an earlier run's files and start over; other files stay
  /// @throws Failure USAGE if the folder is in use, holds other settings or files that no run
  ///   wrote; STORAGE if it cannot be written
  public static RunFolder open(Path folder, Json.Obj settings, List<String> files, boolean force) {
    return open(Disk.REAL, folder, settings, files, force);
  }

  static RunFolder open(
      Disk disk, Path folder, Json.Obj settings, List<String> files, boolean force) {
    // Looked at before anything is created: a refused folder must not change.
    inspect(folder, settings, pattern(files), force);
    try {
      disk.createFolders(folder);
    } catch (IOException e) {
      throw Fault.writing(folder, e);
    }
    FolderLock lock = FolderLock.take(folder);
    try {
      RunFolder run = new RunFolder(disk, folder, settings, files, lock);
      run.begin(inspect(folder, settings, run.names, force), force);
      return run;
    } catch (RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  /// What a folder holds.
  ///
  /// @param files the names in it, without lock and strays
  /// @param run its run.json, or null if there is none to go on from
  private record Contents(TreeSet<String> files, Json.Obj run) {}

  private static Contents inspect(Path folder, Json.Obj settings, Pattern names, boolean force) {
    TreeSet<String> found = list(folder);
    String foreign =
        found.stream()
            .filter(n -> !names.matcher(n).matches() || Files.isDirectory(folder.resolve(n)))
            .findFirst()
            .orElse(null);
    if (!found.contains(RUN)) {
      if (!found.isEmpty()) {
        throw foreign(folder, foreign == null ? found.first() : foreign);
      }
      return new Contents(found, null);
    }
    Json.Obj run;
    try {
      run = readRun(folder.resolve(RUN));
    } catch (Failure damaged) {
      // Starting over deletes by name, so a foreign run.json must never be taken for a damaged one.
      boolean ours = foreign == null && mentionsProgram(folder.resolve(RUN));
      if (!ours || !force) {
        throw Failure.usage(
                folder + ": its run.json is not one of this program: " + damaged.getMessage())
            .advise(
                "choose another folder with --out" + (ours ? ", or start over with --force" : ""))
            .causedBy(damaged);
      }
      return new Contents(found, null);
    }
    Json there = run.require("settings");
    requireSameStudy(folder, there, settings);
    if (force) {
      return new Contents(found, run);
    }
    if (foreign != null) {
      throw foreign(folder, foreign);
    }
    if (!there.canonical().equals(settings.canonical())) {
      throw Failure.usage(
              folder + ": holds a run of other settings: " + difference("", there, settings))
          .advise("choose another folder with --out, or start over with --force");
    }
    return new Contents(found, run);
  }

  /// Another study's files have other names: starting over would leave them among this one's.
  private static void requireSameStudy(Path folder, Json there, Json here) {
    Json left = there.asObject().get("study").orElse(null);
    Json right = here.asObject().get("study").orElse(null);
    if (left != null && right != null && !left.equals(right)) {
      throw Failure.usage(
              folder + ": holds a run of other settings: " + difference("study", left, right))
          .advise("choose another folder with --out; nothing here was changed");
    }
  }

  private static boolean mentionsProgram(Path run) {
    try {
      return Files.size(run) <= MAX_RUN_JSON
          && new String(Files.readAllBytes(run), StandardCharsets.ISO_8859_1)
              .contains("\"program\": \"" + PROGRAM + "\"");
    } catch (IOException e) {
      throw Fault.reading(run, e);
    }
  }

  private static TreeSet<String> list(Path folder) {
    try {
      if (!Files.exists(folder)) {
        return new TreeSet<>();
      }
      try (Stream<Path> files = Files.list(folder)) {
        return files
            .map(p -> p.getFileName().toString())
            .filter(n -> !n.equals(FolderLock.NAME) && !AtomicFile.isPartial(n))
            .collect(Collectors.toCollection(TreeSet::new));
      }
    } catch (NotDirectoryException e) {
      throw Failure.usage(folder + ": is a file, expected a folder").causedBy(e);
    } catch (IOException e) {
      throw Fault.reading(folder, e);
    }
  }

  private static Failure foreign(Path folder, String name) {
    return Failure.usage(
            folder + ": holds " + Fault.quote(name) + ", which no run of this program wrote")
        .advise("choose an empty or new folder with --out; nothing here was changed");
  }

  private static Json.Obj readRun(Path file) {
    try {
      if (Files.size(file) > MAX_RUN_JSON) {
        throw Failure.data(file + ": more than " + MAX_RUN_JSON + " bytes");
      }
      Json.Obj run = Json.parse(Files.readAllBytes(file), file.toString()).asObject();
      boolean ours = run.get("program").equals(Optional.of(Json.of(PROGRAM)));
      Json there = run.require("settings").asObject();
      if (!ours || !run.require("fingerprint").equals(Json.of(fingerprint(there)))) {
        throw Failure.data(file + ": fingerprint and settings disagree");
      }
      return run;
    } catch (IOException e) {
      throw Fault.reading(file, e);
    }
  }

  /// The SHA-256 of the settings in canonical form, in hexadecimal.
  public static String fingerprint(Json settings) {
    byte[] text = settings.canonical().getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Safetensors.sha256().digest(text));
  }

  /// The first member that differs, as a user would name it.
  private static String difference(String path, Json there, Json here) {
    if (there instanceof Json.Obj a && here instanceof Json.Obj b) {
      TreeSet<String> keys = new TreeSet<>(a.members().keySet());
      keys.addAll(b.members().keySet());
      for (String key : keys) {
        Json left = a.members().getOrDefault(key, Json.Null.NULL);
        Json right = b.members().getOrDefault(key, Json.Null.NULL);
        if (!left.canonical().equals(right.canonical())) {
          return difference(path.isEmpty() ? key : path + "." + key, left, right);
        }
      }
    }
    return path + " is " + shown(there) + " there and " + shown(here) + " here";
  }

  private static String shown(Json value) {
    String text = value.compact();
    return text.length() > 60 ? text.substring(0, 60) + "..." : text;
  }

  private void begin(Contents contents, boolean force) {
    removeStrays();
    if (force) {
      TreeSet<String> old = contents.files();
      old.stream().filter(n -> !n.equals(RUN) && names.matcher(n).matches()).forEach(this::delete);
      if (old.contains(RUN)) {
        delete(RUN); // last: a folder half cleared is still known as ours
      }
    } else if (contents.run() != null) {
      resumed = true;
      facts = withoutHead(contents.run());
      return;
    }
    writeRun();
  }

  private static Json.Obj withoutHead(Json.Obj run) {
    Map<String, Json> rest = new LinkedHashMap<>(run.members());
    rest.keySet().removeAll(List.of("program", "fingerprint", "settings"));
    return new Json.Obj(rest);
  }

  private void removeStrays() {
    try (Stream<Path> files = Files.list(folder)) {
      files
          .map(p -> p.getFileName().toString())
          .filter(AtomicFile::isPartial)
          .sorted()
          .forEach(this::delete);
    } catch (IOException e) {
      throw Fault.reading(folder, e);
    }
  }

  private void delete(String name) {
    if (Files.isDirectory(folder.resolve(name))) {
      return; // this program makes no folders in a run
    }
    try {
      disk.delete(folder.resolve(name));
    } catch (IOException e) {
      throw Fault.writing(folder.resolve(name), e);
    }
  }

  /// Whether the folder held a run of the same settings when it was opened.
  public boolean resumed() {
    return resumed;
  }

  /// Where a file of the run lies.
  ///
  /// @throws IllegalArgumentException if the name is not one the run may write
  public Path path(String name) {
    if (!names.matcher(name).matches()) {
      throw new IllegalArgumentException("no file of this run: " + name);
    }
    return folder.resolve(name);
  }

  /// Whether a file of the run is finished.
  public boolean has(String name) {
    return Files.isRegularFile(path(name));
  }

  /// Creates or replaces a file in one step.
  ///
  /// @throws Failure STORAGE on a full disk or a missing permission; an old file is then intact
  /// @throws IllegalArgumentException if the name is not one the run may write, or run.json
  public void write(String name, AtomicFile.Content content) {
    if (name.equals(RUN)) {
      throw new IllegalArgumentException("run.json is written by record");
    }
    AtomicFile.write(disk, path(name), content);
  }

  /// What the run has recorded so far, an earlier part of it included.
  public synchronized Json.Obj recorded() {
    return facts;
  }

  /// Replaces the facts in run.json: times, host, versions, losses; all that does not repeat.
  public synchronized void record(Json.Obj newFacts) {
    facts = withoutHead(newFacts);
    writeRun();
  }

  private void writeRun() {
    Json.Obj run =
        Json.Obj.empty()
            .with("program", PROGRAM)
            .with("fingerprint", fingerprint(settings))
            .with("settings", settings);
    for (Map.Entry<String, Json> fact : facts.members().entrySet()) {
      run = run.with(fact.getKey(), fact.getValue());
    }
    byte[] text = run.pretty().getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(disk, folder.resolve(RUN), out -> out.write(text));
  }

  private static Pattern pattern(List<String> files) {
    String any =
        files.stream()
            .map(f ->
                Stream.of(f.split("\\*", -1))
                    .map(Pattern::quote)
                    .collect(Collectors.joining("[^/\\\\]*")))
            .collect(Collectors.joining("|"));
    return Pattern.compile(
        "(?!\\.)(?:" + Pattern.quote(RUN) + (any.isEmpty() ? "" : "|" + any) + ")");
  }

  /// Gives the folder free for other processes; files stay.
  @Override
  public void close() {
    lock.close();
  }
}

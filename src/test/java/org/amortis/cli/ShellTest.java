package org.amortis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Failure;
import org.amortis.studies.StudyOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("pure")
class ShellTest {
  private final ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
  private final Cancellation cancellation = Cancellation.create();
  private ToyStudy study = new ToyStudy(options -> {});
  private boolean terminal;
  private Map<String, String> environment = Map.of();

  private int run(String... args) {
    return new Shell(
            new Session(
                new PrintStream(outBytes, true, UTF_8),
                new PrintStream(errBytes, true, UTF_8),
                terminal,
                environment,
                cancellation,
                List.of(study)))
        .run(args);
  }

  private String out() {
    return outBytes.toString(UTF_8);
  }

  private String err() {
    return errBytes.toString(UTF_8);
  }

  @Test
  void runsAStudyWithTheDefaultsOfTheContract() {
    assertThat(run("study", "gp")).isZero();
    assertThat(out()).isEqualTo("table" + System.lineSeparator());
    assertThat(err()).isEmpty();
    StudyOptions asked = study.asked;
    assertThat(asked.profile()).isEqualTo(StudyOptions.Profile.STANDARD);
    assertThat(asked.methods()).isEqualTo(study.methods());
    assertThat(asked.device()).isEqualTo("auto");
    assertThat(asked.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(asked.seed()).isEqualTo(1);
    assertThat(asked.out()).isEqualTo(Path.of("runs", "gp-standard-1"));
    assertThat(asked.networks()).isEmpty();
    assertThat(asked.data()).isEmpty();
    assertThat(asked.testFields()).isEmpty();
    assertThat(asked.force()).isFalse();
    assertThat(asked.debug()).isFalse();
  }

  @Test
  void allRunsEveryStudyIntoAFolderOfItsOwn() {
    assertThat(run("study", "all", "--profile", "quick", "--repeats", "2")).isZero();
    assertThat(out()).startsWith("== gp").contains("table");
    assertThat(study.asked.study()).isEqualTo("gp");
    assertThat(study.asked.out()).isEqualTo(Path.of("runs", "all-quick-1", "gp"));
    assertThat(study.asked.methods()).isEqualTo(study.defaultMethods());
    assertThat(study.asked.repeats()).isEqualTo(1);
    assertThat(run("study", "all", "--methods", "all")).isEqualTo(64);
  }

  /// Among all studies one without repeats runs once and says so; alone it is refused.
  @Test
  void repeatsAreForStudiesThatHaveThem() {
    assertThat(run("study", "all", "--repeats", "2", "--progress", "plain")).isZero();
    assertThat(study.asked.repeats()).isEqualTo(1);
    assertThat(err()).contains("--repeats: study gp has no repeated trainings");
    study.asked = null;
    assertThat(run("study", "gp", "--repeats", "2")).isEqualTo(64);
    assertThat(err()).contains("--repeats: study gp has no repeated trainings");
    assertThat(study.asked).isNull();
    assertThat(run("study", "gp", "--repeats", "1")).isZero();
  }

  @Test
  void theDefaultSetIsTheStudysAndAllMeansAll() {
    study.byDefault = List.of("mcmc", "fkl");
    assertThat(run("study", "gp")).isZero();
    assertThat(study.asked.methods()).containsExactly("mcmc", "fkl");
    assertThat(run("study", "gp", "--methods", "all")).isZero();
    assertThat(study.asked.methods()).isEqualTo(study.methods());
    assertThat(run("study", "gp", "--methods", "rkl1,mcmc")).isZero();
    assertThat(study.asked.methods()).containsExactly("mcmc", "rkl1");
  }

  @Test
  void passesEveryOptionOn(@TempDir Path folder) throws IOException {
    Path data = Files.createFile(folder.resolve("z.npy"));
    String line =
        "study gp --profile quick --methods fkl,mcmc,fkl --device reference --threads 3 --seed -7"
            + " --out o --force --test-fields 12 --progress none --debug";
    String[] args = (line + " --networks " + folder + " --data " + data).split(" ");
    assertThat(run(args)).isZero();
    StudyOptions asked = study.asked;
    assertThat(asked.profile()).isEqualTo(StudyOptions.Profile.QUICK);
    assertThat(asked.methods()).containsExactly("mcmc", "fkl");
    assertThat(asked.device()).isEqualTo("reference");
    assertThat(asked.threads()).isEqualTo(3);
    assertThat(asked.seed()).isEqualTo(-7);
    assertThat(asked.out()).isEqualTo(Path.of("o"));
    assertThat(asked.testFields()).hasValue(12);
    assertThat(asked.networks()).contains(folder);
    assertThat(asked.data()).contains(data);
    assertThat(asked.force()).isTrue();
    assertThat(asked.debug()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          stdy                                | unknown command 'stdy'          | did you mean 'study'?
          study gq                            | unknown study 'gq'              | did you mean 'gp'?
          study xxxxxx                        | unknown study 'xxxxxx'          | known: gp, ratio, msp, decision, all
          study gp --profil quick             | unknown option '--profil'       | did you mean '--profile'?
          study gp --profile fast             | unknown profile 'fast'          | known: quick, standard, paper
          study gp --profile Quick            | unknown profile 'Quick'         | did you mean 'quick'?
          study gp --methods mcmc,fkk         | unknown method 'fkk'            | did you mean 'fkl'?
          study gp --methods mcmc,            | unknown method ''               | known: mcmc, nbe, fkl, rkl1, all
          study gp --device gpu               | unknown device 'gpu'            | a GPU is called cuda or opencl
          study gp --device cpu:0             | unknown device 'cpu:0'          | cuda:n
          study gp --device cuda:x            | unknown device 'cuda:x'         | n from 0
          study gp --progress baz             | unknown progress style 'baz'    | did you mean 'bar'?
          study gp --threads 0                | --threads 0: expected a number from 1 |
          study gp --threads -3               | --threads -3: expected a number from 1 |
          study gp --test-fields 0            | --test-fields 0: expected |
          study gp --seed x                   | --seed x: expected a whole number | see amortis study gp --help
          study gp --threads two              | --threads two: expected a whole number | see amortis study gp --help
          study gp --repeats 1.5              | --repeats 1.5: expected a whole number | see amortis study gp --help
          study gp -x                         | unknown option '-x'             | see amortis study gp --help
          study gp --seed                     | --seed                          | see amortis study gp --help
          study gp extra                      | unexpected argument 'extra'     | see amortis study gp --help
          study                               | a study is expected             | see amortis study --help
          study ratio                         | study 'ratio' is not yet in this version | available: gp
          study all --methods fkl             | --methods belongs to one study  |
          study all --data z.npy              | --data belongs to one study     |
          study gp --repeats 3                | --repeats: study gp has no repeated trainings |
          study gp --repeats 0                | --repeats 0: expected a number from 1 |
          explain gp --method nbf             | unknown method 'nbf'            | did you mean 'nbe'?
          explain gp --device gpu             | unknown device 'gpu'            | a GPU is called cuda or opencl
          explain msp                         | study 'msp' is not yet in this version   | available: gp
          explain all                         | one study is expected here      | known: gp, ratio, msp, decision
          explain gq                          | unknown study 'gq'              | did you mean 'gp'?
          sample                              | NETWORK                         | see amortis sample --help
          """)
  void wrongUseEndsWith64InFewLines(String args, String line, String advice) {
    assertThat(run(args.split(" "))).isEqualTo(64);
    assertThat(err()).startsWith("amortis: error: ").contains(line).doesNotContain("\tat ");
    assertThat(err().lines()).hasSizeLessThanOrEqualTo(3);
    if (advice != null) {
      assertThat(err()).contains(advice);
    }
    assertThat(out()).isEmpty();
    assertThat(study.asked).isNull();
  }

  @Test
  void noCommandEndsWith64() {
    assertThat(run()).isEqualTo(64);
    assertThat(err()).contains("a command is expected").contains("see amortis --help");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cuda", "cuda:1", "opencl:0"})
  void gpusAreAskedForByKindOrNumber(String device) {
    assertThat(run("study", "gp", "--device", device)).isZero();
    assertThat(study.asked.device()).isEqualTo(device);
  }

  @Test
  void filesTheUserNamesAreLookedAtFirst(@TempDir Path folder) throws IOException {
    assertThat(run("study", "gp", "--data", folder.resolve("no.npy").toString())).isEqualTo(65);
    assertThat(run("study", "gp", "--data", folder.toString())).isEqualTo(65);
    assertThat(run("study", "gp", "--networks", folder.resolve("no").toString())).isEqualTo(65);
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(run("study", "gp", "--out", file.toString())).isEqualTo(64);
    assertThat(err())
        .contains("no such file", "this is a folder", "no such folder", "a file stands");
    assertThat(study.asked).isNull();
  }

  @Test
  void failuresOfAStudyKeepTheirKindAndAdvice() {
    study =
        new ToyStudy(o -> {
          throw Failure.retry("device lost").advise("try again");
        });
    assertThat(run("study", "gp")).isEqualTo(75);
    assertThat(err()).isEqualToNormalizingNewlines("amortis: error: device lost\n  try again\n");
  }

  @Test
  void aDamagedFileOfTheRunItselfCanBeComputedAgain(@TempDir Path folder) throws IOException {
    Path data = Files.createFile(folder.resolve("mine.npz"));
    for (Path file : List.of(folder.resolve("test.npz"), data)) {
      study =
          new ToyStudy(o -> {
            throw Failure.data(file + ": the file ends").advise("copy it again");
          });
      errBytes.reset();
      assertThat(run("study", "gp", "--out", "" + folder, "--data", "" + data)).isEqualTo(65);
      assertThat(err()).contains(file.equals(data) ? "copy it again" : "delete this file");
    }
    assertThat(run("study", "gp", "--out", "")).isEqualTo(64);
  }

  @Test
  void debugShowsTheStackTrace() {
    study =
        new ToyStudy(o -> {
          throw Failure.data("bad").causedBy(new IllegalStateException("why"));
        });
    assertThat(run("study", "gp", "--debug")).isEqualTo(65);
    assertThat(err()).contains("amortis: error: bad", "\tat ", "why");
  }

  @Test
  void internalErrorsNameALogFile() throws IOException {
    study =
        new ToyStudy(o -> {
          throw new IllegalStateException("surprise");
        });
    assertThat(run("study", "gp")).isEqualTo(70);
    assertThat(err()).contains("internal error", "surprise").hasLineCount(2);
    Path log = Path.of(err().replaceAll("(?s).*details are in (.*\\.log).*", "$1"));
    assertThat(log).content().contains("ToyStudy", "arguments: study gp");
    Files.delete(log);
  }

  @Test
  void faultsOfTheDiskEndWith74() {
    study =
        new ToyStudy(o -> {
          throw new UncheckedIOException(new NoSuchFileException("/x/y"));
        });
    assertThat(run("study", "gp")).isEqualTo(74);
    assertThat(err()).contains("no such file: /x/y").hasLineCount(1);
  }

  @Test
  void aStoppedStudyEndsWith130AfterItsProgress() {
    study =
        new ToyStudy(o -> {
          o.progress().start("train", 10);
          cancellation.request();
          o.cancellation().check();
        });
    assertThat(run("study", "gp")).isEqualTo(Shell.STOPPED);
    assertThat(err().lines().toList().getLast()).contains("stopped").contains("same command");
  }

  @Test
  void coloursOnlyOnATerminalThatWantsThem() {
    terminal = true;
    run("nope");
    assertThat(err()).contains("\u001b[31m");
    errBytes.reset();
    environment = Map.of("NO_COLOR", "1");
    run("nope");
    assertThat(err()).doesNotContain("\u001b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "study", "study gp", "study ratio", "sample", "devices", "explain"})
  void everyCommandHasHelpWithExamplesAndAVersion(String command) {
    String[] help = (command + " --help").strip().split(" ");
    assertThat(run(help)).isZero();
    assertThat(out()).contains("Usage: amortis", "Examples:", "--version");
    outBytes.reset();
    assertThat(run((command + " --version").strip().split(" "))).isZero();
    assertThat(out()).startsWith("amortis ").contains("(Java 25").hasLineCount(1);
    assertThat(err()).isEmpty();
  }

  @Test
  void theHelpOfAStudyShowsWhatItTakes() {
    assertThat(run("study", "gp", "--help")).isZero();
    assertThat(out()).contains("--data=FILE", "amortis study gp --networks runs/gp-standard-1");
    assertThat(out()).doesNotContain("--repeats");
    outBytes.reset();
    assertThat(run("study", "all", "--help")).isZero();
    assertThat(out())
        .contains("amortis study all --profile quick", "runs/all-standard-1", "--repeats=K")
        .doesNotContain("--data", "--methods", "study gp");
  }

  @Test
  void devicesListsWhatWorksAndWhatDoesNot() {
    assertThat(run("devices")).isZero();
    assertThat(out()).contains("cpu        ready", "reference  ready", "cuda");
  }

  @Test
  void numbersHaveAPointWhateverTheLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr-TR"));
      study =
          new ToyStudy(o -> {
            o.progress().start("TITLE", 8);
            o.progress().advance(3);
          });
      assertThat(run("study", "gp", "--progress", "json", "--profile", "quick")).isZero();
      assertThat(err()).contains("\"rate\":0.000").doesNotContain("0,0");
    } finally {
      Locale.setDefault(before);
    }
  }
}

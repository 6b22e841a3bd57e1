package org.amortis.cli;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.amortis.engine.Cancellation;
import org.amortis.studies.Studies;
import org.amortis.studies.Study;

/// Where the process starts and ends.
public final class Main {
  /// How long a stopped process may take to write what is finished.
  private static final int GRACE_SECONDS = 10;

  private Main() {}

  /// Runs one command and ends the process with its exit code.
  ///
  /// SIGINT and SIGTERM set the cancellation and wait for the command to write what is finished;
  /// the Java runtime then ends the process with 130 or 143.
  public static void main(String[] args) {
    run(Studies.available(), args);
  }

  /// Runs one command over the given studies and ends the process.
  static void run(List<Study> studies, String... args) {
    StandardStreams.restoreErr();
    Locale.setDefault(Locale.ROOT);
    Cancellation cancellation = Cancellation.create();
    CountDownLatch finished = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  cancellation.request();
                  await(finished);
                },
                "amortis-stop"));
    int exitCode = 70;
    try (StandardStreams.Out out = StandardStreams.out()) {
      Session session =
          new Session(
              out.stream(),
              System.err,
              StandardStreams.errIsTerminal(),
              System.getenv(),
              cancellation,
              studies);
      exitCode = new Shell(session).run(args);
      out.stream().flush();
      exitCode = out.exitCode(exitCode, System.err);
    } finally {
      finished.countDown();
    }
    System.exit(exitCode);
  }

  private static void await(CountDownLatch finished) {
    try {
      finished.await(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package org.amortis.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.amortis.engine.Failure;
import org.amortis.engine.Progress;
import org.amortis.studies.SampleOptions;
import org.amortis.studies.Study;
import org.amortis.studies.StudyCard;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `amortis sample`: draws from a trained posterior for the user's own data.
@Command(
    name = "sample",
    versionProvider = Version.class,
    sortOptions = false,
    description = "Draw from a trained posterior for your own fields.",
    footerHeading = "%nExamples:%n",
    footer =
        "  amortis sample runs/gp-standard-1/fkl.safetensors --data fields.npy"
            + " --out draws.npy")
final class SampleCommand implements Callable<Integer> {
  private final Session session;

  @Option(
      names = "--study",
      paramLabel = "NAME",
      description = "The study that trained the network (default: as the network says).")
  private String study;

  @Parameters(
      paramLabel = "NETWORK",
      description = "The trained network: a METHOD.safetensors file of a run folder.")
  private Path network;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "The fields, .npy or .npz.")
  private Path data;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The .npy file to write: (fields, draws) or (fields, draws, parameters).")
  private Path out;

  @Option(
      names = "--draws",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Draws a field (default ${DEFAULT-VALUE}).")
  private int draws;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of the draws (default ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "auto",
      description = "As in amortis study (default ${DEFAULT-VALUE}).")
  private String device;

  @Option(
      names = "--progress",
      paramLabel = "STYLE",
      defaultValue = "auto",
      description = "auto, bar, plain, json or none, on stderr (default ${DEFAULT-VALUE}).")
  private String progress;

  @Mixin private CommonOptions common;

  SampleCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    DeviceName.check(device);
    ProgressStyle style = ProgressStyle.parse(progress);
    if (draws < 1) {
      throw Failure.usage("--draws " + draws + ": expected a number of at least 1");
    }
    Paths.requireReadable("network", network);
    Paths.requireReadable("--data", data);
    Paths.requireOther("--out", out, network);
    Paths.requireOther("--out", out, data);
    Paths.requireWritable("--out", out);
    Study runnable =
        StudyCommand.require(session, study == null ? StudyCard.study(network) : study);
    Progress shown = style.open(session);
    try {
      runnable.sample(
          new SampleOptions(
              network, data, out, draws, device, seed, shown, session.cancellation()));
    } finally {
      shown.done();
    }
    return 0;
  }
}

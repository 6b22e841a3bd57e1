package org.amortis.studies.msp;

import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.inference.Observations;
import org.amortis.nn.train.Trained;
import org.amortis.studies.FieldFile;
import org.amortis.studies.RunFacts;
import org.amortis.studies.RunFiles;
import org.amortis.studies.StudyOptions;

/// What the parts of one run share: its options, its folder, its device, its networks, and the
/// record of facts.
final class Run {
  /// Parameters of the micro-test fields, (lambda, k).
  static final double[] MICRO = {0.05, 1.5, 0.2, 1.4, 0.4, 2.2};

  final StudyOptions options;
  final Budget budget;
  final RunFiles files;
  final Device device;
  final FieldFile.Fields test;
  final Observations micro;
  private final Training training;

  Run(
      StudyOptions options,
      Budget budget,
      RunFiles files,
      Device device,
      FieldFile.Fields test,
      Observations micro) {
    this(options, budget, files, device, test, micro, null);
  }

  private Run(
      StudyOptions options,
      Budget budget,
      RunFiles files,
      Device device,
      FieldFile.Fields test,
      Observations micro,
      Training first) {
    this.options = options;
    this.budget = budget;
    this.files = files;
    this.device = device;
    this.test = test;
    this.micro = micro;
    this.training = new Training(this, first);
  }

  /// The same run with networks of other training seeds and files of its own; pairs, fields and the
  /// seeds of draws stay.
  ///
  /// @param k number of the training, 1 for this run itself
  Run repeat(int k) {
    RunFiles own = new RunFiles(files.folder(), k);
    return k == 1 ? this : new Run(options, budget, own, device, test, micro, training);
  }

  Progress progress() {
    return options.progress();
  }

  Cancellation cancellation() {
    return options.cancellation();
  }

  /// The seed of everything that is no training of a network.
  long seed(Seeds part) {
    return part.of(options.seed());
  }

  /// The seed of a network's training, another one in every repeat.
  long trainingSeed(Seeds part) {
    return part.of(options.seed(), files.training());
  }

  /// The trained network of a method: found in the folder, where those of an earlier run are
  /// copied, or trained now.
  Trained network(NetworkMethod method) {
    String name = method.file();
    if (!files.has(name)) {
      Trained trained = training.fit(method);
      // Facts before files: a finished file is never computed again.
      files.record(method.name(), RunFacts.training(trained));
      files.write(
          name,
          out -> NetworkCard.write(out, method, trained, budget, training.options(method.seed())));
    }
    return NetworkCard.read(files.path(name), method);
  }
}

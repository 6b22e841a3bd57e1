package org.amortis.studies.msp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.amortis.engine.Failure;
import org.amortis.io.Json;
import org.amortis.nn.NetworkFile;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.train.Trained;
import org.amortis.nn.train.TrainingOptions;
import org.amortis.studies.StudyCard;

/// The trained network of a method on disk: safetensors with the parameters by name and a versioned
/// JSON card, which holds no times, so that equal runs write equal bytes.
final class NetworkCard {
  private static final String STUDY = "msp";

  private NetworkCard() {}

  static void write(
      OutputStream out, NetworkMethod method, Trained trained, Budget b, TrainingOptions options)
      throws IOException {
    Json.Obj card =
        StudyCard.of(
            STUDY,
            method.name(),
            Json.of(Schlather.PRIOR.toString()),
            "fields (16, 16), float32, standard exponential margins",
            StudyCard.training(trained, b.train(), b.validation(), options, "lattice symmetries"));
    NetworkFile.write(
        out,
        trained.layout(),
        trained.parameters(),
        trained.statistics(),
        method.objective().toString(),
        card);
  }

  /// Reads the network of a method and checks it against what the method is in this version.
  ///
  /// @throws Failure DATA for a damaged file, a newer card, another study or other parameters
  static Trained read(Path file, NetworkMethod method) {
    return StudyCard.read(
        file,
        STUDY,
        card -> {
          card.requireMethod(method.name());
          ParameterLayout layout = Training.layout(method.objective());
          NetworkFile all = NetworkFile.read(file, layout, method.objective().toString());
          return card.trained(card.training(), layout, all.parameters(), all.statistics());
        });
  }

  /// The method whose network a file holds.
  static String method(Path file) {
    return StudyCard.read(file, STUDY, StudyCard::method);
  }
}

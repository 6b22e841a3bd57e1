package org.amortis.studies.gp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.amortis.engine.Failure;
import org.amortis.io.Json;
import org.amortis.nn.NetworkFile;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.train.Trained;
import org.amortis.studies.StudyCard;

/// The trained networks of a method on disk: safetensors with the parameters by name and a
/// versioned JSON card.
///
/// The card says what the networks are (study, method, architecture, prior) and how they were
/// trained (budget, options, losses). It holds no times, so that equal runs write equal bytes.
/// Where a method has several networks, the names of their tensors begin with the network's name
/// and the training records stand under it.
public final class NetworkCard {
  private static final String STUDY = "gp";

  private NetworkCard() {}

  /// Writes the trained networks of a method.
  ///
  /// @param networks in the order of its parts
  static void write(OutputStream out, Method method, List<Fitted> networks) throws IOException {
    List<NetworkPart> parts = method.parts();
    Json.Obj prior =
        Json.Obj.empty()
            .with("parameter", "theta")
            .with("distribution", "uniform")
            .with("low", 0.0)
            .with("high", GaussianProcess.UPPER)
            .with("bijection", "probit");
    Json.Obj records = Json.Obj.empty();
    int size = 0;
    int statistics = 0;
    for (int i = 0; i < parts.size(); i++) {
      records = records.with(parts.get(i).name(), networks.get(i).record());
      size += networks.get(i).trained().parameters().length;
      statistics += networks.get(i).trained().statistics().length;
    }
    double[] all = new double[size];
    double[] running = new double[statistics];
    size = 0;
    statistics = 0;
    for (Fitted f : networks) {
      Trained t = f.trained();
      System.arraycopy(t.parameters(), 0, all, size, t.parameters().length);
      System.arraycopy(t.statistics(), 0, running, statistics, t.statistics().length);
      size += t.parameters().length;
      statistics += t.statistics().length;
    }
    Json.Obj training = parts.size() == 1 ? networks.getFirst().record() : records;
    Json.Obj card =
        StudyCard.of(STUDY, method.name(), prior, "fields (16, 16), float32, no scaling", training);
    NetworkFile.write(out, layout(parts), all, running, architecture(parts), card);
  }

  private static String architecture(List<NetworkPart> parts) {
    return parts.size() == 1
        ? parts.getFirst().architecture()
        : parts.stream()
            .map(p -> p.name() + " = " + p.architecture())
            .collect(Collectors.joining("; "));
  }

  /// The tensors of all parts, one after the other.
  private static ParameterLayout layout(List<NetworkPart> parts) {
    if (parts.size() == 1) {
      return parts.getFirst().layout();
    }
    List<ParameterLayout.Entry> entries = new ArrayList<>();
    List<ParameterLayout.Entry> statistics = new ArrayList<>();
    int size = 0;
    int running = 0;
    for (NetworkPart p : parts) {
      ParameterLayout layout = p.layout();
      append(entries, p.name(), layout.entries(), size);
      append(statistics, p.name(), layout.statistics(), running);
      size += layout.size();
      running += layout.statisticsSize();
    }
    return new ParameterLayout(entries, statistics);
  }

  private static void append(
      List<ParameterLayout.Entry> all, String part, List<ParameterLayout.Entry> some, int from) {
    for (ParameterLayout.Entry e : some) {
      all.add(
          new ParameterLayout.Entry(
              part + "." + e.name(), e.shape(), from + e.offset(), e.initializer()));
    }
  }

  /// Reads the networks of a method and checks them against what the method is in this version.
  ///
  /// @return in the order of its parts; their seconds are not known
  /// @throws Failure DATA for a damaged file, a newer card, another study or other parameters
  static List<Fitted> read(Path file, Method method) {
    return StudyCard.read(file, STUDY, card -> content(card, method));
  }

  private static List<Fitted> content(StudyCard card, Method method) {
    card.requireMethod(method.name());
    List<NetworkPart> parts = method.parts();
    NetworkFile all = NetworkFile.read(card.file(), layout(parts), architecture(parts));
    Json.Obj training = card.training();
    List<Fitted> networks = new ArrayList<>();
    int size = 0;
    int running = 0;
    for (NetworkPart p : parts) {
      ParameterLayout layout = p.layout();
      int last = size + layout.size();
      int lastRunning = running + layout.statisticsSize();
      Json.Obj record = parts.size() == 1 ? training : card.training(training, p.name());
      networks.add(
          new Fitted(
              card.trained(
                  record,
                  layout,
                  Arrays.copyOfRange(all.parameters(), size, last),
                  Arrays.copyOfRange(all.statistics(), running, lastRunning)),
              record));
      size = last;
      running = lastRunning;
    }
    return networks;
  }

  /// The method whose network a file holds.
  static String method(Path file) {
    return StudyCard.read(file, STUDY, StudyCard::method);
  }
}

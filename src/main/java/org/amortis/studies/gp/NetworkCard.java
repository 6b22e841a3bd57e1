package org.amortis.studies.gp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.amortis.engine.Failure;
import org.amortis.io.Json;
import org.amortis.nn.NetworkFile;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.train.Trained;

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
    Json.Obj card =
        Json.Obj.empty()
            .with("study", STUDY)
            .with("method", method.name())
            .with("prior", prior)
            .with("data", "fields (16, 16), float32, no scaling")
            .with("training", parts.size() == 1 ? networks.getFirst().record() : records);
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
    return naming(file, () -> content(file, method));
  }

  private static List<Fitted> content(Path file, Method method) {
    Json.Obj card = card(file);
    String found = text(file, card, "method");
    if (!found.equals(method.name())) {
      throw Failure.data(
          file + ": holds the network of method " + found + ", expected " + method.name());
    }
    List<NetworkPart> parts = method.parts();
    NetworkFile all = NetworkFile.read(file, layout(parts), architecture(parts));
    if (!(card.require("training") instanceof Json.Obj training)) {
      throw Failure.data(file + ": the card's training record is damaged");
    }
    List<Fitted> networks = new ArrayList<>();
    int size = 0;
    int running = 0;
    for (NetworkPart p : parts) {
      ParameterLayout layout = p.layout();
      int last = size + layout.size();
      int lastRunning = running + layout.statisticsSize();
      Json record = parts.size() == 1 ? training : training.require(p.name());
      networks.add(
          fitted(
              file,
              record,
              layout,
              Arrays.copyOfRange(all.parameters(), size, last),
              Arrays.copyOfRange(all.statistics(), running, lastRunning)));
      size = last;
      running = lastRunning;
    }
    return networks;
  }

  private static Fitted fitted(
      Path file, Json record, ParameterLayout layout, double[] parameters, double[] statistics) {
    if (!(record instanceof Json.Obj training)
        || !(training.require("losses") instanceof Json.Arr losses)
        || !(training.require("best_epoch") instanceof Json.Num best)) {
      throw Failure.data(file + ": the card's training record is damaged");
    }
    List<Trained.Epoch> history = new ArrayList<>();
    for (Json item : losses.items()) {
      List<Json> pair = item instanceof Json.Arr a ? a.items() : List.of();
      if (pair.size() != 2) {
        throw Failure.data(file + ": the card's training record is damaged");
      }
      history.add(new Trained.Epoch(number(pair.get(0)), number(pair.get(1))));
    }
    return new Fitted(
        new Trained(layout, parameters, statistics, history, (int) best.asLong(), Double.NaN),
        training);
  }

  /// The method whose network a file holds.
  static String method(Path file) {
    return naming(file, () -> text(file, card(file), "method"));
  }

  /// Puts the file's name before failures that do not know it.
  private static <T> T naming(Path file, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (Failure f) {
      if (f.getMessage().contains(file.toString())) {
        throw f;
      }
      throw Failure.data(file + ": its card has " + f.getMessage()).causedBy(f);
    }
  }

  private static Json.Obj card(Path file) {
    Json.Obj card = NetworkFile.card(file);
    if (!card.get("study").equals(Optional.of(Json.of(STUDY)))) {
      throw Failure.data(file + ": not a network of the gp study");
    }
    return card;
  }

  private static String text(Path file, Json.Obj card, String key) {
    if (card.require(key) instanceof Json.Str s) {
      return s.value();
    }
    throw Failure.data(file + ": member " + key + " of the card is no text");
  }

  private static double number(Json j) {
    return j instanceof Json.Num n ? n.asDouble() : Double.NaN;
  }
}

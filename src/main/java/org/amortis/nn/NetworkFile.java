package org.amortis.nn;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.Failure;
import org.amortis.io.Json;
import org.amortis.io.NpyArray;
import org.amortis.io.Safetensors;

/// A trained network on disk: safetensors with the parameters by name, and a versioned JSON card
/// among its metadata.
///
/// The card says what the network is; code is never read from a file: whoever loads a network
/// brings its description, and names, shapes and the card's `architecture` must agree with it.
/// Equal networks give equal bytes.
///
/// @param card everything the writer put there, `format_version` and `architecture` included
/// @param parameters flat vector in the order of the layout
/// @param statistics flat vector of running statistics
public record NetworkFile(Json.Obj card, double[] parameters, double[] statistics) {
  /// Version of the card; a file with a higher one is refused.
  public static final int VERSION = 1;

  private static final String CARD = "card";
  private static final String FORMAT = "amortis-network";

  /// Writes a network, its numbers as float32.
  ///
  /// @param parameters flat vector in the order of the layout
  /// @param statistics flat vector of running statistics, empty where the layout has none
  /// @param architecture the description that a reader must bring, as text
  /// @param card further members, for instance prior and training record
  /// @throws IOException when `out` does
  public static void write(
      OutputStream out,
      ParameterLayout layout,
      double[] parameters,
      double[] statistics,
      String architecture,
      Json.Obj card)
      throws IOException {
    Map<String, NpyArray> tensors = new LinkedHashMap<>();
    tensors(layout.entries(), parameters, tensors);
    tensors(layout.statistics(), statistics, tensors);
    Json.Obj full =
        Json.Obj.empty()
            .with("format", FORMAT)
            .with("format_version", VERSION)
            .with("architecture", architecture);
    for (Map.Entry<String, Json> e : card.members().entrySet()) {
      full = full.with(e.getKey(), e.getValue());
    }
    Safetensors.write(out, tensors, Map.of(CARD, full.compact()));
  }

  private static void tensors(
      List<ParameterLayout.Entry> entries, double[] flat, Map<String, NpyArray> into) {
    for (ParameterLayout.Entry e : entries) {
      float[] values = new float[e.shape().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) flat[e.offset() + i];
      }
      into.put(e.name(), NpyArray.of(values, e.shape().dims()));
    }
  }

  /// Reads the card alone.
  ///
  /// @throws Failure DATA for a file that is absent, damaged, no network, or of a newer format;
  ///   STORAGE if it cannot be read
  public static Json.Obj card(Path file) {
    return card(file, Safetensors.readMetadata(file));
  }

  private static Json.Obj card(Path file, Map<String, String> metadata) {
    String text = metadata.get(CARD);
    if (text == null) {
      throw Failure.data(file + ": no card among its metadata, expected a network of amortis");
    }
    if (!(Json.parse(text, file + " card") instanceof Json.Obj card)
        || !card.get("format").equals(java.util.Optional.of(Json.of(FORMAT)))) {
      throw Failure.data(file + ": the card is not that of an amortis network");
    }
    long version = card.require("format_version") instanceof Json.Num n ? n.asLong() : -1;
    if (version > VERSION) {
      throw Failure.data(
              file + ": card of format " + version + ", this version reads up to " + VERSION)
          .advise("use a newer amortis");
    }
    if (version < 1) {
      throw Failure.data(file + ": card of format " + version + ", expected 1");
    }
    return card;
  }

  /// Reads a network.
  ///
  /// @param layout what the network declares
  /// @param architecture the description it was written with
  /// @throws Failure DATA for a file that is absent, damaged or of a newer format, for another
  ///   architecture, and for missing, further or ill-shaped tensors; STORAGE if it cannot be read
  public static NetworkFile read(Path file, ParameterLayout layout, String architecture) {
    Safetensors s = Safetensors.read(file);
    Json.Obj card = card(file, s.metadata());
    if (!card.get("architecture").equals(java.util.Optional.of(Json.of(architecture)))) {
      throw Failure.data(
          file
              + ": another architecture than the one to be filled; card: "
              + card.get("architecture").map(Json::compact).orElse("none"));
    }
    int expected = layout.entries().size() + layout.statistics().size();
    if (s.tensors().size() != expected) {
      throw Failure.data(file + ": " + s.tensors().size() + " tensors, expected " + expected);
    }
    double[] parameters = new double[layout.size()];
    double[] statistics = new double[layout.statisticsSize()];
    fill(file, s, layout.entries(), parameters);
    fill(file, s, layout.statistics(), statistics);
    return new NetworkFile(card, parameters, statistics);
  }

  private static void fill(
      Path file, Safetensors s, List<ParameterLayout.Entry> entries, double[] flat) {
    for (ParameterLayout.Entry e : entries) {
      try {
        double[] values = s.tensor(e.name(), e.shape().dims()).toDoubles();
        System.arraycopy(values, 0, flat, e.offset(), values.length);
      } catch (Failure f) {
        throw Failure.data(file + ": " + f.getMessage()).causedBy(f);
      }
    }
  }
}

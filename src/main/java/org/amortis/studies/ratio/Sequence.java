package org.amortis.studies.ratio;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.amortis.io.NpyArray;
import org.amortis.io.Npz;
import org.amortis.io.RunFolder;

/// A classifier on a grid while it trains.
///
/// @param cells grid cells along theta and along Z
/// @param logRatios `(Z, theta)` by the number of epochs done
record Sequence(int cells, SortedMap<Integer, double[]> logRatios) {
  private static final int MOST = 6;

  /// The epochs that are shown: before the first, then about evenly on the log scale to the last.
  static List<Integer> epochs(int last) {
    List<Integer> shown = new ArrayList<>(List.of(0));
    for (int k = 0; k < MOST - 1; k++) {
      int e = (int) StrictMath.round(StrictMath.pow(last, k / (MOST - 2.0)));
      if (e > shown.getLast()) {
        shown.add(e);
      }
    }
    return shown;
  }

  void write(RunFolder folder, String name) {
    int[] epochs = logRatios.keySet().stream().mapToInt(e -> e).toArray();
    double[] all = new double[epochs.length * cells * cells];
    for (int k = 0; k < epochs.length; k++) {
      System.arraycopy(logRatios.get(epochs[k]), 0, all, k * cells * cells, cells * cells);
    }
    double[] numbers = Arrays.stream(epochs).asDoubleStream().toArray();
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("epoch", NpyArray.of(numbers, numbers.length));
    arrays.put("log_ratio", NpyArray.of(all, epochs.length, cells, cells));
    folder.write(name, w -> Npz.write(w, arrays));
  }

  static Sequence read(RunFolder folder, String name) {
    Npz npz = Npz.read(folder.path(name));
    double[] epochs = npz.array("epoch").toDoubles();
    double[] all = npz.array("log_ratio").toDoubles();
    int size = all.length / epochs.length;
    TreeMap<Integer, double[]> maps = new TreeMap<>();
    for (int k = 0; k < epochs.length; k++) {
      maps.put((int) epochs[k], Arrays.copyOfRange(all, k * size, (k + 1) * size));
    }
    return new Sequence((int) StrictMath.round(StrictMath.sqrt(size)), maps);
  }
}

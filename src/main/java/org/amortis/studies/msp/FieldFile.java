package org.amortis.studies.msp;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.amortis.engine.Failure;
import org.amortis.inference.Observations;
import org.amortis.io.Npy;
import org.amortis.io.NpyArray;
import org.amortis.io.Npz;

/// Fields on disk: `z` (n, 16, 16), positive, and, where known, `theta` (n, 2).
final class FieldFile {
  private static final int SIDE = Schlather.SIDE;
  private static final int SITES = SIDE * SIDE;

  private FieldFile() {}

  /// Fields with or without their parameters.
  ///
  /// @param theta `(n, 2)`, or null where unknown
  record Fields(double[] theta, Observations fields) {
    int count() {
      return fields.count();
    }
  }

  /// Reads a user's file: an `.npz` with z and perhaps theta, or an `.npy` of fields.
  ///
  /// @throws Failure DATA naming what is wrong and, for bad values, the row
  static Fields read(Path file) {
    String name = file.getFileName().toString();
    if (!name.endsWith(".npz") && !name.endsWith(".npy")) {
      throw Failure.data(file + ": expected a file called .npy or .npz");
    }
    if (name.endsWith(".npy")) {
      return new Fields(null, new Observations(Schlather.FIELD, fields(file, Npy.read(file))));
    }
    Npz npz = Npz.read(file);
    if (!npz.has("z")) {
      throw Failure.data(file + ": no array z, found " + npz.names() + "; expected z (n, 16, 16)");
    }
    float[] values = fields(file, npz.array("z"));
    double[] theta =
        npz.has("theta") ? theta(file, npz.array("theta"), values.length / SITES) : null;
    return new Fields(theta, new Observations(Schlather.FIELD, values));
  }

  private static float[] fields(Path file, NpyArray z) {
    int[] s = z.shape();
    boolean fits =
        s.length == 3 && s[1] == SIDE && s[2] == SIDE
            || s.length == 2 && s[1] == SITES
            || s.length == 4 && s[1] * s[2] * s[3] == SITES && s[2] == SIDE;
    if (!fits || s[0] == 0) {
      throw Failure.data(
          file + ": z has shape " + Arrays.toString(s) + ", expected (n, 16, 16) or (n, 256)");
    }
    if (!z.type().isFloating()) {
      throw Failure.data(file + ": z is " + z.type() + ", expected float32 or float64");
    }
    float[] values = z.toFloats();
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] > 0) || Float.isInfinite(values[i])) {
        throw Failure.data(
                file
                    + ": z has "
                    + z.value(i)
                    + " in row "
                    + i / SITES
                    + ", expected positive finite numbers")
            .advise("fields must have standard exponential margins");
      }
    }
    return values;
  }

  private static double[] theta(Path file, NpyArray theta, int n) {
    int[] s = theta.shape();
    if (s.length != 2 || s[1] != 2 || s[0] != n) {
      throw Failure.data(
          file
              + ": theta has shape "
              + Arrays.toString(s)
              + ", expected ("
              + n
              + ", 2) as z has "
              + n
              + " fields");
    }
    double[] values = theta.toDoubles();
    int row = Schlather.PRIOR.firstOutside(values);
    if (row >= 0) {
      throw Failure.data(
          file
              + ": theta is ("
              + values[2 * row]
              + ", "
              + values[2 * row + 1]
              + ") in row "
              + row
              + ", expected lambda inside (0, 0.6) and k inside (0.5, 3)");
    }
    return values;
  }

  /// The arrays of a file of fields.
  static Map<String, NpyArray> arrays(double[] theta, Observations fields) {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    if (theta != null) {
      arrays.put("theta", NpyArray.of(theta, theta.length / 2, 2));
    }
    arrays.put("z", NpyArray.of(fields.values(), fields.count(), SIDE, SIDE));
    return arrays;
  }
}

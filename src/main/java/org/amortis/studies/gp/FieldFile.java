package org.amortis.studies.gp;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.amortis.engine.Failure;
import org.amortis.inference.Observations;
import org.amortis.io.Npy;
import org.amortis.io.NpyArray;
import org.amortis.io.Npz;

/// Fields on disk: `z` (n, 16, 16) and, where known, `theta` (n,).
final class FieldFile {
  private static final int SITES = GaussianProcess.SIDE * GaussianProcess.SIDE;

  private FieldFile() {}

  /// Fields with or without their parameters.
  ///
  /// @param theta `(n,)`, or null where unknown
  record Fields(double[] theta, Observations fields) {
    int count() {
      return fields.count();
    }
  }

  /// Reads a user's file: an `.npz` with z and perhaps theta, or an `.npy` of fields.
  ///
  /// @throws Failure DATA naming what is wrong and, for bad values, the row
  static Fields read(Path file) {
    boolean archive = isArchive(file);
    NpyArray z;
    NpyArray theta = null;
    if (archive) {
      Npz npz = Npz.read(file);
      if (!npz.has("z")) {
        throw Failure.data(
            file + ": no array z, found " + npz.names() + "; expected z (n, 16, 16)");
      }
      z = npz.array("z");
      theta = npz.has("theta") ? npz.array("theta") : null;
    } else {
      z = Npy.read(file);
    }
    float[] values = fields(file, z);
    int n = values.length / SITES;
    return new Fields(
        theta == null ? null : theta(file, theta, n),
        new Observations(GaussianProcess.FIELD, values));
  }

  private static boolean isArchive(Path file) {
    String name = file.getFileName().toString();
    if (name.endsWith(".npz")) {
      return true;
    }
    if (name.endsWith(".npy")) {
      return false;
    }
    throw Failure.data(file + ": expected a file called .npy or .npz");
  }

  private static float[] fields(Path file, NpyArray z) {
    int[] s = z.shape();
    int side = GaussianProcess.SIDE;
    boolean fits =
        s.length == 3 && s[1] == side && s[2] == side
            || s.length == 2 && s[1] == SITES
            || s.length == 4 && s[1] == 1 && s[2] == side && s[3] == side
            || s.length == 4 && s[1] == side && s[2] == side && s[3] == 1;
    if (!fits) {
      throw Failure.data(
          file
              + ": z has shape "
              + java.util.Arrays.toString(s)
              + ", expected (n, 16, 16), (n, 256) or (n, 1, 16, 16)");
    }
    if (s[0] == 0) {
      throw Failure.data(file + ": z holds no field");
    }
    if (!z.type().isFloating()) {
      throw Failure.data(file + ": z is " + z.type() + ", expected float32 or float64");
    }
    int bad = z.firstNonFinite();
    if (bad >= 0) {
      throw Failure.data(
          file
              + ": z has "
              + z.value(bad)
              + " in row "
              + bad / SITES
              + ", expected finite numbers");
    }
    float[] values = z.toFloats();
    for (int i = 0; i < values.length; i++) {
      if (Float.isInfinite(values[i])) {
        throw Failure.data(
            file + ": z has " + z.value(i) + " in row " + i / SITES + ", too large for float32");
      }
    }
    return values;
  }

  private static double[] theta(Path file, NpyArray theta, int n) {
    int[] s = theta.shape();
    if (!(s.length == 1 || s.length == 2 && s[1] == 1) || s[0] != n) {
      throw Failure.data(
          file
              + ": theta has shape "
              + java.util.Arrays.toString(s)
              + ", expected ("
              + n
              + ",) as z has "
              + n
              + " fields");
    }
    double[] values = theta.toDoubles();
    int outside = GaussianProcess.PRIOR.firstOutside(values);
    if (outside >= 0) {
      throw Failure.data(
          file
              + ": theta is "
              + values[outside]
              + " in row "
              + outside
              + ", expected a value inside (0, 0.6)");
    }
    return values;
  }

  /// The arrays of a file of fields.
  static Map<String, NpyArray> arrays(double[] theta, Observations fields) {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    if (theta != null) {
      arrays.put("theta", NpyArray.of(theta, theta.length));
    }
    int side = GaussianProcess.SIDE;
    arrays.put("z", NpyArray.of(fields.values(), fields.count(), side, side));
    return arrays;
  }
}

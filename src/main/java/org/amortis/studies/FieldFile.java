package org.amortis.studies;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.amortis.engine.Failure;
import org.amortis.engine.shape.Shape;
import org.amortis.inference.Observations;
import org.amortis.inference.Prior;
import org.amortis.io.Npy;
import org.amortis.io.NpyArray;
import org.amortis.io.Npz;
import org.amortis.io.RunFolder;

/// What files of fields hold: `z` (n, side, side) and, where known, `theta` (n, parameters), or
/// (n,) for one parameter.
///
/// @param side sites a side of the lattice
/// @param prior of the parameters
/// @param inside where parameters must lie, in words
/// @param values what the values of fields must be
public record FieldFile(int side, Prior prior, String inside, Values values) {
  /// What the values of fields must be.
  public enum Values {
    /// Any finite number.
    FINITE,
    /// Finite and above 0, with standard exponential margins.
    POSITIVE
  }

  /// Fields with or without their parameters.
  ///
  /// @param theta `(n, parameters)`, or null where unknown
  public record Fields(double[] theta, Observations fields) {
    /// Number of fields.
    public int count() {
      return fields.count();
    }
  }

  /// Reads a user's file: an `.npz` with z and perhaps theta, or an `.npy` of fields. Other arrays
  /// of an archive are not looked at.
  ///
  /// @throws Failure DATA naming what is wrong and, for bad values, the row
  public Fields read(Path file) {
    NpyArray z;
    NpyArray theta = null;
    if (isArchive(file)) {
      Npz npz = Npz.read(file, Set.of("z", "theta"));
      if (!npz.has("z")) {
        throw Failure.data(file + ": no array z, found " + npz.names() + "; expected z " + shape());
      }
      z = npz.array("z");
      theta = npz.has("theta") ? npz.array("theta") : null;
    } else {
      z = Npy.read(file);
    }
    Observations fields = new Observations(Shape.of(side, side, 1), fields(file, z));
    return new Fields(theta == null ? null : theta(file, theta, fields.count()), fields);
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

  private String shape() {
    return "(n, " + side + ", " + side + ")";
  }

  private float[] fields(Path file, NpyArray z) {
    int[] s = z.shape();
    int sites = side * side;
    boolean fits =
        s.length == 3 && s[1] == side && s[2] == side
            || s.length == 2 && s[1] == sites
            || s.length == 4 && s[1] == 1 && s[2] == side && s[3] == side
            || s.length == 4 && s[1] == side && s[2] == side && s[3] == 1;
    if (!fits) {
      throw Failure.data(
          file
              + ": z has shape "
              + Arrays.toString(s)
              + ", expected "
              + shape()
              + ", (n, "
              + sites
              + ") or (n, 1, "
              + side
              + ", "
              + side
              + ")");
    }
    if (s[0] == 0) {
      throw Failure.data(file + ": z holds no field");
    }
    if (!z.type().isFloating()) {
      throw Failure.data(file + ": z is " + z.type() + ", expected float32 or float64");
    }
    float[] numbers = z.toFloats();
    for (int i = 0; i < numbers.length; i++) {
      boolean positive = values == Values.POSITIVE;
      if (!Float.isFinite(numbers[i]) || positive && !(numbers[i] > 0)) {
        String found = file + ": z has " + z.value(i) + " in row " + i / sites;
        if (positive) {
          throw Failure.data(found + ", expected positive finite numbers")
              .advise("fields must have standard exponential margins");
        }
        throw Failure.data(
            found
                + (z.firstNonFinite() == i
                    ? ", expected finite numbers"
                    : ", too large for float32"));
      }
    }
    return numbers;
  }

  private double[] theta(Path file, NpyArray theta, int n) {
    int[] s = theta.shape();
    int p = prior.size();
    boolean fits = s.length == 2 && s[1] == p || s.length == 1 && p == 1;
    if (!fits || s[0] != n) {
      throw Failure.data(
          file
              + ": theta has shape "
              + Arrays.toString(s)
              + ", expected ("
              + n
              + (p == 1 ? "," : ", " + p)
              + ") as z has "
              + n
              + " fields");
    }
    double[] numbers = theta.toDoubles();
    int row = prior.firstOutside(numbers);
    if (row >= 0) {
      String found = Arrays.toString(Arrays.copyOfRange(numbers, row * p, (row + 1) * p));
      String bare = found.substring(1, found.length() - 1);
      throw Failure.data(
          file
              + ": theta is "
              + (p == 1 ? bare : "(" + bare + ")")
              + " in row "
              + row
              + ", expected "
              + inside);
    }
    return numbers;
  }

  private Map<String, NpyArray> arrays(Fields f) {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    if (f.theta() != null) {
      int p = prior.size();
      int n = f.theta().length / p;
      arrays.put("theta", p == 1 ? NpyArray.of(f.theta(), n) : NpyArray.of(f.theta(), n, p));
    }
    arrays.put("z", NpyArray.of(f.fields().values(), f.count(), side, side));
    return arrays;
  }

  /// Writes a file of fields.
  public void write(RunFolder folder, String name, Fields fields) {
    Map<String, NpyArray> arrays = arrays(fields);
    folder.write(name, out -> Npz.write(out, arrays));
  }

  /// The fields of a run's file, which is written unless it is there.
  public Fields stored(RunFolder folder, String name, Supplier<Fields> made) {
    if (!folder.has(name)) {
      write(folder, name, made.get());
    }
    return read(folder.path(name));
  }
}

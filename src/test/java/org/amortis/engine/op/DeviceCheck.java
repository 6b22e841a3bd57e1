package org.amortis.engine.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.amortis.engine.Failure;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Devices;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Type;

/// Runs every case of [OpCases] on a device, against the oracle and twice for the same bytes, where
/// there is no test runner: `DeviceCheck DEVICE [every n-th case [of this op]]`.
///
/// Prints a line a fault and, last, one line of JSON. The process ends with 1 when a case is wrong.
public final class DeviceCheck {
  private static final int MOST_FAULTS = 40;

  private final Device reference = new ReferenceDevice();
  private final Device device;
  private final boolean gpu;
  private int cases;
  private int faults;

  private DeviceCheck(Device device) {
    this.device = device;
    this.gpu = !device.name().equals("cpu");
  }

  /// Checks the device that the arguments name.
  public static void main(String[] arguments) {
    int every = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
    long start = System.nanoTime();
    try (Device device = Devices.open(arguments[0], Runtime.getRuntime().availableProcessors())) {
      System.out.println(device.describe());
      DeviceCheck check = new DeviceCheck(device);
      check.registry(every, arguments.length > 2 ? arguments[2] : "");
      check.chains();
      System.out.printf(
          Locale.ROOT,
          "{\"cases\": %d, \"wrong\": %d, \"seconds\": %.1f}%n",
          check.cases,
          check.faults,
          (System.nanoTime() - start) * 1e-9);
      System.exit(check.faults == 0 ? 0 : 1);
    } catch (Failure e) {
      System.out.println(e.getMessage());
      System.exit(e.kind().exitCode());
    }
  }

  private void registry(int every, String op) {
    for (DType f : List.of(DType.FLOAT32, DType.FLOAT64)) {
      List<OpCase> all = OpCases.of(f).stream().filter(c -> c.op().name().startsWith(op)).toList();
      int before = cases;
      for (int i = 0; i < all.size() && faults < MOST_FAULTS; i += every) {
        OpCase c = all.get(i);
        check(c, c.program(), gpu ? Tolerance.onGpu(c.op()) : Tolerance.of(c.op()));
        if (f == DType.FLOAT64 && !c.wrt().isEmpty()) {
          check(c, c.gradient(), Tolerance.ofGradient(c.op()));
        }
      }
      System.out.println(cases - before + " cases of " + f + ", " + faults + " wrong so far");
    }
  }

  /// Runs of many steps at once against the oracle's, one by one.
  private void chains() {
    for (ChainPrograms.Case c : ChainPrograms.of(DType.FLOAT64)) {
      cases++;
      Map<String, double[]> expected = c.run(reference, 6);
      Map<String, double[]> found;
      try {
        found = c.run(device, 6);
      } catch (RuntimeException e) {
        wrong("chains " + c.label() + ": " + e);
        continue;
      }
      for (String label : expected.keySet()) {
        Type type = c.program().inputs().get(label).types().getFirst();
        String fault = new Tolerance(4096, 4096).fault(type, found.get(label), expected.get(label));
        if (fault != null) {
          wrong("chains " + c.label() + ", " + label + ": " + fault);
          break;
        }
      }
    }
  }

  private void wrong(String what) {
    faults++;
    System.out.println("WRONG " + what);
  }

  private void check(OpCase c, Program p, Tolerance tolerance) {
    cases++;
    String fault;
    try {
      fault = fault(c, p, tolerance);
    } catch (RuntimeException e) {
      fault = e.toString();
    }
    if (fault != null) {
      wrong(p.name() + " " + c + ": " + fault);
    }
  }

  private String fault(OpCase c, Program p, Tolerance tolerance) {
    List<double[]> expected = OpCase.run(reference, p, c.values());
    List<double[]> found = OpCase.run(device, p, c.values());
    List<double[]> again = OpCase.run(device, p, c.values());
    List<Program.Value> outputs = new ArrayList<>(p.outputs().values());
    for (int i = 0; i < found.size(); i++) {
      String fault = tolerance.fault(p.type(outputs.get(i)), found.get(i), expected.get(i));
      if (fault != null) {
        return "result " + i + ": " + fault;
      }
      if (!Arrays.equals(again.get(i), found.get(i))) {
        return "result " + i + " has other bytes the second time";
      }
    }
    return null;
  }
}

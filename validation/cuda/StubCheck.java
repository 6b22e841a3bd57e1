import org.amortis.engine.device.Device;
import org.amortis.engine.device.Devices;
import org.amortis.engine.device.Executable;
import org.amortis.engine.op.Activation;
import org.amortis.engine.op.Dense;
import org.amortis.engine.op.MatMul;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Type;

/// Runs a program on the stand-in of `stub.c` through JCuda and cuBLAS and compares it with the cpu
/// device: handles, offsets, kernel parameters, captures and matrix products arrive as they should.
public final class StubCheck {
  private StubCheck() {}

  private static Program program() {
    Trace t = new Trace("stub");
    Var x = t.data("x", Type.f32(512, 512));
    Var w = t.data("w", Type.f32(512, 640));
    Var b = t.data("b", Type.f32(640));
    Var y = t.one(new Dense(Activation.RELU), x, w, b);
    t.output("y", y);
    t.output("z", t.one(new MatMul(false, true), y, w));
    t.output("v", t.one(new MatMul(true, false), x, y));
    return t.program();
  }

  private static float[][] run(Device device) {
    try (Executable e = device.bind(program())) {
      java.util.SplittableRandom random = new java.util.SplittableRandom(1);
      for (String label : new String[] {"x", "w", "b"}) {
        float[] v = new float[e.input(label).type().size()];
        for (int i = 0; i < v.length; i++) {
          v[i] = (float) random.nextDouble(-1, 1);
        }
        e.input(label).write(v, 0);
      }
      e.run(4);
      return new float[][] {
        e.output("y").floats(), e.output("z").floats(), e.output("v").floats()
      };
    }
  }

  public static void main(String[] arguments) {
    float[][] expected;
    try (Device cpu = Devices.open("cpu", 1)) {
      expected = run(cpu);
    }
    double[] worst = new double[3];
    try (Device cuda = Devices.open("cuda", 1)) {
      System.out.println(cuda.describe());
      float[][] found = run(cuda);
      for (int k = 0; k < found.length; k++) {
        for (int i = 0; i < found[k].length; i++) {
          worst[k] = Math.max(worst[k], Math.abs(found[k][i] - expected[k][i]) / (1 + Math.abs(expected[k][i])));
        }
      }
    }
    System.out.println("largest relative differences " + java.util.Arrays.toString(worst));
    if (!(java.util.Arrays.stream(worst).max().getAsDouble() < 1e-3)) {
      throw new AssertionError("results differ");
    }
  }
}

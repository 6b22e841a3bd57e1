package org.amortis.engine.device.opencl;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.gpu.GpuDevice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Tests that need an OpenCL device of any kind; without one they do not run, unless
/// `AMORTIS_REQUIRE` holds `opencl`: then they fail.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("opencl")
@ExtendWith(OnOpenCl.Condition.class)
public @interface OnOpenCl {
  /// Looks for a device.
  final class Condition implements ExecutionCondition {
    /// Whether this run must not do without something.
    static boolean required(String what) {
      String all = System.getenv("AMORTIS_REQUIRE");
      return all != null && List.of(all.split(",")).contains(what);
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      String missing = OpenCl.list().missing();
      if (missing == null) {
        return ConditionEvaluationResult.enabled("an OpenCL device is there");
      }
      if (required("opencl")) {
        throw new IllegalStateException("this run requires an OpenCL device: " + missing);
      }
      return ConditionEvaluationResult.disabled(missing);
    }
  }

  /// The one device that tests share.
  final class Shared {
    /// Opened at first use, released when the process ends.
    public static final Device DEVICE = new GpuDevice(OpenCl.open(-1));

    private Shared() {}
  }
}

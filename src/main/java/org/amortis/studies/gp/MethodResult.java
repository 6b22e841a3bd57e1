package org.amortis.studies.gp;

import java.util.List;
import org.amortis.nn.train.Trained;

/// What one method found for the test fields and the micro-test fields.
///
/// @param method name as the user types it
/// @param draws `(n, draws)`, or null for a method without draws
/// @param estimates `(n, 3)` mean, 5 % and 95 % quantile, or null
/// @param microDraws draws for the micro-test fields, or null
/// @param microEstimates estimates for the micro-test fields, or null
/// @param networks its trained networks in the order of its parts
record MethodResult(
    String method,
    double[] draws,
    double[] estimates,
    double[] microDraws,
    double[] microEstimates,
    List<Trained> networks) {}

package org.amortis.inference.ratio;

import org.amortis.engine.op.Activation;
import org.amortis.engine.op.Dense;
import org.amortis.engine.program.Var;
import org.amortis.nn.Initializer;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;

/// The part of a ratio network that joins data and parameters: `l_ij = rest(activation(W_s s_i +
/// W_t e(u_j) + b))`.
///
/// The first layer is additive in its two inputs, so each is multiplied by its weights once and a
/// pair costs an addition and the layers of `rest`: F data sets and G parameters need F summaries,
/// not F G. That is the layer a network on the concatenation (s, e) has, only divided.
///
/// Legend: c context features, p parameters, e features of the embedding, w width.
///
/// @param embedding network on the unconstrained parameters `(G, p)`, giving `(G, e)`
/// @param width w of the first joint layer
/// @param activation of that layer
/// @param rest network from `(N, w)` to `(N, 1)`
public record RatioHead(Network embedding, int width, Activation activation, Network rest) {

  /// The share of the data: `W_s s + b`.
  ///
  /// @param context `(F, c)`
  /// @return `(F, w)`
  Var ofData(Scope scope, Var context) {
    int c = context.dim(1);
    Var w = scope.parameter("data", new Initializer.GlorotUniform(1), c, width);
    Var b = scope.parameter("bias", Initializer.ZEROS, width);
    return scope.trace().one(new Dense(Activation.NONE), context, w, b);
  }

  /// The share of the parameters: `W_t e(u)`.
  ///
  /// @param u `(G, p)`
  /// @return `(G, w)`
  Var ofParameters(Scope scope, Var u) {
    Var e = embedding.apply(scope.child("embedding"), u);
    return e.matmul(
        scope.parameter("parameters", new Initializer.GlorotUniform(1), e.dim(1), width));
  }

  /// Log ratios from sums of both shares.
  ///
  /// @param sums `(N, w)`
  /// @return `(N,)`
  Var join(Scope scope, Var sums) {
    Var a =
        switch (activation.kind()) {
          case NONE -> sums;
          case RELU -> sums.relu();
          case LEAKY_RELU -> sums.leakyRelu(activation.slope());
        };
    return rest.apply(scope.child("rest"), a).reshape(sums.dim(0));
  }

  /// Log ratios of all pairs.
  ///
  /// @param data share of the data `(F, w)`
  /// @param parameters share of the parameters `(G, w)`
  /// @param dataFirst whether the result is `(F, G)` rather than `(G, F)`
  Var all(Scope scope, Var data, Var parameters, boolean dataFirst) {
    int f = data.dim(0);
    int g = parameters.dim(0);
    int n = dataFirst ? f : g;
    int m = dataFirst ? g : f;
    Var rows = (dataFirst ? data : parameters).reshape(n, 1, width);
    Var columns = (dataFirst ? parameters : data).reshape(1, m, width);
    return join(scope, rows.add(columns).reshape(n * m, width)).reshape(n, m);
  }

  /// Log ratios where each data set has its own parameters.
  ///
  /// @param data share of the data `(F, w)`
  /// @param parameters share of the parameters `(F repeat, w)`, `repeat` consecutive rows a data
  ///   set
  /// @return `(F repeat,)`
  Var each(Scope scope, Var data, Var parameters, int repeat) {
    int f = data.dim(0);
    Var rows = data.reshape(f, 1, width).add(parameters.reshape(f, repeat, width));
    return join(scope, rows.reshape(f * repeat, width));
  }
}

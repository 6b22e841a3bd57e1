/// Summaries of data learned by maximising their information about the parameters, and how much
/// they hold.
///
/// ```java
/// var objective = new JensenShannon(Sequential.of(features, new Dense(2)), Critic.published());
/// var trained = Trainer.on(device).fit("summary", objective, fixed(pairs), validation, NONE, options);
/// Information held = Information.heldOut(objective, trained, fields, u, device);
/// try (var summary = new AmortizedSummary(objective, trained, device)) {
///   double[] s = summary.apply(fields); // (n, 2)
/// }
/// ```
///
/// A summary network is learned end to end instead wherever an estimator takes a `Network`; joined
/// with hand-crafted statistics it is a [JoinedNetworks]. [InformationBySize] answers how many
/// summaries are needed.
package org.amortis.inference.summary;

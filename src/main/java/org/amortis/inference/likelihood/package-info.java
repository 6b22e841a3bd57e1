/// Likelihoods that can be evaluated, exact or learned, traced into programs.
///
/// ```java
/// var model = NeuralLikelihood.mixture(prior, 3, Scaling.of(summaries, d));
/// var trained = Trainer.on(device).fit("nle", model, fixed(pairs), validation, NONE, options);
/// var likelihood = new AmortizedLikelihood(model, trained, device);
/// LogLikelihood observed = likelihood.of(observedSummaries); // for Metropolis, GridPosterior
/// BatchLikelihood batch = likelihood.batch(); // for reverse KL
/// var interval = new ProfileLikelihood(prior, observed, device).interval(0, 0.9);
/// ```
package org.amortis.inference.likelihood;

/// Neural Bayes estimators: point estimates that minimise a Bayes risk.
package org.amortis.inference.point;

/// Amortized inference: priors and simulators, and on them one room a method.
package org.amortis.inference;

/// The max-stable study: two parameters, no tractable likelihood, an exact simulator.
package org.amortis.studies.msp;

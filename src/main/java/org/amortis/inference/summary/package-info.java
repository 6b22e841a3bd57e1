/// Summaries of data learned by maximising their information about the parameters.
package org.amortis.inference.summary;

/// The studies: each one a prior, a simulator, a budget and its seeds, run by one command.
package org.amortis.studies;

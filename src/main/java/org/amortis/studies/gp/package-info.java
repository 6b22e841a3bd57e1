/// The Gaussian-process study of the review, section 5: one length scale on a 16 x 16 lattice.
package org.amortis.studies.gp;

/// Our side of the comparison on a GPU, see `bench/gpu`.
package org.amortis.bench.gpu;

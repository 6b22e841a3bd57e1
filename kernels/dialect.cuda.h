// The kernels' words in CUDA: the only file that says threadIdx. Same words as dialect.opencl.h.

typedef unsigned int uint;
typedef unsigned long long ulong;
#if REAL_BITS == 64
typedef double real;
#else
typedef float real;
#endif

// Entry points: KERNEL for any group size, KERNEL_OF(x, y, z) for this one only, KERNEL_RESIDENT(x, y, z, groups) likewise
// with registers for so many groups at once where groups share them.
#define KERNEL extern "C" __global__ void
#define KERNEL_OF(x, y, z) extern "C" __global__ void __launch_bounds__((x) * (y) * (z))
#define KERNEL_RESIDENT(x, y, z, groups) extern "C" __global__ void __launch_bounds__((x) * (y) * (z), groups)

// Functions and memory: GLOBAL and LOCAL_SPACE qualify what a pointer points to, LOCAL declares an array, ALIGNED
// stands after a declared name.
#define DEVICE static __device__ __forceinline__
#define GLOBAL
#define LOCAL __shared__
#define LOCAL_SPACE
#define ALIGNED(bytes) __align__(bytes)

// Whether a pointer is at a multiple of so many bytes, so that neighbours can be read at once as a structure that is ALIGNED; no where a
// device does not gain by it.
#define IS_ALIGNED(p, bytes) ((ulong)(p) % (bytes) == 0)

// Neighbouring elements that one item best takes in a row: what a load brings, or on processors, where an item is a
// scalar thread, what two vector registers hold. A power of two; results must not depend on it.
#define LANES (128 / REAL_BITS)

// Place in the launch along dimension d = 0, 1, 2: group, item within it, item within the launch,
// and how many of each there are.
#define AXIS_0 x
#define AXIS_1 y
#define AXIS_2 z
#define AXIS(v, d) ((int)v.AXIS_##d)
#define GROUP(d) AXIS(blockIdx, d)
#define GROUPS(d) AXIS(gridDim, d)
#define ITEM(d) AXIS(threadIdx, d)
#define ITEMS(d) AXIS(blockDim, d)
#define INDEX(d) (GROUP(d) * ITEMS(d) + ITEM(d))
#define INDICES(d) (GROUPS(d) * ITEMS(d))

// All items of a group meet; LOCAL memory, or LOCAL and GLOBAL memory, written before is seen after.
#define BARRIER __syncthreads()
#define BARRIER_GLOBAL __syncthreads()

// Arithmetic that must be correctly rounded, for float and double (compiled with --fmad=false).
#define FMA(a, b, c) fma(a, b, c)
#define SQRT(a) sqrt(a)
#define ABS(a) fabs(a)
#define FLOOR(a) floor(a)
#define RINT(a) rint(a)

// Bits.
#define MULTIPLY_HIGH(a, b) __umulhi((uint)(a), (uint)(b))
#define AS_FLOAT(a) __uint_as_float((uint)(a))
#define AS_UINT(a) __float_as_uint((float)(a))
#define AS_DOUBLE(a) __longlong_as_double((long long)(ulong)(a))
#define AS_ULONG(a) ((ulong)__double_as_longlong((double)(a)))

// The kernels' words in OpenCL C 1.2; dialect.cuda.h says the same words in CUDA.
// Families (*.c) use these words and the common headers only, never get_*_id or __local.

#if REAL_BITS == 64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
typedef double real;
#else
typedef float real;
#endif
#pragma OPENCL FP_CONTRACT OFF

// Entry points: KERNEL for any group size, KERNEL_OF(x, y, z) for this one only, KERNEL_RESIDENT(x, y, z, groups) likewise
// with registers for so many groups at once where groups share them.
#define KERNEL __kernel void
#define KERNEL_OF(x, y, z) __kernel __attribute__((reqd_work_group_size(x, y, z))) void
#define KERNEL_RESIDENT(x, y, z, groups) KERNEL_OF(x, y, z)

// Functions and memory: GLOBAL and LOCAL_SPACE qualify what a pointer points to, LOCAL declares an array, ALIGNED
// stands after a declared name.
#define DEVICE static inline
#define GLOBAL __global
#define LOCAL __local
#define LOCAL_SPACE __local
#define ALIGNED(bytes) __attribute__((aligned(bytes)))

// Whether a pointer is at a multiple of so many bytes, so that neighbours can be read at once as a structure that is ALIGNED; no where a
// device does not gain by it.
#define IS_ALIGNED(p, bytes) 0

// Neighbouring elements that one item best takes in a row: what a load brings, or on processors, where an item is a
// scalar thread, what two vector registers hold. A power of two; results must not depend on it.
#if defined(__x86_64__) || defined(__aarch64__)
#define LANES (1024 / REAL_BITS)
#else
#define LANES (128 / REAL_BITS)
#endif

// Place in the launch along dimension d = 0, 1, 2: group, item within it, item within the launch,
// and how many of each there are.
#define GROUP(d) ((int)get_group_id(d))
#define GROUPS(d) ((int)get_num_groups(d))
#define ITEM(d) ((int)get_local_id(d))
#define ITEMS(d) ((int)get_local_size(d))
#define INDEX(d) ((int)get_global_id(d))
#define INDICES(d) ((int)get_global_size(d))

// All items of a group meet; LOCAL memory, or LOCAL and GLOBAL memory, written before is seen after.
#define BARRIER barrier(CLK_LOCAL_MEM_FENCE)
#define BARRIER_GLOBAL barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)

// Arithmetic that must be correctly rounded, for float and, where there is double, double.
#define FMA(a, b, c) fma(a, b, c)
#define SQRT(a) sqrt(a)
#define ABS(a) fabs(a)
#define FLOOR(a) floor(a)
#define RINT(a) rint(a)

// Bits.
#define MULTIPLY_HIGH(a, b) mul_hi((uint)(a), (uint)(b))
#define AS_FLOAT(a) as_float((uint)(a))
#define AS_UINT(a) as_uint((float)(a))
#define AS_DOUBLE(a) as_double((ulong)(a))
#define AS_ULONG(a) as_ulong((double)(a))

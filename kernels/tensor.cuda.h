// Words of tensor cores and of copies that pass no registers: CUDA, compute capability 8.0 and later.
// Source: NVIDIA, "Parallel Thread Execution ISA 8.0": cp.async, fragments of mma.m16n8k8.

// Two groups share a multiprocessor: an item has 128 registers where a group has 256 items.
#undef KERNEL_OF
#define KERNEL_OF(x, y, z) extern "C" __global__ void __launch_bounds__((x) * (y) * (z), 2)

// Begins a copy of 16 or 4 bytes from global memory to element `at` of LOCAL memory, both aligned to as
// many. Where `inside` is 0 nothing is read and zeros are written.
DEVICE void copy_16(real* to, uint at, const real* from, int inside) {
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(
                   (uint)__cvta_generic_to_shared(to) + 4 * at),
               "l"(__cvta_generic_to_global(from)), "r"(inside ? 16 : 0)
               : "memory");
}
DEVICE void copy_4(real* to, uint at, const real* from, int inside) {
  asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" ::"r"(
                   (uint)__cvta_generic_to_shared(to) + 4 * at),
               "l"(__cvta_generic_to_global(from)), "r"(inside ? 4 : 0)
               : "memory");
}

// Ends a set of an item's copies; waits until all its sets but the last n are there. What others
// copied is there behind a BARRIER.
#define COPIES_END asm volatile("cp.async.commit_group;" ::: "memory")
#define COPIES_WAIT(n) asm volatile("cp.async.wait_group %0;" ::"n"(n) : "memory")

// Whether a copy of 16 bytes may begin here.
#define ALIGNED_16(p) (((ulong)(p) & 15) == 0)

// Two neighbours in LOCAL memory, aligned to 8 bytes, in one load.
DEVICE void load_pair(const real* from, real* x) {
  const float2 two = *(const float2*)from;
  x[0] = two.x;
  x[1] = two.y;
}

// Four neighbours in LOCAL memory, aligned to 16 bytes, in one load.
DEVICE void load_four(const real* from, real* x) {
  const float4 four = *(const float4*)from;
  x[0] = four.x;
  x[1] = four.y;
  x[2] = four.z;
  x[3] = four.w;
}

// Keeps a pointer as one, not as the sum that it is; asks for the item again, so that nothing that follows
// from it is kept. Both save registers.
#define KEEP(p) asm("" : "+l"(p))
DEVICE uint item_again(void) {
  uint i;
  asm volatile("mov.u32 %0, %%tid.x;" : "=r"(i));
  return i;
}

// D = A B + C of a warp, D and C 16 x 8, A 16 x 8, B 8 x 8; d may be c. With lane = 4 g + t its item holds
//   A: (g, t) (g + 8, t) (g, t + 4) (g + 8, t + 4)
//   B: (t, g) (t + 4, g)
//   C: (g, 2 t) (g, 2 t + 1) (g + 8, 2 t) (g + 8, 2 t + 1)
DEVICE void multiply_tf32(real* d, const uint* a, const uint* b, const real* c) {
  asm volatile(
      "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 "
      "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%10, %11, %12, %13};"
      : "=f"(d[0]), "=f"(d[1]), "=f"(d[2]), "=f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "f"(c[0]), "f"(c[1]),
        "f"(c[2]), "f"(c[3]));
}

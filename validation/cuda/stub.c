// A stand-in for libcuda.so.1 and libcublas.so.12 or .13, for machines without a GPU: it checks the order of calls,
// keeps "device" memory on the host, writes every call to standard error, and computes the matrix products of
// cuBLAS and the two kernels move_copy and matmul_add_parts. Everything else that is launched does nothing.
// validation/cuda/check.sh builds and uses it.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int capturing, captured;
#define R(...) do { fprintf(stderr, "stub: " __VA_ARGS__); fputc('\n', stderr); return 0; } while (0)

// What may not happen while launches are captured.
#define OUTSIDE if (capturing) return 900
int cuInit(unsigned f) { R("init"); }
int cuDriverGetVersion(int* v) { *v = 12040; return 0; }
int cuDeviceGetCount(int* n) { *n = 1; return 0; }
int cuDeviceGet(int* d, int i) { *d = i + 7; return 0; }
int cuDeviceGetName(char* s, int n, int d) { snprintf(s, n, "Stub %d", d); return 0; }
int cuDeviceTotalMem_v2(size_t* n, int d) { *n = 8ull << 30; return 0; }
int cuDeviceGetAttribute(int* v, int a, int d) { *v = a == 75 ? 9 : a == 76 ? 0 : a == 16 ? 132 : 1; return 0; }
int cuDevicePrimaryCtxRetain(void** c, int d) { *c = (void*)0xC0; R("retain %d", d); }
int cuDevicePrimaryCtxRelease_v2(int d) { R("release ctx %d", d); }
int cuCtxSetCurrent(void* c) { if (c != (void*)0xC0) abort(); return 0; }
int cuStreamCreate(void** s, unsigned f) { *s = (void*)0x5151; R("stream flags %u", f); }
int cuStreamDestroy_v2(void* s) { R("destroy stream %p", s); }
int cuStreamSynchronize(void* s) { OUTSIDE; R("sync %p", s); }
int cuStreamBeginCapture_v2(void* s, int m) { capturing = 1; captured = 0; R("begin %p mode %d", s, m); }
int cuStreamEndCapture(void* s, void** g) { capturing = 0; *g = (void*)0x6a; R("end, %d launches", captured); }
int cuGraphInstantiateWithFlags(void** e, void* g, unsigned long long f) { *e = (void*)0xE8; R("instantiate %p flags %llu", g, f); }
int cuGraphExecDestroy(void* e) { R("destroy exec %p", e); }
int cuGraphDestroy(void* g) { R("destroy graph %p", g); }
int cuModuleLoadData(void** m, const char* d) { OUTSIDE; *m = (void*)0x30D; R("module of %zu bytes: %.13s", strlen(d), d); }
int cuModuleUnload(void* m) { R("unload %p", m); }
static char names[64][64]; static int nn;
int cuModuleGetFunction(void** f, void* m, const char* n) { strcpy(names[nn], n); *f = names[nn++]; R("function %s", n); }
int cuMemAlloc_v2(uint64_t* p, size_t n) { OUTSIDE; *p = (uint64_t)malloc(n); R("alloc %zu -> %lx", n, *p); }
int cuMemFree_v2(uint64_t p) { OUTSIDE; free((void*)p); R("free %lx", p); }
int cuMemHostAlloc(void** p, size_t n, unsigned f) { OUTSIDE; *p = malloc(n); R("host %zu", n); }
int cuMemFreeHost(void* p) { free(p); R("free host"); }
int cuMemsetD32Async(uint64_t p, unsigned v, size_t n, void* s) { for (size_t i = 0; i < n; i++) ((unsigned*)p)[i] = v; R("fill %lx %zu words", p, n); }
int cuMemcpyHtoDAsync_v2(uint64_t d, const void* h, size_t n, void* s) { memcpy((void*)d, h, n); R("upload %lx %zu on %p", d, n, s); }
int cuMemcpyDtoHAsync_v2(void* h, uint64_t d, size_t n, void* s) { memcpy(h, (void*)d, n); R("download %lx %zu", d, n); }
int cuEventCreate(void** e, unsigned f) { static long k = 0xEE0; *e = (void*)k++; return 0; }
int cuEventRecord(void* e, void* s) { R("record %p on %p", e, s); }
int cuEventSynchronize(void* e) { OUTSIDE; R("await %p", e); }
int cuEventElapsedTime(float* t, void* a, void* b) { *t = 1.5f; return 0; }
int cuEventDestroy_v2(void* e) { return 0; }

// Kernel parameters: an address and a place for each buffer, then numbers.
static float* buffer(void** p, int i) { return (float*)*(uint64_t*)p[2 * i] + *(int*)p[2 * i + 1]; }

static void copy(void** p) { memcpy(buffer(p, 1), buffer(p, 0), 4l * *(int*)p[4]); }

static void add_parts(void** p) {
  int parts = *(int*)p[6], size = *(int*)p[7], n = *(int*)p[8], epilogue = *(int*)p[9];
  float *x = buffer(p, 0), *bias = buffer(p, 1), *c = buffer(p, 2);
  for (int i = 0; i < size; i++) {
    float sum = 0;
    for (int q = 0; q < parts; q++) sum += x[(long)q * size + i];
    sum += epilogue ? bias[i % n] : 0;
    c[i] = epilogue == 2 && sum < 0 ? 0 : sum;
  }
}

// A captured list of host actions, run when the graph is launched.
typedef struct { void (*run)(void**); void* p[16]; uint64_t values[16]; } Action;
static Action actions[4096];

static int enqueue(void (*run)(void**), void** p, int n) {
  if (!capturing) {
    run(p);
    return 0;
  }
  Action* a = &actions[captured++];
  a->run = run;
  for (int i = 0; i < n; i++) {
    a->values[i] = *(uint64_t*)p[i];
    a->p[i] = &a->values[i];
  }
  return 0;
}

static void nothing(void** p) {}

int cuLaunchKernel(const char* f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                   unsigned shared, void* s, void** p, void** extra) {
  if (s != (void*)0x5151 || extra || bx * by * bz > 1024) return 1;
  fprintf(stderr, "stub: launch %s %u %u %u of %u %u %u\n", f, gx, gy, gz, bx, by, bz);
  if (strcmp(f, "move_copy") == 0) return enqueue(copy, p, 5);
  if (strcmp(f, "matmul_add_parts") == 0) return enqueue(add_parts, p, 11);
  return enqueue(nothing, p, 0);
}

int cuGraphLaunch(void* e, void* s) {
  for (int i = 0; i < captured; i++) actions[i].run(actions[i].p);
  R("launch graph of %d", captured);
}

int cublasCreate_v2(void** h) { *h = (void*)0xB1A5; return 0; }
int cublasDestroy_v2(void* h) { R("destroy cublas"); }
int cublasSetStream_v2(void* h, void* s) { return s == (void*)0x5151 ? 0 : 7; }
int cublasSetWorkspace_v2(void* h, void* p, size_t n) { memset(p, 1, n); R("workspace of %zu", n); }
int cublasSetMathMode(void* h, int m) { return m == 2 ? 0 : 7; }
int cublasSetAtomicsMode(void* h, int m) { return m; }
int cublasGetVersion_v2(void* h, int* v) { *v = 120000; return 0; }

#define GEMM(name, real) \
  static void name##_run(void** p) { \
    long *v = (long*)p[0]; \
    real *a = (real*)v[5], *b = (real*)v[8], *c = (real*)v[11]; \
    for (long j = 0; j < v[3]; j++) for (long i = 0; i < v[2]; i++) { \
      real sum = 0; \
      for (long q = 0; q < v[4]; q++) sum += a[v[0] ? i * v[6] + q : q * v[6] + i] * b[v[1] ? q * v[9] + j : j * v[9] + q]; \
      c[j * v[12] + i] = sum; \
    } \
  } \
  int name(void* h, int ta, int tb, int m, int n, int k, real* alpha, void* a, int lda, long long sa, void* b, int ldb, \
           long long sb, real* beta, void* c, int ldc, long long sc, int batch) { \
    if (h != (void*)0xB1A5 || *alpha != 1 || *beta != 0 || batch != 1) return 7; \
    fprintf(stderr, "stub: " #name " %d %d %d %d %d\n", ta, tb, m, n, k); \
    long* v = malloc(13 * sizeof(long)); \
    long all[] = {ta, tb, m, n, k, (long)a, lda, sa, (long)b, ldb, sb, (long)c, ldc}; \
    memcpy(v, all, sizeof(all)); \
    uint64_t where = (uint64_t)v; \
    void* list[] = {&where}; \
    return enqueue(name##_captured, list, 1); \
  }
#define CAPTURED(name) \
  static void name##_run(void** p); \
  static void name##_captured(void** p) { void* v = (void*)*(uint64_t*)p[0]; name##_run(&v); }
CAPTURED(cublasSgemmStridedBatched)
CAPTURED(cublasDgemmStridedBatched)
GEMM(cublasSgemmStridedBatched, float)
GEMM(cublasDgemmStridedBatched, double)

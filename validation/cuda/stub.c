// A stand-in for libcuda.so.1 and libcublas.so.12 or .13, for machines without a GPU: it checks the order of calls,
// keeps "device" memory on the host, writes every call to standard error, and computes the matrix products of
// cuBLAS and the two kernels move_copy and matmul_add_parts. Everything else that is launched does nothing.
// validation/cuda/check.sh builds and uses it.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int capturing;
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

// A graph: host actions, each with the nodes it waits for. What is captured is a chain; what is added says it itself.
typedef struct Graph Graph;
typedef struct { void (*run)(void**); void* p[16]; uint64_t values[16]; Graph* child; int after[16], waits; } Action;
struct Graph { Action actions[512]; int n; };
static Graph* capture;

static Action* action(Graph* g, void (*run)(void**), void** p, int n) {
  Action* a = &g->actions[g->n++];
  a->run = run;
  for (int i = 0; i < n; i++) {
    a->values[i] = *(uint64_t*)p[i];
    a->p[i] = &a->values[i];
  }
  return a;
}

static int enqueue(void (*run)(void**), void** p, int n) {
  if (!capturing) {
    run(p);
    return 0;
  }
  Action* a = action(capture, run, p, n);
  if (capture->n > 1) {
    a->after[a->waits++] = capture->n - 2;
  }
  return 0;
}

static void nothing(void** p) {}

static void (*action_of(const char* f, int* n))(void**) {
  *n = strcmp(f, "move_copy") == 0 ? 5 : strcmp(f, "matmul_add_parts") == 0 ? 11 : 0;
  return *n == 5 ? copy : *n == 11 ? add_parts : nothing;
}

int cuLaunchKernel(const char* f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                   unsigned shared, void* s, void** p, void** extra) {
  if (s != (void*)0x5151 || extra || bx * by * bz > 1024) return 1;
  fprintf(stderr, "stub: launch %s %u %u %u of %u %u %u\n", f, gx, gy, gz, bx, by, bz);
  int n;
  void (*run)(void**) = action_of(f, &n);
  return enqueue(run, p, n);
}

int cuStreamBeginCapture_v2(void* s, int m) { capturing = 1; capture = calloc(1, sizeof(Graph)); R("begin %p mode %d", s, m); }
int cuStreamEndCapture(void* s, void** g) { capturing = 0; *g = capture; R("end, %d launches", capture->n); }
int cuGraphCreate(void** g, unsigned f) { *g = calloc(1, sizeof(Graph)); return f; }
int cuGraphDestroy(void* g) { free(g); R("destroy graph"); }

// Nodes are numbers from 1 on.
static int wait_for(Graph* g, Action* a, const void** after, size_t n) {
  for (size_t i = 0; i < n; i++) {
    a->after[a->waits] = (int)(uint64_t)after[i] - 1;
    if (a->after[a->waits] < 0 || a->after[a->waits++] >= g->n - 1) return 1;
  }
  return 0;
}

// CUDA_KERNEL_NODE_PARAMS_v2.
typedef struct { const char* f; unsigned gx, gy, gz, bx, by, bz, shared; void** p; void** extra; void* kern; void* context; } Launch;

int cuGraphAddKernelNode_v2(void** node, void* graph, const void** after, size_t waits, const Launch* l) {
  if (!l->f || l->extra || l->shared || l->bx * l->by * l->bz > 1024) return 1;
  fprintf(stderr, "stub: node %s %u %u %u of %u %u %u after %zu\n", l->f, l->gx, l->gy, l->gz, l->bx, l->by, l->bz, waits);
  Graph* g = graph;
  int n;
  void (*run)(void**) = action_of(l->f, &n);
  *node = (void*)(uint64_t)(g->n + 1);
  return wait_for(g, action(g, run, l->p, n), after, waits);
}

int cuGraphAddChildGraphNode(void** node, void* graph, const void** after, size_t waits, void* child) {
  Graph* g = graph;
  *node = (void*)(uint64_t)(g->n + 1);
  Action* a = action(g, nothing, 0, 0);
  a->child = malloc(sizeof(Graph));
  memcpy(a->child, child, sizeof(Graph));
  fprintf(stderr, "stub: node of %d launches after %zu\n", a->child->n, waits);
  return wait_for(g, a, after, waits);
}

int cuGraphInstantiateWithFlags(void** e, void* g, unsigned long long f) {
  *e = malloc(sizeof(Graph));
  memcpy(*e, g, sizeof(Graph));
  R("instantiate %d nodes, flags %llu", ((Graph*)g)->n, f);
}
int cuGraphExecDestroy(void* e) { free(e); R("destroy exec"); }

// Goes through the nodes again and again and runs the last one that waits for nothing any more: the least like the order they were added in.
static void run_graph(Graph* g) {
  char done[512] = {0};
  for (int left = g->n; left > 0; left--) {
    for (int i = g->n - 1; i >= 0; i--) {
      Action* a = &g->actions[i];
      int ready = !done[i];
      for (int k = 0; k < a->waits; k++) ready &= done[a->after[k]];
      if (ready) {
        void* p[16];
        for (int k = 0; k < 16; k++) p[k] = &a->values[k];
        if (a->child) run_graph(a->child); else a->run(p);
        done[i] = 1;
        break;
      }
    }
  }
}

int cuGraphLaunch(void* e, void* s) {
  if (s != (void*)0x5151) return 1;
  run_graph(e);
  R("launch graph of %d", ((Graph*)e)->n);
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

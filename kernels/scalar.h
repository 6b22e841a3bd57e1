// What every family needs: parameters, literals, and later functions of real numbers.

// Buffers as parameters, and the statement that opens them.
#define IN(type, x) GLOBAL const type* x##_base, const int x##_at
#define OUT(type, x) GLOBAL type* x##_base, const int x##_at
#define OPEN_IN(type, x) GLOBAL const type* x = x##_base + x##_at
#define OPEN_OUT(type, x) GLOBAL type* x = x##_base + x##_at

// A literal in the precision of the kernel.
#define R(a) ((real)(a))

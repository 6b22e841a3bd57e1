// The error function and the normal distribution; follows scalar.h.
//
// The formulas of the CPU kernels, term by term; errors in docs/accuracy.md. Quantile: Wichura (1988),
// algorithm AS 241.

#if REAL_BITS == 64

#define ERF_MAX R(6.0)
#define ERF_CENTRE R(3.5)
#define NORMAL_MAX R(39.0)
#define NORMAL_CENTRE R(4.0)

// erf(x)/x - 1 in z = x^2, |x| <= 1.
DEVICE real erf_series(real z) {
  real q = R(-4.222910896862499e-12);
  q = FMA(q, z, R(8.703799711127282e-11));
  q = FMA(q, z, R(-1.216304487432426e-09));
  q = FMA(q, z, R(1.4792146274559913e-08));
  q = FMA(q, z, R(-1.6364614481662428e-07));
  q = FMA(q, z, R(1.6462043412546835e-06));
  q = FMA(q, z, R(-1.4925647465379461e-05));
  q = FMA(q, z, R(0.00012055332899367952));
  q = FMA(q, z, R(-0.000854832702185346));
  q = FMA(q, z, R(0.00522397762542209));
  q = FMA(q, z, R(-0.026866170645129733));
  q = FMA(q, z, R(0.11283791670955119));
  q = FMA(q, z, R(-0.37612638903183754));
  q = FMA(q, z, R(0.1283791670955126));
  return q;
}

// log(erfc(x)) in d = x - ERF_CENTRE, 1 <= x <= ERF_MAX.
DEVICE real log_erfc_series(real d) {
  real q = R(-4.927922923020735e-12);
  q = FMA(q, d, R(-8.874093317228297e-11));
  q = FMA(q, d, R(-6.933929985385264e-10));
  q = FMA(q, d, R(-3.2092621781721243e-09));
  q = FMA(q, d, R(-9.315165894844728e-09));
  q = FMA(q, d, R(-1.725446114628209e-08));
  q = FMA(q, d, R(-1.7891429971759355e-08));
  q = FMA(q, d, R(1.053786306807607e-08));
  q = FMA(q, d, R(-5.1901650388313154e-08));
  q = FMA(q, d, R(6.255283747053716e-07));
  q = FMA(q, d, R(-3.866886289663849e-06));
  q = FMA(q, d, R(2.4384182232172842e-05));
  q = FMA(q, d, R(-0.0001473089565535947));
  q = FMA(q, d, R(0.0008736810475642859));
  q = FMA(q, d, R(-0.005225659228064608));
  q = FMA(q, d, R(-0.9667530544659476));
  q = FMA(q, d, R(-7.266099588258784));
  q = FMA(q, d, R(-14.112437402141136));
  return q;
}

// (1 + a) exp(a^2/2) Phi(-a) in u = (a - NORMAL_CENTRE)/(a + NORMAL_CENTRE), a <= NORMAL_MAX.
DEVICE real normal_series(real u) {
  real q = R(-7.704493518386534e-10);
  q = FMA(q, u, R(-1.4994293457569308e-09));
  q = FMA(q, u, R(6.208207141385514e-09));
  q = FMA(q, u, R(1.749616489571147e-08));
  q = FMA(q, u, R(-1.991988513308464e-08));
  q = FMA(q, u, R(-1.1076558438778698e-07));
  q = FMA(q, u, R(1.5534850483115422e-09));
  q = FMA(q, u, R(5.517909522495145e-07));
  q = FMA(q, u, R(4.043805164665565e-07));
  q = FMA(q, u, R(-2.6127947378537373e-06));
  q = FMA(q, u, R(-3.432135244120497e-06));
  q = FMA(q, u, R(1.3626831830554254e-05));
  q = FMA(q, u, R(2.125002606663836e-05));
  q = FMA(q, u, R(-8.785317595378555e-05));
  q = FMA(q, u, R(-9.443024873015582e-05));
  q = FMA(q, u, R(0.0006948971036205251));
  q = FMA(q, u, R(-0.00028562309864529916));
  q = FMA(q, u, R(-0.005002378590979561));
  q = FMA(q, u, R(0.01793609747972067));
  q = FMA(q, u, R(-0.03219783742808796));
  q = FMA(q, u, R(0.028600364053549335));
  q = FMA(q, u, R(0.013999634724425438));
  q = FMA(q, u, R(-0.09670347732652579));
  q = FMA(q, u, R(0.47205320650984467));
  return q;
}

// Quantile, |p - 1/2| <= 0.425: numerator and denominator in z = 0.425^2 - (p - 1/2)^2.
DEVICE real central_numerator(real z) {
  real q = R(2.5090809287301226727e3);
  q = FMA(q, z, R(3.3430575583588128105e4));
  q = FMA(q, z, R(6.7265770927008700853e4));
  q = FMA(q, z, R(4.5921953931549871457e4));
  q = FMA(q, z, R(1.3731693765509461125e4));
  q = FMA(q, z, R(1.9715909503065514427e3));
  q = FMA(q, z, R(1.3314166789178437745e2));
  q = FMA(q, z, R(3.3871328727963666080e0));
  return q;
}

DEVICE real central_denominator(real z) {
  real q = R(5.2264952788528545610e3);
  q = FMA(q, z, R(2.8729085735721942674e4));
  q = FMA(q, z, R(3.9307895800092710610e4));
  q = FMA(q, z, R(2.1213794301586595867e4));
  q = FMA(q, z, R(5.3941960214247511077e3));
  q = FMA(q, z, R(6.8718700749205790830e2));
  q = FMA(q, z, R(4.2313330701600911252e1));
  q = FMA(q, z, R(1.0));
  return q;
}

// Quantile, sqrt(-log(p)) <= 5: in r = sqrt(-log(p)) - 1.6.
DEVICE real middle_numerator(real r) {
  real q = R(7.74545014278341407640e-4);
  q = FMA(q, r, R(2.27238449892691845833e-2));
  q = FMA(q, r, R(2.41780725177450611770e-1));
  q = FMA(q, r, R(1.27045825245236838258e0));
  q = FMA(q, r, R(3.64784832476320460504e0));
  q = FMA(q, r, R(5.76949722146069140550e0));
  q = FMA(q, r, R(4.63033784615654529590e0));
  q = FMA(q, r, R(1.42343711074968357734e0));
  return q;
}

DEVICE real middle_denominator(real r) {
  real q = R(1.05075007164441684324e-9);
  q = FMA(q, r, R(5.47593808499534494600e-4));
  q = FMA(q, r, R(1.51986665636164571966e-2));
  q = FMA(q, r, R(1.48103976427480074590e-1));
  q = FMA(q, r, R(6.89767334985100004550e-1));
  q = FMA(q, r, R(1.67638483018380384940e0));
  q = FMA(q, r, R(2.05319162663775882187e0));
  q = FMA(q, r, R(1.0));
  return q;
}

// Quantile, sqrt(-log(p)) > 5: in r = sqrt(-log(p)) - 5.
DEVICE real far_numerator(real r) {
  real q = R(2.01033439929228813265e-7);
  q = FMA(q, r, R(2.71155556874348757815e-5));
  q = FMA(q, r, R(1.24266094738807843860e-3));
  q = FMA(q, r, R(2.65321895265761230930e-2));
  q = FMA(q, r, R(2.96560571828504891230e-1));
  q = FMA(q, r, R(1.78482653991729133580e0));
  q = FMA(q, r, R(5.46378491116411436990e0));
  q = FMA(q, r, R(6.65790464350110377720e0));
  return q;
}

DEVICE real far_denominator(real r) {
  real q = R(2.04426310338993978564e-15);
  q = FMA(q, r, R(1.42151175831644588870e-7));
  q = FMA(q, r, R(1.84631831751005468180e-5));
  q = FMA(q, r, R(7.86869131145613259100e-4));
  q = FMA(q, r, R(1.48753612908506148525e-2));
  q = FMA(q, r, R(1.36929880922735805310e-1));
  q = FMA(q, r, R(5.99832206555887937690e-1));
  q = FMA(q, r, R(1.0));
  return q;
}

#else

#define ERF_MAX R(4.0)
#define ERF_CENTRE R(2.5)
#define NORMAL_MAX R(14.5)
#define NORMAL_CENTRE R(3.0)

// erf(x)/x - 1 in z = x^2, |x| <= 1.
DEVICE real erf_series(real z) {
  real q = R(7.8538355e-5);
  q = FMA(q, z, R(-0.000801018853));
  q = FMA(q, z, R(0.00518832749));
  q = FMA(q, z, R(-0.0268538121));
  q = FMA(q, z, R(0.112835852));
  q = FMA(q, z, R(-0.376126258));
  q = FMA(q, z, R(0.128379166));
  return q;
}

// log(erfc(x)) in d = x - ERF_CENTRE, 1 <= x <= ERF_MAX.
DEVICE real log_erfc_series(real d) {
  real q = R(0.000186360305);
  q = FMA(q, d, R(-0.000152071672));
  q = FMA(q, d, R(0.00246517748));
  q = FMA(q, d, R(-0.0107114583));
  q = FMA(q, d, R(-0.943883227));
  q = FMA(q, d, R(-5.35269396));
  q = FMA(q, d, R(-7.80681789));
  return q;
}

// (1 + a) exp(a^2/2) Phi(-a) in u = (a - NORMAL_CENTRE)/(a + NORMAL_CENTRE), a <= NORMAL_MAX.
DEVICE real normal_series(real u) {
  real q = R(-5.94599528e-5);
  q = FMA(q, u, R(-0.000438188093));
  q = FMA(q, u, R(-0.000261971731));
  q = FMA(q, u, R(0.00298881703));
  q = FMA(q, u, R(0.0011256088));
  q = FMA(q, u, R(-0.0227281435));
  q = FMA(q, u, R(0.0451688917));
  q = FMA(q, u, R(-0.0164321795));
  q = FMA(q, u, R(-0.0965269532));
  q = FMA(q, u, R(0.486055794));
  return q;
}

// Quantile, |p - 1/2| <= 0.425: numerator and denominator in z = 0.425^2 - (p - 1/2)^2.
DEVICE real central_numerator(real z) {
  real q = R(5.9109374720e1);
  q = FMA(q, z, R(1.5929113202e2));
  q = FMA(q, z, R(5.0434271938e1));
  q = FMA(q, z, R(3.3871327179));
  return q;
}

DEVICE real central_denominator(real z) {
  real q = R(6.7187563600e1);
  q = FMA(q, z, R(7.8757757664e1));
  q = FMA(q, z, R(1.7895169469e1));
  q = FMA(q, z, R(1));
  return q;
}

// Quantile, sqrt(-log(p)) <= 5: in r = sqrt(-log(p)) - 1.6.
DEVICE real middle_numerator(real r) {
  real q = R(1.7023821103e-1);
  q = FMA(q, r, R(1.3067284816));
  q = FMA(q, r, R(2.7568153900));
  q = FMA(q, r, R(1.4234372777));
  return q;
}

DEVICE real middle_denominator(real r) {
  real q = R(1.2021132975e-1);
  q = FMA(q, r, R(7.3700164250e-1));
  q = FMA(q, r, R(1));
  return q;
}

// Quantile, sqrt(-log(p)) > 5: in r = sqrt(-log(p)) - 5.
DEVICE real far_numerator(real r) {
  real q = R(1.7337203997e-2);
  q = FMA(q, r, R(4.2868294337e-1));
  q = FMA(q, r, R(3.0812263860));
  q = FMA(q, r, R(6.6579051150));
  return q;
}

DEVICE real far_denominator(real r) {
  real q = R(1.2258202635e-2);
  q = FMA(q, r, R(2.4197894225e-1));
  q = FMA(q, r, R(1));
  return q;
}

#endif

DEVICE real real_erf(real x) {
  real a = ABS(x);
  real head = FMA(a, erf_series(a * a), a);
  real b = a > ERF_MAX ? ERF_MAX : a;
  real tail = R(1.0) - real_exp(log_erfc_series(b - ERF_CENTRE));
  return real_with_sign(a < R(1.0) ? head : a > ERF_MAX ? R(1.0) : tail, x);
}

// Phi(x): Phi(-a) = exp(-a^2/2) g(a)/(1 + a) with a^2 in two parts; the upper half is its complement.
DEVICE real real_normal_cdf(real x) {
  real a = ABS(x);
  a = a > NORMAL_MAX ? NORMAL_MAX : a;
  real square = a * a;
  real rest = FMA(a, a, -square);
  real y = square * R(-0.5);
  real t = FMA(y, LOG2E, ROUNDING);
  real r = FMA(rest, R(-0.5), exp_reduced(y, t - ROUNDING));
  real p = FMA(r * r, exp_series(r), r) + R(1.0);
  real g = normal_series((a - NORMAL_CENTRE) / (a + NORMAL_CENTRE));
  real tail = exp_scaled(p * g / (a + R(1.0)), rounded(t));
  return x < R(0.0) ? tail : R(1.0) - tail;
}

// The quantile of 1/2 + d, |d| <= 0.425.
DEVICE real quantile_central(real d) {
  real z = FMA(-d, d, R(0.180625));
  return central_numerator(z) * d / central_denominator(z);
}

// Minus the quantile of exp(-r^2), below 0.075.
DEVICE real quantile_tail(real r) {
  real middle = r - R(1.6);
  real far = r - R(5.0);
  return far > R(0.0)
             ? far_numerator(far) / far_denominator(far)
             : middle_numerator(middle) / middle_denominator(middle);
}

// The standard normal quantile; infinite at 0 and 1, NaN outside.
DEVICE real real_normal_quantile(real p) {
  real d = p - R(0.5);
  real low = d < R(0.0) ? p : R(1.0) - p;
  real tail = real_with_sign(quantile_tail(SQRT(-real_log(low))), d);
  real y = ABS(d) <= R(0.425) ? quantile_central(d) : tail;
  y = p == R(0.0) ? -real_infinity() : y;
  return p == R(1.0) ? real_infinity() : y;
}

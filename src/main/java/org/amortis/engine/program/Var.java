package org.amortis.engine.program;

import java.util.List;
import org.amortis.engine.op.Graph;
import org.amortis.engine.op.LeakyRelu;
import org.amortis.engine.op.Op;
import org.amortis.engine.op.Reduce;
import org.amortis.engine.op.Softmax;
import org.amortis.engine.op.Unary;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;

/// A value of a program being traced. Methods record ops; nothing is computed until a device runs
/// the program.
///
/// Shapes and element types that do not fit throw
/// [ShapeException][org.amortis.engine.shape.ShapeException], which names the op, what was found
/// and the line of the caller.
public final class Var {
  private final Trace trace;
  private final Program.Value value;
  private final Type type;

  Var(Trace trace, Program.Value value, Type type) {
    this.trace = trace;
    this.value = value;
    this.type = type;
  }

  /// The trace that records this value.
  public Trace trace() {
    return trace;
  }

  Program.Value value() {
    return value;
  }

  /// Element type and shape.
  public Type type() {
    return type;
  }

  /// Shape.
  public Shape shape() {
    return type.shape();
  }

  /// Extent of an axis; a negative axis counts from the end.
  public int dim(int axis) {
    return type.shape().dim(axis);
  }

  private Var unary(Op op) {
    return trace.one(op, this);
  }

  /// `-this`.
  public Var neg() {
    return trace.neg(this);
  }

  /// `|this|`; its gradient at 0 is 0.
  public Var abs() {
    return trace.abs(this);
  }

  /// `exp(this)`.
  public Var exp() {
    return trace.exp(this);
  }

  /// `log(this)`: minus infinity at 0, NaN below.
  public Var log() {
    return trace.log(this);
  }

  /// `log(1 + this)`.
  public Var log1p() {
    return unary(Unary.LOG1P);
  }

  /// Square root, NaN below 0.
  public Var sqrt() {
    return trace.sqrt(this);
  }

  /// `this * this`.
  public Var square() {
    return trace.square(this);
  }

  /// `1 / this`.
  public Var reciprocal() {
    return unary(Unary.RECIPROCAL);
  }

  /// Hyperbolic tangent.
  public Var tanh() {
    return trace.tanh(this);
  }

  /// `1 / (1 + exp(-this))`.
  public Var sigmoid() {
    return trace.sigmoid(this);
  }

  /// `log(1 + exp(this))`.
  public Var softplus() {
    return trace.softplus(this);
  }

  /// `max(0, this)`; its gradient at 0 is 0.
  public Var relu() {
    return trace.relu(this);
  }

  /// `this` where positive, else `slope * this`.
  public Var leakyRelu(double slope) {
    return unary(new LeakyRelu(slope));
  }

  /// Error function.
  public Var erf() {
    return unary(Unary.ERF);
  }

  /// Standard normal distribution function.
  public Var normalCdf() {
    return unary(Unary.NORMAL_CDF);
  }

  /// Standard normal quantile: infinite at 0 and 1, NaN outside.
  public Var normalQuantile() {
    return unary(Unary.NORMAL_QUANTILE);
  }

  /// Sum. This and the other functions of two values repeat axes of extent 1 and missing leading
  /// axes.
  ///
  /// @throws org.amortis.engine.shape.ShapeException when element types differ or extents do not
  ///   fit
  public Var add(Var b) {
    return trace.add(this, b);
  }

  /// Sum with a number.
  public Var add(double b) {
    return trace.add(this, b);
  }

  /// Difference, see [#add(Var)].
  public Var sub(Var b) {
    return trace.sub(this, b);
  }

  /// Difference with a number.
  public Var sub(double b) {
    return trace.add(this, -b);
  }

  /// `a - this`.
  public Var from(double a) {
    return trace.sub(a, this);
  }

  /// Product of elements, see [#add(Var)].
  public Var mul(Var b) {
    return trace.mul(this, b);
  }

  /// Product with a number.
  public Var mul(double b) {
    return trace.mul(this, b);
  }

  /// Quotient of elements, see [#add(Var)].
  public Var div(Var b) {
    return trace.div(this, b);
  }

  /// Product with `1 / b`.
  public Var div(double b) {
    return trace.mul(this, 1 / b);
  }

  /// Larger element, NaN where either is; at ties the gradient goes to this one. See [#add(Var)].
  public Var max(Var b) {
    return trace.max(this, b);
  }

  /// The larger of each element and a number.
  public Var max(double b) {
    return trace.max(this, trace.constant(this, b));
  }

  /// Smaller element, NaN where either is; at ties the gradient goes to this one. See [#add(Var)].
  public Var min(Var b) {
    return trace.min(this, b);
  }

  /// The smaller of each element and a number.
  public Var min(double b) {
    return trace.min(this, trace.constant(this, b));
  }

  /// 1 where `this < b`, else 0.
  public Var less(Var b) {
    return trace.less(this, b);
  }

  /// 1 where `this <= b`, else 0.
  public Var lessEqual(Var b) {
    return trace.lessEqual(this, b);
  }

  /// `a` where this is not 0, else `b`.
  public Var select(Var a, Var b) {
    return trace.select(this, a, b);
  }

  /// Matrix product of `(..., m, k)` and `(..., k, n)`; a second operand of rank 2 is shared by
  /// all.
  public Var matmul(Var b) {
    return trace.matmul(this, b, false, false);
  }

  /// The same elements in row-major order under another shape of equal size.
  public Var reshape(int... dims) {
    return trace.reshape(this, Shape.of(dims));
  }

  /// Repeats axes of extent 1, and adds leading axes, until the shape is `dims`.
  public Var broadcast(int... dims) {
    return trace.broadcast(this, Shape.of(dims));
  }

  /// Elements `[from, to)` of an axis; a negative axis counts from the end.
  public Var slice(int axis, int from, int to) {
    return trace.slice(this, axis, from, to);
  }

  /// This value followed by another along an axis.
  public Var concat(Var b, int axis) {
    return trace.concat(List.of(this, b), axis);
  }

  /// Rows of `(N, ...)` chosen by int32 indices `(B,)`, giving `(B, ...)`.
  public Var gather(Var index) {
    return trace.one(new org.amortis.engine.op.Move.Gather(), this, index);
  }

  /// Sum along an axis, which disappears.
  public Var sum(int axis) {
    return trace.sum(this, axis);
  }

  /// Sum of all elements, a scalar.
  public Var sum() {
    return trace.sum(this);
  }

  /// Mean of all elements, a scalar.
  public Var mean() {
    return trace.mean(this);
  }

  /// Maximum along an axis.
  ///
  /// @param keep whether the axis stays, with extent 1; else it disappears
  public Var max(int axis, boolean keep) {
    Var y = unary(new Reduce(Reduce.Kind.MAX, shape().axis(axis)));
    return keep ? trace.reshape(y, shape().with(axis, 1)) : y;
  }

  /// `log sum exp` along an axis, which disappears.
  public Var logSumExp(int axis) {
    return unary(new Reduce(Reduce.Kind.LOG_SUM_EXP, shape().axis(axis)));
  }

  /// Quantile at a level along the last axis, see [Graph#quantile]; without gradient.
  public Var quantile(double level) {
    return trace.quantile(this, level);
  }

  /// Softmax along the last axis.
  public Var softmax() {
    return unary(new Softmax());
  }

  /// The graph whose compositions are not offered as methods here.
  public Graph<Var> graph() {
    return trace;
  }

  @Override
  public String toString() {
    return "%" + value.node() + (value.output() > 0 ? "." + value.output() : "") + ":" + type;
  }
}

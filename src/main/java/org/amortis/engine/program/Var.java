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

  public Var neg() {
    return trace.neg(this);
  }

  public Var abs() {
    return trace.abs(this);
  }

  public Var exp() {
    return trace.exp(this);
  }

  public Var log() {
    return trace.log(this);
  }

  public Var log1p() {
    return unary(Unary.LOG1P);
  }

  public Var sqrt() {
    return trace.sqrt(this);
  }

  public Var square() {
    return trace.square(this);
  }

  public Var reciprocal() {
    return unary(Unary.RECIPROCAL);
  }

  public Var tanh() {
    return trace.tanh(this);
  }

  public Var sigmoid() {
    return trace.sigmoid(this);
  }

  public Var softplus() {
    return trace.softplus(this);
  }

  public Var relu() {
    return trace.relu(this);
  }

  public Var leakyRelu(double slope) {
    return unary(new LeakyRelu(slope));
  }

  public Var erf() {
    return unary(Unary.ERF);
  }

  public Var normalCdf() {
    return unary(Unary.NORMAL_CDF);
  }

  public Var normalQuantile() {
    return unary(Unary.NORMAL_QUANTILE);
  }

  public Var add(Var b) {
    return trace.add(this, b);
  }

  public Var add(double b) {
    return trace.add(this, b);
  }

  public Var sub(Var b) {
    return trace.sub(this, b);
  }

  public Var sub(double b) {
    return trace.add(this, -b);
  }

  /// `a - this`.
  public Var from(double a) {
    return trace.sub(a, this);
  }

  public Var mul(Var b) {
    return trace.mul(this, b);
  }

  public Var mul(double b) {
    return trace.mul(this, b);
  }

  public Var div(Var b) {
    return trace.div(this, b);
  }

  public Var div(double b) {
    return trace.mul(this, 1 / b);
  }

  public Var max(Var b) {
    return trace.max(this, b);
  }

  public Var max(double b) {
    return trace.max(this, trace.constant(this, b));
  }

  public Var min(Var b) {
    return trace.min(this, b);
  }

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

  /// `this != 0 ? a : b`.
  public Var select(Var a, Var b) {
    return trace.select(this, a, b);
  }

  public Var matmul(Var b) {
    return trace.matmul(this, b, false, false);
  }

  public Var reshape(int... dims) {
    return trace.reshape(this, Shape.of(dims));
  }

  public Var broadcast(int... dims) {
    return trace.broadcast(this, Shape.of(dims));
  }

  public Var slice(int axis, int from, int to) {
    return trace.slice(this, axis, from, to);
  }

  /// This value followed by another along an axis.
  public Var concat(Var b, int axis) {
    return trace.concat(List.of(this, b), axis);
  }

  /// Rows chosen by int32 indices.
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

  /// Maximum along an axis, which disappears.
  public Var max(int axis, boolean keep) {
    Var y = unary(new Reduce(Reduce.Kind.MAX, shape().axis(axis)));
    return keep ? trace.reshape(y, shape().with(axis, 1)) : y;
  }

  /// `log sum exp` along an axis, which disappears.
  public Var logSumExp(int axis) {
    return unary(new Reduce(Reduce.Kind.LOG_SUM_EXP, shape().axis(axis)));
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

"""Rational-quadratic splines and small neural spline flows from nflows, in float64."""
import numpy as np
import torch
from nflows import distributions, flows, transforms
from nflows.nn import nets
from nflows.transforms.splines import rational_quadratic as rq

from golden_file import GoldenFile, exact32
from network_goldens import normal, pull


def splines():
    f = GoldenFile("spline", "Rational-quadratic splines (Durkan et al. 2019) with nflows' conventions: width = 1e-3 + (1 - 1e-3 K) softmax(w), "
                   "the same for heights, derivative = 1e-3 + softplus(d); scaled to the box. Linear tails: K - 1 inner derivatives, "
                   "both end derivatives 1, identity outside [-bound, bound]. y, ladj; gradients of sum(dy y + dladj ladj).")
    for i, (name, k, n, bound) in enumerate([("tails", 10, 24, 3.0), ("tails_5", 5, 13, 1.0)]):
        w, h, d = normal(1300 + i, n, k), normal(1310 + i, n, k), normal(1320 + i, n, k - 1)
        points = np.linspace(-1.3 * bound, 1.3 * bound, n)
        points[[0, 1, -1]] = -bound, -bound * (1 - 2.0**-20), bound * (1 - 2.0**-20)
        x = torch.tensor(exact32(points), requires_grad=True)
        y, ladj = rq.unconstrained_rational_quadratic_spline(x, w, h, d, tails="linear", tail_bound=bound)
        dy, dladj = normal(1330 + i, n), normal(1340 + i, n)
        dx, dw, dh, dd = pull((dy.detach() * y + dladj.detach() * ladj).sum(), None, x, w, h, d)
        f.case(name, f"{k} bins, bound {bound}; some x outside.", x=x, w=w, h=h, d=d, y=y, ladj=ladj, dy=dy, dladj=dladj, dx=dx, dw=dw, dh=dh, dd=dd)
        v = torch.tensor(exact32(points), requires_grad=True)
        y, ladj = rq.unconstrained_rational_quadratic_spline(v, w, h, d, inverse=True, tails="linear", tail_bound=bound)
        dx, dw, dh, dd = pull((dy.detach() * y + dladj.detach() * ladj).sum(), None, v, w, h, d)
        f.case(f"{name}_inverse", "the inverse at x: y = inverse(x), ladj = log |dy/dx|.", x=v, w=w, h=h, d=d, y=y, ladj=ladj, dy=dy,
               dladj=dladj, dx=dx, dw=dw, dh=dh, dd=dd)
    k, n = 8, 15
    w, h, d = normal(1350, n, k), normal(1351, n, k), normal(1352, n, k + 1)
    x = torch.tensor(exact32(np.linspace(0.01, 0.99, n)), requires_grad=True)
    y, ladj = rq.rational_quadratic_spline(x, w, h, d)
    dy, dladj = normal(1353, n), normal(1354, n)
    dx, dw, dh, dd = pull((dy.detach() * y + dladj.detach() * ladj).sum(), None, x, w, h, d)
    f.case("unit", "on [0, 1], all K + 1 derivatives free.", x=x, w=w, h=h, d=d, y=y, ladj=ladj, dy=dy, dladj=dladj, dx=dx, dw=dw, dh=dh, dd=dd)
    k, n = 10, 9
    w, h, d = normal(1360, n, k, scale=12), normal(1361, n, k, scale=12), normal(1362, n, k - 1, scale=12)
    x = torch.tensor(exact32(np.linspace(-2.9, 2.9, n)), requires_grad=True)
    y, ladj = rq.unconstrained_rational_quadratic_spline(x, w, h, d, tails="linear", tail_bound=3.0)
    f.case("extreme", "bins squeezed to the minimum width and slopes up to 30.", x=x, w=w, h=h, d=d, y=y, ladj=ladj)
    return f


class ContextNetwork(torch.nn.Module):
    """Spline parameters from the context alone, for one parameter."""

    def __init__(self, in_features, out_features, context, hidden):
        super().__init__()
        self.hidden_features = hidden
        self.layers = torch.nn.Sequential(torch.nn.Linear(context, hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, hidden),
                                          torch.nn.ReLU(), torch.nn.Linear(hidden, out_features))

    def forward(self, inputs, context):
        return self.layers(context)


def coupling_flow(parameters, context, hidden, steps, bins):
    def conditioner(i, o):
        if parameters == 1:
            return ContextNetwork(i, o, context, hidden)
        return nets.ResidualNet(i, o, hidden_features=hidden, context_features=context, num_blocks=2)

    chain = []
    for i in range(steps):
        mask = torch.tensor([1]) if parameters == 1 else torch.tensor([(j + i + 1) % 2 for j in range(parameters)])
        chain.append(transforms.PiecewiseRationalQuadraticCouplingTransform(
            mask, conditioner, num_bins=bins, tails="linear", tail_bound=3.0))
        if parameters > 1:
            chain.append(transforms.LULinear(parameters, identity_init=True))
    return flows.Flow(transforms.CompositeTransform(chain), distributions.StandardNormal([parameters]))


def small_flows():
    f = GoldenFile("flow", "Two small neural spline flows arranged as sbi's `nsf` (bench/peers/README.md states the arrangement), without z-scoring. "
                   "theta -> latent is the forward direction. `step<i>_...` are parameters; weights are (in, out). `d_...` are "
                   "gradients of mean(log_prob).")
    for name, parameters, context, hidden, steps, bins in [("two", 2, 2, 6, 2, 5), ("three", 3, 2, 4, 2, 4), ("one", 1, 3, 6, 2, 5)]:
        torch.manual_seed(7)
        flow = coupling_flow(parameters, context, hidden, steps, bins).double()
        rng = np.random.default_rng(1400 + parameters)
        with torch.no_grad():
            for _, p in flow.named_parameters():
                p.copy_(torch.tensor(exact32(rng.standard_normal(tuple(p.shape)) * 0.6)))
        theta, data = normal(1410 + parameters, 12, parameters, scale=1.4).detach(), normal(1420 + parameters, 12, context).detach()
        latent, ladj = flow._transform(theta, context=data)
        log_prob = flow.log_prob(theta, context=data)
        grads = torch.autograd.grad(log_prob.mean(), list(flow.parameters()))
        values, slopes = {}, {}
        for (key, p), g in zip(flow.named_parameters(), grads):
            role = readable(key, parameters)
            turn = (lambda v: v.T) if p.dim() == 2 else (lambda v: v)
            values[role], slopes["d_" + role] = turn(p.detach()), turn(g)
        f.case(name, f"{parameters} parameters, {context} data, {steps} steps, hidden {hidden}, {bins} bins, bound 3.", theta=theta, data=data,
               latent=latent, ladj=ladj, log_prob=log_prob, **values, **slopes)
    return f


def readable(key, parameters):
    """_transform._transforms.2.transform_net.blocks.0.linear_layers.1.weight -> step1_block0_linear1_weight."""
    parts = key.split(".")
    i = int(parts[2])
    step, rest = (i // 2, parts[3:]) if parameters > 1 else (i, parts[3:])
    if rest[0] != "transform_net":
        return f"step{step}_lu_{rest[-1]}"
    rest = rest[1:]
    text = "_".join(rest).replace("blocks_", "block").replace("linear_layers_", "linear").replace("context_layer", "context")
    text = text.replace("initial_layer", "initial").replace("final_layer", "final")
    for layer, at in (("first", "layers_0"), ("second", "layers_2"), ("final", "layers_4")):
        text = text.replace(at, layer)
    return f"step{step}_{text}"


def files():
    return [splines(), small_flows()]

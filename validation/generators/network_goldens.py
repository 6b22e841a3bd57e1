"""Layers, losses, optimisers and a tiny network from PyTorch in float64; images go in and out as (N, H, W, C)."""
import numpy as np
import torch
import torch.nn.functional as F

from golden_file import GoldenFile, exact32

LEAKY = 0.01


def normal(seed, *shape, scale=1.0):
    return torch.tensor(exact32(scale * np.random.default_rng(seed).standard_normal(shape)), requires_grad=True)


def images(x):
    return x.permute(0, 3, 1, 2)


def channels_last(y):
    return y.permute(0, 2, 3, 1)


def kernel(w):
    """(kh, kw, in, out) to PyTorch's (out, in, kh, kw)."""
    return w.permute(3, 2, 0, 1)


def pull(y, dy, *inputs):
    return torch.autograd.grad(y, inputs, dy)


def convolution():
    f = GoldenFile("conv", "Convolution (cross-correlation, zero padding) and the fused first block of a network.")
    cases = [
        # name, n, h, w, in, out, k, stride, pad
        ("conv3x3_same", 2, 6, 5, 3, 4, 3, 1, 1),
        ("conv3x3_same_one_channel", 2, 9, 7, 1, 8, 3, 1, 1),
        ("conv3x3_same_wide", 2, 4, 4, 9, 19, 3, 1, 1),
        ("conv3x3_valid", 2, 7, 6, 2, 5, 3, 1, 0),
        ("conv5x5_stride2_pad1", 2, 16, 16, 1, 4, 5, 2, 1),
        ("conv5x5_stride2_pad1_channels", 2, 9, 8, 3, 4, 5, 2, 1),
        ("conv1x1", 2, 3, 4, 5, 6, 1, 1, 0),
    ]
    for i, (name, n, h, w, cin, cout, k, stride, pad) in enumerate(cases):
        x, wt = normal(100 + i, n, h, w, cin), normal(200 + i, k, k, cin, cout, scale=0.3)
        y = channels_last(F.conv2d(images(x), kernel(wt), stride=stride, padding=pad))
        dy = normal(300 + i, *y.shape)
        dx, dw = pull(y, dy, x, wt)
        f.case(name, f"{k} x {k}, stride {stride}, pad {pad}, no bias.", x=x, w=wt, y=y, dy=dy, dx=dx, dw=dw)
    for i, (name, n, h, w, cin, cout) in enumerate(
        [("block", 2, 8, 6, 3, 4), ("block_one_channel", 2, 16, 16, 1, 16), ("block_odd", 3, 7, 5, 2, 3)]
    ):
        x, wt, b = normal(400 + i, n, h, w, cin), normal(410 + i, 3, 3, cin, cout, scale=0.4), normal(420 + i, cout)
        y = channels_last(F.max_pool2d(F.relu(F.conv2d(images(x), kernel(wt), b, padding=1)), 2))
        dy = normal(430 + i, *y.shape)
        dx, dw, db = pull(y, dy, x, wt, b)
        f.case(name, "3 x 3 same convolution + bias + ReLU + max-pool 2 (odd sizes drop the last row or column).",
               x=x, w=wt, b=b, y=y, dy=dy, dx=dx, dw=dw, db=db)
    return f


def pool():
    f = GoldenFile("pool", "Max-pool 2 x 2, stride 2; the gradient goes to the first maximum of a window in row-major order.")
    plain_x = normal(500, 2, 6, 8, 3)
    ties = torch.tensor(np.random.default_rng(501).integers(0, 3, (3, 6, 6, 2)).astype(float), requires_grad=True)
    flat = torch.zeros(1, 4, 4, 2, dtype=torch.float64, requires_grad=True)
    odd = normal(502, 2, 5, 7, 3)
    for i, (name, meaning, x) in enumerate([
        ("pool", "no ties.", plain_x), ("pool_ties", "many ties (integers 0 to 2).", ties),
        ("pool_flat", "all equal.", flat), ("pool_odd", "odd height and width: the rest is dropped.", odd)]):
        y = channels_last(F.max_pool2d(images(x), 2))
        dy = normal(510 + i, *y.shape)
        f.case(name, meaning, x=x, y=y, dy=dy, dx=pull(y, dy, x)[0])
    return f


def dense():
    f = GoldenFile("dense", f"Dense layers y = x w + b with w (in, out), activations (leaky slope {LEAKY}), row gather.")
    for i, (name, n, cin, cout) in enumerate([("dense", 5, 7, 3), ("dense_wide", 13, 33, 17), ("dense_one", 1, 1, 1)]):
        x, w, b = normal(600 + i, n, cin), normal(610 + i, cin, cout), normal(620 + i, cout)
        y = F.leaky_relu(x @ w + b, LEAKY)
        dy = normal(630 + i, n, cout)
        dx, dw, db = pull(y, dy, x, w, b)
        f.case(f"{name}_leaky", "y = leakyReLU(x w + b).", x=x, w=w, b=b, y=y, dy=dy, dx=dx, dw=dw, db=db)
    a, b = normal(640, 3, 4, 5), normal(641, 3, 5, 2)
    y = a @ b
    dy = normal(642, 3, 4, 2)
    da, db = pull(y, dy, a, b)
    f.case("matmul_batched", "y = a b for each of 3 matrices.", a=a, b=b, y=y, dy=dy, da=da, db=db)
    x = normal(650, 6, 4)
    index = torch.tensor([5, 0, 0, 3, 5, 5, 1])
    y = x[index]
    dy = normal(651, 7, 4)
    f.case("gather_rows", "y[i] = x[index[i]], indices repeat; the gradient adds up.", x=x, index=index, y=y, dy=dy,
           dx=pull(y, dy, x)[0])
    x = normal(652, 5, 3)
    index = torch.tensor([2, 0, 1, 1, 0])
    y = x.gather(1, index[:, None])[:, 0]
    dy = normal(653, 5)
    f.case("gather_columns", "y[i] = x[i, index[i]].", x=x, index=index, y=y, dy=dy, dx=pull(y, dy, x)[0])
    return f


def normalised():
    f = GoldenFile("norm", "Softmax family over the last axis; layer norm and batch norm (epsilon 1e-5, biased variance inside).")
    spread = np.random.default_rng(700).standard_normal((6, 9)) * 3
    spread[1] += 700
    spread[2] -= 700
    spread[3, 4] = 90
    spread[4] = 0.25
    for name, g, meaning in [
        ("softmax", lambda x: torch.softmax(x, -1), "softmax."),
        ("log_softmax", lambda x: torch.log_softmax(x, -1), "log-softmax."),
        ("logsumexp", lambda x: torch.logsumexp(x, -1), "log-sum-exp."),
    ]:
        x = torch.tensor(exact32(spread), requires_grad=True)
        y = g(x)
        dy = normal(701, *y.shape)
        f.case(name, meaning + " Rows shifted by +700 and -700, one peaked, one constant.", x=x, y=y, dy=dy,
               dx=pull(y, dy, x)[0])
    holes = torch.tensor(exact32(spread[:4]))
    holes[0, 2:5] = -float("inf")
    holes[1, 0] = -float("inf")
    holes[2] = -float("inf")
    f.case("logsumexp_infinite", "with -infinity entries; row 2 is all -infinity and gives -infinity.", x=holes,
           y=torch.logsumexp(holes, -1))
    x, g, b = normal(710, 5, 7), normal(711, 7), normal(712, 7)
    y = F.layer_norm(x, (7,), g, b, 1e-5)
    dy = normal(713, 5, 7)
    dx, dg, db = pull(y, dy, x, g, b)
    f.case("layer_norm", "over the last axis, scale g, shift b.", x=x, g=g, b=b, y=y, dy=dy, dx=dx, dg=dg, db=db)
    for i, (name, shape) in enumerate([("batch_norm", (9, 4)), ("batch_norm_images", (3, 4, 5, 2))]):
        c = shape[-1]
        x, g, b = normal(720 + i, *shape), normal(730 + i, c), normal(740 + i, c)
        mean0 = torch.tensor(exact32(np.random.default_rng(750 + i).standard_normal(c)))
        var0 = torch.tensor(exact32(np.random.default_rng(760 + i).uniform(0.5, 2, c)))
        to, back = (images, channels_last) if len(shape) == 4 else (lambda v: v, lambda v: v)
        mean, var = mean0.clone(), var0.clone()
        y = back(F.batch_norm(to(x), mean, var, g, b, True, 0.1, 1e-5))
        dy = normal(770 + i, *shape)
        dx, dg, db = pull(y, dy, x, g, b)
        f.case(f"{name}_train", "statistics over all axes but the last; momentum 0.1: running = 0.9 running + 0.1 batch, "
               "the batch variance unbiased there; mean0, var0 before and mean, var after.", x=x, g=g, b=b, mean0=mean0,
               var0=var0, y=y, mean=mean, var=var, dy=dy, dx=dx, dg=dg, db=db)
        y = back(F.batch_norm(to(x), mean0, var0, g, b, False, 0.1, 1e-5))
        dx, dg, db = pull(y, dy, x, g, b)
        f.case(f"{name}_eval", "with the running statistics mean0, var0 held fixed.", x=x, g=g, b=b, mean0=mean0,
               var0=var0, y=y, dy=dy, dx=dx, dg=dg, db=db)
    return f


def optimiser():
    f = GoldenFile("adam", "Loss sum(a (p - c)^2) / 2, ten steps; p holds the parameters before step 0 and after each step.")
    rng = np.random.default_rng(800)
    a, c, p0 = exact32(rng.uniform(0.5, 20, 6)), exact32(rng.standard_normal(6)), exact32(rng.standard_normal(6) * 3)
    settings = [
        ("adam", torch.optim.Adam, dict(lr=1e-3, eps=1e-8), None, "learning rate 1e-3, betas 0.9, 0.999, eps 1e-8."),
        ("adam_fast", torch.optim.Adam, dict(lr=0.5, eps=1e-8, betas=(0.8, 0.95)), None, "learning rate 0.5, betas 0.8, 0.95."),
        ("adam_clip", torch.optim.Adam, dict(lr=1e-3, eps=1e-8), 1.0,
         "gradients first multiplied by min(1, 1 / (norm + 1e-6)) (clip_grad_norm_ with bound 1)."),
        ("adam_clip_loose", torch.optim.Adam, dict(lr=1e-3, eps=1e-8), 1e4, "bound 10,000: never active."),
        ("adamw", torch.optim.AdamW, dict(lr=1e-2, eps=1e-8, weight_decay=0.1), None,
         "decoupled weight decay: p -= lr 0.1 p before the step; learning rate 1e-2."),
    ]
    for name, kind, options, clip, meaning in settings:
        p = torch.tensor(p0, requires_grad=True)
        opt = kind([p], **options)
        path, first, second, losses, norms = [p.detach().clone()], [], [], [], []
        for _ in range(10):
            opt.zero_grad()
            loss = 0.5 * (torch.tensor(a) * (p - torch.tensor(c)) ** 2).sum()
            loss.backward()
            norms.append(p.grad.norm().item())
            if clip is not None:
                torch.nn.utils.clip_grad_norm_([p], clip)
            opt.step()
            losses.append(loss.item())
            path.append(p.detach().clone())
            first.append(opt.state[p]["exp_avg"].clone())
            second.append(opt.state[p]["exp_avg_sq"].clone())
        f.case(name, meaning + " m, v: moments after each step; norm: gradient norm before clipping.", a=a, c=c,
               p=torch.stack(path), m=torch.stack(first), v=torch.stack(second), loss=losses, norm=norms)
    return f


def losses():
    f = GoldenFile("loss", "Losses and their gradients with respect to the prediction.")
    t, q = normal(900, 7, 2), normal(901, 7, 2, 3)
    levels = torch.tensor([0.05, 0.5, 0.95], dtype=torch.float64)
    u = t[:, :, None] - q
    each = torch.maximum(levels * u, (levels - 1) * u)
    f.case("pinball", "rho_tau(u) = u (tau - 1{u < 0}), u = target - q; loss is the mean of each.", target=t, q=q, levels=levels,
           each=each, loss=each.mean(), dq=pull(each.mean(), None, q)[0])
    p = normal(902, 7, 2)
    for name, loss in [("mse", ((p - t) ** 2).mean()), ("mae", (p - t).abs().mean()),
                       ("huber", F.huber_loss(p, t, delta=0.7))]:
        f.case(name, {"mse": "mean of squared differences.", "mae": "mean of absolute differences.",
                      "huber": "Huber with delta 0.7, mean."}[name], p=p, target=t, loss=loss, dp=pull(loss, None, p)[0])
    logit = torch.tensor(exact32(np.array([-800, -30, -2, -0.1, 0, 0.3, 4, 40, 800.0])), requires_grad=True)
    label = torch.tensor([0, 1, 1, 0, 1, 0, 1, 0, 1.0], dtype=torch.float64)
    each = F.binary_cross_entropy_with_logits(logit, label, reduction="none")
    f.case("bce_logits", "binary cross-entropy from logits; loss is the sum.", logit=logit, label=label, each=each,
           loss=each.sum(), dlogit=pull(each.sum(), None, logit)[0])
    logits = normal(903, 6, 5, scale=3)
    label = torch.tensor([4, 0, 0, 2, 1, 3])
    loss = F.cross_entropy(logits, label)
    f.case("cross_entropy", "mean over rows of -log softmax(logits)[label].", logits=logits, label=label, loss=loss,
           dlogits=pull(loss, None, logits)[0])
    return f


def tiny_network():
    f = GoldenFile("tiny_cnn", "A whole network: conv 3 x 3 same (1 to 4) + bias, ReLU, pool 2, conv (4 to 8) + bias, ReLU, pool 2, "
                   "flatten in (H, W, C) order (32), dense 6, leaky ReLU 0.01, dense 2; loss = mean of squared differences over all "
                   "16 x 2 outputs; then ten Adam steps (1e-3, 0.9, 0.999, 1e-8) on the same batch.")
    rng = np.random.default_rng(1000)
    init = {}
    for i, (layer, shape) in enumerate([("conv1", (3, 3, 1, 4)), ("conv2", (3, 3, 4, 8)), ("dense1", (32, 6)), ("dense2", (6, 2))]):
        fan = int(np.prod(shape[:-1]))
        init[f"{layer}_w"] = exact32(rng.standard_normal(shape) * np.sqrt(2 / fan))
        init[f"{layer}_b"] = exact32(rng.standard_normal(shape[-1]) * 0.1)
    x, target = normal(1001, 16, 8, 8, 1).detach(), normal(1002, 16, 2).detach()
    p = {k: torch.tensor(v, requires_grad=True) for k, v in init.items()}

    def forward():
        h = images(x)
        for c in ("conv1", "conv2"):
            h = F.max_pool2d(F.relu(F.conv2d(h, kernel(p[c + "_w"]), p[c + "_b"], padding=1)), 2)
        h = channels_last(h).reshape(16, 32)
        h = F.leaky_relu(h @ p["dense1_w"] + p["dense1_b"], LEAKY)
        return h @ p["dense2_w"] + p["dense2_b"]

    y = forward()
    loss = ((y - target) ** 2).mean()
    grads = pull(loss, None, *p.values())
    opt = torch.optim.Adam(p.values(), lr=1e-3, eps=1e-8)
    path = []
    for _ in range(10):
        opt.zero_grad()
        step_loss = ((forward() - target) ** 2).mean()
        step_loss.backward()
        opt.step()
        path.append(step_loss.item())
    path.append(((forward() - target) ** 2).mean().item())
    f.case("data", "inputs and targets.", x=x, target=target)
    f.case("parameter", "initial parameters, weights (kh, kw, in, out) and (in, out).", **init)
    f.case("first", "output and loss at the initial parameters.", y=y, loss=loss)
    f.case("gradient", "gradient at the initial parameters.", **dict(zip(p, grads)))
    f.case("adam", "loss before each of ten steps and after the last.", loss=path)
    f.case("trained", "parameters after ten steps.", **p)
    return f


def files():
    return [convolution(), pool(), dense(), normalised(), optimiser(), losses(), tiny_network()]

"""sbi and zuko on amortized inference: posteriors of Gaussian-process fields, flows on two moons. `python sbi_rows.py [ROW ...]`."""
import atexit
import functools
import math
import os
import shutil
import tempfile
import time
import warnings

os.environ.setdefault("OMP_NUM_THREADS", "2")
warnings.filterwarnings("ignore")
import sbi  # noqa: E402
import torch  # noqa: E402
import zuko  # noqa: E402
from sbi.inference import NPE, NRE_A  # noqa: E402
from sbi.neural_nets import classifier_nn, posterior_nn  # noqa: E402
from sbi.neural_nets.embedding_nets import CNNEmbedding  # noqa: E402
from sbi.utils import BoxUniform  # noqa: E402
from torch import nn  # noqa: E402

import fields  # noqa: E402
from worker import Row, main, rate  # noqa: E402

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
SBI = f"sbi {sbi.__version__}"
TRAINED = 3200  # of 3,556 fields; sbi holds out a tenth for validation


@functools.cache
def field_data():
    theta, z = fields.simulate(3556, 1)
    return torch.from_numpy(theta)[:, None], torch.from_numpy(z)[:, None]


def summary():
    return nn.Sequential(
        nn.Conv2d(1, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(64, 128, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(2048, 64), nn.LeakyReLU(), nn.Linear(64, 8))


def field_prior():
    return BoxUniform(torch.zeros(1), torch.tensor([0.6]))


class Trained:
    """An sbi trainer that can be asked for one more epoch."""

    def __init__(self, trainer, theta, x, batch):
        self.trainer, self.batch, self.estimator = trainer, batch, None
        trainer.append_simulations(theta, x)

    def epoch(self):
        """Seconds of the last epoch as sbi records them: shuffled batches, and the loss on the held-out tenth."""
        first = self.estimator is None
        self.estimator = self.trainer.train(
            training_batch_size=self.batch, max_num_epochs=1 if first else self.trainer.epoch, stop_after_epochs=10**6, resume_training=not first)
        return self.trainer.summary["epoch_durations_sec"][-1]


@functools.cache
def field_posterior():
    torch.manual_seed(1)
    trainer = NPE(field_prior(), density_estimator=posterior_nn("nsf", embedding_net=summary()), show_progress_bars=False)
    return Trained(trainer, *field_data(), 32)


@functools.cache
def moons():
    torch.manual_seed(1)
    prior = BoxUniform(-torch.ones(2), torch.ones(2))
    theta = prior.sample((10000,))
    angle, radius = math.pi * (torch.rand(10000) - 0.5), 0.01 * torch.randn(10000) + 0.1
    ring = torch.stack([radius * torch.cos(angle) + 0.25, radius * torch.sin(angle)], 1)
    shift = torch.stack([-(theta[:, 0] + theta[:, 1]).abs(), -theta[:, 0] + theta[:, 1]], 1) / math.sqrt(2)
    return prior, theta, ring + shift


@functools.cache
def moon_posterior(kind):
    prior, theta, x = moons()
    torch.manual_seed(1)
    return Trained(NPE(prior, density_estimator=kind, show_progress_bars=False), theta, x, 200)


def epochs(trained, samples):
    return lambda: samples / trained.epoch()


def one_thread(measure):
    """The same on one thread: small operations sometimes run faster without a team of threads."""

    def single():
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            return measure()
        finally:
            torch.set_num_threads(threads)

    return single


def steps(trained, theta, x, batch, samples):
    """The bare training step on sbi's network: gather, loss, backward, clip, Adam; no data loader, no validation."""
    trained.epoch()
    net = trained.estimator
    net.train()
    optimiser = torch.optim.Adam(net.parameters(), 5e-4)

    def work():
        order = torch.randperm(samples)
        for i in range(0, samples, batch):
            index = order[i : i + batch]
            optimiser.zero_grad()
            net.loss(theta[index], x[index]).mean().backward()
            nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            optimiser.step()

    return lambda: rate(work, samples)


def field_draws(observations):
    """1,000 draws for each of so many fields after ten epochs (rejection of draws outside the prior included, as sbi does)."""
    trained = field_posterior()
    while trained.estimator is None or trained.trainer.epoch < 10:
        trained.epoch()
    posterior = trained.trainer.build_posterior(trained.estimator)
    x = torch.from_numpy(fields.simulate(1000, 3)[1])[:, None]
    if observations == 1:
        def work():
            posterior.sample((1000,), x=x[0], show_progress_bars=False)
    else:
        def work():
            posterior.sample_batched((1000,), x=x[:observations], show_progress_bars=False)
    return work


def draws(kind):
    trained = moon_posterior(kind)
    while trained.estimator is None or trained.trainer.epoch < 10:
        trained.epoch()
    posterior = trained.trainer.build_posterior(trained.estimator)
    observed = torch.zeros(2)
    return posterior, observed


def flow_draws(kind):
    posterior, observed = draws(kind)
    return lambda: rate(lambda: posterior.sample((100_000,), x=observed, show_progress_bars=False), 1e5)


def flow_density(kind):
    posterior, observed = draws(kind)
    theta = posterior.sample((100_000,), x=observed, show_progress_bars=False)
    return lambda: rate(lambda: posterior.log_prob(theta, x=observed), 1e5)


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def one_field():
    work = field_draws(1)
    return lambda: 1e3 * min(seconds(work) for _ in range(5))


def thousand_fields():
    work = field_draws(1000)
    return lambda: rate(work, 1e6)


def field_ratio():
    torch.manual_seed(1)
    trainer = NRE_A(field_prior(), classifier=classifier_nn("mlp", embedding_net_x=CNNEmbedding((16, 16)), hidden_features=10), show_progress_bars=False)
    return epochs(Trained(trainer, *field_data(), 32), TRAINED)


def moon_ratio():
    prior, theta, x = moons()
    torch.manual_seed(1)
    return epochs(Trained(NRE_A(prior, show_progress_bars=False), theta, x, 200), 9000)


def zuko_train(kind):
    _, theta, x = moons()
    torch.manual_seed(1)
    flow = getattr(zuko.flows, kind)(2, 2, transforms=5, hidden_features=(64, 64))
    optimiser = torch.optim.Adam(flow.parameters(), 1e-3)

    def work():
        order = torch.randperm(9000)
        for i in range(0, 9000, 200):
            index = order[i : i + 200]
            optimiser.zero_grad()
            (-flow(x[index]).log_prob(theta[index]).mean()).backward()
            optimiser.step()

    return lambda: rate(work, 9000)


ROWS = {
    "npe_gp_train": Row(SBI + " NPE nsf", "samples/s", lambda: epochs(field_posterior(), TRAINED)),
    "npe_gp_train:steps": Row(SBI + " nsf, bare loop", "samples/s", lambda: steps(field_posterior(), *field_data(), 32, TRAINED)),
    "npe_gp_draws": Row(SBI + " sample_batched", "draws/s", thousand_fields),
    "npe_gp_one": Row(SBI + " sample", "ms", one_field, better="lower"),
    "nre_gp_train": Row(SBI + " NRE-A CNNEmbedding", "samples/s", field_ratio),
    "flow_train": Row(SBI + " NPE nsf", "samples/s", lambda: epochs(moon_posterior("nsf"), 9000)),
    "flow_train:steps": Row(SBI + " nsf, bare loop", "samples/s", lambda: steps(moon_posterior("nsf"), *moons()[1:], 200, 9000)),
    "flow_train:one_thread": Row(SBI + " NPE nsf, one thread", "samples/s", lambda: one_thread(epochs(moon_posterior("nsf"), 9000))),
    "flow_train:maf": Row(SBI + " NPE maf", "samples/s", lambda: epochs(moon_posterior("maf"), 9000)),
    "flow_train:zuko": Row(f"zuko {zuko.__version__} NSF", "samples/s", lambda: zuko_train("NSF")),
    "flow_train:nice": Row(f"zuko {zuko.__version__} NICE", "samples/s", lambda: zuko_train("NICE")),
    "flow_draws": Row(SBI + " nsf", "draws/s", lambda: flow_draws("nsf")),
    "flow_density": Row(SBI + " nsf", "densities/s", lambda: flow_density("nsf")),
    "nre_train": Row(SBI + " NRE-A resnet", "samples/s", moon_ratio),
    "nre_train:one_thread": Row(SBI + " NRE-A resnet, one thread", "samples/s", lambda: one_thread(moon_ratio())),
}

if __name__ == "__main__":
    os.chdir(tempfile.mkdtemp())  # sbi writes its training logs into the working directory
    atexit.register(shutil.rmtree, os.getcwd(), True)
    main(ROWS, f"{SBI}, zuko {zuko.__version__}, torch {torch.__version__}")

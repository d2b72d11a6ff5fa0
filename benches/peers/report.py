"""What run.py prints and draws of results.json: all engines, the tables of docs/performance.md, the grid of small layers."""
import os
from models import KINDS, SEQUENCES, SIZES

NAMES = {  # of networks, in the tables' order
    "mlp_6_64_8_4": "MLP 6-64-8-4", "mlp_64_32_10": "MLP 64-32-10", "mlp": "MLP 784-256-128-10", "tiny_autoencoder": "autoencoder of MLPerf Tiny",
    "digits_cnn": "digits CNN", "lenet5": "LeNet-5", "lstm_audio": "LSTM 1 to 20, Linear, a sample at a time", "gru_audio": "the same with a GRU",
    "lstm_block": "LSTM, 512 samples, per sample", "dscnn": "DS-CNN", "mobilenet_v1_025": "MobileNetV1-0.25 at 96", "resnet8": "ResNet-8",
    "resnet18": "ResNet-18 at 224", "cyclegan_gen": "CycleGAN's generator at 128",
    "lstm_64_128": "LSTM 64 to 128, 64 steps", "transformer_128": "Transformer, 4 layers of 128, 64 steps",
}
MODELS = [m for m in NAMES if m not in SEQUENCES]
PEERS = {  # the fastest of these engines stands for a peer
    "ONNX Runtime": ["ort", "ort_py"], "OpenVINO": ["openvino"], "RTNeural": ["rtneural", "rtneural_avx2", "rtneural_eigen"], "PyTorch": ["eager", "jit", "compile"],
    "tract": ["tract"], "rten": ["rten"], "burn": ["burn"], "candle": ["candle"],
}
TRAIN = {"PyTorch": ["eager", "compile"], "PyTorch, eager": ["eager"], "PyTorch, compiled": ["compile"], "burn": ["burn"], "candle": ["candle"]}


def fastest(results, peer, model, task="infer"):
    """Microseconds, of right answers only. The losses of a second step may differ by more: normalisations over few numbers make much of every rounding."""
    bound = 1e-3 if task == "infer" else 5e-3
    rows = [results.get(f"{e}/{model}/{task}") for e in (PEERS if task == "infer" else TRAIN).get(peer, [peer])]
    return min((r["median_us"] for r in rows if r and r["rel_err"] < bound), default=None)


def digits(v):
    if v is None:
        return ""
    return f"{v:,.0f}".replace(",", " ") if v >= 1000 else f"{v:.3g}" if v < 100 else f"{v:.1f}"


def page_table(first, rows, cell, columns, extra=None):
    """One table: a column for us, one for each peer that has any result, and the ratio of the fastest peer to us. `rows`: what is printed, what is looked up."""
    extra = extra or {}
    columns = [c for c in columns if any(cell(c, m) for _, m in rows)]
    out = ["| " + " | ".join([first, "nn", *extra, *columns, "ratio", *extra]) + " |", "|---" * (3 + 2 * len(extra) + len(columns)) + "|"]
    for name, m in rows:
        ours, others = cell("ours", m), [cell(c, m) for c in columns]
        if not ours:
            continue
        best, more = min((o for o in others if o), default=None), [cell(e, m) for e in extra.values()]
        ratio = lambda t: f"{best / t:.2f}" if best and t else ""
        out.append("| " + " | ".join([name, digits(ours), *map(digits, more + others), ratio(ours), *map(ratio, more)]) + " |")
    return "\n".join(out)


def conv_table(results):
    """dfdx's convolution, in milliseconds."""
    conv, rows = "conv_128_256_4", []
    ms = lambda e, task: (lambda t: t and t / 1000)(fastest(results, e, conv, task))
    peers = [p for p in PEERS if ms(p, "infer")]
    for name, ours, task in [("forward, frozen", "ours", "infer"), ("forward, the batch at once", "ours (not frozen)", "infer"), ("forward and backward", "ours", "train")]:
        us, others = ms(ours, task), [ms(p, task) for p in peers]
        best = min((o for o in others if o), default=None)
        rows.append([name, digits(us), *map(digits, others), f"{best / us:.2f}" if us and best else ""])
    head = ["Conv2d(128, 256, 4) on 64x128x28x28, ms", "nn", *peers, "ratio"]
    return "\n".join("| " + " | ".join(r) + " |" for r in [head, ["---"] * len(head), *rows])


def page(results):
    """The tables of docs/performance.md."""
    infer = [(name, m) for m, name in NAMES.items()]
    grid = [(f"{kind} {n}", f"{kind}_{n}") for kind in KINDS for n in SIZES]
    ns = lambda e, m: (lambda t: t and 1000 * t)(fastest(results, e, m))
    return [
        page_table("inference", infer, lambda e, m: fastest(results, e, m), PEERS, {"in squares": "ours (squares)"}),
        page_table("training step of 32, SGD", infer, lambda e, m: fastest(results, e, m, "train"), list(TRAIN)[1:]),
        conv_table(results),
        page_table("one layer, a sample, ns", grid, ns, PEERS),
    ]


def into_page(results, path):
    """Puts tables and pictures in the place of those that stand there: a table of the page is known by its first words."""
    text = open(path).read()
    for new in page(results):
        first = new[:new.index("|", 1) + 1]
        if (start := text.find(first)) >= 0:
            text = text[:start] + new + text[text.index("\n\n", start):]
    open(path, "w").write(text)
    pictures = os.path.join(os.path.dirname(path), "pictures")
    plot(results, f"{pictures}/ratios.png")
    plot_grid(results, f"{pictures}/grid.png")


def core_peak(machine):
    """GFLOP/s of multiply-adds in f32, with the widest vectors that the machine has."""
    return max(m["best"] for name, m in machine.items() if name.startswith("fma_f32"))


def table(results, task, machine, flops):
    peak = core_peak(machine)
    rows = {k: r for k, r in results.items() if r["task"] == task}
    models = [m for m in NAMES if any(r["model"] == m for r in rows.values())]
    out = [f"\n{task}: median us (p99) | GFLOP/s | % of peak\n", "| engine | " + " | ".join(models) + " |", "|---" * (len(models) + 1) + "|"]
    if task == "infer":  # the larger of FLOPs at peak and weights at L2 (or L3) bandwidth; knows nothing of activations
        second = open("/sys/devices/system/cpu/cpu0/cache/index2/size").read()
        near = 0.75 * 1024 * int(second.rstrip("K\n"))
        bw = lambda n: machine["read_L2_256K" if n < near else "read_L3_16M"]["best"]
        floor = lambda f: max(f["flops"] / peak / 1e3, 4 * f["params"] / bw(4 * f["params"]) / 1e3)
        out.append("| (roofline) | " + " | ".join(f"{floor(flops[m]):.3g}" for m in models) + " |")
    for e in dict.fromkeys(r["engine"] for r in rows.values()):
        cells = []
        for m in models:
            r = rows.get(f"{e}/{m}/{task}")
            if not r:
                cells.append("-")
                continue
            g = flops[m]["train_flops" if task == "train" else "flops"] / r["median_us"] / 1e3
            cells.append(f"{r['median_us']:.4g} ({r['p99_us']:.4g}) {g:.3g} {100 * g / peak:.2g}%" + ("" if r["rel_err"] < 1e-4 else f" err {r['rel_err']:.0e}"))
        out.append(f"| {e} | " + " | ".join(cells) + " |")
    return "\n".join(out)


def ratios(results, task):
    """How many times as long as ours each peer takes; the best peer of each model, below 1 where it is faster than ours."""
    rows = [r for r in results.values() if r["task"] == task]
    times = lambda engine: {r["model"]: r["median_us"] for r in rows if r["engine"] == engine}
    ours = times("ours")
    peers = [e for e in dict.fromkeys(r["engine"] for r in rows) if not e.startswith("ours") and "bf16" not in e]
    models = [m for m in NAMES if m in ours]
    out = [f"\n{task}: times ours\n", "| engine | " + " | ".join(models) + " |", "|---" * (len(models) + 1) + "|"]
    cell = lambda time, model: f"{time[model] / ours[model]:.2f}" if model in time else "-"
    for peer in peers:
        time = times(peer)
        out.append(f"| {peer} | " + " | ".join(cell(time, m) for m in models) + " |")
    best = {m: min((times(p)[m] for p in peers if m in times(p)), default=None) for m in models}
    best = {m: t for m, t in best.items() if t}
    out.append("| **best peer** | " + " | ".join(f"**{cell(best, m)}**" for m in models) + " |")
    return "\n".join(out)


def plot(results, path):
    """Bars: how many times as long as ours each peer takes; a peer below the line at 1 is faster."""
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    figure, axes = plt.subplots(2, 1, figsize=(13, 8), gridspec_kw={"height_ratios": [3, 2]})
    for axis, task in zip(axes, ("infer", "train")):
        ours = {m: t for m in NAMES if (t := fastest(results, "ours", m, task))}
        peers = [p for p in (PEERS if task == "infer" else list(TRAIN)[1:]) if any(fastest(results, p, m, task) for m in ours)]
        for i, peer in enumerate(peers):
            bars = [(x + (i - (len(peers) - 1) / 2) * 0.8 / len(peers), t / ours[m]) for x, m in enumerate(ours) if (t := fastest(results, peer, m, task))]
            axis.bar([x for x, _ in bars], [y - 1 for _, y in bars], 0.8 / len(peers), bottom=1, label=peer)
        axis.axhline(1, color="black", linewidth=1)
        axis.set_yscale("log")
        ticks = [t for t in (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500) if t <= 2 * axis.get_ylim()[1]]
        axis.set_yticks(ticks, [f"{t:g}x" for t in ticks])
        axis.minorticks_off()
        axis.set_xticks(range(len(ours)), [m.replace("_", " ") for m in ours], rotation=25, ha="right")
        axis.set_title({"infer": "Inference, batch 1", "train": "Training step, batch 32"}[task] + ", one core: how many times as long as nn each takes", fontsize=11)
        axis.grid(axis="y", alpha=0.3)
        axis.legend(fontsize=9, loc="upper left", bbox_to_anchor=(1, 1))
    figure.tight_layout()
    figure.savefig(path, dpi=90)


def plot_grid(results, path):
    """Nanoseconds of one layer against its size, a panel for each kind, a line for each peer."""
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    figure, axes = plt.subplots(1, len(KINDS), figsize=(14, 4), sharey=True)
    for axis, kind in zip(axes, KINDS):
        for peer in ["ours", *PEERS]:
            line = [(n, 1000 * t) for n in SIZES if (t := fastest(results, peer, f"{kind}_{n}"))]
            if line:
                axis.plot(*zip(*line), "o-", label="nn" if peer == "ours" else peer, linewidth=2.5 if peer == "ours" else 1.2, markersize=4)
        axis.set_xscale("log", base=2)
        axis.set_yscale("log")
        axis.set_xticks(SIZES, SIZES)
        axis.set_xlabel("inputs and outputs")
        axis.set_title(kind, fontsize=11)
        axis.grid(alpha=0.3)
    axes[0].set_ylabel("ns for a sample")
    axes[-1].legend(fontsize=9, loc="upper left", bbox_to_anchor=(1, 1))
    figure.tight_layout()
    figure.savefig(path, dpi=90)

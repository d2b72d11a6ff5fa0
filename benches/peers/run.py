"""Runs every peer on every model, one process each, and prints one table.

    python run.py [--rounds 3] [--engines tract,ort] [--models mlp,resnet8] [--tasks infer,train] [--core 1]

Every engine is a command that prints JSON lines (engine, model, task, median_us, p99_us, min_us, n, rel_err, rss_kib).
The rounds are interleaved; of each (engine, model, task) the round with the lowest median stands. An engine that is not
built or not installed is listed as failed. Results: results.json, results.md, results.png."""
import argparse, json, os, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
MODELS = ["mlp_6_64_8_4", "mlp_64_32_10", "mlp", "digits_cnn", "lenet5", "lstm_audio", "lstm_block", "dscnn", "mobilenet_v1_025", "resnet8", "resnet18",
          "cyclegan_gen", "tiny_autoencoder"]
RUST = os.environ.get("CARGO_TARGET_DIR", f"{HERE}/rust/target") + "/release"
PY = sys.executable
CANDLE = ["mlp", "digits_cnn", "lenet5", "lstm_audio", "resnet8", "resnet18"]
TRAIN = ["mlp", "digits_cnn", "lenet5", "resnet8"]


def engines():
    """(engine, task, models, command before the model's name, arguments after it)"""
    py = [PY, "-W", "ignore"]
    yield "ours", "infer", MODELS, [f"{RUST}/ours", "frozen"], []
    yield "ours (squares)", "infer", ["resnet8", "resnet18", "cyclegan_gen"], [f"{RUST}/ours", "squares"], []
    yield "ours (not frozen)", "infer", MODELS, [f"{RUST}/ours", "plain"], []
    yield "ours", "train", TRAIN, [f"{RUST}/ours", "train"], []
    for e in ("eager", "jit", "compile", "ort_py"):
        yield e, "infer", MODELS, py + [f"{HERE}/bench_py.py", e], []
    for e in ("ort", "tract", "rten", "candle_onnx"):
        yield e, "infer", MODELS, [f"{RUST}/peer-onnx", e], []
    yield "candle", "infer", CANDLE, [f"{RUST}/peer-candle", "infer"], []
    yield "burn", "infer", [m for m in MODELS if "lstm" not in m], [f"{RUST}/peer-burn", "infer"], []
    yield "openvino", "infer", MODELS, [f"{HERE}/openvino_cpp/openvino_bench"], []
    yield "openvino_bf16", "infer", MODELS, [f"{HERE}/openvino_cpp/openvino_bench"], ["bf16"]
    for e in ("eager", "compile"):
        yield e, "train", TRAIN, py + [f"{HERE}/train_py.py", e], []
    yield "candle", "train", TRAIN, [f"{RUST}/peer-candle", "train"], []
    yield "burn", "train", TRAIN[:3], [f"{RUST}/peer-burn", "train"], []


def run(cmd, core, seconds):
    one = {k: "1" for k in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS", "RTEN_NUM_THREADS")}
    env = dict(os.environ, **one, PEERS_MODELS=f"{HERE}/models", PEERS_SECONDS=str(seconds),
               ORT_DYLIB_PATH=os.environ.get("ORT_DYLIB_PATH", f"{HERE}/libonnxruntime.so.1"))
    try:
        p = subprocess.run(["taskset", "-c", str(core), "nice", "-n", "-15"] + cmd, env=env, capture_output=True, text=True, timeout=400)
    except (OSError, subprocess.TimeoutExpired) as e:
        return [], str(e)[:200]
    lines = [json.loads(l) for l in p.stdout.splitlines() if l.startswith("{")]
    return lines, "" if lines else next((l for l in p.stderr.splitlines() if "rror" in l or "panicked" in l), "no output")[:200]


def table(results, task, machine, flops):
    peak = machine["fma_f32_avx512"]["best"]
    rows = {k: r for k, r in results.items() if r["task"] == task}
    models = [m for m in MODELS if any(r["model"] == m for r in rows.values())]
    out = [f"\n{task}: median us (p99) | GFLOP/s | % of peak\n", "| engine | " + " | ".join(models) + " |", "|---" * (len(models) + 1) + "|"]
    if task == "infer":  # the larger of FLOPs at peak and weights at L2 (or L3) bandwidth; knows nothing of activations
        bw = lambda n: machine["read_L2_1M" if n < 1.5e6 else "read_L3_16M"]["best"]
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
    models = [m for m in MODELS if m in ours]
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
    names = {"ort": "ONNX Runtime", "ort_py": "ONNX Runtime (Python)", "openvino": "OpenVINO", "eager": "PyTorch", "compile": "PyTorch, compiled",
             "jit": "PyTorch, traced and frozen"}
    figure, axes = plt.subplots(2, 1, figsize=(11, 8), gridspec_kw={"height_ratios": [3, 2]})
    for axis, task in zip(axes, ("infer", "train")):
        times = {}
        for r in results.values():
            if r["task"] == task and "bf16" not in r["engine"]:
                times.setdefault(r["engine"], {})[r["model"]] = r["median_us"]
        ours = times.get("ours", {})
        models = [m for m in MODELS if m in ours]
        peers = [e for e in times if not e.startswith("ours")]
        for i, peer in enumerate(peers):
            bars = [(x + (i - (len(peers) - 1) / 2) * 0.8 / len(peers), times[peer][m] / ours[m]) for x, m in enumerate(models) if m in times[peer]]
            axis.bar([x for x, _ in bars], [y - 1 for _, y in bars], 0.8 / len(peers), bottom=1, label=names.get(peer, peer))
        axis.axhline(1, color="black", linewidth=1)
        axis.set_yscale("log")
        ticks = [t for t in (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500) if t <= 2 * axis.get_ylim()[1]]
        axis.set_yticks(ticks, [f"{t:g}x" for t in ticks])
        axis.minorticks_off()
        axis.set_xticks(range(len(models)), [m.replace("_", " ") for m in models], rotation=25, ha="right")
        axis.set_title({"infer": "Inference, batch 1", "train": "Training step, batch 32"}[task] + ", one core: how many times as long as nn each takes", fontsize=11)
        axis.grid(axis="y", alpha=0.3)
        axis.legend(fontsize=9, loc="upper right")
    figure.tight_layout()
    figure.savefig(path, dpi=90)


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--rounds", type=int, default=3); a.add_argument("--seconds", type=float, default=1.0)
    a.add_argument("--core", type=int, default=1); a.add_argument("--out", default=f"{HERE}/results")
    for f in ("engines", "models", "tasks"):
        a.add_argument(f"--{f}", default="")
    a = a.parse_args()
    want = lambda f, x: not getattr(a, f) or x in getattr(a, f).split(",")
    flops = json.load(open(f"{HERE}/models/flops.json"))
    try:
        old = json.load(open(f"{a.out}.json"))
    except OSError:
        old = {"machine": {}, "results": {}, "failed": {}}
    machine, results, failed = old["machine"], old["results"], old["failed"]
    fresh = set()
    for rnd in range(a.rounds):
        for l in run([f"{RUST}/machine"], a.core, 1)[0]:
            m = machine.setdefault(l["machine"], l)
            m["best"], m["median"] = max(m["best"], l["best"]), max(m["median"], l["median"])
        for e, task, models, before, after in engines():
            for m in models:
                if not (want("engines", e) and want("models", m) and want("tasks", task)) or f"{e}/{m}/{task}" in failed and rnd:
                    continue
                key, (lines, err) = f"{e}/{m}/{task}", run(before + [m] + after, a.core, a.seconds)
                if err:
                    failed[key] = err
                for r in lines:
                    failed.pop(key, None)
                    r["engine"] = e
                    if key not in fresh or r["median_us"] < results[key]["median_us"]:
                        results[key] = r
                        fresh.add(key)
                print(rnd, key, f"{lines[0]['median_us']:.5g} us" if lines else "FAILED " + err, file=sys.stderr, flush=True)
        json.dump(old, open(f"{a.out}.json", "w"), indent=1)
    peak = machine["fma_f32_avx512"]["best"]
    text = f"core peak (f32 FMA, AVX-512): {peak} GFLOP/s\n" + "".join(f"{k}: {v['best']} {v['unit']} (median {v['median']})\n" for k, v in machine.items())
    for task in ("infer", "train"):
        text += table(results, task, machine, flops) + "\n" + ratios(results, task) + "\n"
    text += "\nfailed:\n" + "".join(f"- {k}: {v}\n" for k, v in failed.items())
    open(f"{a.out}.md", "w").write(text)
    plot(results, f"{a.out}.png")
    print(text)


if __name__ == "__main__":
    main()

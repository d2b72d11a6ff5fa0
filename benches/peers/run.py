"""Runs every peer on every model, one process each, and prints one table.

    python run.py [--rounds 3] [--engines tract,ort] [--models mlp,resnet8] [--tasks infer,train] [--core 1]

Every engine is a command that prints JSON lines (engine, model, task, median_us, p99_us, min_us, n, rel_err, rss_kib).
The rounds are interleaved; of each (engine, model, task) the round with the lowest median stands. An engine that is not
built or not installed is listed as failed. Results: results.json, results.md (all engines, then the tables of docs/performance.md), results.png,
results-grid.png. `--rounds 0` makes tables and pictures of the results there are."""
import argparse, json, os, subprocess, sys
from models import BATCHED, GRID, STREAMS, TRAIN
from report import MODELS, core_peak, into_page, page, plot, plot_grid, ratios, table

HERE = os.path.dirname(os.path.abspath(__file__))
RUST = os.environ.get("CARGO_TARGET_DIR", f"{HERE}/rust/target") + "/release"
PY = sys.executable
ALL = MODELS + GRID + BATCHED
CANDLE = ["mlp", "digits_cnn", "lenet5", "lstm_audio", "gru_audio", "resnet8", "resnet18"]


def engines():
    """(engine, task, models, command before the model's name, arguments after it)"""
    py = [PY, "-W", "ignore"]
    yield "ours", "infer", ALL, [f"{RUST}/ours", "frozen"], []
    yield "ours (squares)", "infer", ["digits_cnn", "resnet8", "resnet18", "cyclegan_gen"], [f"{RUST}/ours", "squares"], []
    yield "ours (not frozen)", "infer", MODELS + BATCHED, [f"{RUST}/ours", "plain"], []
    yield "ours", "train", TRAIN + BATCHED, [f"{RUST}/ours", "train"], []
    for e in ("rtneural", "rtneural_avx2", "rtneural_eigen"):
        yield e, "infer", ["mlp", "lstm_block", *STREAMS], [f"{HERE}/rtneural/{e}"], []
    for e in ("eager", "jit", "compile", "ort_py"):
        yield e, "infer", MODELS + BATCHED if e == "compile" else ALL, py + [f"{HERE}/bench_py.py", e], []
    for e in ("ort", "tract", "rten", "candle_onnx"):
        yield e, "infer", ALL, [f"{RUST}/peer-onnx", e], []
    yield "candle", "infer", CANDLE, [f"{RUST}/peer-candle", "infer"], []
    yield "burn", "infer", [m for m in MODELS + BATCHED if "lstm" not in m and "gru" not in m], [f"{RUST}/peer-burn", "infer"], []
    yield "openvino", "infer", ALL, [f"{HERE}/openvino_cpp/openvino_bench"], []
    yield "openvino_bf16", "infer", MODELS, [f"{HERE}/openvino_cpp/openvino_bench"], ["bf16"]
    for e in ("eager", "compile"):
        yield e, "train", TRAIN + BATCHED, py + [f"{HERE}/train_py.py", e], []
    yield "candle", "train", TRAIN[:4], [f"{RUST}/peer-candle", "train"], []
    yield "burn", "train", TRAIN[:3], [f"{RUST}/peer-burn", "train"], []


def run(cmd, under, core, seconds):
    one = {k: "1" for k in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS", "RTEN_NUM_THREADS")}
    env = dict(os.environ, **one, PEERS_MODELS=f"{HERE}/models", PEERS_SECONDS=str(seconds),
               ORT_DYLIB_PATH=os.environ.get("ORT_DYLIB_PATH", f"{HERE}/libonnxruntime.so.1"))
    try:
        p = subprocess.run(under + ["taskset", "-c", str(core), "nice", "-n", "-15"] + cmd, env=env, capture_output=True, text=True, timeout=400)
    except (OSError, subprocess.TimeoutExpired) as e:
        return [], str(e)[:200]
    lines = [json.loads(l) for l in p.stdout.splitlines() if l.startswith("{")]
    return lines, "" if lines else next((l for l in p.stderr.splitlines() if "rror" in l or "panicked" in l), "no output")[:200]


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--rounds", type=int, default=3); a.add_argument("--seconds", type=float, default=1.0)
    a.add_argument("--core", type=int, default=1); a.add_argument("--out", default=f"{HERE}/results")
    a.add_argument("--page", default="", help="puts tables and pictures into this page: ../../docs/performance.md")
    a.add_argument("--under", default="", help="a command that each program is run under")
    for f in ("engines", "models", "tasks"):
        a.add_argument(f"--{f}", default="")
    a = a.parse_args()
    under = a.under.split()
    want = lambda f, x: not getattr(a, f) or x in getattr(a, f).split(",")
    flops = json.load(open(f"{HERE}/models/flops.json"))
    try:
        old = json.load(open(f"{a.out}.json"))
    except OSError:
        old = {"machine": {}, "results": {}, "failed": {}}
    machine, results, failed = old["machine"], old["results"], old["failed"]
    fresh = set()
    for rnd in range(a.rounds):
        for l in run([f"{RUST}/machine"], under, a.core, 1)[0]:
            m = machine.setdefault(l["machine"], l)
            m["best"], m["median"] = max(m["best"], l["best"]), max(m["median"], l["median"])
        for e, task, models, before, after in engines():
            for m in models:
                if not (want("engines", e) and want("models", m) and want("tasks", task)) or f"{e}/{m}/{task}" in failed and rnd:
                    continue
                key, (lines, err) = f"{e}/{m}/{task}", run(before + [m] + after, under, a.core, a.seconds)
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
    text = f"core peak (f32 FMA): {core_peak(machine)} GFLOP/s\n" + "".join(f"{k}: {v['best']} {v['unit']} (median {v['median']})\n" for k, v in machine.items())
    for task in ("infer", "train"):
        text += table(results, task, machine, flops) + "\n" + ratios(results, task) + "\n"
    text += "\n" + "\n\n".join(page(results)) + "\n"
    text += "\nfailed:\n" + "".join(f"- {k}: {v}\n" for k, v in failed.items())
    open(f"{a.out}.md", "w").write(text)
    plot(results, f"{a.out}.png")
    plot_grid(results, f"{a.out}-grid.png")
    if a.page:
        into_page(results, a.page)
    print(text)


if __name__ == "__main__":
    main()

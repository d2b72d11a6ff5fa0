//! How long whole networks take, one sample at a time, in one thread: `taskset -c 1 cargo bench --bench networks [-- <filter> [steps]]`.
//!
//! Each network's inference form is first held against the network itself, then both are timed, turn by turn. Printed are the best time of each,
//! the GFLOP/s of the inference form, what they are of the processor's peak, measured right behind, and the time and the error (as part of the
//! largest output) of the form whose convolutions may be done in squares. `dense`, `conv1d`, `gru` and `lstm` of 4 to 64 numbers are single layers,
//! one step at a time. `-- <filter> steps` and `-- <filter> squares` time each step of the two forms, alone and in its place; `NN_ISA=avx2`
//! measures another instruction set.

use std::hint::black_box;
use std::time::{Duration, Instant};

use nn::prelude::*;
use nn::{Float, Frozen, Rng, Sample, Zeroable};
use nn_core::frozen::{Memory, Numbers, Step, Work};
use nn_core::kernels::Kernels;

#[path = "../nn-core/benches/common/peak.rs"]
mod peak;
#[allow(dead_code)]
#[path = "../examples/architectures/resnet.rs"]
mod resnet;

/// The bound of errors of convolutions in squares.
const BOUND: f64 = 1e-4;

/// What is measured for a network before the next one starts.
const BUDGET: Duration = Duration::from_millis(600);

macro_rules! networks {
    ($($module:ident { $($tokens:tt)* })*) => {
        $(mod $module {
            use nn::prelude::*;
            network! { $($tokens)* }
        })*
        fn all(row: &impl Row) {
            $(row.of::<$module::Net>(stringify!($module));)*
            row.of::<resnet::ResNet18>("resnet_18");
        }
    };
}

networks! {
    mlp_64_32_10 { pub struct Net: [64] -> [10] (Linear(64, 32), ReLU, Linear(32, 10)); }
    mlp_6_64_8_4 { pub struct Net: [6] -> [4] (Linear(6, 64), ReLU, Linear(64, 8), ReLU, Linear(8, 4)); }
    mlp_784 { pub struct Net: [784] -> [10] (Linear(784, 256), ReLU, Linear(256, 128), ReLU, Linear(128, 10)); }
    autoencoder {
        pub struct Net: [640] -> [640] (
            Linear(640, 128), BatchNorm1d(128), ReLU, Linear(128, 128), BatchNorm1d(128), ReLU, Linear(128, 128), BatchNorm1d(128), ReLU,
            Linear(128, 128), BatchNorm1d(128), ReLU, Linear(128, 8), BatchNorm1d(8), ReLU, Linear(8, 128), BatchNorm1d(128), ReLU,
            Linear(128, 128), BatchNorm1d(128), ReLU, Linear(128, 128), BatchNorm1d(128), ReLU, Linear(128, 128), BatchNorm1d(128), ReLU,
            Linear(128, 640)
        );
    }
    digits {
        pub struct Net: [1, 8, 8] -> [10] {
            Conv2d(1, 16, 3, padding = 1), ReLU, Conv2d(16, 32, 3, padding = 1), ReLU, MaxPool2d(2), Flatten,
            Linear(512, 64), ReLU, Linear(64, 10),
        }
    }
    lenet {
        pub struct Net: [1, 28, 28] -> [10] {
            Conv2d(1, 6, 5, padding = 2), ReLU, MaxPool2d(2), Conv2d(6, 16, 5), ReLU, MaxPool2d(2), Flatten,
            Linear(400, 120), ReLU, Linear(120, 84), ReLU, Linear(84, 10),
        }
    }
    ds_cnn {
        pub struct Net: [1, 49, 10] -> [12] {
            Conv2d(1, 64, (10, 4), stride = 2, padding = (5, 1)), BatchNorm2d(64), ReLU,
            Conv2d(64, 64, 3, padding = 1, groups = 64), BatchNorm2d(64), ReLU, Conv2d(64, 64, 1), BatchNorm2d(64), ReLU,
            Conv2d(64, 64, 3, padding = 1, groups = 64), BatchNorm2d(64), ReLU, Conv2d(64, 64, 1), BatchNorm2d(64), ReLU,
            Conv2d(64, 64, 3, padding = 1, groups = 64), BatchNorm2d(64), ReLU, Conv2d(64, 64, 1), BatchNorm2d(64), ReLU,
            Conv2d(64, 64, 3, padding = 1, groups = 64), BatchNorm2d(64), ReLU, Conv2d(64, 64, 1), BatchNorm2d(64), ReLU,
            AvgPool2d((25, 5)), Flatten, Linear(64, 12),
        }
    }
    mobilenet_025 {
        pub struct Net: [3, 96, 96] -> [2] {
            Conv2d(3, 8, 3, stride = 2, padding = 1, bias = false), BatchNorm2d(8), ReLU,
            Conv2d(8, 8, 3, padding = 1, groups = 8, bias = false), BatchNorm2d(8), ReLU, Conv2d(8, 16, 1, bias = false), BatchNorm2d(16), ReLU,
            Conv2d(16, 16, 3, stride = 2, padding = 1, groups = 16, bias = false), BatchNorm2d(16), ReLU, Conv2d(16, 32, 1, bias = false), BatchNorm2d(32), ReLU,
            Conv2d(32, 32, 3, padding = 1, groups = 32, bias = false), BatchNorm2d(32), ReLU, Conv2d(32, 32, 1, bias = false), BatchNorm2d(32), ReLU,
            Conv2d(32, 32, 3, stride = 2, padding = 1, groups = 32, bias = false), BatchNorm2d(32), ReLU, Conv2d(32, 64, 1, bias = false), BatchNorm2d(64), ReLU,
            Conv2d(64, 64, 3, padding = 1, groups = 64, bias = false), BatchNorm2d(64), ReLU, Conv2d(64, 64, 1, bias = false), BatchNorm2d(64), ReLU,
            Conv2d(64, 64, 3, stride = 2, padding = 1, groups = 64, bias = false), BatchNorm2d(64), ReLU, Conv2d(64, 128, 1, bias = false), BatchNorm2d(128), ReLU,
            Conv2d(128, 128, 3, padding = 1, groups = 128, bias = false), BatchNorm2d(128), ReLU, Conv2d(128, 128, 1, bias = false), BatchNorm2d(128), ReLU,
            Conv2d(128, 128, 3, padding = 1, groups = 128, bias = false), BatchNorm2d(128), ReLU, Conv2d(128, 128, 1, bias = false), BatchNorm2d(128), ReLU,
            Conv2d(128, 128, 3, padding = 1, groups = 128, bias = false), BatchNorm2d(128), ReLU, Conv2d(128, 128, 1, bias = false), BatchNorm2d(128), ReLU,
            Conv2d(128, 128, 3, padding = 1, groups = 128, bias = false), BatchNorm2d(128), ReLU, Conv2d(128, 128, 1, bias = false), BatchNorm2d(128), ReLU,
            Conv2d(128, 128, 3, padding = 1, groups = 128, bias = false), BatchNorm2d(128), ReLU, Conv2d(128, 128, 1, bias = false), BatchNorm2d(128), ReLU,
            Conv2d(128, 128, 3, stride = 2, padding = 1, groups = 128, bias = false), BatchNorm2d(128), ReLU, Conv2d(128, 256, 1, bias = false), BatchNorm2d(256), ReLU,
            Conv2d(256, 256, 3, padding = 1, groups = 256, bias = false), BatchNorm2d(256), ReLU, Conv2d(256, 256, 1, bias = false), BatchNorm2d(256), ReLU,
            AvgPool2d(3), Flatten, Linear(256, 2),
        }
    }
    resnet_8 {
        pub struct Net: [3, 32, 32] -> [10] {
            stem: Conv2d(3, 16, 3, padding = 1), bn: BatchNorm2d(16),
            a1: Conv2d(16, 16, 3, padding = 1), an1: BatchNorm2d(16), a2: Conv2d(16, 16, 3, padding = 1), an2: BatchNorm2d(16),
            b1: Conv2d(16, 32, 3, stride = 2, padding = 1), bn1: BatchNorm2d(32), b2: Conv2d(32, 32, 3, padding = 1), bn2: BatchNorm2d(32),
            bs: Conv2d(16, 32, 1, stride = 2),
            c1: Conv2d(32, 64, 3, stride = 2, padding = 1), cn1: BatchNorm2d(64), c2: Conv2d(64, 64, 3, padding = 1), cn2: BatchNorm2d(64),
            cs: Conv2d(32, 64, 1, stride = 2), fc: Linear(64, 10),
        }
        forward(x) {
            let x = relu(bn(stem(x)));
            let x = relu(an2(a2(relu(an1(a1(x))))) + x);
            let x = relu(bn2(b2(relu(bn1(b1(x))))) + bs(x));
            let x = relu(cn2(c2(relu(cn1(c1(x))))) + cs(x));
            fc(flatten(avg_pool2d(x, 8), 1))
        }
    }
    lstm_stream {
        pub struct Net: ([1], [20], [20]) -> ([1], [20], [20]) { lstm: LSTMCell(1, 20), fc: Linear(20, 1) }
        forward(x, h, c) { let (h, c) = lstm(x, (h, c)); (fc(h), h, c) }
    }
    gru_stream {
        pub struct Net: ([1], [20]) -> ([1], [20]) { gru: GRUCell(1, 20), fc: Linear(20, 1) }
        forward(x, h) { let h = gru(x, h); (fc(h), h) }
    }
    lstm_block_2048 {
        pub struct Net: [2048, 1] -> [2048, 1] { lstm: LSTM(1, 20), fc: Linear(20, 1) }
        forward(x) { let (y, _) = lstm(x); fc(y) }
    }
    dense_4 { pub struct Net: [4] -> [4] (Linear(4, 4), Tanh); }
    conv1d_4 { pub struct Net: [4, 3] -> [4, 1] (Conv1d(4, 4, 3), Tanh); }
    gru_4 {
        pub struct Net: ([4], [4]) -> [4] { rnn: GRUCell(4, 4) }
        forward(x, h) { rnn(x, h) }
    }
    lstm_4 {
        pub struct Net: ([4], [4], [4]) -> ([4], [4]) { rnn: LSTMCell(4, 4) }
        forward(x, h, c) { let (h, c) = rnn(x, (h, c)); (h, c) }
    }
    dense_8 { pub struct Net: [8] -> [8] (Linear(8, 8), Tanh); }
    conv1d_8 { pub struct Net: [8, 3] -> [8, 1] (Conv1d(8, 8, 3), Tanh); }
    gru_8 {
        pub struct Net: ([8], [8]) -> [8] { rnn: GRUCell(8, 8) }
        forward(x, h) { rnn(x, h) }
    }
    lstm_8 {
        pub struct Net: ([8], [8], [8]) -> ([8], [8]) { rnn: LSTMCell(8, 8) }
        forward(x, h, c) { let (h, c) = rnn(x, (h, c)); (h, c) }
    }
    dense_16 { pub struct Net: [16] -> [16] (Linear(16, 16), Tanh); }
    conv1d_16 { pub struct Net: [16, 3] -> [16, 1] (Conv1d(16, 16, 3), Tanh); }
    gru_16 {
        pub struct Net: ([16], [16]) -> [16] { rnn: GRUCell(16, 16) }
        forward(x, h) { rnn(x, h) }
    }
    lstm_16 {
        pub struct Net: ([16], [16], [16]) -> ([16], [16]) { rnn: LSTMCell(16, 16) }
        forward(x, h, c) { let (h, c) = rnn(x, (h, c)); (h, c) }
    }
    dense_32 { pub struct Net: [32] -> [32] (Linear(32, 32), Tanh); }
    conv1d_32 { pub struct Net: [32, 3] -> [32, 1] (Conv1d(32, 32, 3), Tanh); }
    gru_32 {
        pub struct Net: ([32], [32]) -> [32] { rnn: GRUCell(32, 32) }
        forward(x, h) { rnn(x, h) }
    }
    lstm_32 {
        pub struct Net: ([32], [32], [32]) -> ([32], [32]) { rnn: LSTMCell(32, 32) }
        forward(x, h, c) { let (h, c) = rnn(x, (h, c)); (h, c) }
    }
    dense_64 { pub struct Net: [64] -> [64] (Linear(64, 64), Tanh); }
    conv1d_64 { pub struct Net: [64, 3] -> [64, 1] (Conv1d(64, 64, 3), Tanh); }
    gru_64 {
        pub struct Net: ([64], [64]) -> [64] { rnn: GRUCell(64, 64) }
        forward(x, h) { rnn(x, h) }
    }
    lstm_64 {
        pub struct Net: ([64], [64], [64]) -> ([64], [64]) { rnn: LSTMCell(64, 64) }
        forward(x, h, c) { let (h, c) = rnn(x, (h, c)); (h, c) }
    }
    cyclegan_blocks {
        pub struct Net: [256, 32, 32] {
            a: Conv2d(256, 256, 1), b: Conv2d(256, 256, 3, padding = 1), c: Conv2d(256, 256, 3, padding = 1),
        }
        forward(x) {
            let x = a(x);
            c(relu(b(x))) + x
        }
    }
    resnet_stage {
        pub struct Net: [64, 56, 56] -> [512, 7, 7] {
            Conv2d(64, 64, 3, padding = 1), ReLU, Conv2d(64, 128, 3, stride = 2, padding = 1), ReLU, Conv2d(128, 128, 3, padding = 1), ReLU,
            Conv2d(128, 256, 3, stride = 2, padding = 1), ReLU, Conv2d(256, 256, 3, padding = 1), ReLU,
            Conv2d(256, 512, 3, stride = 2, padding = 1), ReLU, Conv2d(512, 512, 3, padding = 1), ReLU,
        }
    }
}

/// Seconds of a call, of many: the best, and the median.
fn time(mut call: impl FnMut()) -> [f64; 2] {
    let begin = peak::now();
    call();
    let calls = (50e-6 / (peak::now() - begin).max(20e-9)).clamp(1.0, 5000.0) as usize;
    let (start, mut all) = (Instant::now(), Vec::new());
    while start.elapsed() < BUDGET / 4 {
        let begin = peak::now();
        for _ in 0..calls {
            call();
        }
        all.push((peak::now() - begin) / calls as f64);
    }
    all.sort_by(f64::total_cmp);
    [all[0], all[all.len() / 2]]
}

/// What is printed of a network.
trait Row {
    fn of<N: Freeze<Element = f32>>(&self, name: &str);
}

/// The networks whose name has a part.
struct Filter<'a> {
    part: &'a str,
    /// Whether to print steps, and those of which form.
    steps: Option<bool>,
}

impl Row for Filter<'_> {
    fn of<N: Freeze<Element = f32>>(&self, name: &str) {
        if name.contains(self.part) {
            match self.steps {
                Some(squares) => {
                    println!("{name}");
                    steps::<N>(squares);
                }
                None => measure::<N>(name),
            }
        }
    }
}

fn random<N: Network<Element = f32>>() -> (Box<N>, Box<N::Input>) {
    let mut random = nn::seed(1);
    let network = N::init(&mut random);
    let mut input: Box<N::Input> = Box::new(Zeroable::zeroed());
    for value in input.part_mut(0) {
        *value = random.next_u32() as f32 / u32::MAX as f32;
    }
    (network, input)
}

fn measure<N: Freeze<Element = f32>>(name: &str) {
    let (network, input) = random::<N>();
    let frozen = network.freeze();
    let (mut workspace, mut arena) = (N::workspace::<1>(), Frozen::<N>::workspace());
    let (mut expected, mut found): (Box<N::Output>, Box<N::Output>) =
        (Box::new(Zeroable::zeroed()), Box::new(Zeroable::zeroed()));
    network.forward(&input, &mut workspace, &mut expected);
    frozen.forward(&input, &mut arena, &mut found);
    for (found, expected) in found.part(0).iter().zip(expected.part(0)) {
        let (found, expected) = (found.to_f64(), expected.to_f64());
        assert!((found - expected).abs() <= 1e-4 * expected.abs().max(1.0), "{name}: {found}, not {expected}");
    }
    let squares = network.freeze_with(FreezeOptions { winograd_error: BOUND });
    let mut approximate: Box<N::Output> = Box::new(Zeroable::zeroed());
    squares.forward(&input, &mut arena, &mut approximate);
    let largest = found.part(0).iter().fold(f32::MIN_POSITIVE, |largest, value| largest.max(value.abs()));
    let differences = found.part(0).iter().zip(approximate.part(0)).map(|(a, b)| (a - b).abs());
    let error = differences.fold(0.0, f32::max) / largest;
    assert!(error <= 1e-3, "{name}: an error of {error}");
    let mut times = [[f64::INFINITY; 2]; 3];
    for _ in 0..2 {
        let now = [
            time(|| network.forward(black_box(&input), &mut workspace, black_box(&mut expected))),
            time(|| frozen.forward(black_box(&input), &mut arena, black_box(&mut found))),
            time(|| squares.forward(black_box(&input), &mut arena, black_box(&mut approximate))),
        ];
        for (old, new) in times.iter_mut().flatten().zip(now.into_iter().flatten()) {
            *old = old.min(new);
        }
    }
    let rate = 2.0 * N::MACS as f64 / times[1][0] / 1e9;
    let percent = 100.0 * rate / peak::peak();
    let [[plain, _], [best, median], [squares, _]] = times.map(|times| times.map(|seconds| seconds * 1e6));
    println!(
        "{name:16} {plain:>12.3} {best:>12.3} {median:>12.3} {rate:>9.1} {percent:>6.1} {squares:>12.3} {error:>9.1e}"
    );
}

/// What each step of a network's inference form takes.
fn steps<N: Freeze<Element = f32>>(squares: bool) {
    let (network, input) = random::<N>();
    let isa = nn::Isa::current();
    let len = N::PROGRAM.iter().map(|step| step.packed[1] + step.work.packed_squares()).max().unwrap_or_default();
    // Packed weights begin on a cache line.
    let mut memory = vec![0.0; len + 16];
    let first = memory.as_ptr().align_offset(64);
    let packed = &mut memory[first..][..len];
    network.with_sources(&mut |sources| f32::frozen_pack(isa, N::PROGRAM, sources, squares.then_some(BOUND), packed));
    let mut arena = Frozen::<N>::workspace();
    let mut output: Box<N::Output> = Box::new(Zeroable::zeroed());
    let packed = &*packed;
    let parts: [&[f32]; 8] = std::array::from_fn(|part| input.part(part));
    let mut run = |steps: &[Step]| {
        let memory = Memory {
            layers: N::LAYER_STEPS,
            packed,
            squares,
            arena: arena.as_mut_slice(),
            inputs: &parts,
            output: output.part_mut(0),
        };
        f32::frozen_run(isa, steps, memory);
    };
    // In its place: behind the step before it, whose memory is warm while its own may not be.
    let mut in_place = vec![f64::INFINITY; N::PROGRAM.len()];
    for _ in 0..10 {
        for (step, best) in N::PROGRAM.iter().zip(&mut in_place) {
            if !matches!(step.work, Work::Layer(_)) {
                let begin = peak::now();
                run(std::slice::from_ref(step));
                *best = best.min(peak::now() - begin);
            }
        }
    }
    for (step, in_place) in N::PROGRAM.iter().zip(in_place) {
        let (what, macs) = match step.work {
            Work::Layer(layer) => {
                println!("    layer as it is, operation {}", N::LAYER_STEPS[layer].operation);
                continue;
            }
            Work::Conv { geometry: g, .. } | Work::Squares { geometry: g, .. } | Work::Planes(g) => {
                let [_, h, w] = &g.axes;
                let (kernel, stride) = (format!("{}x{}", h.kernel, w.kernel), w.stride);
                let (from, to, groups) = (g.in_channels, g.out_channels, g.groups);
                (format!("{from}->{to} k{kernel} s{stride} g{groups} @{}x{}", h.input, w.input), g.macs())
            }
            Work::Recurrent { .. } => ("recurrent".into(), 0),
            Work::Linear { rows, inputs, outputs } => {
                (format!("{rows} rows {inputs}->{outputs}"), rows * inputs * outputs)
            }
            ref other => {
                let name = format!("{other:?}");
                (name.split([' ', '(']).next().unwrap_or_default().to_string() + &format!(" {:?}", step.work.lens()), 0)
            }
        };
        run(std::slice::from_ref(step));
        let [best, median] = time(|| run(std::slice::from_ref(step)));
        let rate = 2.0 * macs as f64 / best / 1e9;
        let percent = 100.0 * rate / peak::peak();
        let [best, median, in_place] = [best, median, in_place].map(|seconds| seconds * 1e6);
        println!("    {what:44} {best:>10.3} {median:>10.3} {in_place:>10.3} {rate:>7.1} {percent:>6.1}");
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with('-'));
    let (first, second) = (arguments.next().unwrap_or_default(), arguments.next().unwrap_or_default());
    peak::choose_isa();
    println!("{:?}, peak {:.1} GFLOP/s; microseconds", nn::Isa::current(), peak::peak());
    println!(
        "{:16} {:>12} {:>12} {:>12} {:>9} {:>6} {:>12} {:>9}",
        "network", "as it is", "frozen", "median", "GFLOP/s", "%", "in squares", "error"
    );
    let steps = matches!(&*second, "steps" | "squares").then_some(second == "squares");
    all(&Filter { part: &first, steps });
}

//! How fast the kernels are, in one thread: `taskset -c 1 cargo bench -p nn-core --bench kernels [-- <filter>]`.
//!
//! Each kernel is first held against its reference, with small integers, whose sums are exact; then timed. `time` is the median and `best`
//! the fastest of many runs; `GFLOP/s` and `% of peak` follow from the median, the peak being that of a loop over registers alone.
//! `recorded` is what small programs with layouts and constants of their own reached before the kernels were written (their best run, at a
//! peak of 140 GFLOP/s), and `ratio` is `best / recorded`: where the peak is higher, as good is `140 / peak`.
//!
//! `NN_ISA=avx2` measures another instruction set.

use std::hint::black_box;
use std::time::{Duration, Instant};

use nn_core::kernels::{Kernels, reference};
use nn_core::shape::tile;
use nn_core::shape::{Axis, ConvGeometry};
use nn_core::{Isa, Rng, seed};

#[path = "common/peak.rs"]
mod peak;

/// What is measured for a row before the next one starts.
const BUDGET: Duration = Duration::from_millis(250);

enum Case {
    Forward(ConvGeometry),
    BackwardInput(ConvGeometry),
    BackwardWeight(ConvGeometry),
    Linear { in_features: usize, out_features: usize },
    LinearBackwardInput { in_features: usize, out_features: usize },
    LinearBackwardWeight { in_features: usize, out_features: usize },
}

struct Row {
    name: &'static str,
    case: Case,
    batch: usize,
    /// Microseconds; `None` where nothing was recorded.
    recorded: Option<f64>,
}

/// A convolution over squares.
fn square(
    channels: (usize, usize),
    groups: usize,
    input: usize,
    kernel: usize,
    stride: usize,
    padding: usize,
) -> ConvGeometry {
    let one = Axis { input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 };
    let axis = Axis { input, output: 0, kernel, stride, dilation: 1, before: padding, after: padding }.slide(false);
    ConvGeometry { in_channels: channels.0, out_channels: channels.1, groups, axes: [one, axis, axis] }
}

fn rows() -> Vec<Row> {
    let row =
        |name, case, batch, recorded: f64| Row { name, case, batch, recorded: (recorded > 0.0).then_some(recorded) };
    let forward = |name, geometry, recorded| row(name, Case::Forward(geometry), 1, recorded);
    let linear = |name, in_features, out_features, batch, recorded| {
        row(name, Case::Linear { in_features, out_features }, batch, recorded)
    };
    let same = |channels, size| square((channels, channels), 1, size, 3, 1, 1);
    let digits = square((16, 32), 1, 8, 3, 1, 1);
    vec![
        forward("3->64 k7s2 @224", square((3, 64), 1, 224, 7, 2, 3), 1750.0),
        forward("64 k3 @56", same(64, 56), 1700.0),
        forward("128 k3 @28", same(128, 28), 1670.0),
        forward("256 k3 @14", same(256, 14), 1690.0),
        forward("512 k3 @7", same(512, 7), 1980.0),
        forward("64->128 k3s2 @56", square((64, 128), 1, 56, 3, 2, 1), 850.0),
        forward("128->256 k3s2 @28", square((128, 256), 1, 28, 3, 2, 1), 860.0),
        forward("256->512 k3s2 @14", square((256, 512), 1, 14, 3, 2, 1), 970.0),
        forward("64->128 k1s2 @56", square((64, 128), 1, 56, 1, 2, 0), 98.0),
        forward("128->256 k1s2 @28", square((128, 256), 1, 28, 1, 2, 0), 94.0),
        forward("256->512 k1s2 @14", square((256, 512), 1, 14, 1, 2, 0), 94.0),
        forward("digits 1->16 @8", square((1, 16), 1, 8, 3, 1, 1), 0.155),
        forward("digits 16->32 @8", digits, 4.3),
        row("digits 16->32 @8, batch 32", Case::Forward(digits), 32, 32.0 * 4.3),
        forward("LeNet conv1 1->6 k5 @28", square((1, 6), 1, 28, 5, 1, 2), 2.1),
        forward("LeNet conv2 6->16 k5 @14", square((6, 16), 1, 14, 5, 1, 0), 3.63),
        forward("depthwise 64 k3 @24", square((64, 64), 64, 24, 3, 1, 1), 7.3),
        row("64 k3 @56, batch 8", Case::Forward(same(64, 56)), 8, 8.0 * 1700.0),
        row("512 k3 @7, batch 8", Case::Forward(same(512, 7)), 8, 8.0 * 1980.0),
        linear("linear 400->120", 400, 120, 1, 1.75),
        linear("linear 784->256", 784, 256, 1, 6.8),
        linear("linear 512->64", 512, 64, 1, 1.12),
        linear("linear 64->10", 64, 10, 1, 0.0),
        linear("linear 4096->1000", 4096, 1000, 1, 660.0),
        linear("linear 400->120, batch 32", 400, 120, 32, 23.6),
        linear("linear 512->64, batch 32", 512, 64, 32, 15.1),
        linear("linear 4096->1000, batch 32", 4096, 1000, 32, 2560.0),
        row(
            "linear 400->120 to input, batch 32",
            Case::LinearBackwardInput { in_features: 400, out_features: 120 },
            32,
            0.0,
        ),
        row(
            "linear 400->120 to weight, batch 32",
            Case::LinearBackwardWeight { in_features: 400, out_features: 120 },
            32,
            0.0,
        ),
        row("64 k3 @56 to weight, batch 8", Case::BackwardWeight(same(64, 56)), 8, 8.0 * 1710.0),
        row("128 k3 @28 to weight, batch 8", Case::BackwardWeight(same(128, 28)), 8, 8.0 * 1720.0),
        row("256 k3 @14 to weight, batch 8", Case::BackwardWeight(same(256, 14)), 8, 8.0 * 1700.0),
        row("512 k3 @7 to weight, batch 8", Case::BackwardWeight(same(512, 7)), 8, 8.0 * 1860.0),
        row("digits 16->32 to weight, batch 32", Case::BackwardWeight(digits), 32, 32.0 * 4.28),
        row("64->128 k3s2 @56 to weight, batch 8", Case::BackwardWeight(square((64, 128), 1, 56, 3, 2, 1)), 8, 0.0),
        row("depthwise 64 k3 @24 to weight, batch 8", Case::BackwardWeight(square((64, 64), 64, 24, 3, 1, 1)), 8, 0.0),
        row("64 k3 @56 to input, batch 8", Case::BackwardInput(same(64, 56)), 8, 8.0 * 1700.0),
        row("128 k3 @28 to input, batch 8", Case::BackwardInput(same(128, 28)), 8, 8.0 * 1670.0),
        row("256 k3 @14 to input, batch 8", Case::BackwardInput(same(256, 14)), 8, 8.0 * 1690.0),
        row("512 k3 @7 to input, batch 8", Case::BackwardInput(same(512, 7)), 8, 8.0 * 1980.0),
        row("digits 16->32 to input, batch 32", Case::BackwardInput(digits), 32, 32.0 * 4.9),
        row("64->128 k3s2 @56 to input, batch 8", Case::BackwardInput(square((64, 128), 1, 56, 3, 2, 1)), 8, 0.0),
        row("depthwise 64 k3 @24 to input, batch 8", Case::BackwardInput(square((64, 64), 64, 24, 3, 1, 1)), 8, 0.0),
        row("depthwise 128 k3 @6, batch 32", Case::Forward(square((128, 128), 128, 6, 3, 1, 1)), 32, 0.0),
        row(
            "depthwise 128 k3 @6 to weight, batch 32",
            Case::BackwardWeight(square((128, 128), 128, 6, 3, 1, 1)),
            32,
            0.0,
        ),
        row(
            "depthwise 128 k3 @6 to input, batch 32",
            Case::BackwardInput(square((128, 128), 128, 6, 3, 1, 1)),
            32,
            0.0,
        ),
        row("depthwise 32 k3s2 @24, batch 32", Case::Forward(square((32, 32), 32, 24, 3, 2, 1)), 32, 0.0),
        row(
            "depthwise 32 k3s2 @24 to weight, batch 32",
            Case::BackwardWeight(square((32, 32), 32, 24, 3, 2, 1)),
            32,
            0.0,
        ),
        row(
            "depthwise 32 k3s2 @24 to input, batch 32",
            Case::BackwardInput(square((32, 32), 32, 24, 3, 2, 1)),
            32,
            0.0,
        ),
    ]
}

/// Whole numbers from -3 to 3.
fn integers(len: usize, random: &mut impl Rng) -> Vec<f32> {
    (0..len).map(|_| (random.next_u32() % 7) as f32 - 3.0).collect()
}

/// Seconds of a call: the median of many, and the best.
fn time(mut call: impl FnMut()) -> (f64, f64) {
    let start = Instant::now();
    call();
    let once = start.elapsed().max(Duration::from_nanos(20));
    let calls = (Duration::from_micros(20).as_nanos() / once.as_nanos()).clamp(1, 1000) as usize;
    let mut samples = Vec::new();
    let start = Instant::now();
    while start.elapsed() < BUDGET || samples.len() < 7 {
        let start = Instant::now();
        for _ in 0..calls {
            call();
        }
        samples.push(start.elapsed().as_secs_f64() / calls as f64);
    }
    samples.sort_by(f64::total_cmp);
    (samples[samples.len() / 2], samples[0])
}

/// Runs `kernel` over data of the given sizes (two operands and a result, by batch), first against `reference`, then against the clock.
fn measure(
    batch: usize,
    sizes: impl Fn(usize) -> [usize; 3],
    scratch: usize,
    kernel: impl Fn(usize, &[f32], &[f32], &mut [f32], &mut [f32]),
    reference: impl Fn(usize, &[f32], &[f32], &mut [f32]),
) -> (f64, f64) {
    let mut random = seed(1);
    let mut scratch = vec![0.0; scratch];
    let few = batch.min(2);
    let [a, b, result] = sizes(few);
    let (a, b) = (integers(a, &mut random), integers(b, &mut random));
    let (mut expected, mut found) = (vec![0.0; result], vec![0.0; result]);
    reference(few, &a, &b, &mut expected);
    kernel(few, &a, &b, &mut found, &mut scratch);
    assert!(found == expected, "the kernel and its reference disagree");
    let [a, b, result] = sizes(batch);
    let (a, b) = (integers(a, &mut random), integers(b, &mut random));
    let mut found = vec![0.0; result];
    time(|| kernel(batch, black_box(&a), black_box(&b), black_box(&mut found), &mut scratch))
}

fn run(case: &Case, batch: usize) -> (f64, f64) {
    match *case {
        Case::Forward(g) => {
            let bias = vec![1.0; g.out_channels];
            measure(
                batch,
                |n| [n * g.input_len(), g.weights(), n * g.output_len()],
                tile::conv_forward_scratch(&g),
                |n, x, w, y, scratch| f32::conv_forward(&g, n, x, w, Some(&bias), y, scratch),
                |n, x, w, y| reference::conv_forward(&g, n, x, w, Some(&bias), y),
            )
        }
        Case::BackwardInput(g) => measure(
            batch,
            |n| [n * g.output_len(), g.weights(), n * g.input_len()],
            tile::conv_backward_scratch(&g),
            |n, dy, w, dx, scratch| f32::conv_backward_input(&g, n, dy, w, dx, false, scratch),
            |n, dy, w, dx| reference::conv_backward_input(&g, n, dy, w, dx, false),
        ),
        Case::BackwardWeight(g) => measure(
            batch,
            |n| [n * g.input_len(), n * g.output_len(), g.weights()],
            tile::conv_backward_scratch(&g),
            |n, x, dy, dw, scratch| f32::conv_backward_weight(&g, n, x, dy, dw, scratch),
            |n, x, dy, dw| reference::conv_backward_weight(&g, n, x, dy, dw),
        ),
        Case::Linear { in_features: i, out_features: o } => {
            let bias = vec![1.0; o];
            measure(
                batch,
                |n| [n * i, i * o, n * o],
                tile::linear_scratch(i, o),
                |n, x, w, y, scratch| f32::linear_forward(n, i, o, x, w, Some(&bias), y, scratch),
                |n, x, w, y| reference::linear_forward(n, i, o, x, w, Some(&bias), y),
            )
        }
        Case::LinearBackwardInput { in_features: i, out_features: o } => measure(
            batch,
            |n| [n * o, i * o, n * i],
            tile::linear_scratch(i, o),
            |n, dy, w, dx, scratch| f32::linear_backward_input(n, i, o, dy, w, dx, false, scratch),
            |n, dy, w, dx| reference::linear_backward_input(n, i, o, dy, w, dx, false),
        ),
        Case::LinearBackwardWeight { in_features: i, out_features: o } => measure(
            batch,
            |n| [n * i, n * o, i * o],
            tile::linear_scratch(i, o),
            |n, x, dy, dw, scratch| f32::linear_backward_weight(n, i, o, x, dy, dw, true, scratch),
            |n, x, dy, dw| reference::linear_backward_weight(n, i, o, x, dy, dw),
        ),
    }
}

fn macs(case: &Case) -> usize {
    match *case {
        Case::Forward(g) | Case::BackwardInput(g) | Case::BackwardWeight(g) => g.macs(),
        Case::Linear { in_features, out_features }
        | Case::LinearBackwardInput { in_features, out_features }
        | Case::LinearBackwardWeight { in_features, out_features } => in_features * out_features,
    }
}

/// Three digits and a unit.
fn show(seconds: f64) -> String {
    let micros = seconds * 1e6;
    if micros < 1.0 {
        format!("{:.0} ns", micros * 1e3)
    } else if micros < 1000.0 {
        format!("{micros:.2} us")
    } else {
        format!("{:.2} ms", micros / 1e3)
    }
}

fn main() {
    let filter = std::env::args().skip(1).find(|arg| !arg.starts_with('-')).unwrap_or_default();
    peak::choose_isa();
    let peak = peak::peak();
    println!("{:?}, peak {peak:.1} GFLOP/s", Isa::current());
    println!(
        "{:40} {:>9} {:>9} {:>8} {:>9} {:>9} {:>6}",
        "case", "time", "best", "GFLOP/s", "% of peak", "recorded", "ratio"
    );
    for row in rows().iter().filter(|row| row.name.contains(&filter)) {
        let (median, best) = run(&row.case, row.batch);
        let rate = (2 * macs(&row.case) * row.batch) as f64 / median / 1e9;
        let recorded = row.recorded.map_or("-".into(), |micros| show(micros * 1e-6));
        let ratio = row.recorded.map_or("-".into(), |micros| format!("{:.2}", best * 1e6 / micros));
        let (name, percent) = (row.name, 100.0 * rate / peak);
        println!("{name:40} {:>9} {:>9} {rate:>8.1} {percent:>9.1} {recorded:>9} {ratio:>6}", show(median), show(best));
    }
}

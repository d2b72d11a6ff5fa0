//! How long whole networks take, one sample at a time, in one thread: `taskset -c 1 cargo bench --bench networks [-- <filter> [steps]]`.
//!
//! Each network's inference form is first held against the network itself, then both are timed, turn by turn. Printed are the best time of each,
//! the GFLOP/s of the inference form, what they are of the processor's peak, measured right behind, and the time and the error (as part of the
//! largest output) of the form whose convolutions may be done in squares; of networks that are compiled for their sizes also the time by the code that all
//! networks share, whose bits are the same. `dense`, `conv1d`, `gru` and `lstm` of 4 to 64 numbers are single layers,
//! one step at a time; `conv1d_stream` keeps the samples that its window still sees. `-- <filter> steps` and `-- <filter> squares` time each step of the two forms, alone and in its place, with the percent of the
//! peak and (`clock%`) of what the peak is at the clock at which the step runs: processors slow down under vectors that are loaded and multiplied all
//! the time. `-- roofline` draws the steps of all networks beside the processor's limits, `target/roofline.png`; `NN_ISA=avx2` measures another
//! instruction set.

use std::hint::black_box;
use std::time::{Duration, Instant};

use nn::prelude::*;
use nn::{Float, Frozen, Sample, Zeroable};
use program::{BOUND, random};

mod declared;
#[path = "../../nn-core/benches/common/peak.rs"]
mod peak;
mod program;
mod roofline;
mod steps;

/// What is measured for a network before the next one starts.
const BUDGET: Duration = Duration::from_millis(600);

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
    print: Print,
}

#[derive(Clone, Copy)]
enum Print {
    Networks,
    /// Each step, of which form.
    Steps {
        squares: bool,
    },
    Roofline,
}

impl Row for Filter<'_> {
    fn of<N: Freeze<Element = f32>>(&self, name: &str) {
        if !name.contains(self.part) {
            return;
        }
        match self.print {
            Print::Networks => measure::<N>(name),
            Print::Steps { squares } => {
                verify::<N>(name, squares);
                println!("{name}");
                steps::measure::<N>(squares).iter().for_each(|step| println!("    {step}"));
            }
            Print::Roofline => roofline::add(name, steps::measure::<N>(false)),
        }
    }
}

/// Holds the inference form against the network.
fn verify<N: Freeze<Element = f32>>(name: &str, squares: bool) {
    let (network, input) = random::<N>();
    let [mut expected, mut found]: [Box<N::Output>; 2] = std::array::from_fn(|_| Box::new(Zeroable::zeroed()));
    network.forward(&input, &mut N::workspace::<1>(), &mut expected);
    let mut arena = Frozen::<N>::workspace();
    if squares {
        network.freeze_with(FreezeOptions { winograd_error: BOUND }).forward(&input, &mut arena, &mut found);
    } else {
        network.freeze().forward(&input, &mut arena, &mut found);
    }
    let largest = expected.part(0).iter().fold(1.0f32, |largest, value| largest.max(value.abs()));
    for (found, expected) in found.part(0).iter().zip(expected.part(0)) {
        assert!((found - expected).abs() <= 1e-3 * largest, "{name}: {found}, not {expected}");
    }
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
    let mut shared = found.clone();
    let mut times = [[f64::INFINITY; 2]; 4];
    for _ in 0..2 {
        let now = [
            time(|| network.forward(black_box(&input), &mut workspace, black_box(&mut expected))),
            time(|| frozen.forward(black_box(&input), &mut arena, black_box(&mut found))),
            time(|| squares.forward(black_box(&input), &mut arena, black_box(&mut approximate))),
            time(|| frozen.forward_shared(black_box(&input), &mut arena, black_box(&mut shared))),
        ];
        for (old, new) in times.iter_mut().flatten().zip(now.into_iter().flatten()) {
            *old = old.min(new);
        }
    }
    let rate = 2.0 * N::MACS as f64 / times[1][0] / 1e9;
    let percent = 100.0 * rate / peak::peak();
    assert!((0..shared.parts_mut().len()).all(|part| shared.part(part) == found.part(part)), "{name}: other bits");
    let [[plain, _], [best, median], [squares, _], [shared, _]] = times.map(|times| times.map(|seconds| seconds * 1e6));
    let shared = if N::SPECIALIZED { format!("{shared:.3}") } else { String::new() };
    println!(
        "{name:16} {plain:>12.3} {best:>12.3} {median:>12.3} {rate:>9.1} {percent:>6.1} {squares:>12.3} {error:>9.1e} {shared:>10}"
    );
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with('-'));
    let (first, second) = (arguments.next().unwrap_or_default(), arguments.next().unwrap_or_default());
    let (part, print) = match (&*first, &*second) {
        ("roofline", _) => ("", Print::Roofline),
        (part, "roofline") => (part, Print::Roofline),
        (part, "steps" | "squares") => (part, Print::Steps { squares: second == "squares" }),
        (part, _) => (part, Print::Networks),
    };
    peak::choose_isa();
    println!("{:?}, peak {:.1} GFLOP/s; microseconds", nn::Isa::current(), peak::peak());
    if let Print::Steps { .. } = print {
        let [best, median, in_place, rate] = ["best", "median", "in place", "GFLOP/s"];
        println!("    {:44} {best:>10} {median:>10} {in_place:>10} {rate:>7} {:>6} {:>6}", "", "%", "clock%");
    }
    if let Print::Networks = print {
        println!(
            "{:16} {:>12} {:>12} {:>12} {:>9} {:>6} {:>12} {:>9} {:>10}",
            "network", "as it is", "frozen", "median", "GFLOP/s", "%", "in squares", "error", "shared"
        );
    }
    declared::all(&Filter { part, print });
    if let Print::Roofline = print {
        let path = roofline::draw().expect("target is writable");
        println!("{path}");
    }
}

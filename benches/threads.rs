//! What several threads gain in one inference: `cargo bench --bench threads [-- <threads> [<filter> [steps | squares]]]`, on as many cores, with nothing
//! else running: `taskset -c 0,1 cargo bench --bench threads`.
//!
//! First the peak of one loop of multiply-adds, and of as many at the same time as there are threads, added up: cores that share their units or their clock
//! do not double it. Then for each network, as it is and with its convolutions in squares, the time of one thread, of all, what share of the joint peak they
//! reach, and how much faster they are. Times are the best of many, turn by turn, by the clock on the wall. `steps` and `squares` time each step of the two
//! forms, in its place.

use std::hint::black_box;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use nn::prelude::*;
use nn::{Frozen, Sample, Threads, Workers, Zeroable};
use nn_core::frozen::{Memory, Numbers, Program, Step, Work};
use nn_core::kernels::Kernels;
use program::{BOUND, Packed, describe, random};

#[path = "networks/declared.rs"]
mod declared;
#[path = "../nn-core/benches/common/peak.rs"]
#[allow(dead_code)]
mod peak;
#[path = "networks/program.rs"]
mod program;

/// What is measured of networks without a filter.
const USUAL: [&str; 6] = ["resnet_18", "cyclegan_blocks", "stage", "small", "resnet_8", "mobilenet_025"];

/// What a network is measured for, as it is and in squares, each.
const BUDGET: Duration = Duration::from_millis(700);

mod stage {
    use nn::prelude::*;
    network! {
        pub struct Net: [64, 28, 28] -> [128, 28, 28] {
            Conv2d(64, 128, 3, padding = 1), ReLU, Conv2d(128, 128, 3, padding = 1), ReLU, Conv2d(128, 128, 3, padding = 1),
        }
    }
}

mod small {
    use nn::prelude::*;
    network! {
        pub struct Net: [3, 32, 32] -> [10] {
            Conv2d(3, 16, 3, padding = 1), ReLU, MaxPool2d(2), Conv2d(16, 32, 3, padding = 1), ReLU, MaxPool2d(2),
            Conv2d(32, 64, 3, padding = 1), ReLU, Flatten, Linear(4096, 10),
        }
    }
}

/// The GFLOP/s of so many loops at the same time.
fn joint_peak(count: usize) -> f64 {
    let barrier = Barrier::new(count);
    let one = || {
        barrier.wait();
        let (start, mut all) = (Instant::now(), Vec::new());
        while start.elapsed() < Duration::from_millis(100) {
            all.push(peak::peak());
        }
        // The median: on a busy machine the clock of a thread that was interrupted may run slow.
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..count).map(|_| scope.spawn(one)).collect();
        all.into_iter().map(|thread| thread.join().expect("a loop ends")).sum()
    })
}

/// Nanoseconds in which threads meet and part, without anything to do.
fn empty_round(count: usize) -> f64 {
    let mut threads = Threads::new(count);
    let mut best = f64::INFINITY;
    for _ in 0..50 {
        let start = Instant::now();
        (0..200).for_each(|_| {
            threads.run(count, &|part| {
                black_box(part);
            })
        });
        best = best.min(start.elapsed().as_secs_f64() / 200.0);
    }
    best * 1e9
}

/// What is printed of a network.
trait Row {
    fn of<N: Freeze<Element = f32>>(&self, name: &str);
}

/// The networks that are measured, and how.
struct Filter {
    threads: usize,
    part: Option<String>,
    /// Each step, of which form.
    steps: Option<bool>,
}

impl Row for Filter {
    fn of<N: Freeze<Element = f32>>(&self, name: &str) {
        let wanted = self.part.as_ref().map_or(USUAL.contains(&name), |part| name.contains(part));
        match self.steps {
            _ if !wanted => {}
            Some(squares) => steps::<N>(name, self.threads, squares),
            None => measure::<N>(name, self.threads),
        }
    }
}

/// The best seconds of a call.
fn best(times: usize, best: &mut f64, mut call: impl FnMut()) {
    for _ in 0..times {
        let start = Instant::now();
        call();
        *best = best.min(start.elapsed().as_secs_f64());
    }
}

fn measure<N: Freeze<Element = f32>>(name: &str, count: usize) {
    let (network, input) = random::<N>();
    let (frozen, mut workspace) = (network.freeze(), Frozen::<N>::workspace());
    let squares = network.freeze_with(FreezeOptions { winograd_error: BOUND });
    let mut outputs: [Box<N::Output>; 2] = std::array::from_fn(|_| Box::new(Zeroable::zeroed()));
    let [one, all] = &mut outputs;
    let mut threads = Threads::new(count);
    let mut times = [[f64::INFINITY; 2]; 2];
    for (squared, [alone, together]) in times.iter_mut().enumerate() {
        let (begin, mut rounds) = (Instant::now(), 0);
        while begin.elapsed() < BUDGET || rounds < 3 {
            best(4, alone, || match squared {
                0 => frozen.forward(black_box(&input), &mut workspace, black_box(one)),
                _ => squares.forward(black_box(&input), &mut workspace, black_box(one)),
            });
            best(4, together, || match squared {
                0 => frozen.forward_with(&mut threads, black_box(&input), &mut workspace, black_box(all)),
                _ => squares.forward_with(&mut threads, black_box(&input), &mut workspace, black_box(all)),
            });
            rounds += 1;
        }
        assert!(one.part(0) == all.part(0), "the same bits");
    }
    drop(threads);
    let percent = |seconds: f64, peak: f64| 100.0 * 2.0 * N::MACS as f64 / seconds / 1e9 / peak;
    let [[one, all], [one_squared, all_squared]] = times;
    println!(
        "{name:16} {:>10.1} {:>10.1} {:>8.1} % {:>8.1} % {:>8.2} {:>10.1} {:>10.1} {:>8.2}",
        one * 1e6,
        all * 1e6,
        percent(one, joint_peak(1)),
        percent(all, joint_peak(count)),
        one / all,
        one_squared * 1e6,
        all_squared * 1e6,
        one_squared / all_squared
    );
}

/// Each step in its place, by one thread and by all.
fn steps<N: Freeze<Element = f32>>(name: &str, count: usize, squares: bool) {
    let (network, input) = random::<N>();
    let isa = nn::Isa::current();
    let weights = Packed::new(&*network, isa, squares);
    let mut arena = Frozen::<N>::workspace();
    let mut output: Box<N::Output> = Box::new(Zeroable::zeroed());
    let parts: [&[f32]; 8] = std::array::from_fn(|part| input.part(part));
    let mut threads = Threads::new(count);
    let mut run = |steps: &[Step], together: bool| {
        let outputs = &mut output.parts_mut();
        let memory =
            Memory { packed: weights.numbers(), squares, arena: arena.as_mut_slice(), inputs: &parts, outputs };
        let program = Program::new(steps, N::LAYER_STEPS);
        f32::frozen_run_with(isa, program, memory, together.then_some(&mut threads as &mut dyn Workers));
    };
    let fused = |step: &&Step| !matches!(step.work, Work::Layer(_));
    let program: Vec<_> = N::PROGRAM.iter().filter(fused).collect();
    let mut times = vec![[f64::INFINITY; 2]; program.len()];
    let (begin, mut rounds) = (Instant::now(), 0);
    while begin.elapsed() < BUDGET || rounds < 3 {
        for together in [false, true] {
            for _ in 0..4 {
                for (step, times) in program.iter().zip(&mut times) {
                    best(1, &mut times[usize::from(together)], || run(std::slice::from_ref(step), together));
                }
            }
        }
        rounds += 1;
    }
    println!("{name}");
    for (step, [one, all]) in program.iter().zip(times) {
        println!("    {:44} {:>10.2} {:>10.2} {:>8.2}", describe(&step.work).0, one * 1e6, all * 1e6, one / all);
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with('-'));
    let threads = arguments.next().map_or(2, |count| count.parse().expect("a number of threads"));
    let part = arguments.next();
    let steps = arguments.next().map(|form| form == "squares");
    peak::choose_isa();
    let [one, all] = [1, threads].map(joint_peak);
    let (isa, empty) = (nn::Isa::current(), empty_round(threads));
    println!(
        "{isa:?}, peak of one loop {one:.1} GFLOP/s, of {threads} at the same time {all:.1}; a round of nothing {empty:.0} ns"
    );
    if steps.is_none() {
        println!(
            "{:16} {:>10} {:>10} {:>10} {:>10} {:>8} {:>10} {:>10} {:>8}",
            "network", "one, us", "all, us", "of peak", "of all's", "faster", "squares", "all, us", "faster"
        );
    }
    let filter = Filter { threads, part, steps };
    declared::all(&filter);
    filter.of::<stage::Net>("stage");
    filter.of::<small::Net>("small");
}

//! What several threads gain in one inference: `cargo bench --bench threads [-- <threads>]`, on as many cores, with nothing else running:
//! `taskset -c 0,1 cargo bench --bench threads`.
//!
//! First the peak of one loop of multiply-adds, and of as many at the same time as there are threads, added up: cores that share their units or their clock
//! do not double it. Then for each network the time of one thread, of all, what share of the joint peak they reach, and how much faster they are. Times
//! are the best of many, turn by turn, by the clock on the wall.

use std::hint::black_box;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use nn::prelude::*;
use nn::{Frozen, Rng, Sample, Threads, Zeroable};

#[path = "../nn-core/benches/common/peak.rs"]
mod peak;
#[allow(dead_code)]
#[path = "../examples/architectures/resnet.rs"]
mod resnet;

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

fn measure<N: Freeze<Element = f32>>(name: &str, count: usize) {
    let mut random = nn::seed(1);
    let network = N::init(&mut random);
    let mut input: Box<N::Input> = Box::new(Zeroable::zeroed());
    input.part_mut(0).iter_mut().for_each(|value| *value = random.next_u32() as f32 / u32::MAX as f32);
    let (frozen, mut workspace) = (network.freeze(), Frozen::<N>::workspace());
    let mut outputs: [Box<N::Output>; 2] = std::array::from_fn(|_| Box::new(Zeroable::zeroed()));
    let [one, all] = &mut outputs;
    let mut threads = Threads::new(count);
    let mut best = [f64::INFINITY; 2];
    let (begin, mut rounds) = (Instant::now(), 0);
    while begin.elapsed() < Duration::from_secs(2) || rounds < 3 {
        for _ in 0..4 {
            let start = Instant::now();
            frozen.forward(black_box(&input), &mut workspace, black_box(one));
            best[0] = best[0].min(start.elapsed().as_secs_f64());
        }
        for _ in 0..4 {
            let start = Instant::now();
            frozen.forward_with(&mut threads, black_box(&input), &mut workspace, black_box(all));
            best[1] = best[1].min(start.elapsed().as_secs_f64());
        }
        rounds += 1;
    }
    drop(threads);
    assert!(one.part(0) == all.part(0), "the same bits");
    let percent = |seconds: f64, peak: f64| 100.0 * 2.0 * N::MACS as f64 / seconds / 1e9 / peak;
    println!(
        "{name:12} {:>10.1} {:>10.1} {:>8.1} % {:>8.1} % {:>8.2}",
        best[0] * 1e6,
        best[1] * 1e6,
        percent(best[0], joint_peak(1)),
        percent(best[1], joint_peak(count)),
        best[0] / best[1]
    );
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with('-'));
    let count = arguments.next().map_or(2, |count| count.parse().expect("a number of threads"));
    peak::choose_isa();
    let [one, all] = [1, count].map(joint_peak);
    println!("{:?}, peak of one loop {one:.1} GFLOP/s, of {count} at the same time {all:.1}", nn::Isa::current());
    println!(
        "{:12} {:>10} {:>10} {:>10} {:>10} {:>8}",
        "network", "one, us", "all, us", "of peak", "of all's", "faster"
    );
    measure::<resnet::ResNet18>("resnet_18", count);
    measure::<stage::Net>("stage", count);
    measure::<small::Net>("small", count);
}

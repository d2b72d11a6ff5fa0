//! What unfriendly numbers, places and sizes cost: `taskset -c 1 cargo bench --bench robust`; docs/robust.md quotes it.
//!
//! Each line is a case beside its friendly twin: the best times of both, measured turn by turn, and their ratio.

use std::hint::black_box;
use std::mem::MaybeUninit;
use std::time::{Duration, Instant};

use nn::optim::{Adam, SGD};
use nn::prelude::*;
use nn::{Frozen, Zeroable, flush_subnormals};

#[path = "../nn-core/benches/common/peak.rs"]
#[allow(dead_code)]
mod peak;

mod mlp {
    use nn::prelude::*;
    network! { pub struct Net: [256] -> [64] (Linear(256, 256), ReLU, Linear(256, 64)); }
}
mod cnn {
    use nn::prelude::*;
    network! {
        pub struct Net: [8, 17, 17] -> [24, 17, 17] (Conv2d(8, 24, 3, padding = 1), ReLU, Conv2d(24, 24, 3, padding = 1));
    }
}
mod matrix {
    use nn::prelude::*;
    network! { pub struct Net: [64, 64] (Linear(64, 64, bias = false)); }
}
mod gru {
    use nn::prelude::*;
    network! {
        pub struct Net: ([1], [40]) -> [40] { gru: GRUCell(1, 40, bias = false) }
        forward(x, h) { gru(x, h) }
    }
}
mod lstm {
    use nn::prelude::*;
    network! {
        pub struct Net: ([1], [40], [40]) -> ([40], [40]) { lstm: LSTMCell(1, 40, bias = false) }
        forward(x, h, c) { let (h, c) = lstm(x, (h, c)); (h, c) }
    }
}
mod leak {
    use nn::prelude::*;
    network! {
        pub struct Net: ([1], [40]) -> [40] { rnn: RNNCell(1, 40, bias = false, nonlinearity = "relu") }
        forward(x, h) { rnn(x, h) }
    }
}

/// Nanoseconds of a call: the best of many.
fn once(call: &mut dyn FnMut()) -> f64 {
    let begin = peak::now();
    call();
    let calls = (20e-6 / (peak::now() - begin).max(20e-9)).clamp(1.0, 500.0) as usize;
    let begin = peak::now();
    for _ in 0..calls {
        call();
    }
    (peak::now() - begin) / calls as f64 * 1e9
}

fn compare(name: &str, friendly: &mut dyn FnMut(), unfriendly: &mut dyn FnMut()) {
    let (start, mut best) = (Instant::now(), [f64::INFINITY; 2]);
    while start.elapsed() < Duration::from_millis(250) {
        best[0] = best[0].min(once(friendly));
        best[1] = best[1].min(once(unfriendly));
    }
    println!("{name:46} {:>12.1} {:>12.1} {:>8.2}", best[0], best[1], best[1] / best[0]);
}

/// Something on a cache line, behind four bytes.
#[repr(C, align(64))]
struct Behind<const N: usize, T>([f32; N], T);

const SUBNORMAL: f32 = 1e-40;

fn subnormal_matrices() {
    let mut net = matrix::Net::init(&mut nn::seed(1));
    let (mut workspace, mut output) = (matrix::Net::workspace::<1>(), Tensor2([[0.0; 64]; 64]));
    let mut other = Tensor2([[0.0; 64]; 64]);
    let mut space = matrix::Net::workspace::<1>();
    let [normal, tiny] = [1.0, SUBNORMAL].map(|value| Tensor2([[value; 64]; 64]));
    let plain = &*net;
    compare(
        "64x64x64, inputs subnormal",
        &mut || plain.forward(black_box(&normal), &mut workspace, black_box(&mut output)),
        &mut || plain.forward(black_box(&tiny), &mut space, black_box(&mut other)),
    );
    let good = matrix::Net::init(&mut nn::seed(1));
    net.visit_parameters_mut(&mut |_, values| values.fill(SUBNORMAL));
    let bad = &*net;
    compare(
        "64x64x64, weights subnormal",
        &mut || good.forward(black_box(&normal), &mut workspace, black_box(&mut output)),
        &mut || bad.forward(black_box(&normal), &mut space, black_box(&mut other)),
    );
    let frozen = net.freeze();
    let (mut arena, friendly) = (Frozen::<matrix::Net>::workspace(), good.freeze());
    let mut second = Frozen::<matrix::Net>::workspace();
    compare(
        "  the same, frozen, which flushes them",
        &mut || friendly.forward(black_box(&normal), &mut arena, black_box(&mut output)),
        &mut || frozen.forward(black_box(&normal), &mut second, black_box(&mut other)),
    );
    net.flush_subnormals();
    compare(
        "  the same after flush_subnormals()",
        &mut || good.forward(black_box(&normal), &mut workspace, black_box(&mut output)),
        &mut || net.forward(black_box(&normal), &mut space, black_box(&mut other)),
    );
}

/// A stream whose input fell silent long ago, beside one that hears something; and the same, flushed every 64 samples.
macro_rules! stream {
    ($name:literal, $net:ty, $input:expr, $state:ident => $flush:expr, $step:expr) => {{
        let mut net = <$net>::init(&mut nn::seed(1));
        net.visit_parameters_mut(&mut |parameter, values| {
            // The leaky filter keeps nine tenths of each number.
            if parameter.name == "rnn.weight_hh" {
                values.iter_mut().enumerate().for_each(|(at, value)| *value = if at % 41 == 0 { 0.9 } else { 0.0 });
            }
        });
        let frozen = net.freeze();
        let mut arena = Frozen::<$net>::workspace();
        let mut run = |heard: f32, flush: bool| {
            let mut $state = $input;
            let (mut worst, mut total) = (0.0f64, 0.0);
            let blocks = 400;
            for block in 0..blocks {
                let begin = peak::now();
                for _ in 0..64 {
                    let x = if block < 2 { 0.5 } else { heard };
                    $state = $step(&frozen, &mut arena, x, $state);
                }
                if flush {
                    $flush;
                }
                let time = (peak::now() - begin) * 1e9 / 64.0;
                if block >= 4 {
                    (worst, total) = (worst.max(time), total + time);
                }
            }
            [total / f64::from(blocks - 4), worst]
        };
        let mut best = [[f64::INFINITY; 2]; 4];
        for _ in 0..7 {
            let cases = [(0.3, false), (0.0, false), (0.0, true), (1e-15, false)];
            for (best, (heard, flush)) in best.iter_mut().zip(cases) {
                let [mean, worst] = run(heard, flush);
                *best = [best[0].min(mean), best[1].min(worst)];
            }
        }
        let names = ["  silent", "  silent, states flushed every 64 samples", "  1e-15 in place of silence"];
        println!("{}, for each sample; and the slowest 64 samples", $name);
        for (name, [mean, worst]) in names.into_iter().zip(best.into_iter().skip(1)) {
            let heard = best[0][0];
            println!("{name:46} {heard:>12.1} {mean:>12.1} {:>8.2} {:>8.2}", mean / heard, worst / heard);
        }
    }};
}

fn streams() {
    stream!("GRU(1, 40) without bias", gru::Net, Tensor1([0.0; 40]), h => flush_subnormals(h.as_mut_slice()),
    |frozen: &Frozen<gru::Net>, arena: &mut <gru::Net as Freeze>::Arena, x, h| {
        let mut next = Tensor1([0.0; 40]);
        frozen.forward(&(Tensor1([x]), h), arena, &mut next);
        next
    });
    stream!("LSTM(1, 40) without bias", lstm::Net, (Tensor1([0.0; 40]), Tensor1([0.0; 40])),
    s => { flush_subnormals(s.0.as_mut_slice()); flush_subnormals(s.1.as_mut_slice()) },
    |frozen: &Frozen<lstm::Net>, arena: &mut <lstm::Net as Freeze>::Arena, x, s: (Tensor1<40>, Tensor1<40>)| {
        let mut next = s;
        frozen.forward(&(Tensor1([x]), s.0, s.1), arena, &mut next);
        next
    });
    stream!("leaky filter of 40 numbers", leak::Net, Tensor1([0.0; 40]), h => flush_subnormals(h.as_mut_slice()),
    |frozen: &Frozen<leak::Net>, arena: &mut <leak::Net as Freeze>::Arena, x, h| {
        let mut next = Tensor1([0.0; 40]);
        frozen.forward(&(Tensor1([x]), h), arena, &mut next);
        next
    });
}

/// A step of an optimiser whose gradients have been zero for long, beside one that has gradients.
fn optimisers() {
    fn run<O: Optimizer<mlp::Net>>(name: &str, make: impl Fn() -> Box<O>) {
        let mut nets = [1, 1].map(|seed| mlp::Net::init(&mut nn::seed(seed)));
        let mut optimisers = [make(), make()];
        let mut gradients = [mlp::Net::gradients(), mlp::Net::gradients()];
        gradients.iter_mut().for_each(|all| all.visit_parameters_mut(&mut |_, values| values.fill(1e-3)));
        let [busy, idle] = &mut optimisers;
        let [one, two] = &mut nets;
        idle.step(two, &gradients[1]);
        gradients[1].set_zero();
        (0..4000).for_each(|_| idle.step(two, &gradients[1]));
        compare(name, &mut || busy.step(one, &gradients[0]), &mut || idle.step(two, &gradients[1]));
    }
    run("SGD with momentum, 4000 steps after the last", || SGD::<mlp::Net, 1>::with_momentum(1e-6, 0.9));
    run("Adam, 4000 steps after the last gradient", || Adam::<mlp::Net>::boxed(1e-6));
}

/// A network, its input and its output four bytes behind a cache line, beside the same on one.
fn places<N: Freeze<Element = f32>>(name: &str) {
    let mut at = Box::new(Behind([], (MaybeUninit::<N>::uninit(), N::Input::zeroed(), N::Output::zeroed())));
    let mut off = Box::new(Behind([0.0], (MaybeUninit::<N>::uninit(), N::Input::zeroed(), N::Output::zeroed())));
    let (mut first, mut second) = (N::workspace::<1>(), N::workspace::<1>());
    let Behind(_, (memory, input, output)) = &mut *at;
    let network = N::init_in(memory, &mut nn::seed(1));
    let Behind(_, (memory, far, to)) = &mut *off;
    let other = N::init_in(memory, &mut nn::seed(1));
    assert!((&raw const *network as usize).is_multiple_of(64) && &raw const *other as usize % 64 == 4);
    compare(
        &format!("{name}, 4 bytes behind a cache line"),
        &mut || network.forward(black_box(input), &mut first, black_box(output)),
        &mut || other.forward(black_box(far), &mut second, black_box(to)),
    );
}

/// Seven samples at once, beside eight.
fn batches<N: Network<Element = f32>>(name: &str) {
    let network = N::init(&mut nn::seed(1));
    macro_rules! batch {
        ($size:literal) => {{
            let mut input: Box<[N::Input; 64]> = Box::new(core::array::from_fn(|_| Zeroable::zeroed()));
            let mut output: Box<[N::Output; 64]> = Box::new(core::array::from_fn(|_| Zeroable::zeroed()));
            let mut workspace = N::workspace::<$size>();
            let network = &network;
            move || {
                let input = black_box(&mut *input).first_chunk::<$size>().expect("there are 64");
                let output = output.first_chunk_mut::<$size>().expect("there are 64");
                network.forward_batch(input, &mut workspace, black_box(output));
            }
        }};
    }
    let (mut eight, mut seven, mut one, mut three) = (batch!(8), batch!(7), batch!(1), batch!(3));
    compare(&format!("{name}, batch of 7 beside 8"), &mut eight, &mut seven);
    compare(&format!("{name}, batch of 3 beside 1"), &mut one, &mut three);
}

fn main() {
    peak::choose_isa();
    println!("{:?}; nanoseconds", nn::Isa::current());
    println!("{:46} {:>12} {:>12} {:>8}", "", "friendly", "this", "ratio");
    subnormal_matrices();
    streams();
    optimisers();
    places::<mlp::Net>("MLP 256-256-64");
    places::<cnn::Net>("CNN 8-24-24 at 17x17");
    batches::<mlp::Net>("MLP 256-256-64");
    batches::<cnn::Net>("CNN 8-24-24 at 17x17");
}

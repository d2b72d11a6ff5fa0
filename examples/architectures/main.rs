//! What well-known networks cost: `cargo run --release --example architectures`, or with a name, `-- ResNet18`, its layers.
//!
//! A second word shows the network in another way: `-- ResNet18 text` as PyTorch prints it, `-- ResNet18 dot` its graph for Graphviz, and
//! `-- ResNet18 svg > resnet.svg` a picture of it.

#[path = "mod.rs"]
mod networks;

use std::time::{Duration, Instant};

use nn::Zeroable;
use nn::prelude::*;

use networks::{CycleGan, DenseNet, Gpt, MobileNet, ResNet18, SqueezeNet, Tcn, UNet};

/// The fastest of several runs of one sample.
fn time<M: Network>() -> Duration {
    let (net, input) = (M::init(&mut nn::seed(1)), M::Input::zeroed());
    let (mut workspace, mut output) = (M::workspace::<1>(), M::Output::zeroed());
    let run = |()| {
        let start = Instant::now();
        net.forward(&input, &mut workspace, &mut output);
        start.elapsed()
    };
    std::iter::repeat_n((), 10).map(run).min().unwrap_or_default()
}

fn row<M: Network>(chosen: Option<&str>) {
    if chosen == Some(M::NAME) {
        match std::env::args().nth(2).as_deref() {
            Some("text") => println!("{}", M::repr()),
            Some("dot") => println!("{}", M::dot()),
            Some("svg") => print!("{}", M::svg()),
            _ => println!("{}", M::summary()),
        }
        return;
    }
    if chosen.is_some() {
        return;
    }
    let (parameters, macs, bytes) = (M::PARAMETERS, M::MACS as f64 / 1e6, M::INFERENCE_BYTES / 1024);
    let took = time::<M>();
    let rate = 2.0 * M::MACS as f64 / took.as_secs_f64() / 1e9;
    println!(
        "{:12} {parameters:>12} {macs:>10.1} {bytes:>9} KB {:>9.3} ms {rate:>8.1}",
        M::NAME,
        took.as_secs_f64() * 1e3
    );
}

fn main() {
    let name = std::env::args().nth(1);
    let chosen = name.as_deref();
    if chosen.is_none() {
        println!(
            "{:12} {:>12} {:>10} {:>12} {:>12} {:>8}",
            "network", "parameters", "M macs", "workspace", "one sample", "GFLOP/s"
        );
    }
    row::<ResNet18>(chosen);
    row::<MobileNet>(chosen);
    row::<UNet>(chosen);
    row::<DenseNet>(chosen);
    row::<SqueezeNet>(chosen);
    row::<CycleGan>(chosen);
    row::<Tcn>(chosen);
    row::<Gpt>(chosen);
}

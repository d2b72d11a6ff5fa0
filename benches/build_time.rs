//! What a network costs its user's builds: `cargo check`, a debug build and a release build of a crate that depends on `nn`, beyond the
//! dependencies. `cargo bench --bench build_time [-- <filter>]`
//!
//! Each network is a crate of its own in `target/build_time`; the dependencies are built first and not counted. The source changes before each
//! measurement, so that nothing is left over from the last; incremental compilation is off. Printed is the median of three, and, on Linux, how
//! long processors were busy for it: that hardly depends on what else the machine does.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const RUNS: usize = 3;

fn lenet() -> String {
    "network! { pub struct Net: [1, 28, 28] -> [10] {
        conv1: Conv2d(1, 6, 5, padding = 2), ReLU, MaxPool2d(2),
        conv2: Conv2d(6, 16, 5), ReLU, MaxPool2d(2), Flatten,
        fc1: Linear(400, 120), ReLU, fc2: Linear(120, 84), ReLU, fc3: Linear(84, 10),
    } }"
    .into()
}

/// A chain of convolution, normalisation and activation, with a skip connection around every other three; every layer has
/// a size of its own, so that nothing is compiled once for all.
fn deep(layers: usize) -> String {
    let blocks = layers / 3;
    let width = |block: usize| 4 + block % 7;
    let (mut declared, mut flow) = (String::new(), String::new());
    for block in 0..blocks {
        let (from, to) = (width(block), width(block + 1));
        writeln!(
            declared,
            "conv{block}: Conv2d({from}, {to}, 3, padding = 1), bn{block}: BatchNorm2d({to}), relu{block}: ReLU,"
        )
        .unwrap();
        writeln!(flow, "let h = relu{block}(bn{block}(conv{block}(x)));").unwrap();
        let skip = if from == to { "h + x" } else { "h" };
        writeln!(flow, "let x = {skip};").unwrap();
    }
    let last = width(blocks);
    format!("network! {{ pub struct Net: [4, 16, 16] -> [{last}, 16, 16] {{ {declared} }} forward(x) {{ {flow} x }} }}")
}

/// A network of the examples, as it stands there.
fn example(text: &str, name: &str) -> String {
    format!("mod network {{\n{text}\n}}\nuse network::{name} as Net;")
}

const MAIN: &str = "
fn main() {
    let mut net = Net::init(&mut nn::seed(1));
    let input = Box::new([Tensor3::default(); 4]);
    let mut tape = Net::tape::<4>();
    let mut gradients = Net::gradients();
    let output = Box::new(*net.forward_train(&input, &mut tape));
    net.backward_parameters(&mut tape, &output, &mut gradients);
    println!(\"{:?}\", net.predict(&input[0]).as_slice().len());
}
";

fn project(name: &str, network: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project = root.join("target/build_time").join(name);
    fs::create_dir_all(project.join("src")).expect("target is writable");
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\nnn = {{ path = {root:?} }}\n\n\
         [profile.dev]\nincremental = false\n\n[profile.dev.package.nn-core]\nopt-level = 3\n\n[workspace]\n"
    );
    fs::write(project.join("Cargo.toml"), manifest).expect("target is writable");
    source(&project, network, 0);
    project
}

fn source(project: &Path, network: &str, run: usize) {
    let text = format!("use nn::prelude::*;\n{network}\n{MAIN}\n// {run}\npub const RUN: usize = {run};\n");
    fs::write(project.join("src/main.rs"), text).expect("target is writable");
}

/// Time by the clock, and of processors: what finished children used so far, in hundredths of a second, is in two fields of Linux's table.
fn processors() -> Option<Duration> {
    let table = fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = table.rsplit(')').next()?.split_whitespace().skip(13);
    let mut field = || fields.next()?.parse::<u64>().ok();
    Some(Duration::from_millis(10 * (field()? + field()?)))
}

fn cargo(project: &Path, arguments: &[&str]) -> (Duration, Duration) {
    let (begin, busy) = (Instant::now(), processors());
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/build_time/target");
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(project)
        .env("CARGO_TARGET_DIR", target)
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (begin.elapsed(), processors().zip(busy).map_or(Duration::ZERO, |(after, before)| after - before))
}

fn main() {
    let networks = [
        ("lenet", lenet()),
        ("layers_50", deep(50)),
        ("layers_150", deep(150)),
        ("resnet_18", example(include_str!("../examples/architectures/resnet.rs"), "ResNet18")),
        ("cyclegan", example(include_str!("../examples/architectures/cyclegan.rs"), "CycleGan")),
    ];
    let filter =
        std::env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default().to_lowercase();
    println!("seconds beyond the dependencies, and of processors, median of {RUNS}");
    println!("{:12} {:>16} {:>16} {:>16}", "network", "check", "debug", "release");
    for (name, network) in networks.into_iter().filter(|(name, _)| name.contains(&filter)) {
        let project = project(name, &network);
        let times = [&["check"][..], &["build"], &["build", "--release"]].map(|arguments| {
            cargo(&project, arguments);
            let measure = |run| {
                source(&project, &network, run);
                cargo(&project, arguments)
            };
            let (mut clock, mut busy): (Vec<_>, Vec<_>) = (1..=RUNS).map(measure).unzip();
            clock.sort();
            busy.sort();
            format!("{:.2} ({:.2})", clock[RUNS / 2].as_secs_f64(), busy[RUNS / 2].as_secs_f64())
        });
        println!("{name:12} {:>16} {:>16} {:>16}", times[0], times[1], times[2]);
    }
}

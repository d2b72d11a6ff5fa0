//! What a network costs its user's builds: `cargo check`, a debug build and a release build of a crate that depends on `nn`, beyond the
//! dependencies; and what comes of it: how large the program is, and how much slower a debug build runs. `cargo bench --bench build_time [-- <filter>]`
//!
//! Each network is a crate of its own in `target/build_time`; the dependencies are built first and not counted. The source changes before each
//! measurement, so that nothing is left over from the last; incremental compilation is off. Printed is the median of three, and, on Linux, how
//! long processors were busy for it: that hardly depends on what else the machine does. `KiB` is the release program's code and constants beyond
//! those of a program that does nothing (both forms of the network, training and loading are in it); `step` is the best time of a training
//! step with a batch of four in the release build, `debug` that of the debug build as a multiple of it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const RUNS: usize = 3;

/// A network of the benchmark of networks, as it stands there: what is in the braces behind its name.
fn declared(name: &str) -> String {
    let text = include_str!("networks/declared.rs");
    let from = text.find(&format!("\n    {name} {{")).unwrap_or_else(|| panic!("{name} is not declared"));
    let body = &text[from..][text[from..].find('{').expect("it was found") + 1..];
    let mut depth = 1;
    let end = body.find(|symbol| {
        depth += i32::from(symbol == '{') - i32::from(symbol == '}');
        depth == 0
    });
    format!("network! {{ {} }}", &body[..end.expect("every brace is closed")])
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

/// Trains, predicts, freezes and saves, so that all of it is in the program; prints the best time of a training step in microseconds.
const MAIN: &str = r#"
fn main() {
    // A debug build moves values by way of the stack, and a batch of large pictures is larger than that.
    std::thread::Builder::new().stack_size(1 << 28).spawn(measure).unwrap().join().unwrap();
}

fn measure() {
    use nn::{Freeze, Zeroable};
    let mut net = Net::init(&mut nn::seed(1));
    let input: Box<[<Net as Network>::Input; 4]> = Box::new(Zeroable::zeroed());
    let (mut tape, mut gradients) = (Net::tape::<4>(), Net::gradients());
    let (begin, mut best) = (std::time::Instant::now(), f64::INFINITY);
    while begin.elapsed().as_millis() < 300 {
        let step = std::time::Instant::now();
        let output = Box::new(*net.forward_train(&input, &mut tape));
        net.backward_parameters(&mut tape, &output, &mut gradients);
        best = best.min(step.elapsed().as_secs_f64());
    }
    if std::env::args().len() > 1 {
        net.save_safetensors("net.safetensors").unwrap();
        std::hint::black_box(net.freeze().predict(&input[0]));
    }
    std::hint::black_box(net.predict(&input[0]));
    println!("{}", best * 1e6);
}
"#;

fn project(name: &str, network: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project = root.join("target/build_time").join(name);
    fs::create_dir_all(project.join("src")).expect("target is writable");
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\nnn = {{ path = {root:?} }}\n\n\
         [profile.dev]\nincremental = false\n\n[profile.dev.package.nn-core]\nopt-level = 3\ndebug-assertions = false\n\
         overflow-checks = false\n\n[workspace]\n"
    );
    fs::write(project.join("Cargo.toml"), manifest).expect("target is writable");
    source(&project, network, 0);
    project
}

fn source(project: &Path, network: &str, run: usize) {
    let main = if network.is_empty() { "fn main() {}" } else { MAIN };
    let text = format!(
        "#[allow(unused_imports)]\nuse nn::prelude::*;\n{network}\n{main}\n// {run}\npub const RUN: usize = {run};\n"
    );
    fs::write(project.join("src/main.rs"), text).expect("target is writable");
}

/// Time by the clock, and of processors: what finished children used so far, in hundredths of a second, is in two fields of Linux's table.
fn processors() -> Option<Duration> {
    let table = fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = table.rsplit(')').next()?.split_whitespace().skip(13);
    let mut field = || fields.next()?.parse::<u64>().ok();
    Some(Duration::from_millis(10 * (field()? + field()?)))
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/build_time/target")
}

fn cargo(project: &Path, arguments: &[&str]) -> (Duration, Duration) {
    let (begin, busy) = (Instant::now(), processors());
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(project)
        .env("CARGO_TARGET_DIR", target())
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (begin.elapsed(), processors().zip(busy).map_or(Duration::ZERO, |(after, before)| after - before))
}

/// What a program prints, or what binutils' `size` says of it.
fn said(program: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Bytes of code and constants.
fn size(program: &Path) -> Option<f64> {
    let table = said(Path::new("size"), &[program.to_str()?])?;
    table.lines().nth(1)?.split_whitespace().next()?.parse().ok()
}

/// Seconds of builds, of the clock and of processors, the median of several.
fn build(project: &Path, network: &str, arguments: &[&str]) -> [f64; 2] {
    cargo(project, arguments);
    let measure = |run| {
        source(project, network, run);
        cargo(project, arguments)
    };
    let (mut clock, mut busy): (Vec<_>, Vec<_>) = (1..=RUNS).map(measure).unzip();
    clock.sort();
    busy.sort();
    [clock[RUNS / 2].as_secs_f64(), busy[RUNS / 2].as_secs_f64()]
}

fn main() {
    let own = ["mlp_64_32_10", "mlp_784", "autoencoder", "digits", "lenet", "ds_cnn", "mobilenet_025", "resnet_8"];
    let mut networks: Vec<_> = own.map(|name| (name, declared(name))).into();
    networks.extend([
        ("lstm_stream", declared("lstm_stream")),
        ("resnet_18", example(include_str!("../examples/architectures/resnet.rs"), "ResNet18")),
        ("cyclegan", example(include_str!("../examples/architectures/cyclegan.rs"), "CycleGan")),
        ("layers_50", deep(50)),
        ("layers_150", deep(150)),
    ]);
    let filter =
        std::env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default().to_lowercase();
    let nothing = project("nothing", "");
    cargo(&nothing, &["build", "--release"]);
    let least = size(&target().join("release/nothing"));
    println!("seconds beyond the dependencies, and of processors, median of {RUNS}");
    let [check, debug, release] = ["check", "debug", "release"];
    println!("{:13} {check:>13} {debug:>13} {release:>13} {:>7} {:>11} {debug:>7}", "network", "KiB", "step, us");
    for (name, network) in networks.into_iter().filter(|(name, _)| name.contains(&filter)) {
        let project = project(name, &network);
        let times = [&["check"][..], &["build"], &["build", "--release"]].map(|arguments| {
            let [clock, busy] = build(&project, &network, arguments);
            format!("{clock:.2} ({busy:.2})")
        });
        let step = |profile: &str| said(&target().join(profile).join(name), &[])?.trim().parse::<f64>().ok();
        let (slow, fast) = (step("debug").unwrap_or(f64::NAN), step("release").unwrap_or(f64::NAN));
        let bytes = size(&target().join("release").join(name)).zip(least).map_or(f64::NAN, |(all, least)| all - least);
        println!(
            "{name:13} {:>13} {:>13} {:>13} {:>7.0} {fast:>11.2} {:>6.2}x",
            times[0],
            times[1],
            times[2],
            bytes / 1024.0,
            slow / fast
        );
    }
}

//! Every mistake is one error, at the user's own argument.
//!
//! Each file `tests/ui/<theme>/<mistake>.rs` declares one network with one mistake; the `.stderr` beside it is all that
//! `cargo check` says about it. The lines that begin with `//@` say how the mistake is mended, so that each file is also its own
//! nearest valid twin. `tests/ui/README.md` has the details.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use nn::Network;

nn::network! {
    /// The network of `tests/ui/frozen`.
    struct Mlp: [2] -> [1] { fc1: Linear(2, 3), ReLU, fc2: Linear(3, 1) }
}

/// One file.
struct Case {
    /// `tests/ui/conv/channels.rs`
    path: PathBuf,
    text: String,
    /// `//@ mend: ` and `//@ to: `: what is replaced in the twin, and by what.
    mends: Vec<(String, String)>,
    /// `//@ errors: 2`: how many errors there are, 1 if nothing is said.
    errors: usize,
    /// `//@ torch: 001 070`: the rows of `violations.md` that the mistake belongs to.
    torch: Vec<String>,
    /// `//@ build`: the mistake shows only when code is generated.
    build: bool,
}

impl Case {
    fn read(path: PathBuf) -> Case {
        let text = fs::read_to_string(&path).unwrap();
        let mut case =
            Case { path, mends: Vec::new(), errors: 1, torch: Vec::new(), build: false, text: String::new() };
        let mut mend = None;
        for line in text.lines().filter_map(|line| line.strip_prefix("//@ ")) {
            let (key, value) = line.split_once(": ").unwrap_or((line.trim_end_matches(':'), ""));
            match key {
                "mend" => mend = Some(value.to_string()),
                "to" => case.mends.push((mend.take().expect("`mend` comes before `to`"), value.to_string())),
                "errors" => case.errors = value.parse().unwrap(),
                "torch" => case.torch = value.split_whitespace().map(String::from).collect(),
                "build" => case.build = true,
                _ => panic!("{}: unknown line `//@ {line}`", case.path.display()),
            }
        }
        assert!(!case.mends.is_empty(), "{}: how is it mended?", case.path.display());
        case.text = text;
        case
    }

    /// The file with its mistake mended.
    fn twin(&self) -> String {
        let (head, mut body): (String, String) = {
            let lines = || self.text.lines().map(|line| format!("{line}\n"));
            (
                lines().filter(|line| line.starts_with("//@")).collect(),
                lines().filter(|line| !line.starts_with("//@")).collect(),
            )
        };
        assert!(!head.is_empty());
        for (from, to) in &self.mends {
            assert_eq!(
                body.matches(from.as_str()).count(),
                1,
                "{}: `{from}` stands once in the file",
                self.path.display()
            );
            body = body.replace(from.as_str(), to);
        }
        body
    }

    /// `conv_channels`
    fn name(&self) -> String {
        let theme = self.path.parent().unwrap().file_name().unwrap().to_str().unwrap();
        format!("{theme}_{}", self.path.file_stem().unwrap().to_str().unwrap())
    }

    /// What is reported, as it is on record.
    fn record(&self) -> String {
        let path = self.path.with_extension("stderr");
        fs::read_to_string(&path).unwrap_or_else(|_| panic!("{} is missing", path.display()))
    }
}

/// All cases, sorted by path.
fn cases() -> Vec<Case> {
    let mut paths = Vec::new();
    for theme in fs::read_dir("tests/ui").unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        paths.extend(fs::read_dir(theme).unwrap().map(|entry| entry.unwrap().path()));
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    paths.sort();
    paths.into_iter().map(Case::read).collect()
}

/// Whether the suite is recording.
fn overwrites() -> bool {
    std::env::var("TRYBUILD").is_ok_and(|mode| mode == "overwrite")
}

/// What `cargo check` reports.
#[test]
fn mistakes_are_errors_under_check() {
    let tests = trybuild::TestCases::new();
    for case in cases().iter().filter(|case| !case.build) {
        tests.compile_fail(&case.path);
    }
}

/// What needs code to be generated; and the twins, which must compile.
#[test]
fn mended_mistakes_compile() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("twins");
    fs::create_dir_all(&folder).unwrap();
    let mut root = String::from("#![allow(dead_code, unused)]\n\nfn main() {}\n");
    let cases = cases();
    for case in &cases {
        let file = folder.join(case.name()).with_extension("rs");
        fs::write(&file, case.twin()).unwrap();
        write!(root, "\n#[path = {:?}]\nmod {};\n", file, case.name()).unwrap();
    }
    // What `include_weights!` looks for beside the source file.
    for weights in fs::read_dir("tests/ui/weights").unwrap().map(|entry| entry.unwrap().path()) {
        if weights.extension().is_some_and(|extension| extension == "safetensors") {
            fs::copy(&weights, folder.join(weights.file_name().unwrap())).unwrap();
        }
    }
    // What `include_frozen!` looks for: as frozen by this version.
    fs::write(folder.join("mlp.frozen"), Mlp::init(&mut nn::seed(1)).freeze().to_bytes()).unwrap();
    fs::write(folder.join("main.rs"), root).unwrap();

    let tests = trybuild::TestCases::new();
    tests.pass(folder.join("main.rs"));
    for case in cases.iter().filter(|case| case.build) {
        tests.compile_fail(&case.path);
    }
}

/// One mistake is one error, in the user's file, and not in a macro that "originates" it.
#[test]
fn each_mistake_is_reported_once() {
    if overwrites() {
        return;
    }
    let mut wrong = String::new();
    for case in cases() {
        let record = case.record();
        let errors = record.lines().filter(|line| line.starts_with("error")).count();
        let path = case.path.display();
        if errors != case.errors {
            writeln!(wrong, "{path}: {errors} errors instead of {}", case.errors).unwrap();
        }
        if let Some(warning) = record.lines().find(|line| line.starts_with("warning")) {
            writeln!(wrong, "{path}: {warning}").unwrap();
        }
        // rustc's notes may lead to a function that was called; the error itself is the user's.
        let mut error = false;
        for line in record.lines() {
            error |= line.starts_with("error");
            let Some(place) = line.trim_start().strip_prefix("--> ") else { continue };
            if error && !place.starts_with(path.to_string().as_str()) {
                writeln!(wrong, "{path}: an error at {place}").unwrap();
            }
            error = false;
        }
        if record.contains("in the macro `network`") {
            writeln!(wrong, "{path}: the macro is blamed").unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Each mistake that PyTorch finds while a network runs has a case, and each case a twin: [`Case::read`] asks how it is mended.
#[test]
fn what_pytorch_refuses_has_a_case() {
    let list = fs::read_to_string("tests/ui/violations.md").unwrap();
    let known: BTreeMap<&str, &str> = list
        .lines()
        .filter_map(|line| line.strip_prefix("| "))
        .filter_map(|line| line.split_once(" | "))
        .filter(|(id, _)| id.starts_with(|c: char| c.is_ascii_digit()))
        .collect();
    let covered: BTreeSet<String> = cases().into_iter().flat_map(|case| case.torch).collect();
    for id in &covered {
        assert!(known.contains_key(id.as_str()), "`//@ torch: {id}` is not in violations.md");
    }
    // What is no mistake has a reason in the place of a case.
    let excused = |rest: &str| rest.split_once("(no mistake here: ").is_some_and(|(_, why)| why.len() > 10);
    let open: Vec<_> = known.iter().filter(|(id, rest)| covered.contains(**id) == excused(rest)).collect();
    assert!(open.is_empty(), "neither case nor reason, or both: {open:#?}");
    // The rows are numbered, so that none can be left out unseen.
    let numbers: BTreeSet<usize> = known.keys().map(|id| id.trim_end_matches('a').parse().unwrap()).collect();
    let gaps: Vec<_> = (1..=numbers.last().copied().unwrap_or(0)).filter(|number| !numbers.contains(number)).collect();
    assert!(gaps.is_empty(), "violations.md has no rows {gaps:?}");
}

//! That what torch.nn has, `nn` has, and that every part of it is recorded, differentiated and documented.
//!
//! The tables of layers, functions, losses, optimisers, schedules and initialisations are compared with the recorded cases of PyTorch,
//! with the documentation, and with the list of all names of torch.nn (`torch.txt`); `docs/reference.md` and the table of names in
//! `docs/from-pytorch.md` are what the same tables say. `UPDATE=1 cargo test --test coverage` writes both pages again.

use std::fmt::Write;
use std::fs;

use nn::__private::shape::catalogue::{self, Entry, Outputs};
use nn_core::listing::{INITS, LOSSES, Listed, OPTIMIZERS, SCHEDULES, UTILITIES};

mod from_pytorch;
mod recorded;
mod reference;
mod torch;

use recorded::{Recorded, cases};

/// Operations that are written as operators, as the recorded cases write them.
const OPERATORS: &[(&str, &str)] = &[
    ("add_scalar", "x + 0.5"),
    ("sub_scalar", "x - 0.5"),
    ("rsub_scalar", "0.5 - x"),
    ("mul_scalar", "x * 0.5"),
    ("div_scalar", "x / 0.5"),
    ("rdiv_scalar", "0.5 / x"),
    ("neg", "-x"),
    ("add", "a + b"),
    ("sub", "a - b"),
    ("mul", "a * b"),
    ("div", "a / b"),
    ("gt", "a > b"),
    ("gt_scalar", "x > 0.5"),
    ("ge", "a >= b"),
    ("ge_scalar", "x >= 0.5"),
    ("lt", "a < b"),
    ("lt_scalar", "x < 0.5"),
    ("le", "a <= b"),
    ("le_scalar", "x <= 0.5"),
    ("eq", "a == b"),
    ("eq_scalar", "x == 0.5"),
    ("ne", "a != b"),
    ("ne_scalar", "x != 0.5"),
];

/// The operator that an entry is written as, if it is one.
fn operator(entry: &Entry) -> Option<&'static str> {
    OPERATORS.iter().find(|(name, _)| Some(*name) == entry.function).map(|(_, text)| *text)
}

/// Whether a case uses an entry, under each of its names.
fn uses(case: &Recorded, entry: &Entry) -> bool {
    case.kind.ends_with("case")
        && case.text.contains("network!")
        && (entry.is_layer && case.uses(entry.name)
            || entry.function.is_some_and(|function| case.calls(function))
            || operator(entry).is_some_and(|operator| case.text.contains(operator)))
}

/// Whether an entry gives numbers: indices have no gradient.
fn gives_numbers(entry: &Entry) -> bool {
    !matches!(entry.outputs, Outputs::Exactly(count) if entry.index_outputs.len() == count)
}

/// Fails with all that is missing.
fn assert_nothing(missing: &str) {
    assert!(missing.is_empty(), "\n{missing}");
}

#[test]
fn every_layer_and_function_is_recorded_with_its_gradient() {
    let (cases, mut missing) = (cases(), String::new());
    for entry in catalogue::entries() {
        let spelled = if entry.is_layer { entry.name } else { entry.function.unwrap_or(entry.name) };
        if !cases.iter().any(|case| uses(case, entry)) {
            writeln!(missing, "{spelled}: no case of PyTorch is recorded").unwrap();
        } else if gives_numbers(entry) && !cases.iter().any(|case| uses(case, entry) && case.gradient) {
            writeln!(missing, "{spelled}: no gradient is recorded").unwrap();
        }
        // A layer's name as a function is the same operation, but its own way through the macro.
        let function = entry.function.filter(|_| operator(entry).is_none());
        if let Some(function) = function.filter(|function| !cases.iter().any(|case| case.calls(function))) {
            writeln!(missing, "{function}(x): no case of PyTorch is recorded").unwrap();
        }
    }
    for block in torch::blocks() {
        if !cases.iter().any(|case| case.uses(&block.name) && case.gradient) {
            writeln!(missing, "{}: no gradient is recorded", block.name).unwrap();
        }
    }
    assert_nothing(&missing);
}

#[test]
fn every_loss_optimiser_schedule_and_initialisation_is_recorded() {
    let (cases, mut missing) = (cases(), String::new());
    let lists: [(&[Listed], &[&str], bool); 5] = [
        (LOSSES, &["loss_case", "inputs_case"], true),
        (OPTIMIZERS, &["optim_case"], true),
        (SCHEDULES, &["schedule_case"], false),
        (INITS, &["init_case"], false),
        (UTILITIES, &["optim_case", "gain_case"], false),
    ];
    for (list, kinds, gradient) in lists {
        for listed in list.iter().filter(|listed| !listed.name.contains("vector")) {
            let recorded = |case: &&Recorded| kinds.contains(&case.kind.as_str()) && case.uses(listed.name);
            if !cases.iter().filter(recorded).any(|case| case.gradient || !gradient) {
                writeln!(missing, "{}: nothing is recorded", listed.name).unwrap();
            }
        }
    }
    assert_nothing(&missing);
}

/// The lists are what the modules export.
#[test]
fn nothing_is_left_off_the_lists() {
    let exported = |file: &str| -> Vec<String> {
        let text = fs::read_to_string(file).unwrap();
        let lines: String = text.lines().skip_while(|line| !line.starts_with("pub use")).collect::<Vec<_>>().join(" ");
        let uses = lines.split("pub use ").skip(1).map(|rest| rest.split(';').next().unwrap());
        uses.flat_map(|rest| recorded::words(rest).map(String::from).collect::<Vec<_>>()).collect()
    };
    let mut missing = String::new();
    // What is behind a layer that computes its loss itself is no loss of torch.nn's.
    let losses = exported("nn-core/src/loss/mod.rs").into_iter();
    let losses = losses.filter(|name| name.ends_with("Loss") && name != "LogProbabilityLoss");
    let names = torch::names();
    let is_torchs = |name: &String| names.iter().any(|torch| torch.module.starts_with("optim") && torch.name == *name);
    let optimisers = exported("nn-core/src/optim/mod.rs").into_iter().filter(is_torchs);
    let lists = [LOSSES, OPTIMIZERS, SCHEDULES].concat();
    for name in losses.chain(optimisers) {
        if !lists.iter().any(|listed| listed.name == name) {
            writeln!(missing, "{name} is not in nn-core/src/listing.rs").unwrap();
        }
    }
    let init = fs::read_to_string("nn-core/src/init.rs").unwrap();
    for function in init.lines().filter_map(|line| line.strip_prefix("pub const fn ")?.split_once("() -> Init {")) {
        if !INITS.iter().any(|listed| listed.name == function.0) {
            writeln!(missing, "{} is not in nn-core/src/listing.rs", function.0).unwrap();
        }
    }
    assert_nothing(&missing);
}

/// One line, the shapes and, from the recorded cases, an example that runs.
#[test]
fn every_entry_is_documented() {
    let (cases, mut missing) = (cases(), String::new());
    for entry in catalogue::entries() {
        let name = entry.function.unwrap_or(entry.name);
        for (what, text) in [("doc", entry.doc), ("shape", entry.shape)] {
            if text.is_empty() {
                writeln!(missing, "{name} has no `{what}` in the catalogue").unwrap();
            }
        }
        for parameter in entry.parameters.iter().chain(entry.call).filter(|parameter| parameter.doc.is_empty()) {
            writeln!(missing, "{name} does not say what `{}` is", parameter.name).unwrap();
        }
        if reference::example(&cases, entry).is_none() && operator(entry).is_none() {
            writeln!(missing, "{name} has no example").unwrap();
        }
    }
    assert_nothing(&missing);
}

/// Every name of torch.nn is here, or it is said what stands for it, or why nothing does.
#[test]
fn every_name_of_pytorch_is_covered_or_explained() {
    let (explained, names, mut missing) = (torch::explained(), torch::names(), String::new());
    for name in &names {
        let path = name.path();
        let rows: Vec<_> = explained.iter().filter(|row| row.covers(&path)).collect();
        match (torch::is_here(name), rows.len()) {
            (true, 0) | (false, 1) => {}
            (true, _) => writeln!(missing, "{path} is here: take it out of explained.md").unwrap(),
            (false, 0) => writeln!(missing, "{path} is neither here nor in explained.md").unwrap(),
            (false, _) => writeln!(missing, "{path} is explained twice").unwrap(),
        }
    }
    for row in &explained {
        for name in &row.names {
            let one = torch::Explained { names: vec![name.clone()], here: String::new(), why: String::new() };
            if !names.iter().any(|torch| one.covers(&torch.path())) {
                writeln!(missing, "PyTorch has no {name}").unwrap();
            }
        }
    }
    assert_nothing(&missing);
}

/// Parameters that are another matter here: where a tensor lives and what it holds is the network's.
/// `_random_samples` would be a value among the arguments of a layer.
const FOREIGN: &[&str] = &["device", "dtype", "_random_samples"];

/// Layers have PyTorch's parameters, in its order and with its defaults; functions have some of PyTorch's.
#[test]
fn signatures_are_pytorchs() {
    let (names, mut wrong) = (torch::names(), String::new());
    // Where PyTorch's Parameter and Buffer are given a tensor, sizes stand here.
    for entry in catalogue::entries().filter(|entry| entry.operation != "Held") {
        let path = match entry.function {
            _ if entry.is_layer => format!("nn.{}", entry.name),
            Some(function) => format!("nn.functional.{function}"),
            None => continue,
        };
        let Some(torch) = names.iter().find(|name| name.path() == path).filter(|name| !name.parameters.is_empty())
        else {
            continue;
        };
        let mut theirs = torch.parameters.iter().filter(|(name, _)| !FOREIGN.contains(&name.as_str()));
        if !entry.is_layer {
            for own in entry.parameters {
                match theirs.find(|(name, _)| name == own.name) {
                    Some((_, default)) => compare(&mut wrong, &path, own, default.as_deref()),
                    None => writeln!(wrong, "{path} has no `{}` there", own.name).unwrap(),
                }
            }
            continue;
        }
        let mut ours = entry.parameters.iter();
        loop {
            match (ours.next(), theirs.next()) {
                (None, None) => break,
                (Some(own), Some((name, default))) if own.name == name => {
                    compare(&mut wrong, &path, own, default.as_deref());
                }
                (own, torch) => {
                    writeln!(wrong, "{path}: {:?} where PyTorch has {:?}", own.map(|own| own.name), torch).unwrap();
                    break;
                }
            }
        }
    }
    assert_nothing(&wrong);
}

fn compare(wrong: &mut String, path: &str, own: &catalogue::Parameter, theirs: Option<&str>) {
    // PyTorch guesses these, the first with a warning, the second from the values.
    let guessed = [("dim", "None"), ("num_classes", "-1")];
    if own.default.is_none() && theirs.is_some_and(|theirs| guessed.contains(&(own.name, theirs))) {
        return;
    }
    let ours = own.default.map(reference::value);
    let number = |text: &str| text.parse::<f64>().ok();
    let same = match (&ours, theirs) {
        (None, None) => true,
        (Some(ours), Some(theirs)) => {
            let plain = theirs.replace('\'', "\"").replace("True", "true").replace("False", "false");
            *ours == plain || number(ours).is_some() && number(ours) == number(&plain)
        }
        _ => false,
    };
    if !same {
        writeln!(wrong, "{path}: {} = {ours:?} where PyTorch has {theirs:?}", own.name).unwrap();
    }
}

/// A committed page is what the tables say; with `UPDATE=1` it is written.
fn check_page(path: &str, text: &str) {
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, text).unwrap();
        return;
    }
    let committed = fs::read_to_string(path).unwrap_or_default();
    if committed != text {
        let line = committed.lines().zip(text.lines()).position(|(a, b)| a != b).unwrap_or(0) + 1;
        panic!("{path}:{line} is not what the tables say; `UPDATE=1 cargo test --test coverage` writes it again");
    }
}

#[test]
fn the_reference_is_what_the_tables_say() {
    check_page("docs/reference.md", &reference::page(&cases()));
}

#[test]
fn the_names_of_pytorch_are_what_the_tables_say() {
    let path = "docs/from-pytorch.md";
    let page = fs::read_to_string(path).unwrap();
    check_page(path, &from_pytorch::with_table(&page));
}

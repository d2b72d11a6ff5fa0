//! `docs/reference.md`, from the tables and the recorded cases.

use std::fmt::Write;

use nn::__private::shape::Arg;
use nn::__private::shape::catalogue::{self, Entry, Inputs, Kind, Parameter};
use nn_core::listing::{INITS, LOSSES, Listed, OPTIMIZERS, SCHEDULES, UTILITIES};

use crate::recorded::{Recorded, words};
use crate::{OPERATORS, operator, torch, uses};

/// The sections of torch.nn's documentation, with the operations that belong there.
const SECTIONS: &[(&str, &[&str])] = &[
    ("Convolution layers", &["Conv", "ConvTranspose", "Fold"]),
    ("Pooling layers", &["Pool", "Unpool", "MaxUnpool", "LpPool", "FractionalPool"]),
    ("Padding layers", &["Pad"]),
    (
        "Non-linear activations",
        &["Pointwise", "PRelu", "RRelu", "Glu", "Softmax", "GumbelSoftmax", "AdaptiveLogSoftmax"],
    ),
    ("Normalization layers", &["BatchNorm", "GroupNorm", "LayerNorm", "LocalResponseNorm", "Normalize"]),
    ("Recurrent layers", &["Recurrent"]),
    ("Attention", &["MultiheadAttention", "ScaledDotProductAttention"]),
    ("Linear layers", &["Linear", "Bilinear", "Reshape"]),
    ("Dropout layers", &["Dropout"]),
    ("Parameters", &["Held"]),
    ("Sparse layers", &["Embedding", "EmbeddingBag"]),
    ("Distance functions", &["Distance", "AllPairs"]),
    ("Vision layers", &["Shuffle", "Resample", "AffineGrid", "GridSample"]),
];

/// The section of all other functions.
const FUNCTIONS: &str = "Functions of tensors";

/// The section that an operation stands in.
fn section_of(entry: &Entry) -> &'static str {
    let of_layers = SECTIONS.iter().find(|(_, operations)| operations.contains(&entry.operation));
    assert!(of_layers.is_some() || !entry.is_layer, "reference.rs: SECTIONS does not say where {} belongs", entry.name);
    of_layers.map_or(FUNCTIONS, |(title, _)| title)
}

/// A default, or any argument, as the language writes it.
pub(crate) fn value(arg: Arg) -> String {
    let tuple = |entries: Vec<String>| format!("({})", entries.join(", "));
    match arg {
        Arg::None => "None".to_string(),
        Arg::Inferred => "_".to_string(),
        Arg::Int(number) => number.to_string(),
        Arg::TooLarge(number) => number.to_string(),
        Arg::Ints(entries, count) => tuple(entries[..count].iter().map(i64::to_string).collect()),
        Arg::Real(number) => format!("{number:?}"),
        Arg::Reals(entries, count) => tuple(entries[..count].iter().map(|entry| format!("{entry:?}")).collect()),
        Arg::Flag(flag) => flag.to_string(),
        Arg::Word(word) => format!("\"{word}\""),
    }
}

fn kind(parameter: &Parameter) -> String {
    let words = |words: &[&str]| words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
    let mut text = match parameter.kind {
        Kind::Size => "size".to_string(),
        Kind::Axes => "size, or one for each axis".to_string(),
        Kind::AxesOr(others) => format!("size, or one for each axis, or {}", words(others)),
        Kind::AxesOrNone => "size, or one for each axis, `None` keeping it".to_string(),
        Kind::Sizes => "size, or a tuple".to_string(),
        Kind::Int => "whole number".to_string(),
        Kind::Ints => "whole number, or a tuple".to_string(),
        Kind::Real => "real number".to_string(),
        Kind::Reals => "real number, or a tuple".to_string(),
        Kind::Flag => "flag".to_string(),
        Kind::Word(others) => words(others),
        Kind::Value => "value".to_string(),
    };
    if parameter.inferable {
        text.push_str(", or `_`");
    }
    if parameter.optional {
        text.push_str(", or `None`");
    }
    text
}

fn signature(parameters: &[Parameter], before: &[&str]) -> String {
    let own = parameters.iter().map(|parameter| match parameter.default {
        Some(default) => format!("{} = {}", parameter.name, value(default)),
        None => parameter.name.to_string(),
    });
    before.iter().map(|name| name.to_string()).chain(own).collect::<Vec<_>>().join(", ")
}

/// The recorded case that shows an entry best: the one with the least beside it.
pub(crate) fn example<'a>(cases: &'a [Recorded], entry: &Entry) -> Option<&'a Recorded> {
    let shows = |case: &&Recorded| {
        let spelled = match entry.function {
            Some(function) if !entry.is_layer => case.calls(function),
            _ => case.uses(entry.name),
        };
        case.kind == "case" && uses(case, entry) && spelled && !case.text.contains("element(")
    };
    let names =
        |case: &Recorded| words(&case.text).filter(|word| word.chars().next().is_some_and(char::is_alphabetic)).count();
    let point = |case: &Recorded| case.text.contains("[1] -> ") || case.text.contains("[1, 1] -> ");
    cases.iter().filter(shows).min_by_key(|case| (point(case), names(case)))
}

/// The network of a case, as a user writes it.
fn network(case: &Recorded, name: &str) -> String {
    let (_, network) = case.text.split_once("    network! {\n").expect("a network");
    let (network, _) = network.rsplit_once("\n    }\n").expect("a network");
    let lines: Vec<_> = network.lines().map(|line| line.strip_prefix("    ").unwrap_or(line)).collect();
    format!("network! {{\n{}\n}}", lines.join("\n").replace("pub struct Net", &format!("struct {name}")))
}

/// Layers and functions that differ in their number of axes, or in nothing, stand together.
fn groups<'a>(entries: &[&'a Entry]) -> Vec<Vec<&'a Entry>> {
    let mut groups: Vec<Vec<&Entry>> = Vec::new();
    for entry in entries {
        let alike = |other: &&Entry| {
            (other.operation, other.constructor, other.doc, other.is_layer)
                == (entry.operation, entry.constructor, entry.doc, entry.is_layer)
                && signature(other.parameters, &[]) == signature(entry.parameters, &[])
                && stem(other.name) == stem(entry.name)
        };
        match groups.iter_mut().find(|group| group.first().is_some_and(alike)) {
            Some(group) => group.push(entry),
            None => groups.push(vec![entry]),
        }
    }
    groups
}

/// `Conv` of `Conv2d`.
fn stem(name: &str) -> &str {
    name.trim_end_matches(|c: char| c == 'd' || c.is_ascii_digit())
}

fn inputs(entry: &Entry) -> &'static [&'static str] {
    match entry.inputs {
        Inputs::Exactly(0) => &[],
        Inputs::Exactly(1) => &["x"],
        Inputs::Exactly(2) => &["a", "b"],
        Inputs::Exactly(_) if section_of(entry) == FUNCTIONS => &["a", "b", "c"],
        Inputs::Exactly(_) => &["q", "k", "v"],
        Inputs::WithState(1) => &["x", "h"],
        Inputs::WithState(_) => &["x", "(h, c)"],
        Inputs::List => &["[a, b, ..]"],
    }
}

fn parameters(text: &mut String, parameters: &[Parameter], title: &str) {
    if parameters.is_empty() {
        return;
    }
    writeln!(text, "\n| {title} | is | default | |\n|---|---|---|---|").unwrap();
    for parameter in parameters {
        let default = parameter.default.map_or(String::new(), |default| format!("`{}`", value(default)));
        writeln!(text, "| `{}` | {} | {default} | {} |", parameter.name, kind(parameter), plain(parameter.doc))
            .unwrap();
    }
}

fn section(text: &mut String, cases: &[Recorded], group: &[&Entry]) {
    let headings: Vec<_> = group.iter().map(|entry| name(entry)).collect();
    write!(text, "\n## {}\n\n```text\n", headings.join(", ")).unwrap();
    for entry in group {
        let before = if entry.is_layer { &[] } else { inputs(entry) };
        writeln!(text, "{}({})", name(entry), signature(entry.parameters, before)).unwrap();
    }
    writeln!(text, "```\n\n{}", facts(group).join("\\\n")).unwrap();
    parameters(text, group[0].parameters, "parameter");
    parameters(text, group[0].call, "at the call");
    let examples: Vec<_> = group.iter().filter_map(|entry| Some((entry, example(cases, entry)?))).collect();
    if !examples.is_empty() {
        writeln!(text, "\n```\n# use nn::prelude::*;").unwrap();
        for (entry, case) in &examples {
            writeln!(text, "{}", network(case, &type_name(name(entry)))).unwrap();
        }
        for (entry, _) in &examples {
            writeln!(text, "# let _ = {}::PARAMETERS;", type_name(name(entry))).unwrap();
        }
        writeln!(text, "```").unwrap();
    }
}

/// What an entry is called in a network.
fn name(entry: &Entry) -> &'static str {
    if entry.is_layer { entry.name } else { entry.function.unwrap_or(entry.name) }
}

/// What is said of a group, a line each.
fn facts(group: &[&Entry]) -> Vec<String> {
    let mut doc = plain(group[0].doc);
    if let Some(operator) = operator(group[0]) {
        doc = doc.split(", also the").next().unwrap_or_default().to_string();
        write!(doc, "; also written `{operator}`").unwrap();
    }
    let mut facts = vec![doc, format!("Shape: {}", plain(group[0].shape))];
    let layers = || group.iter().filter(|entry| entry.is_layer);
    let functions: Vec<_> = layers().filter_map(|entry| entry.function).map(|name| format!("`{name}`")).collect();
    if !functions.is_empty() {
        facts.push(format!("As a function: {}", functions.join(", ")));
    }
    let structs: Vec<_> = layers().map(|entry| format!("[`{0}`](crate::layers::{0})", entry.name)).collect();
    if !structs.is_empty() {
        facts.push(format!("Struct: {}", structs.join(", ")));
    }
    facts
}

/// The name of an example's network: `WithConv2d`, `WithMaxPool2d` for max_pool2d.
fn type_name(name: &str) -> String {
    let pieces = name.split('_').filter(|piece| !piece.is_empty());
    let capital = |piece: &str| piece[..1].to_uppercase() + &piece[1..];
    format!("With{}", pieces.map(capital).collect::<String>())
}

/// What Markdown would take for its own.
fn plain(text: &str) -> String {
    text.replace('[', "\\[").replace('<', "\\<")
}

fn blocks(text: &mut String, cases: &[Recorded]) {
    text.push_str("\n# Transformer layers\n\nBlocks: layers of other layers, which the prelude brings in.\n");
    for block in torch::blocks() {
        write!(
            text,
            "\n## {0}\n\n```text\n{0}({1})\n```\n\n{2}\n",
            block.name,
            block.parameters,
            block.doc.replace("[`TransformerEncoderLayer`]", "`TransformerEncoderLayer`")
        )
        .unwrap();
        let shows = |case: &&Recorded| case.kind == "case" && case.uses(&block.name) && !case.text.contains("element(");
        if let Some(case) = cases.iter().find(shows) {
            writeln!(
                text,
                "\n```\n# use nn::prelude::*;\n{}\n# let _ = {1}::PARAMETERS;\n```",
                network(case, &type_name(&block.name)),
                type_name(&block.name)
            )
            .unwrap();
        }
    }
}

/// The lists of `nn_core::listing`, with PyTorch's options.
fn listed(text: &mut String, title: &str, about: &str, list: &[Listed], module: &str, begin: &str) {
    write!(text, "\n# {title}\n\n{about}\n").unwrap();
    let names = torch::names();
    for listed in list {
        let torch = names.iter().find(|name| {
            name.module == module && name.name.trim_end_matches('_') == listed.name && !name.parameters.is_empty()
        });
        let options = torch.map(|torch| {
            let foreign = [
                "params",
                "optimizer",
                "last_epoch",
                "size_average",
                "reduce",
                "foreach",
                "capturable",
                "differentiable",
                "fused",
                "tensor",
                "generator",
                "decoupled_weight_decay",
                "error_if_nonfinite",
            ];
            let own = torch.parameters.iter().filter(|(name, _)| !foreign.contains(&name.as_str()));
            own.map(|(name, default)| match default {
                Some(default) => format!("{name}={default}"),
                None => name.clone(),
            })
            .collect::<Vec<_>>()
            .join(", ")
        });
        write!(text, "\n## {}\n\n", listed.name).unwrap();
        if let Some(options) = options.filter(|options| !options.is_empty()) {
            writeln!(text, "```text\n{}({options})\n```\n", listed.name).unwrap();
        }
        writeln!(text, "{}", plain(listed.doc)).unwrap();
        if !listed.shape.is_empty() {
            *text = format!("{}\\\nShape: {}\n", text.trim_end(), plain(listed.shape));
        }
        let end = if begin.ends_with('\n') { "" } else { ";" };
        writeln!(text, "\n```\n{begin}{}{end}\n```", listed.example).unwrap();
    }
}

/// The page.
pub(crate) fn page(cases: &[Recorded]) -> String {
    let mut text = String::from(
        "Every layer, function, loss, optimiser, schedule and initialisation, in the order of PyTorch's own documentation.\n\n\
         Shapes are those of a sample: the batch is outside of everything. `L..` is one axis, two or three. A size is any constant expression; where one \
         may stand for each axis, a tuple gives them apart. `_` is a size that follows from the input. A parameter without a default must be given. \
         Each example is one of the cases whose outputs and gradients are compared with PyTorch's.\n\n\
         <!-- Written from the catalogue by `UPDATE=1 cargo test --test coverage`; change nn-shape/src and nn-core/src/listing.rs, not this page. -->\n",
    );
    for title in SECTIONS.iter().map(|(title, _)| *title).chain([FUNCTIONS]) {
        let of = |layers: bool| -> Vec<&Entry> {
            let all = catalogue::entries().filter(|entry| section_of(entry) == title);
            // What is only written as an operator is no function to call.
            all.filter(|entry| {
                entry.is_layer == layers && !entry.function.is_some_and(|function| function.ends_with("_scalar"))
            })
            .collect()
        };
        let groups = [groups(&of(true)), groups(&of(false))].concat();
        if groups.is_empty() {
            continue;
        }
        write!(text, "\n# {title}\n").unwrap();
        for group in &groups {
            section(&mut text, cases, group);
        }
        if title == FUNCTIONS {
            text.push_str("\n## Operators\n\nBetween values, or a value and a constant, an expression of literals or a name in capitals:\n\n");
            let mut row = String::new();
            for (name, operator) in OPERATORS {
                let entry = catalogue::entries().find(|entry| entry.function == Some(name)).expect("an operation");
                writeln!(row, "- `{operator}`: {}", entry.doc.split(", also").next().unwrap()).unwrap();
            }
            text.push_str(&row);
            text.push_str("\n## Other names\n\nAs in torch:");
            for (place, (other, name)) in catalogue::ALIASES.iter().enumerate() {
                write!(text, "{} `{other}` is `{name}`", if place == 0 { "" } else { "," }).unwrap();
            }
            text.push_str(".\n");
        }
        if title == "Attention" {
            blocks(&mut text, cases);
        }
    }
    listed(
        &mut text,
        "Losses",
        "Values with PyTorch's options as methods; [`loss`](crate::loss) says what they have in common. `reduction = 'none'` is the method `each`.",
        LOSSES,
        "nn",
        "# use nn::{Tensor1, Tensor2, loss::*};\n",
    );
    listed(
        &mut text,
        "Optimisers",
        "Options are public fields with PyTorch's names: [`optim`](crate::optim).",
        OPTIMIZERS,
        "optim",
        "# use nn::{prelude::*, optim::*};\n# network! { struct Net: [2] -> [2] (Linear(2, 2)); }\n",
    );
    listed(
        &mut text,
        "Schedules",
        "Functions of the step, which begin at the learning rate that they are given; options are public fields.",
        SCHEDULES,
        "optim.lr_scheduler",
        "# use nn::{prelude::*, optim::*};\n",
    );
    listed(
        &mut text,
        "Initialisation",
        "As values, `init::xavier_uniform().gain(1.5)`, and as attributes of layers, `#[init(xavier_uniform, gain = 1.5)]`: [`init`](crate::init).",
        INITS,
        "nn.init",
        "# use nn::init;\nlet weight = ",
    );
    listed(
        &mut text,
        "Utilities",
        "What is left of torch.nn.utils.",
        UTILITIES,
        "nn.utils",
        "# use nn::{prelude::*, optim::*};\n# network! { struct Net: [2] -> [2] (Linear(2, 2)); }\n",
    );
    text
}

//! The recorded cases: what `tests/torch/generated` holds, as text, and whether a gradient is recorded with it.

use std::collections::BTreeSet;
use std::fs;

use safetensors::SafeTensors;

/// One case.
pub(crate) struct Recorded {
    /// `case`, `loss_case`, ...
    pub(crate) kind: String,
    /// What stands behind the name.
    pub(crate) text: String,
    /// The identifiers of the text.
    words: BTreeSet<String>,
    /// Whether the record holds gradients.
    pub(crate) gradient: bool,
}

impl Recorded {
    /// Whether the case uses a layer, a function or a loss of this name.
    pub(crate) fn uses(&self, name: &str) -> bool {
        self.words.contains(name)
    }

    /// Whether it calls a function of this name.
    pub(crate) fn calls(&self, name: &str) -> bool {
        if !self.uses(name) {
            return false;
        }
        let call = format!("{name}(");
        let before = |at: usize| self.text[..at].chars().next_back();
        self.text.match_indices(&call).any(|(at, _)| !before(at).is_some_and(|c| c.is_alphanumeric() || c == '_'))
    }
}

/// The identifiers of a text.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

/// All cases, sorted by family, in the order of their files.
pub(crate) fn cases() -> Vec<Recorded> {
    let mut families: Vec<_> =
        fs::read_dir("tests/torch/generated").unwrap().map(|entry| entry.unwrap().path()).collect();
    families.sort();
    families.iter().flat_map(|path| family(path.file_stem().unwrap().to_str().unwrap())).collect()
}

fn family(family: &str) -> Vec<Recorded> {
    let text = fs::read_to_string(format!("tests/torch/generated/{family}.rs")).unwrap();
    let bytes = fs::read(format!("tests/torch/record/{family}.safetensors")).unwrap();
    let record = SafeTensors::deserialize(&bytes).unwrap();
    // `name/input_grad0`, `name/grad/0.weight`, `name/sums/grad/0.weight`, and an optimiser's steps, which follow the gradient.
    let with_gradient: BTreeSet<&str> = record
        .names()
        .into_iter()
        .filter_map(|key| key.split_once('/'))
        .filter(|(_, rest)| rest.contains("grad") || rest.starts_with("step"))
        .map(|(case, _)| case)
        .collect();
    let mut cases: Vec<Recorded> = Vec::new();
    for line in text.lines() {
        if let Some((kind, rest)) = line.split_once("! { ").filter(|(kind, _)| kind.ends_with("case")) {
            let (name, rest) = rest.split_once(':').unwrap();
            cases.push(Recorded {
                kind: kind.to_string(),
                text: format!("{rest}\n"),
                words: BTreeSet::new(),
                gradient: with_gradient.contains(name),
            });
        } else if let Some(case) = cases.last_mut() {
            case.text.push_str(line);
            case.text.push('\n');
        }
    }
    for case in &mut cases {
        case.words = words(&case.text).map(String::from).collect();
    }
    cases
}

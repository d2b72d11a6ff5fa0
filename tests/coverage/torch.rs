//! The names of PyTorch: `torch.txt`, and `explained.md`, which says of each name that `nn` has not what stands for it, or why nothing does.

use std::fs;

use nn::__private::shape::catalogue;
use nn_core::listing::{INITS, LOSSES, Listed, OPTIMIZERS, SCHEDULES, UTILITIES};

/// One name with its parameters.
pub(crate) struct Name {
    /// `nn`, `nn.functional`, ...
    pub(crate) module: String,
    pub(crate) name: String,
    /// Names and defaults, as Python writes them; empty where Python does not know them.
    pub(crate) parameters: Vec<(String, Option<String>)>,
}

impl Name {
    pub(crate) fn path(&self) -> String {
        format!("{}.{}", self.module, self.name)
    }
}

/// What stands for a name of PyTorch's here.
pub(crate) struct Explained {
    /// `nn.LazyLinear`; `*` stands for any ending.
    pub(crate) names: Vec<String>,
    /// What to write instead; empty for nothing.
    pub(crate) here: String,
    pub(crate) why: String,
}

/// `torch.txt`.
pub(crate) fn names() -> Vec<Name> {
    let text = fs::read_to_string("tests/coverage/torch.txt").unwrap();
    text.lines().filter(|line| !line.starts_with('#')).map(name).collect()
}

fn name(line: &str) -> Name {
    let (path, parameters) = line.split_once('(').unwrap();
    let (module, name) = path.rsplit_once('.').unwrap();
    let (mut pieces, mut depth) = (vec![String::new()], 0);
    for c in parameters[..parameters.len() - 1].chars() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        match c {
            ',' if depth == 0 => pieces.push(String::new()),
            _ => pieces.last_mut().unwrap().push(c),
        }
    }
    let parameters = pieces.iter().map(|piece| piece.trim()).filter(|piece| !piece.is_empty());
    let parameters = parameters.map(|piece| match piece.split_once('=') {
        Some((name, default)) => (name.trim().to_string(), Some(default.trim().to_string())),
        None => (piece.to_string(), None),
    });
    Name { module: module.to_string(), name: name.to_string(), parameters: parameters.collect() }
}

/// `explained.md`.
pub(crate) fn explained() -> Vec<Explained> {
    let text = fs::read_to_string("tests/coverage/explained.md").unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [names, here, why] = cells[..] else { panic!("three columns: {row}") };
        let names = names.split(", ").map(|name| name.trim_matches('`').to_string()).collect();
        Explained { names, here: here.to_string(), why: why.to_string() }
    })
    .collect()
}

impl Explained {
    pub(crate) fn covers(&self, path: &str) -> bool {
        self.names.iter().any(|name| match name.split_once('*') {
            Some((begin, end)) => {
                path.len() >= begin.len() + end.len() && path.starts_with(begin) && path.ends_with(end)
            }
            None => name == path,
        })
    }
}

/// Whether `nn` has the name itself.
pub(crate) fn is_here(name: &Name) -> bool {
    let own = name.name.trim_end_matches('_');
    let in_place = name.name.ends_with('_');
    let listed = |list: &[Listed]| list.iter().any(|listed| listed.name == own);
    match name.module.as_str() {
        "nn" => catalogue::layer(own).is_some() || listed(LOSSES) || blocks().iter().any(|block| block.name == own),
        "nn.functional" => !in_place && catalogue::function(own).is_some(),
        "nn.init" => (in_place || own == "calculate_gain") && (listed(INITS) || listed(UTILITIES)),
        "nn.utils" => listed(UTILITIES) && (in_place || !own.starts_with("clip")),
        "optim" => listed(OPTIMIZERS),
        "optim.lr_scheduler" => listed(SCHEDULES),
        other => panic!("the module {other}"),
    }
}

/// A block that comes with the library.
pub(crate) struct Block {
    pub(crate) name: String,
    /// `d_model, nhead, dim_feedforward = 2048, ...`
    pub(crate) parameters: String,
    pub(crate) doc: String,
}

/// The blocks of `src/blocks.rs`.
pub(crate) fn blocks() -> Vec<Block> {
    let text = fs::read_to_string("src/blocks.rs").unwrap();
    text.split("crate::block! {\n")
        .skip(1)
        .map(|block| {
            let (docs, rest) = block.split_once("    pub ").unwrap();
            let (name, rest) = rest.split_once('(').unwrap();
            let mut depth = 1;
            let end = rest
                .find(|c: char| {
                    depth += i32::from(c == '(') - i32::from(c == ')');
                    depth == 0
                })
                .unwrap();
            let parameters = rest[..end].split_whitespace().collect::<Vec<_>>().join(" ");
            let docs: Vec<_> = docs.lines().map(|line| line.trim().trim_start_matches("///").trim()).collect();
            Block {
                name: name.to_string(),
                parameters: parameters.trim_end_matches(',').to_string(),
                doc: docs.join(" ").trim().to_string(),
            }
        })
        .collect()
}

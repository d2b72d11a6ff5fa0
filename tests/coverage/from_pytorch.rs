//! The table of names in `docs/from-pytorch.md`.

use std::fmt::Write;

use crate::torch::{Name, explained, is_here, names};

const BEGIN: &str = "<!-- names: written by `UPDATE=1 cargo test --test coverage` -->\n";
const END: &str = "<!-- end of names -->\n";

/// The page with its table as the lists say.
pub(crate) fn with_table(page: &str) -> String {
    let (before, rest) = page.split_once(BEGIN).expect("the page says where the table begins");
    let (_, after) = rest.split_once(END).expect("the page says where the table ends");
    format!("{before}{BEGIN}{}{END}{after}", table())
}

fn table() -> String {
    let (names, explained) = (names(), explained());
    let mut text = String::new();
    for (module, title) in [
        ("nn", "torch.nn"),
        ("nn.functional", "torch.nn.functional"),
        ("nn.init", "torch.nn.init"),
        ("nn.utils", "torch.nn.utils"),
        ("optim", "torch.optim"),
        ("optim.lr_scheduler", "torch.optim.lr_scheduler"),
    ] {
        let names: Vec<&Name> = names.iter().filter(|name| name.module == module).collect();
        let same: Vec<_> = names.iter().filter(|name| is_here(name)).map(|name| format!("`{}`", name.name)).collect();
        write!(text, "\n## {title}\n\n").unwrap();
        writeln!(text, "The same here ({} names): {}.\n", same.len(), same.join(", ")).unwrap();
        writeln!(text, "| PyTorch | here | why |\n|---|---|---|").unwrap();
        for row in &explained {
            let shown = row.names.iter().filter(|own| own.rsplit_once('.').is_some_and(|(path, _)| path == module));
            let shown: Vec<_> = shown.map(|own| format!("`{}`", &own[module.len() + 1..])).collect();
            if !shown.is_empty() {
                writeln!(text, "| {} | {} | {} |", shown.join(", "), row.here, row.why).unwrap();
            }
        }
    }
    text.push('\n');
    text
}

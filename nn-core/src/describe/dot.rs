//! A network's graph in the language of Graphviz.

use core::fmt::{self, Write};
use core::marker::PhantomData;

use super::{Description, Escaped, Run, label, way};
use crate::Network;

/// Displays a network's graph for the program `dot` of Graphviz: layers and functions with the shapes that they give, blocks as boxes around them.
pub struct Dot<N: ?Sized>(pub(crate) PhantomData<N>);

impl<N: Network> fmt::Display for Dot<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = N::DESCRIPTION;
        writeln!(f, "digraph \"{}\" {{", N::NAME)?;
        writeln!(
            f,
            "    graph [rankdir=TB, fontname=\"Helvetica\", fontsize=11, nodesep=0.3, ranksep=0.3, style=rounded]"
        )?;
        writeln!(
            f,
            "    node [shape=box, style=\"rounded,filled\", fillcolor=\"#eef2f7\", fontname=\"Helvetica\", fontsize=10, height=0.2]"
        )?;
        writeln!(
            f,
            "    edge [arrowsize=0.6, color=\"#5b6675\", fontname=\"Helvetica\", fontsize=8, fontcolor=\"#5b6675\"]"
        )?;
        for (value, name) in of.inputs.iter().enumerate() {
            writeln!(f, "    in{value} [label=\"{name}\", fillcolor=\"#ffffff\"]")?;
        }
        run(of, 0, 1, f)?;
        for (place, _) in of.results.iter().enumerate() {
            writeln!(f, "    out{place} [label=\"output\", fillcolor=\"#ffffff\"]")?;
        }
        for (place, step) in of.steps.iter().enumerate() {
            for value in step.inputs {
                edge(of, *value, format_args!("s{place}"), f)?;
            }
        }
        for (place, value) in of.results.iter().enumerate() {
            edge(of, *value, format_args!("out{place}"), f)?;
        }
        write!(f, "}}")
    }
}

/// A block with what it holds.
fn run(of: &Description, run: usize, depth: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let indent = 4 * depth;
    for (place, step) in of.steps.iter().enumerate().filter(|(_, step)| step.run == run) {
        write!(f, "{:indent$}s{place} [label=\"", "")?;
        let mut text = Escaped { f, escape };
        label(of, step, &mut text)?;
        if let Some(layer) = step.layer {
            write!(text, "\n{}", of.modules[layer].text)?;
        }
        let fill = match step.layer {
            Some(layer) if of.modules[layer].parameters > 0 => ", fillcolor=\"#cfe3fb\"",
            Some(_) => "",
            None => ", fillcolor=\"#fdf3d8\"",
        };
        writeln!(f, "\"{fill}]")?;
    }
    for (inner, _) in of.runs.iter().enumerate().filter(|(inner, of)| *inner != run && of.parent == run) {
        let Run { module, parent } = of.runs[inner];
        writeln!(f, "{:indent$}subgraph cluster_{inner} {{", "")?;
        write!(f, "{:indent$}    label=\"", "")?;
        let mut text = Escaped { f, escape };
        way(of, module, parent, &mut text)?;
        write!(text, ": {}", of.modules[module].class)?;
        writeln!(f, "\"\n{:indent$}    color=\"#9aa5b1\"", "")?;
        self::run(of, inner, depth + 1, f)?;
        writeln!(f, "{:indent$}}}", "")?;
    }
    Ok(())
}

/// The way of a value to whoever takes it.
fn edge(of: &Description, value: usize, to: fmt::Arguments<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match of.steps.iter().position(|step| step.outputs.contains(&value)) {
        Some(step) => write!(f, "    s{step} -> {to}")?,
        None => write!(f, "    in{value} -> {to}")?,
    }
    writeln!(f, " [label=\" {}\"]", nn_shape::Message::new().shape(of.values[value]).as_str())
}

fn escape(letter: char) -> Option<&'static str> {
    match letter {
        '"' => Some("\\\""),
        '\\' => Some("\\\\"),
        '\n' => Some("\\n"),
        _ => None,
    }
}

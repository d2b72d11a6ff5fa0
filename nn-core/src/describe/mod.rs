//! A network as plain constant data, and what is made of it: PyTorch's text, a table, a graph.
//!
//! `network!` writes the data once, in [`Network::DESCRIPTION`](crate::Network::DESCRIPTION); a program that shows none of it pays nothing.

mod dot;
#[cfg(feature = "alloc")]
mod layout;
mod repr;
mod summary;
#[cfg(feature = "alloc")]
mod svg;

use nn_shape::repr::Shown;
use nn_shape::{Arg, Shape};

pub use dot::Dot;
pub use repr::Repr;
pub use summary::Summary;
#[cfg(feature = "alloc")]
pub(crate) use svg::svg;

/// A network's modules, and how data flows through them.
#[derive(Debug)]
pub struct Description {
    /// The network, and below it all that it declares, each in front of what it holds.
    pub modules: &'static [Module],
    /// What is computed, in order.
    pub steps: &'static [Step],
    /// The runs of blocks and lists, that of the network first; each stands behind the one around it.
    pub runs: &'static [Run],
    /// The shapes of all values: the inputs, then what the steps give.
    pub values: &'static [Shape],
    /// The names of the inputs.
    pub inputs: &'static [&'static str],
    /// The places of the results among the values.
    pub results: &'static [usize],
}

/// A layer, block or list; or the network itself.
#[derive(Clone, Copy, Debug)]
pub struct Module {
    /// Its name in the one around it, as in the state_dict.
    pub name: &'static str,
    /// How many others it is in.
    pub depth: usize,
    /// What it is.
    pub kind: ModuleKind,
    /// Its class, or the name of the block or network.
    pub class: &'static str,
    /// Kind and arguments as they were declared.
    pub text: &'static str,
    /// A layer's arguments, in the order of its signature.
    pub args: &'static [Arg],
    /// Those that were written as `_`, or as a whole number for a real one.
    pub given: &'static [(usize, Arg)],
    /// What PyTorch prints of them.
    pub shown: &'static [Shown],
    /// What PyTorch prints inside of a layer: name, class and arguments.
    pub inner: &'static [(&'static str, &'static str, &'static [Shown])],
    /// A layer's own learnable numbers.
    pub parameters: usize,
    /// It is not trained.
    pub frozen: bool,
}

/// What a module is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ModuleKind {
    /// The whole network, or a network as a layer.
    Network,
    /// A block.
    Block,
    /// A list that runs as a whole: nn.Sequential.
    Sequential,
    /// A list whose parts are called: nn.ModuleList.
    ModuleList,
    /// A list of bare parameters: nn.ParameterList.
    ParameterList,
    /// Layers under names: nn.ModuleDict.
    ModuleDict,
    /// Bare parameters under names: nn.ParameterDict.
    ParameterDict,
    /// A bare parameter or buffer.
    Parameter,
    /// A layer.
    Layer,
}

/// A computation: the call of a layer or of a function.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// What it calls: a place among the modules; none for a function.
    pub layer: Option<usize>,
    /// The function's name, or the operator.
    pub function: &'static str,
    /// The run that it is a part of.
    pub run: usize,
    /// Values taken.
    pub inputs: &'static [usize],
    /// Values given.
    pub outputs: &'static [usize],
    /// Multiply-adds for one sample.
    pub macs: usize,
}

/// One run of a block or list.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// The block or list.
    pub module: usize,
    /// The run around it; its own place for the network's.
    pub parent: usize,
}

impl Module {
    /// A module that holds others.
    pub const fn group(
        name: &'static str,
        depth: usize,
        kind: ModuleKind,
        class: &'static str,
        text: &'static str,
    ) -> Module {
        Module {
            name,
            depth,
            kind,
            class,
            text,
            args: &[],
            given: &[],
            shown: &[],
            inner: &[],
            parameters: 0,
            frozen: false,
        }
    }
}

impl Description {
    /// The places of a module and of all that lie in it.
    fn below(&self, module: usize) -> core::ops::Range<usize> {
        let depth = self.modules[module].depth;
        let inside = self.modules[module + 1..].iter().take_while(|other| other.depth > depth).count();
        module..module + 1 + inside
    }

    /// The places of the modules that a module holds.
    fn children(&self, module: usize) -> impl Iterator<Item = usize> + '_ {
        let depth = self.modules[module].depth + 1;
        self.below(module).filter(move |child| self.modules[*child].depth == depth)
    }

    /// Whether a run lies in another, or is it.
    fn is_within(&self, mut run: usize, outer: usize) -> bool {
        while run > outer {
            run = self.runs[run].parent;
        }
        run == outer
    }
}

/// What a step is called: its layer's way from the run, or the function.
fn label(description: &Description, step: &Step, f: &mut dyn core::fmt::Write) -> core::fmt::Result {
    match step.layer {
        Some(layer) => way(description, layer, step.run, f),
        None => f.write_str(step.function),
    }
}

/// The way to a module from the block in whose run it is called: `layers.0`.
fn way(description: &Description, module: usize, run: usize, f: &mut dyn core::fmt::Write) -> core::fmt::Result {
    let outer = description.runs[run].module;
    let outer = if description.below(outer).contains(&module) { outer } else { 0 };
    for place in (outer + 1..=module).filter(|place| description.below(*place).contains(&module)) {
        write!(f, "{}{}", description.modules[place].name, if place == module { "" } else { "." })?;
    }
    Ok(())
}

/// Text in which some characters stand for others: `<` as `&lt;` in SVG, a quote as `\"` in DOT.
struct Escaped<'a, W> {
    f: &'a mut W,
    escape: fn(char) -> Option<&'static str>,
}

impl<W: core::fmt::Write> core::fmt::Write for Escaped<'_, W> {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        let mut rest = text;
        while let Some((place, escaped)) = rest.char_indices().find_map(|(i, c)| Some((i, (self.escape)(c)?))) {
            self.f.write_str(&rest[..place])?;
            self.f.write_str(escaped)?;
            rest = rest[place..].get(rest[place..].chars().next().map_or(1, char::len_utf8)..).unwrap_or_default();
        }
        self.f.write_str(rest)
    }
}

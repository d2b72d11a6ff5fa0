//! A table of a network's modules.

use core::fmt::{self, Write};
use core::marker::PhantomData;

use super::{Description, ModuleKind};
use crate::{Network, Parameters};

/// Displays a network as a table: a tree of its modules with output shapes, parameters and multiply-adds.
pub struct Summary<N: ?Sized> {
    depth: usize,
    network: PhantomData<N>,
}

impl<N: ?Sized> Summary<N> {
    pub(crate) const ALL: Summary<N> = Summary { depth: usize::MAX, network: PhantomData };

    /// Only modules that lie at most so many steps below the network, as torchinfo's `depth`: blocks stand for all that they hold.
    pub fn depth(self, depth: usize) -> Summary<N> {
        Summary { depth, ..self }
    }
}

const NUMBERS: usize = 15;

impl<N: Network> fmt::Display for Summary<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = N::DESCRIPTION;
        let rows = || (1..of.modules.len()).filter(|row| of.modules[*row].depth <= self.depth);
        let layer = rows().map(|row| counted(|text| self::layer(of, row, text))).fold(8, usize::max);
        let shape =
            rows().filter_map(|row| output(of, row)).chain(of.inputs.iter().enumerate().map(|(input, _)| input));
        let shape = shape.map(|value| counted(|text| text.write_str(shown(of, value).as_str()))).fold(6, usize::max);
        let rule = layer + shape + 2 * NUMBERS + 2;
        writeln!(f, "{:layer$}  {:shape$}{:>NUMBERS$}{:>NUMBERS$}", N::NAME, "output", "parameters", "multiply-adds")?;
        writeln!(f, "{:─<rule$}", "")?;
        for (value, name) in of.inputs.iter().enumerate() {
            writeln!(f, "{name:layer$}  {}", shown(of, value).as_str())?;
        }
        for row in rows() {
            let used = counted(|text| self::layer(of, row, text));
            self::layer(of, row, f)?;
            let output = output(of, row).map(|value| shown(of, value));
            let output = output.as_ref().map_or("", nn_shape::Message::as_str);
            let (parameters, macs) = (parameters(of, row), macs(of, row));
            let rest = layer - used;
            writeln!(f, "{:rest$}  {output:shape$}{:>NUMBERS$}{:>NUMBERS$}", "", Count(parameters), Count(macs))?;
        }
        writeln!(f, "{:─<rule$}", "")?;
        let (parameters, macs) = (Thousands(N::PARAMETERS), Thousands(N::MACS));
        writeln!(f, "{:layer$}  {:shape$}{parameters:>NUMBERS$}{macs:>NUMBERS$}", "total", "")?;
        let frozen: usize = of.modules.iter().filter(|module| module.frozen).map(|module| module.parameters).sum();
        if frozen > 0 {
            writeln!(f, "{:layer$}  {:shape$}{:>NUMBERS$}", "of which frozen", "", Thousands(frozen))?;
        }
        writeln!(f, "{:─<rule$}", "")?;
        bytes(f, "parameters and buffers", size_of::<N>())?;
        bytes(f, "one input", size_of::<N::Input>())?;
        bytes(f, "inference beside them", N::INFERENCE_BYTES)?;
        bytes(f, "training on one sample", size_of::<N::Tape<1>>() + size_of::<N>())?;
        write!(f, "element type {}", core::any::type_name::<<N as Parameters>::Element>())
    }
}

fn bytes(f: &mut fmt::Formatter<'_>, what: &str, bytes: usize) -> fmt::Result {
    writeln!(f, "{what:24}{:>16} bytes", Thousands(bytes))
}

/// `│  ├─ conv1: Conv2d(64, 64, 3, padding=1)`
fn layer(of: &Description, row: usize, f: &mut dyn Write) -> fmt::Result {
    let module = &of.modules[row];
    for depth in 1..=module.depth {
        let more = of.modules[of.below(row).end..].iter().take_while(|other| other.depth >= depth);
        let more = more.clone().any(|other| other.depth == depth);
        f.write_str(match (depth == module.depth, more) {
            (true, true) => "├─ ",
            (true, false) => "└─ ",
            (false, true) => "│  ",
            (false, false) => "   ",
        })?;
    }
    let text = match module.kind {
        ModuleKind::Layer | ModuleKind::Block | ModuleKind::Parameter => module.text,
        _ => module.class,
    };
    write!(f, "{}: {text}", module.name)?;
    match of.steps.iter().filter(|step| step.layer == Some(row)).count() {
        0 | 1 => Ok(()),
        calls => write!(f, " ×{calls}"),
    }
}

/// The value that the first call of a module gives.
fn output(of: &Description, row: usize) -> Option<usize> {
    let run = of.runs.iter().position(|run| run.module == row);
    let step = match run {
        Some(run) => of.steps.iter().rev().find(|step| of.is_within(step.run, run)),
        None => of.steps.iter().find(|step| step.layer == Some(row)),
    };
    step.and_then(|step| step.outputs.first().copied())
}

fn shown(of: &Description, value: usize) -> nn_shape::Message {
    nn_shape::Message::new().shape(of.values[value])
}

fn parameters(of: &Description, row: usize) -> usize {
    of.modules[of.below(row)].iter().map(|module| module.parameters).sum()
}

/// The multiply-adds of a module's layers, and of the functions that it calls.
fn macs(of: &Description, row: usize) -> usize {
    let below = of.below(row);
    let own = of.steps.iter().filter(|step| match step.layer {
        Some(layer) => below.contains(&layer),
        None => below.contains(&of.runs[step.run].module),
    });
    own.map(|step| step.macs).sum()
}

/// How many characters a text has.
fn counted(write: impl FnOnce(&mut dyn Write) -> fmt::Result) -> usize {
    struct Counter(usize);
    impl Write for Counter {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0 += text.chars().count();
            Ok(())
        }
    }
    let mut counter = Counter(0);
    // Counting cannot fail.
    let _ = write(&mut counter);
    counter.0
}

/// A number, or a dash for none.
struct Count(usize);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 { f.pad("-") } else { Thousands(self.0).fmt(f) }
    }
}

/// A number with a separator after each third digit.
struct Thousands(usize);

impl fmt::Display for Thousands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = nn_shape::Message::new();
        let mut unit = 1;
        while self.0 / unit >= 1000 {
            unit *= 1000;
        }
        text = text.number(self.0 / unit);
        while unit > 1 {
            unit /= 1000;
            let group = self.0 / unit % 1000;
            text = text
                .text(",")
                .text(if group < 10 {
                    "00"
                } else if group < 100 {
                    "0"
                } else {
                    ""
                })
                .number(group);
        }
        f.pad(text.as_str())
    }
}

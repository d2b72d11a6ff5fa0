//! The program of a network's inference form: which operations become one step, how values lie, where they live.
//!
//! A convolution or a linear layer takes the BatchNorm behind it into its weights, and the sum with another value and the ReLU behind that into its
//! store, as long as nobody else reads what lies between. Values with channels lie channels last from the first convolution or pool on; who
//! needs them plain gets a copy. A flattened value stays as it lies: the linear layer behind has its weights in that order.

mod chain;
mod moves;
mod steps;

use std::collections::HashMap;

use nn_shape::frozen::Runs;
use nn_shape::{Element, Shape};

use super::Context;
use crate::ir::{Op, ValueId};

/// What a step does: [`Work`] without what the constant of its operation holds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(in crate::expand) enum Kind {
    Conv {
        planar: bool,
        /// Whether the input has its padding, of zeros.
        laid_out: bool,
    },
    Planes,
    Transposed,
    /// Of a padding layer, or of a convolution with a padding other than zeros.
    Pad {
        planar: bool,
    },
    Resample,
    /// So many numbers, in another order.
    Move(usize),
    /// The same of plain values.
    Permute(usize),
    Norm {
        channels: usize,
        places: usize,
        groups: usize,
        eps: f64,
        /// The padding layer, or the convolution with padding, that the result is laid out for.
        around: Option<usize>,
    },
    Linear {
        rows: usize,
        inputs: usize,
        outputs: usize,
    },
    Joined {
        lines: usize,
        sizes: [usize; 2],
        outputs: usize,
    },
    Shift {
        lines: usize,
        len: usize,
        new: usize,
    },
    Pool {
        planar: bool,
    },
    Pointwise(usize),
    Arithmetic(usize),
    Affine {
        channels: usize,
        places: usize,
    },
    ToLast {
        channels: usize,
        places: usize,
    },
    ToPlain {
        channels: usize,
        places: usize,
    },
    Runs(Runs),
    Copy(usize),
    /// So many numbers of the network's own.
    Held(usize),
    /// A place in [`Program::layers`].
    Recurrent(usize),
    /// A place in [`Program::layers`].
    Layer(usize),
}

/// A parameter: an operation and the field of its layer.
pub(in crate::expand) type Source = (usize, String);

/// One step.
pub(in crate::expand) struct Step {
    pub(in crate::expand) kind: Kind,
    pub(in crate::expand) op: usize,
    /// Buffers.
    pub(in crate::expand) reads: [Option<usize>; 2],
    pub(in crate::expand) write: Option<usize>,
    pub(in crate::expand) scratch: Option<usize>,
    pub(in crate::expand) packed: [usize; 2],
    /// Places in [`Program::sources`].
    pub(in crate::expand) weight: Option<usize>,
    pub(in crate::expand) norm: Option<usize>,
    pub(in crate::expand) eps: f64,
    pub(in crate::expand) permuted: [usize; 2],
    pub(in crate::expand) bounds: [f64; 2],
}

/// A layer that runs as it is: its operands' buffers.
pub(in crate::expand) struct LayerStep {
    pub(in crate::expand) op: usize,
    pub(in crate::expand) reads: Vec<usize>,
    pub(in crate::expand) writes: Vec<usize>,
    pub(in crate::expand) scratch: Option<usize>,
}

/// Where a buffer lies.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(in crate::expand) enum Where {
    Input,
    /// One of several inputs.
    Part(usize),
    Output,
    /// One of several results.
    Result(usize),
    Arena(usize),
}

/// A buffer, and from which step to which it lives.
pub(in crate::expand) struct Buffer {
    pub(in crate::expand) len: usize,
    pub(in crate::expand) place: Where,
    from: usize,
    to: usize,
}

/// The whole program.
#[derive(Default)]
pub(in crate::expand) struct Program {
    pub(in crate::expand) steps: Vec<Step>,
    pub(in crate::expand) layers: Vec<LayerStep>,
    pub(in crate::expand) sources: Vec<Source>,
    pub(in crate::expand) buffers: Vec<Buffer>,
    /// Elements of the packed parameters, and where convolutions may be done in squares.
    pub(in crate::expand) packed: [usize; 2],
    pub(in crate::expand) arena: usize,
}

/// How a value lies.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Layout {
    Plain,
    Last,
    /// Flattened, having lain channels last.
    Permuted(usize, usize),
}

/// Operations that become one step, run where the last of them stands.
struct Chain {
    last: usize,
    norm: Option<usize>,
    /// The other value of the sum.
    beside: Option<ValueId>,
    bounds: [f64; 2],
    /// What the step gives.
    result: ValueId,
}

/// The program of a network all of whose sizes the macro can read, and whose values are all numbers; `None` for others.
pub(in crate::expand) fn program(context: &Context<'_>) -> Option<Program> {
    let known = context.facts.shapes.iter().all(|shape| shape.is_some_and(|shape| shape.element() == Element::Real))
        && context.facts.ops.iter().all(Option::is_some);
    if !known {
        return None;
    }
    let mut fusion = Fusion {
        context,
        program: Program::default(),
        held: HashMap::new(),
        copies: HashMap::new(),
        chains: HashMap::new(),
        packed: [0; 2],
    };
    fusion.run()?;
    Some(fusion.program)
}

struct Fusion<'a> {
    context: &'a Context<'a>,
    program: Program,
    held: HashMap<ValueId, (usize, Layout)>,
    /// Buffers that were copied to another layout: as so many channels, whether to channels last.
    copies: HashMap<(usize, usize, bool), usize>,
    /// The chains to come, by their last operation, with their first.
    chains: HashMap<usize, (usize, Chain)>,
    packed: [usize; 2],
}

impl Fusion<'_> {
    fn run(&mut self) -> Option<()> {
        let network = self.context.network;
        for input in 0..network.inputs.len() {
            let place = if network.inputs_tuple { Where::Part(input) } else { Where::Input };
            let buffer = self.buffer(self.shape(input).len(), place);
            self.held.insert(input, (buffer, Layout::Plain));
        }
        let mut taken = vec![false; network.ops.len()];
        for op in 0..network.ops.len() {
            if taken[op] {
                continue;
            }
            if let Some((members, chain)) = self.chain(op, &taken) {
                members.iter().for_each(|member| taken[*member] = true);
                self.chains.insert(chain.last, (op, chain));
            }
        }
        for op in 0..network.ops.len() {
            match self.chains.remove(&op) {
                Some((head, chain)) => self.fused(head, &chain)?,
                None if taken[op] => {}
                None => self.single(op)?,
            }
        }
        self.results();
        self.place();
        Some(())
    }

    fn shape(&self, value: ValueId) -> Shape {
        self.context.facts.shapes[value].unwrap_or(Shape::INVALID)
    }

    fn op(&self, op: usize) -> &Op {
        &self.context.network.ops[op]
    }
}

/// The first axis, and the product of the others.
fn channels_and_places(shape: Shape) -> [usize; 2] {
    if shape.rank() == 0 { [1, 1] } else { [shape.dim(0), shape.product(1, shape.rank())] }
}

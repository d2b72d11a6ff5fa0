//! What recurrent kernels need to know of a layer: its cell, its directions and its sizes.

use crate::tile;

/// What happens at each step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cell {
    /// `h' = tanh(W x + b + U h + c)`, or with ReLU.
    Rnn {
        /// ReLU instead of tanh.
        relu: bool,
    },
    /// Input, forget, cell and output gate ([Hochreiter & Schmidhuber 1997](https://doi.org/10.1162/neco.1997.9.8.1735)).
    Lstm,
    /// Reset, update and new gate ([Cho et al. 2014](https://arxiv.org/abs/1406.1078)).
    Gru,
}

impl Cell {
    /// How many rows of weights a hidden number has.
    pub const fn gates(self) -> usize {
        match self {
            Cell::Rnn { .. } => 1,
            Cell::Lstm => 4,
            Cell::Gru => 3,
        }
    }
}

/// One direction of one layer: what the kernel needs to know.
#[derive(Clone, Copy, Debug)]
pub struct Sequence {
    /// What happens at each step.
    pub cell: Cell,
    /// Steps of a sample.
    pub steps: usize,
    /// Numbers that come in at each step.
    pub input: usize,
    /// Hidden numbers.
    pub hidden: usize,
    /// Numbers that go out at each step: the hidden ones, or fewer after a projection.
    pub output: usize,
    /// Whether there is a projection.
    pub projects: bool,
    /// From one step's output to the next: both directions lie side by side.
    pub width: usize,
    /// Where this direction's output begins.
    pub first: usize,
    /// Runs from the last step to the first.
    pub reverse: bool,
}

impl Sequence {
    /// Rows of the weights.
    pub const fn rows(&self) -> usize {
        self.cell.gates().saturating_mul(self.hidden)
    }

    /// What the backward pass must know of one sample: gates, then cells or a part of the new gate, then what is projected.
    pub const fn record(&self) -> usize {
        self.steps.saturating_mul(self.rows().saturating_add(self.extra()).saturating_add(self.raw()))
    }

    /// Numbers at each step beside the gates: the LSTM's cell, the GRU's hidden part of the new gate.
    pub const fn extra(&self) -> usize {
        match self.cell {
            Cell::Rnn { .. } => 0,
            Cell::Lstm | Cell::Gru => self.hidden,
        }
    }

    /// Numbers at each step before their projection.
    pub const fn raw(&self) -> usize {
        if self.projects { self.hidden } else { 0 }
    }

    /// Whether half a register of [`tile::MAX_LANES`] suits the hidden numbers better than a whole one.
    pub const fn is_narrow(&self) -> bool {
        self.hidden <= tile::MAX_LANES / 2
    }

    /// Biases of a hidden number once they are added up where they may be: the GRU's new gate has two.
    pub const fn sums(&self) -> usize {
        match self.cell {
            Cell::Rnn { .. } => 1,
            Cell::Lstm | Cell::Gru => 4,
        }
    }

    /// Packed weights and biases: hidden numbers in whole registers, gate beside gate.
    pub const fn packed(&self) -> usize {
        let columns = self.cell.gates().saturating_mul(self.input.saturating_add(self.hidden));
        whole(self.hidden).saturating_mul(self.sums().saturating_add(columns))
    }
}

/// The directions of the layers of a recurrent layer, all of one kind.
#[derive(Clone, Copy, Debug)]
pub struct Recurrence {
    /// The first direction of the first layer.
    pub first: Sequence,
    /// Layers.
    pub layers: usize,
    /// Directions.
    pub directions: usize,
}

impl Recurrence {
    /// One direction of one layer.
    pub const fn sequence(&self, layer: usize, direction: usize) -> Sequence {
        let input = if layer == 0 { self.first.input } else { self.first.width };
        Sequence { input, first: direction * self.first.output, reverse: direction == 1, ..self.first }
    }

    /// Packed weights and biases of all of them.
    pub const fn packed(&self) -> usize {
        let deeper = self.sequence(1, 0).packed().saturating_mul(self.layers - 1);
        self.first.packed().saturating_add(deeper).saturating_mul(self.directions)
    }

    /// Sequences between layers.
    pub const fn between(&self) -> usize {
        if self.layers > 1 { self.first.steps.saturating_mul(self.first.width).saturating_mul(2) } else { 0 }
    }

    /// Working space for evaluating one sample: the gates of a step and their hidden part, what is projected, sequences between layers.
    pub const fn evaluation(&self) -> usize {
        let gates = whole(self.first.rows()).saturating_add(tile::MAX_LANES).saturating_mul(2);
        gates.saturating_add(whole(self.first.raw())).saturating_add(self.between())
    }
}

const fn whole(len: usize) -> usize {
    len.div_ceil(tile::MAX_LANES).saturating_mul(tile::MAX_LANES)
}

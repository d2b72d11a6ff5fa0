//! RNN, LSTM, GRU and their cells.

use crate::attention::check_dropout;
use crate::catalogue::{
    Channels, Entry, Inputs, Kind, Outputs, Parameter, inferable, operation, required, with_default,
};
use crate::dims::{all_valid, check_numbers};
use crate::{Arg, At, Cell, LAYER, Message, Needs, Recurrence, Sequence, Shape, Violation, tile};

/// `RNN`, `LSTM`, `GRU` over sequences `[L, input_size]`, and `RNNCell`, `LSTMCell`, `GRUCell` for one step `[input_size]`.
///
/// The results are the sequence `[L, D·H]`, D being 2 if `bidirectional`, and the states behind the last step, `[D·num_layers, H]`, for an LSTM
/// `(h, c)`; a cell gives its state, `[H]`. The states may be given too: `lstm(x, (h, c))`, `gru(x, h)`; they are 0 if left out.
///
/// Other than in PyTorch the batch is outside of everything: `batch_first` changes nothing. `dropout` lies between layers; with one layer
/// PyTorch warns that it does nothing, here it is refused.
///
/// See [`torch.nn.LSTM`](https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html).
#[derive(Clone, Copy, Debug)]
pub struct Recurrent {
    cell: Cell,
    /// Numbers that come in at each step.
    pub input_size: usize,
    /// Hidden numbers.
    pub hidden_size: usize,
    /// Layers, one above the other.
    pub layers: usize,
    /// 2 if the sequence is read backwards too.
    pub directions: usize,
    /// The probability that a number between two layers becomes zero in training.
    pub dropout: f64,
    /// Steps of a sample.
    pub steps: usize,
    /// Whether states are given.
    pub has_state: bool,
    projection: usize,
    bias: bool,
    is_cell: bool,
    inputs: [Shape; 3],
}

const INPUT_SIZE: usize = 0;
const HIDDEN_SIZE: usize = 1;
const NUM_LAYERS: usize = 2;

impl Recurrent {
    const fn of(cell: Cell, args: &[Arg], inputs: &[Shape]) -> Recurrent {
        let input = inputs[0];
        let has_state = inputs.len() > 1;
        Recurrent {
            cell,
            input_size: args[INPUT_SIZE].size_or(input.last()),
            hidden_size: args[HIDDEN_SIZE].size_or(1),
            layers: 1,
            directions: 1,
            dropout: 0.0,
            steps: 1,
            has_state,
            projection: 0,
            bias: true,
            is_cell: true,
            inputs: [
                input,
                if has_state { inputs[1] } else { Shape::new(&[]) },
                if inputs.len() > 2 { inputs[2] } else { Shape::new(&[]) },
            ],
        }
    }

    /// With `num_layers`, and the arguments behind from `bias` on: `bias, batch_first, dropout, bidirectional`.
    const fn stacked(cell: Cell, args: &[Arg], bias: usize, inputs: &[Shape]) -> Recurrent {
        Recurrent {
            layers: args[NUM_LAYERS].size_or(1),
            bias: args[bias].is_true(),
            dropout: args[bias + 2].real_or(0.0),
            directions: 1 + args[bias + 3].is_true() as usize,
            steps: inputs[0].dim(0),
            is_cell: false,
            ..Recurrent::of(cell, args, inputs)
        }
    }

    /// From `input_size, hidden_size, num_layers, nonlinearity, bias, batch_first, dropout, bidirectional`.
    pub const fn rnn(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Recurrent {
        Recurrent::stacked(Cell::Rnn { relu: args[3].is("relu") }, args, 4, inputs)
    }

    /// From `input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, proj_size`.
    pub const fn lstm(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Recurrent {
        Recurrent { projection: args[7].size_or(0), ..Recurrent::stacked(Cell::Lstm, args, 3, inputs) }
    }

    /// From `input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional`.
    pub const fn gru(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Recurrent {
        Recurrent::stacked(Cell::Gru, args, 3, inputs)
    }

    /// From `input_size, hidden_size, bias, nonlinearity`.
    pub const fn rnn_cell(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Recurrent {
        let cell = Recurrent::of(Cell::Rnn { relu: args[3].is("relu") }, args, inputs);
        Recurrent { bias: args[2].is_true(), ..cell }
    }

    /// From `input_size, hidden_size, bias`.
    pub const fn lstm_cell(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Recurrent {
        Recurrent { bias: args[2].is_true(), ..Recurrent::of(Cell::Lstm, args, inputs) }
    }

    /// From `input_size, hidden_size, bias`.
    pub const fn gru_cell(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Recurrent {
        Recurrent { bias: args[2].is_true(), ..Recurrent::of(Cell::Gru, args, inputs) }
    }

    /// Numbers that a direction gives at each step.
    pub const fn output_size(&self) -> usize {
        if self.projection > 0 { self.projection } else { self.hidden_size }
    }

    /// Numbers that a layer gives at each step.
    pub const fn width(&self) -> usize {
        self.directions.saturating_mul(self.output_size())
    }

    /// All directions of all layers.
    pub const fn recurrence(&self) -> Recurrence {
        let first = Sequence {
            cell: self.cell,
            steps: self.steps,
            input: self.input_size,
            hidden: self.hidden_size,
            output: self.output_size(),
            projects: self.projection > 0,
            width: self.width(),
            first: 0,
            reverse: false,
        };
        Recurrence { first, layers: self.layers, directions: self.directions }
    }

    /// One direction of one layer.
    pub const fn sequence(&self, layer: usize, direction: usize) -> Sequence {
        self.recurrence().sequence(layer, direction)
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if let Some(violation) = self.check_arguments(at) {
            return Some(violation);
        }
        if !all_valid(&self.inputs) {
            return None;
        }
        let input = self.inputs[0];
        if let Some(violation) = check_numbers(at, &[input]) {
            return Some(violation);
        }
        let rank = if self.is_cell { 1 } else { 2 };
        if input.rank() != rank {
            let (title, rule) = if self.is_cell {
                ("the input is not one step", "a cell takes one step [input_size], the batch left out")
            } else {
                ("the input is not a sequence", "the input is a sequence [L, input_size], the batch left out")
            };
            return Message::title(at, title)
                .rule(rule)
                .found("")
                .source(at, 0, input)
                .fix("bring it into this shape: `reshape`, `flatten`, `transpose`")
                .blame(LAYER);
        }
        if input.last() != self.input_size {
            return Message::title(at, "input_size does not match the incoming tensor")
                .rule("input_size must equal the size of the input's last axis")
                .found("input_size = ")
                .number(self.input_size)
                .text(", but ")
                .source(at, 0, input)
                .fix("write input_size = ")
                .number(input.last())
                .or_infer(at)
                .or_make(at, 0, self.input_size, " features")
                .blame(INPUT_SIZE);
        }
        if !self.has_state {
            return None;
        }
        let violation = self.check_state(at, 1, "h", self.state(0));
        match (violation, self.cell) {
            (None, Cell::Lstm) => self.check_state(at, 2, "c", self.state(1)),
            _ => violation,
        }
    }

    const fn check_arguments(&self, at: &At) -> Option<Violation> {
        if self.input_size == 0 || self.hidden_size == 0 || self.layers == 0 {
            let (title, argument) = if self.input_size == 0 {
                ("input_size must be positive", INPUT_SIZE)
            } else if self.hidden_size == 0 {
                ("hidden_size must be positive", HIDDEN_SIZE)
            } else {
                ("num_layers must be positive", NUM_LAYERS)
            };
            return Message::title(at, title)
                .rule("input_size, hidden_size and num_layers are >= 1")
                .found("0")
                .fix("write a positive number")
                .blame(argument);
        }
        if self.projection >= self.hidden_size && self.projection > 0 {
            return Message::title(at, "proj_size must be smaller than hidden_size")
                .rule("a projection makes the hidden numbers fewer: proj_size < hidden_size")
                .found("proj_size = ")
                .number(self.projection)
                .text(", hidden_size = ")
                .number(self.hidden_size)
                .fix("write a smaller proj_size, or leave it out")
                .blame(7);
        }
        let dropout = if matches!(self.cell, Cell::Rnn { .. }) { 6 } else { 5 };
        if let Some(violation) = check_dropout(at, "dropout", self.dropout, dropout) {
            return Some(violation);
        }
        if self.dropout > 0.0 && self.layers == 1 {
            return Message::title(at, "dropout without a second layer")
                .rule("dropout lies between layers, and with num_layers = 1 there is nothing between")
                .found("dropout = ")
                .real(self.dropout)
                .text(", num_layers = 1")
                .fix("leave dropout out, or put a Dropout layer behind")
                .blame(dropout);
        }
        None
    }

    const fn check_state(&self, at: &At, input: usize, name: &str, expected: Shape) -> Option<Violation> {
        let found = self.inputs[input];
        if found.same(&expected) {
            return None;
        }
        Message::title(at, "the state has another shape")
            .rule(if self.is_cell {
                "a state of a cell is [hidden_size]"
            } else {
                "a state is [directions · num_layers, hidden_size], with proj_size h is [directions · num_layers, proj_size]"
            })
            .found(name)
            .text(": ")
            .source(at, input, found)
            .fix("make it ")
            .shape(expected)
            .blame(LAYER)
    }

    /// The shape of a state: h, c.
    const fn state(&self, index: usize) -> Shape {
        let size = if index == 0 { self.output_size() } else { self.hidden_size };
        if self.is_cell {
            Shape::new(&[size])
        } else {
            Shape::new(&[self.directions.saturating_mul(self.layers), size])
        }
    }

    /// The sequence and the states behind its last step; of a cell the states.
    pub const fn output(&self, index: usize) -> Shape {
        let input = self.inputs[0];
        if !input.is_valid() || input.rank() != if self.is_cell { 1 } else { 2 } {
            return Shape::INVALID;
        }
        match index {
            _ if self.is_cell => self.state(index),
            0 => Shape::new(&[self.steps, self.width()]),
            _ => self.state(index - 1),
        }
    }

    /// Of a cell `input_size, hidden_size, gates · hidden_size`; else `input_size, hidden_size, directions, num_layers - 1, output_size`.
    pub const fn generics(&self) -> [usize; 6] {
        let (input, hidden) = (self.input_size, self.hidden_size);
        if self.is_cell {
            return [input, hidden, self.cell.gates().saturating_mul(hidden), 0, 0, 0];
        }
        [input, hidden, self.directions, self.layers.saturating_sub(1), self.output_size(), 0]
    }

    /// Biases; a projection.
    pub const fn parts(&self) -> [bool; 4] {
        [self.bias, self.projection > 0, false, false]
    }

    /// `input_size`.
    pub const fn inferred(&self) -> usize {
        self.input_size
    }

    /// Weights and biases of all layers and directions.
    pub const fn parameters(&self) -> usize {
        self.sum(if self.bias { 2 } else { 0 })
    }

    /// Multiply-adds for one sample.
    pub const fn macs(&self) -> usize {
        self.sum(0).saturating_mul(self.steps)
    }

    /// Numbers in the weights, and so many vectors as long as they have rows.
    const fn sum(&self, vectors: usize) -> usize {
        let (mut sum, mut layer) = (0_usize, 0);
        while layer < self.layers && layer < 1 << 16 {
            let one = self.sequence(layer, 0);
            let columns = one.input.saturating_add(one.output).saturating_add(vectors);
            let direction = one.rows().saturating_mul(columns).saturating_add(one.raw().saturating_mul(one.output));
            sum = sum.saturating_add(direction.saturating_mul(self.directions));
            layer += 1;
        }
        sum
    }

    /// What the layers leave for the backward pass, of one sample: records, outputs, what dropout multiplied by.
    pub const fn records(&self) -> [usize; 3] {
        let all = self.layers.saturating_mul(self.directions);
        let outputs = self.layers.saturating_mul(self.steps).saturating_mul(self.width());
        let factors = if self.dropout > 0.0 {
            self.layers.saturating_sub(1).saturating_mul(self.steps).saturating_mul(self.width())
        } else {
            0
        };
        [all.saturating_mul(self.sequence(0, 0).record()), outputs, factors]
    }

    /// Working space for one sample: a step's gates; h and c, three times each; what is projected, twice; two sequences between layers.
    pub const fn work(&self) -> usize {
        let one = self.sequence(0, 0);
        let sequences = self.steps.saturating_mul(self.width()).saturating_mul(2);
        let states = one.output.saturating_mul(3).saturating_add(one.hidden.saturating_mul(5));
        one.rows().saturating_add(states).saturating_add(sequences)
    }

    /// The inputs; records of every step.
    pub const fn needs(&self) -> Needs {
        let [records, outputs, factors] = self.records();
        let all = records.saturating_add(outputs).saturating_add(factors).saturating_add(self.work());
        let one = self.sequence(0, 0);
        let most = if self.input_size > self.width() { self.input_size } else { self.width() };
        let most = if most > one.hidden { most } else { one.hidden };
        Needs {
            saved_sample: all,
            forward_scratch: self.recurrence().evaluation(),
            backward_scratch: tile::linear_scratch(most, one.rows()),
            ..Needs::INPUTS
        }
    }
}

const BIAS: Parameter = with_default("bias", Kind::Flag, Arg::Flag(true), "whether biases are added");
const INPUT: Parameter = inferable("input_size", "numbers that come in at each step");
const HIDDEN: Parameter = required("hidden_size", Kind::Size, "hidden numbers");
const LAYERS: Parameter = with_default("num_layers", Kind::Size, Arg::Int(1), "layers, one above the other");
const NONLINEARITY: Parameter =
    with_default("nonlinearity", Kind::Word(&["tanh", "relu"]), Arg::Word("tanh"), "what bends the sum");
const BATCH_FIRST: Parameter =
    with_default("batch_first", Kind::Flag, Arg::Flag(false), "nothing: the batch is outside of everything");
const DROPOUT: Parameter =
    with_default("dropout", Kind::Real, Arg::Real(0.0), "probability that a number between two layers becomes zero");
const BIDIRECTIONAL: Parameter =
    with_default("bidirectional", Kind::Flag, Arg::Flag(false), "whether the sequence is read backwards too");
const PROJ_SIZE: Parameter = with_default(
    "proj_size",
    Kind::Size,
    Arg::Int(0),
    "numbers that go out at each step, if fewer than the hidden ones",
);

const fn sequence(states: usize, entry: Entry) -> Entry {
    let (inputs, outputs) = (Inputs::WithState(states), Outputs::WithState(states));
    Entry { inputs, outputs, channels: Channels::Own, generics: 4, parts: 1, ..entry }
}

const fn cell(states: usize, entry: Entry) -> Entry {
    let (inputs, outputs) = (Inputs::WithState(states), Outputs::Exactly(states));
    let learns = &["weight_ih", "weight_hh", "bias_ih", "bias_hh"];
    Entry { inputs, outputs, channels: Channels::Own, generics: 3, parts: 1, learns, ..entry }
}

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    Entry {
        name: "RNN",
        parameters: &[INPUT, HIDDEN, LAYERS, NONLINEARITY, BIAS, BATCH_FIRST, DROPOUT, BIDIRECTIONAL],
        repr: "#input_size, #hidden_size, num_layers?, bias?, batch_first?, dropout?, bidirectional?",
        doc: "a recurrent layer (Elman)",
        shape: "[L, input_size], h [D·num_layers, hidden_size] -> [L, D·hidden_size], h; D = 2 if bidirectional, else 1",
        ..sequence(1, operation!(Recurrent::rnn))
    },
    Entry {
        name: "LSTM",
        parameters: &[INPUT, HIDDEN, LAYERS, BIAS, BATCH_FIRST, DROPOUT, BIDIRECTIONAL, PROJ_SIZE],
        repr: "#input_size, #hidden_size, proj_size?, num_layers?, bias?, batch_first?, dropout?, bidirectional?",
        doc: "long short-term memory",
        shape: "[L, input_size], (h [D·num_layers, H], c [D·num_layers, hidden_size]) -> [L, D·H], (h, c); H = proj_size, or hidden_size; D = 2 if bidirectional, else 1",
        generics: 5,
        parts: 2,
        ..sequence(2, operation!(Recurrent::lstm))
    },
    Entry {
        name: "GRU",
        parameters: &[INPUT, HIDDEN, LAYERS, BIAS, BATCH_FIRST, DROPOUT, BIDIRECTIONAL],
        repr: "#input_size, #hidden_size, num_layers?, bias?, batch_first?, dropout?, bidirectional?",
        doc: "gated recurrent units",
        shape: "[L, input_size], h [D·num_layers, hidden_size] -> [L, D·hidden_size], h; D = 2 if bidirectional, else 1",
        ..sequence(1, operation!(Recurrent::gru))
    },
    Entry {
        name: "RNNCell",
        parameters: &[INPUT, HIDDEN, BIAS, NONLINEARITY],
        repr: "#input_size, #hidden_size, bias?, nonlinearity?",
        doc: "one step of an RNN",
        shape: "[input_size], h [hidden_size] -> h [hidden_size]",
        ..cell(1, operation!(Recurrent::rnn_cell))
    },
    Entry {
        name: "LSTMCell",
        parameters: &[INPUT, HIDDEN, BIAS],
        repr: "#input_size, #hidden_size, bias?",
        doc: "one step of an LSTM",
        shape: "[input_size], (h [hidden_size], c [hidden_size]) -> (h, c)",
        ..cell(2, operation!(Recurrent::lstm_cell))
    },
    Entry {
        name: "GRUCell",
        parameters: &[INPUT, HIDDEN, BIAS],
        repr: "#input_size, #hidden_size, bias?",
        doc: "one step of a GRU",
        shape: "[input_size], h [hidden_size] -> h [hidden_size]",
        ..cell(1, operation!(Recurrent::gru_cell))
    },
];

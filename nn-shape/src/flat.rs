//! Linear and Bilinear.

use crate::catalogue::{Channels, Entry, Inputs, Kind, WEIGHT_AND_BIAS, inferable, operation, required, with_default};
use crate::dims::{all_valid, check_numbers};
use crate::{Arg, At, LAYER, Message, Needs, Shape, Violation, tile};

/// `Linear`: `y = x Wᵀ + b` over the last axis; every axis in front is a batch.
///
/// See [`torch.nn.Linear`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html).
#[derive(Clone, Copy, Debug)]
pub struct Linear {
    /// Size of the last axis of the input.
    pub in_features: usize,
    /// Size of the last axis of the output.
    pub out_features: usize,
    /// Rows of one sample: the product of the axes in front of the last.
    pub rows: usize,
    /// Whether a bias is added.
    pub bias: bool,
    input: Shape,
}

impl Linear {
    /// From the arguments `in_features, out_features, bias`.
    pub const fn new(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Linear {
        let input = inputs[0];
        Linear {
            in_features: args[0].size_or(input.last()),
            out_features: args[1].size_or(0),
            rows: input.product(0, input.rank().saturating_sub(1)),
            bias: args[2].is_true(),
            input,
        }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        let input = self.input;
        if !input.is_valid() {
            return None;
        }
        if let Some(violation) = check_numbers(at, &[input]) {
            return Some(violation);
        }
        if input.rank() == 0 {
            return Message::title(at, "Linear needs an axis of features")
                .rule("the input has at least one axis, whose size is in_features")
                .found("")
                .source(at, 0, input)
                .fix("give it a tensor with features")
                .blame(LAYER);
        }
        if self.in_features != input.last() {
            return self.blame_features(at);
        }
        if self.out_features == 0 || self.in_features == 0 {
            return Message::title(at, "Linear without features")
                .rule("in_features >= 1 and out_features >= 1")
                .found("in_features = ")
                .number(self.in_features)
                .text(", out_features = ")
                .number(self.out_features)
                .fix("write a positive number")
                .blame(if self.in_features == 0 { 0 } else { 1 });
        }
        None
    }

    const fn blame_features(&self, at: &At) -> Option<Violation> {
        let input = self.input;
        let text = Message::title(at, "in_features does not match the incoming tensor")
            .rule("in_features must equal the size of the last axis")
            .found("in_features = ")
            .number(self.in_features)
            .text(", but ")
            .source(at, 0, input);
        if input.rank() > 1 && input.len() == self.in_features {
            return text
                .text(" = ")
                .number(input.len())
                .text(" values, which are not flat")
                .fix("put `Flatten` in front of this layer")
                .blame(0);
        }
        let text =
            text.text(" (last axis = ").number(input.last()).text(")").fix("write in_features = ").number(input.last());
        if input.rank() > 1 {
            return text.text(", or put `Flatten` in front and write in_features = ").number(input.len()).blame(0);
        }
        text.or_infer(at).or_make(at, 0, self.in_features, " values").blame(0)
    }

    /// The shape of the output.
    pub const fn output(&self, _index: usize) -> Shape {
        if !self.input.is_valid() || self.input.rank() == 0 {
            return Shape::INVALID;
        }
        if self.in_features != self.input.last() && self.in_features == self.input.len() {
            // `Flatten` was forgotten.
            return Shape::new(&[self.out_features]);
        }
        self.input.with(self.input.rank() - 1, self.out_features)
    }

    /// `IN`, `OUT`.
    pub const fn generics(&self) -> [usize; 6] {
        [self.in_features, self.out_features, 0, 0, 0, 0]
    }

    /// The bias.
    pub const fn parts(&self) -> [bool; 4] {
        [self.bias, false, false, false]
    }

    /// `in_features`.
    pub const fn inferred(&self) -> usize {
        self.in_features
    }

    /// Weights and biases.
    pub const fn parameters(&self) -> usize {
        self.out_features.saturating_mul(self.in_features).saturating_add(if self.bias { self.out_features } else { 0 })
    }

    /// Multiply-adds for one sample.
    pub const fn macs(&self) -> usize {
        self.rows.saturating_mul(self.in_features).saturating_mul(self.out_features)
    }

    /// The inputs, and the kernels' working space.
    pub const fn needs(&self) -> Needs {
        let scratch = tile::linear_scratch(self.in_features, self.out_features);
        Needs { forward_scratch: scratch, backward_scratch: scratch, ..Needs::INPUTS }
    }
}

/// `Bilinear`: `y[o] = Σ x1[i] W[o][i][j] x2[j] + b[o]` over the last axes; every axis in front is a batch.
///
/// See [`torch.nn.Bilinear`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Bilinear.html).
#[derive(Clone, Copy, Debug)]
pub struct Bilinear {
    /// Sizes of the last axes of the inputs.
    pub in_features: [usize; 2],
    /// Size of the last axis of the output.
    pub out_features: usize,
    /// Rows of one sample: the product of the axes in front of the last.
    pub rows: usize,
    /// Whether a bias is added.
    pub bias: bool,
    inputs: [Shape; 2],
}

impl Bilinear {
    /// From the arguments `in1_features, in2_features, out_features, bias`.
    pub const fn new(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Bilinear {
        Bilinear {
            in_features: [args[0].size_or(0), args[1].size_or(0)],
            out_features: args[2].size_or(0),
            rows: inputs[0].product(0, inputs[0].rank().saturating_sub(1)),
            bias: args[3].is_true(),
            inputs: [inputs[0], inputs[1]],
        }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if !all_valid(&self.inputs) {
            return None;
        }
        if let Some(violation) = check_numbers(at, &self.inputs) {
            return Some(violation);
        }
        let mut input = 0;
        while input < 2 {
            let (name, shape) = (if input == 0 { "in1_features" } else { "in2_features" }, self.inputs[input]);
            if shape.rank() == 0 || self.in_features[input] != shape.last() || shape.last() == 0 {
                return Message::title(at, name)
                    .text(" does not match the incoming tensor")
                    .text("\n  rule : ")
                    .text(name)
                    .text(" must equal the size of the last axis, and is >= 1")
                    .found(name)
                    .text(" = ")
                    .number(self.in_features[input])
                    .text(", but ")
                    .source(at, input, shape)
                    .fix("write ")
                    .text(name)
                    .text(" = ")
                    .number(shape.last())
                    .or_make(at, input, self.in_features[input], " values")
                    .blame(input);
            }
            input += 1;
        }
        if self.out_features == 0 {
            return Message::title(at, "out_features must be positive")
                .rule("out_features >= 1")
                .found("out_features = 0")
                .fix("write a positive number")
                .blame(2);
        }
        if self.output(0).is_valid() {
            return None;
        }
        let [left, right] = self.inputs;
        Message::title(at, "the inputs differ in front of the features")
            .rule("all axes but the last are the same for both inputs")
            .found("")
            .source(at, 0, left)
            .text(", ")
            .source(at, 1, right)
            .fix("make the axes in front the same")
            .blame(LAYER)
    }

    /// The shape of the output.
    pub const fn output(&self, _index: usize) -> Shape {
        let [left, right] = self.inputs;
        if !all_valid(&self.inputs) || left.rank() == 0 || left.rank() != right.rank() {
            return Shape::INVALID;
        }
        let last = left.rank() - 1;
        let output = left.with(last, self.out_features);
        if output.same(&right.with(last, self.out_features)) { output } else { Shape::INVALID }
    }

    /// `IN1`, `IN2`, `OUT`.
    pub const fn generics(&self) -> [usize; 6] {
        [self.in_features[0], self.in_features[1], self.out_features, 0, 0, 0]
    }

    /// The bias.
    pub const fn parts(&self) -> [bool; 4] {
        [self.bias, false, false, false]
    }

    /// Nothing.
    pub const fn inferred(&self) -> usize {
        0
    }

    /// Numbers in the weight.
    const fn weights(&self) -> usize {
        self.out_features.saturating_mul(self.in_features[0]).saturating_mul(self.in_features[1])
    }

    /// Weights and biases.
    pub const fn parameters(&self) -> usize {
        self.weights().saturating_add(if self.bias { self.out_features } else { 0 })
    }

    /// Multiply-adds for one sample.
    pub const fn macs(&self) -> usize {
        let products = self.out_features.saturating_mul(self.in_features[0]);
        self.rows.saturating_mul(self.weights().saturating_add(products))
    }

    /// The inputs, and room for `W x2` of one row.
    pub const fn needs(&self) -> Needs {
        let products = self.out_features.saturating_mul(self.in_features[0]);
        Needs { forward_scratch: products, backward_scratch: products, ..Needs::INPUTS }
    }
}

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    Entry {
        name: "Linear",
        parameters: &[
            inferable("in_features", "size of the last axis of the input"),
            required("out_features", Kind::Size, "size of the last axis of the output"),
            with_default("bias", Kind::Flag, Arg::Flag(true), "whether to add a learnable bias"),
        ],
        learns: WEIGHT_AND_BIAS,
        generics: 2,
        parts: 1,
        repr: "in_features, out_features, bias",
        doc: "y = x Wᵀ + b over the last axis",
        shape: "[.., in_features] -> [.., out_features]",
        channels: Channels::Own,
        ..operation!(Linear::new)
    },
    Entry {
        name: "Bilinear",
        parameters: &[
            required("in1_features", Kind::Size, "size of the last axis of the first input"),
            required("in2_features", Kind::Size, "size of the last axis of the second input"),
            required("out_features", Kind::Size, "size of the last axis of the output"),
            with_default("bias", Kind::Flag, Arg::Flag(true), "whether to add a learnable bias"),
        ],
        inputs: Inputs::Exactly(2),
        learns: WEIGHT_AND_BIAS,
        generics: 3,
        parts: 1,
        repr: "in1_features, in2_features, out_features, bias",
        doc: "y = x1 W x2 + b over the last axes",
        shape: "[.., in1_features], [.., in2_features] -> [.., out_features]",
        channels: Channels::Own,
        ..operation!(Bilinear::new)
    },
];

//! GroupNorm, and the groups of neighbouring values that GroupNorm, LayerNorm, RMSNorm and InstanceNorm bring to one scale.

use crate::catalogue::{
    Channels, Entry, Kind, Parameter, SAME, WEIGHT_AND_BIAS, inferable, operation, required, with_default,
};
use crate::dims::check_numbers;
use crate::{Arg, At, LAYER, Message, Needs, Shape, Violation};

/// A sample cut into groups of neighbouring values, each of which is normalised by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Groups {
    /// Groups in a sample.
    pub count: usize,
    /// Groups until the weights repeat: 1 where all groups share them.
    pub period: usize,
    /// Weights of a group.
    pub channels: usize,
    /// Neighbouring values that share a weight.
    pub plane: usize,
    /// Whether the mean is taken off: not by RMSNorm.
    pub centred: bool,
}

impl Groups {
    /// Values of a group.
    pub const fn len(&self) -> usize {
        self.channels.saturating_mul(self.plane)
    }

    /// True where a group has no values.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The inputs, with mean and 1/√(variance + eps) of each group.
    pub(crate) const fn needs(&self) -> Needs {
        Needs { saved_sample: self.count.saturating_mul(2), ..Needs::INPUTS }
    }
}

/// `GroupNorm`: `y = (x - mean) / √(variance + eps) * weight + bias`, mean and (biased) variance being those of a group of
/// `num_channels / num_groups` neighbouring channels of one sample, in training and in evaluation.
///
/// See [`torch.nn.GroupNorm`](https://docs.pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html).
///
/// Refused although PyTorch accepts it in batches of several samples: groups of a single value, whose output is the bias.
#[derive(Clone, Copy, Debug)]
pub struct GroupNorm {
    /// The groups.
    pub groups: Groups,
    /// Added to the variance.
    pub eps: f64,
    input: Shape,
    num_groups: usize,
    num_channels: usize,
    weight: bool,
    bias: bool,
    places: Places,
}

/// The places of the arguments in the signature.
#[derive(Clone, Copy, Debug)]
struct Places {
    num_channels: usize,
    eps: usize,
}

const NUM_GROUPS: usize = 0;

impl GroupNorm {
    /// From the arguments `num_groups, num_channels, eps, affine, bias`.
    pub const fn new(_axes: usize, args: &[Arg], inputs: &[Shape]) -> GroupNorm {
        let (affine, bias) = (args[3].is_true(), args[4].is_true());
        let channels = args[1].size_or(inputs[0].dim(0));
        GroupNorm::of(
            inputs[0],
            args[0].size_or(0),
            channels,
            args[2],
            [affine, affine && bias],
            Places { num_channels: 1, eps: 2 },
        )
    }

    /// From the arguments `num_groups, eps` of the function, which has no weights.
    pub const fn function(_axes: usize, args: &[Arg], inputs: &[Shape]) -> GroupNorm {
        let channels = inputs[0].dim(0);
        GroupNorm::of(
            inputs[0],
            args[0].size_or(0),
            channels,
            args[1],
            [false; 2],
            Places { num_channels: LAYER, eps: 1 },
        )
    }

    const fn of(
        input: Shape,
        num_groups: usize,
        num_channels: usize,
        eps: Arg,
        [weight, bias]: [bool; 2],
        places: Places,
    ) -> GroupNorm {
        let count = if num_groups == 0 { 1 } else { num_groups };
        let groups = Groups {
            count,
            period: count,
            channels: input.dim(0) / count,
            plane: input.product(1, input.rank()),
            centred: true,
        };
        GroupNorm { groups, eps: eps.real_or(1e-5), input, num_groups, num_channels, weight, bias, places }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if !self.input.is_valid() {
            return None;
        }
        if let Some(violation) = check_numbers(at, &[self.input]) {
            return Some(violation);
        }
        if self.input.rank() == 0 {
            return Message::title(at, "the input has no channels")
                .rule("GroupNorm takes [channels, ...], the batch left out")
                .found("")
                .source(at, 0, self.input)
                .fix("give it an input with channels")
                .blame(LAYER);
        }
        if self.num_groups == 0 || !self.num_channels.is_multiple_of(self.num_groups) {
            return self.blame_groups(at);
        }
        if self.num_channels != self.input.dim(0) {
            return blame_channels(at, "num_channels", self.num_channels, self.input, self.places.num_channels);
        }
        if self.groups.len() < 2 {
            return self.blame_size(at);
        }
        check_eps(at, self.eps, self.places.eps)
    }

    /// Whether the two numbers stand in each other's place.
    const fn is_swapped(&self) -> bool {
        let (groups, channels) = (self.num_channels, self.num_groups);
        channels == self.input.dim(0) && groups > 0 && channels.is_multiple_of(groups)
    }

    const fn blame_groups(&self, at: &At) -> Option<Violation> {
        if self.is_swapped() {
            return Message::title(at, "num_groups and num_channels are swapped")
                .rule("GroupNorm(num_groups, num_channels), num_channels being the channels of the incoming tensor")
                .found("num_groups = ")
                .number(self.num_groups)
                .text(", num_channels = ")
                .number(self.num_channels)
                .text(", but ")
                .source(at, 0, self.input)
                .text(" (channels = ")
                .number(self.input.dim(0))
                .text(")")
                .fix("write GroupNorm(")
                .number(self.num_channels)
                .text(", ")
                .number(self.num_groups)
                .text(")")
                .blame(NUM_GROUPS);
        }
        let text = Message::title(at, "num_groups does not divide the channels")
            .rule("num_groups >= 1, and num_channels must be divisible by it")
            .found("num_groups = ")
            .number(self.num_groups)
            .text(", num_channels = ")
            .number(self.num_channels);
        let fewer = divisor(self.num_channels, self.num_groups);
        let mut more = if self.num_groups == 0 { 1 } else { self.num_groups };
        while more < self.num_channels && more - self.num_groups < 64 && !self.num_channels.is_multiple_of(more) {
            more += 1;
        }
        let text = text.fix("write num_groups = ").number(fewer);
        if more > fewer && self.num_channels > 0 && self.num_channels.is_multiple_of(more) {
            return text.text(" or ").number(more).blame(NUM_GROUPS);
        }
        text.blame(NUM_GROUPS)
    }

    const fn blame_size(&self, at: &At) -> Option<Violation> {
        let text = Message::title(at, "each group has a single value")
            .rule("a group holds more than one value: one value alone has no variance")
            .found("num_groups = ")
            .number(self.num_groups)
            .text(", and ")
            .source(at, 0, self.input);
        if self.num_channels < 2 {
            return text.fix("give it an input with more values").blame(NUM_GROUPS);
        }
        text.fix("write num_groups = ").number(divisor(self.num_channels, self.num_groups - 1)).blame(NUM_GROUPS)
    }

    /// The shape of the output: the input's.
    pub const fn output(&self, _index: usize) -> Shape {
        self.input
    }

    /// `C`.
    pub const fn generics(&self) -> [usize; 6] {
        [self.num_channels, 0, 0, 0, 0, 0]
    }

    /// Weight, bias.
    pub const fn parts(&self) -> [bool; 4] {
        [self.weight, self.bias, false, false]
    }

    /// `num_channels`.
    pub const fn inferred(&self) -> usize {
        self.num_channels
    }

    /// Weights and biases.
    pub const fn parameters(&self) -> usize {
        self.num_channels.saturating_mul(self.weight as usize + self.bias as usize)
    }

    /// Multiply-adds for one sample: one for each value.
    pub const fn macs(&self) -> usize {
        self.input.len()
    }

    /// The inputs, with mean and 1/√(variance + eps) of each group.
    pub const fn needs(&self) -> Needs {
        self.groups.needs()
    }
}

/// The largest divisor of `number` that is at most `most`, looked for among a few; else 1.
const fn divisor(number: usize, most: usize) -> usize {
    let mut divisor = if most < number { most } else { number };
    let mut tries = 0;
    while divisor > 1 && tries < 4096 && !number.is_multiple_of(divisor) {
        divisor -= 1;
        tries += 1;
    }
    if divisor > 0 && number.is_multiple_of(divisor) { divisor } else { 1 }
}

/// The argument `name` is not the number of the channels.
pub(crate) const fn blame_channels(
    at: &At,
    name: &str,
    written: usize,
    input: Shape,
    argument: usize,
) -> Option<Violation> {
    Message::title(at, name)
        .text(" does not match the channels")
        .text("\n  rule : ")
        .text(name)
        .text(" must equal the channels of the incoming tensor")
        .found(name)
        .text(" = ")
        .number(written)
        .text(", but ")
        .source(at, 0, input)
        .text(" (channels = ")
        .number(input.dim(0))
        .text(")")
        .fix("write ")
        .text(name)
        .text(" = ")
        .number(input.dim(0))
        .or_infer(at)
        .or_make(at, 0, written, " channels")
        .blame(argument)
}

/// Below 0, or not a number, `eps` leaves no square root.
pub(crate) const fn check_eps(at: &At, eps: f64, argument: usize) -> Option<Violation> {
    if eps >= 0.0 {
        return None;
    }
    Message::title(at, "eps is negative")
        .rule("eps >= 0: it is added to the variance, whose root is taken")
        .found("eps = ")
        .real(eps)
        .fix("leave it out")
        .blame(argument)
}

pub(crate) const EPS: Parameter = with_default("eps", Kind::Real, Arg::Real(1e-5), "added to the variance");
pub(crate) const BIAS: Parameter =
    with_default("bias", Kind::Flag, Arg::Flag(true), "whether there is a bias beside the weight");

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    Entry {
        name: "GroupNorm",
        parameters: &[
            required("num_groups", Kind::Size, "groups of neighbouring channels"),
            inferable("num_channels", "channels of the input"),
            EPS,
            with_default("affine", Kind::Flag, Arg::Flag(true), "whether there are a learnable weight and bias"),
            BIAS,
        ],
        channels: Channels::Input,
        learns: WEIGHT_AND_BIAS,
        generics: 1,
        parts: 2,
        repr: "#num_groups, #num_channels, eps, affine, bias&affine",
        doc: "each group of channels brought to mean 0 and variance 1, then scaled and shifted",
        shape: SAME,
        ..operation!(GroupNorm::new)
    },
    Entry {
        name: "GroupNorm",
        is_layer: false,
        function: Some("group_norm"),
        parameters: &[required("num_groups", Kind::Size, "groups of neighbouring channels"), EPS],
        channels: Channels::Input,
        learns: WEIGHT_AND_BIAS,
        generics: 1,
        parts: 2,
        doc: "each group of channels brought to mean 0 and variance 1",
        shape: SAME,
        ..operation!(GroupNorm::function)
    },
];

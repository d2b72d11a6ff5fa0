//! BatchNorm1d, BatchNorm2d, BatchNorm3d, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d.

use crate::catalogue::{Channels, Entry, Kind, Parameter, SAME, WEIGHT_AND_BIAS, inferable, operation, with_default};
use crate::conv::check_rank;
use crate::dims::check_numbers;
use crate::group_norm::{BIAS as BIAS_PARAMETER, EPS as EPS_PARAMETER, blame_channels};
use crate::{Arg, At, Groups, LAYER, Message, Needs, Shape, Violation};

/// A sample cut into channels of `plane` values each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Planes {
    /// Size of the first axis.
    pub channels: usize,
    /// Product of the others.
    pub plane: usize,
}

impl Planes {
    /// The channels of a shape.
    pub const fn of(shape: Shape) -> Planes {
        Planes { channels: shape.dim(0), plane: shape.product(1, shape.rank()) }
    }
}

/// `BatchNorm1d`, `BatchNorm2d`, `BatchNorm3d`: `y = (x - mean) / √(variance + eps) * weight + bias`, for each channel.
///
/// Training takes mean and (biased) variance over the batch and all places of the channel, and moves the running statistics towards
/// them: `running = (1 - momentum) * running + momentum * batch`, with the unbiased variance; `momentum = None` averages all batches.
/// Evaluation takes the running statistics, or, without `track_running_stats`, those of the batch as well. See
/// [`torch.nn.BatchNorm2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html).
///
/// `InstanceNorm1d`, `InstanceNorm2d`, `InstanceNorm3d` take mean and variance of each sample by itself; running ones, if tracked, are those
/// of the mean sample of each batch, evaluation uses them, and `momentum = None` leaves them as they are. See
/// [`torch.nn.InstanceNorm2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.InstanceNorm2d.html).
///
/// Refused although PyTorch accepts them: an `eps` that is not positive, in evaluation too, a `momentum` outside of 0 to 1, and, without
/// `affine`, a `num_features` that an InstanceNorm does not use.
#[derive(Clone, Copy, Debug)]
pub struct BatchNorm {
    /// Number of spatial axes: 1, 2 or 3; `BatchNorm1d` also takes none.
    pub axes: usize,
    /// Whether each sample is normalised by itself.
    pub instance: bool,
    /// The channels.
    pub planes: Planes,
    /// Added to the variance.
    pub eps: f64,
    /// Weight of a batch in the running statistics; `None` gives all batches the same weight.
    pub momentum: Option<f64>,
    /// Whether running statistics are kept, and evaluation uses them.
    pub running: bool,
    /// Whether a ReLU behind it is done with it.
    pub rectifies: bool,
    input: Shape,
    num_features: usize,
    weight: bool,
    bias: bool,
}

// Places in the signature.
const NUM_FEATURES: usize = 0;
const EPS: usize = 1;
const MOMENTUM: usize = 2;
const AFFINE: usize = 3;
const TRACK_RUNNING_STATS: usize = 4;
const BIAS: usize = 5;

impl BatchNorm {
    /// From the arguments `num_features, eps, momentum, affine, track_running_stats, bias`.
    pub const fn new(axes: usize, args: &[Arg], inputs: &[Shape]) -> BatchNorm {
        BatchNorm::of(axes, false, args, inputs)
    }

    /// The same for an InstanceNorm.
    pub const fn instance(axes: usize, args: &[Arg], inputs: &[Shape]) -> BatchNorm {
        BatchNorm::of(axes, true, args, inputs)
    }

    /// From the argument `eps` of the function `instance_norm`, which takes any number of axes and has no weights.
    pub const fn instance_function(_axes: usize, args: &[Arg], inputs: &[Shape]) -> BatchNorm {
        let args = [Arg::Inferred, args[0], Arg::None, Arg::Flag(false), Arg::Flag(false), Arg::Flag(false)];
        let axes = if inputs[0].rank() == 0 { 1 } else { inputs[0].rank() - 1 };
        BatchNorm::of(if axes == 0 { 1 } else { axes }, true, &args, inputs)
    }

    /// The same with the ReLU behind it.
    pub const fn rectified(self) -> BatchNorm {
        BatchNorm { rectifies: true, ..self }
    }

    const fn of(axes: usize, instance: bool, args: &[Arg], inputs: &[Shape]) -> BatchNorm {
        let input = inputs[0];
        let affine = args[AFFINE].is_true();
        BatchNorm {
            axes,
            instance,
            planes: Planes::of(input),
            eps: args[EPS].real_or(1e-5),
            momentum: if args[MOMENTUM].is_none() { None } else { Some(args[MOMENTUM].real_or(0.1)) },
            running: args[TRACK_RUNNING_STATS].is_true(),
            rectifies: false,
            input,
            num_features: args[NUM_FEATURES].size_or(input.dim(0)),
            weight: affine,
            bias: affine && args[BIAS].is_true(),
        }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if !self.input.is_valid() {
            return None;
        }
        if let Some(violation) = check_numbers(at, &[self.input]) {
            return Some(violation);
        }
        if !self.rank_fits() {
            return self.blame_rank(at);
        }
        if self.num_features != self.planes.channels {
            return blame_channels(at, "num_features", self.num_features, self.input, NUM_FEATURES);
        }
        if self.instance && !self.running && self.planes.plane < 2 {
            return self.blame_plane(at, "without running statistics, ");
        }
        if self.eps <= 0.0 || self.eps.is_nan() {
            return Message::title(at, "eps must be positive")
                .rule("eps > 0: a channel whose values are all equal has variance 0")
                .found("eps = ")
                .real(self.eps)
                .fix("leave it out for 0.00001")
                .blame(EPS);
        }
        match self.momentum {
            Some(momentum) if momentum < 0.0 || momentum > 1.0 || momentum.is_nan() => Message::title(
                at,
                "momentum is not a share",
            )
            .rule("0 <= momentum <= 1: the weight of a batch in the running statistics, or None to average all batches")
            .found("momentum = ")
            .real(momentum)
            .fix("leave it out for 0.1")
            .blame(MOMENTUM),
            _ => None,
        }
    }

    const fn rank_fits(&self) -> bool {
        self.input.rank() == self.axes + 1 || (self.axes == 1 && self.input.rank() == 1 && !self.instance)
    }

    const fn blame_rank(&self, at: &At) -> Option<Violation> {
        if self.instance || (self.axes > 1 && self.input.rank() != 1) {
            let kind = if self.instance { "instance norm" } else { "batch norm" };
            return check_rank(kind, at, self.axes, self.input);
        }
        let rank = self.input.rank();
        let text = Message::title(at, "the input has the wrong number of axes");
        let text = match self.axes {
            1 => text.rule("a 1d batch norm takes [channels] or [channels, length], the batch left out"),
            2 => text.rule("a 2d batch norm takes [channels, height, width], the batch left out"),
            _ => text.rule("a 3d batch norm takes [channels, depth, height, width], the batch left out"),
        };
        let text = text.found("").source(at, 0, self.input).text(", which has ").number(rank).text(if rank == 1 {
            " axis"
        } else {
            " axes"
        });
        if rank == 1 {
            return text.fix("write BatchNorm1d").blame(LAYER);
        }
        if rank == 3 || rank == 4 {
            return text.fix("write BatchNorm").number(rank - 1).text("d").blame(LAYER);
        }
        text.fix("make the input [channels] or [channels, length]").blame(LAYER)
    }

    /// The rule for training that depends on the size of the batch.
    pub const fn check_batch(&self, at: &At, batch: usize) -> Option<Violation> {
        if !self.input.is_valid() || !self.rank_fits() || self.planes.plane > 1 || (batch > 1 && !self.instance) {
            return None;
        }
        if self.instance {
            // Without running statistics it is a mistake in evaluation too, and reported as such.
            return if self.running { self.blame_plane(at, "in training, ") } else { None };
        }
        Message::title(at, "training needs more than one value of each channel")
            .rule("batch * places of a channel > 1: one value alone has no variance")
            .found("batch = ")
            .number(batch)
            .text(", places = ")
            .number(self.planes.plane)
            .text(" (")
            .source(at, 0, self.input)
            .text(")")
            .fix("train on at least 2 samples at once")
            .blame(LAYER)
    }

    /// An instance norm of channels with a single value.
    const fn blame_plane(&self, at: &At, when: &str) -> Option<Violation> {
        Message::title(at, "each channel of a sample has a single value")
            .text("\n  rule : ")
            .text(when)
            .text("an instance norm needs more than one value in each channel: one value alone has no variance")
            .found("")
            .source(at, 0, self.input)
            .fix("normalise over the batch: use BatchNorm")
            .number(self.axes)
            .text("d")
            .blame(LAYER)
    }

    /// The groups of an instance norm: the channels of each sample.
    pub const fn groups(&self) -> Groups {
        Groups {
            count: self.planes.channels,
            period: self.planes.channels,
            channels: 1,
            plane: self.planes.plane,
            centred: true,
        }
    }

    /// The shape of the output: the input's.
    pub const fn output(&self, _index: usize) -> Shape {
        if self.rank_fits() { self.input } else { Shape::INVALID }
    }

    /// `C`.
    pub const fn generics(&self) -> [usize; 6] {
        [self.num_features, 0, 0, 0, 0, 0]
    }

    /// Weight, bias, running statistics.
    pub const fn parts(&self) -> [bool; 4] {
        [self.weight, self.bias, self.running, false]
    }

    /// `num_features`.
    pub const fn inferred(&self) -> usize {
        self.num_features
    }

    /// Weights and biases.
    pub const fn parameters(&self) -> usize {
        self.num_features.saturating_mul(self.weight as usize + self.bias as usize)
    }

    /// Multiply-adds for one sample: one for each value.
    pub const fn macs(&self) -> usize {
        self.input.len()
    }

    /// The inputs, with mean and 1/√(variance + eps) of each channel; without running statistics a batch norm's evaluation needs these too.
    pub const fn needs(&self) -> Needs {
        if self.instance {
            return self.groups().needs();
        }
        let statistics = self.planes.channels.saturating_mul(2);
        Needs { saved_batch: statistics, forward_scratch: if self.running { 0 } else { statistics }, ..Needs::INPUTS }
    }
}

const NUM_FEATURES_PARAMETER: Parameter = inferable("num_features", "channels of the input");
const MOMENTUM_PARAMETER: Parameter = Parameter {
    optional: true,
    ..with_default("momentum", Kind::Real, Arg::Real(0.1), "weight of a batch in the running statistics")
};

const BATCH_NORM: &[Parameter] = &[
    NUM_FEATURES_PARAMETER,
    EPS_PARAMETER,
    Parameter { doc: "weight of a batch in the running statistics; None averages all batches", ..MOMENTUM_PARAMETER },
    with_default("affine", Kind::Flag, Arg::Flag(true), "whether there are a learnable weight and bias"),
    with_default("track_running_stats", Kind::Flag, Arg::Flag(true), "whether evaluation uses running statistics"),
    BIAS_PARAMETER,
];

const INSTANCE_NORM: &[Parameter] = &[
    NUM_FEATURES_PARAMETER,
    EPS_PARAMETER,
    Parameter {
        doc: "weight of a batch in the running statistics; None leaves them as they are",
        ..MOMENTUM_PARAMETER
    },
    with_default("affine", Kind::Flag, Arg::Flag(false), "whether there are a learnable weight and bias"),
    with_default("track_running_stats", Kind::Flag, Arg::Flag(false), "whether evaluation uses running statistics"),
    BIAS_PARAMETER,
];

const REPR: &str = "#num_features, eps, momentum, affine, bias&affine, track_running_stats";

const fn batch_norm(name: &'static str, axes: usize) -> Entry {
    Entry {
        name,
        axes,
        parameters: BATCH_NORM,
        repr: REPR,
        channels: Channels::Input,
        checks_batch: true,
        learns: WEIGHT_AND_BIAS,
        generics: 1,
        parts: 3,
        doc: "each channel brought to mean 0 and variance 1, then scaled and shifted",
        shape: SAME,
        ..operation!(BatchNorm::new)
    }
}

const fn instance_norm(name: &'static str, axes: usize) -> Entry {
    Entry {
        parameters: INSTANCE_NORM,
        repr: REPR,
        doc: "each channel of each sample brought to mean 0 and variance 1",
        shape: SAME,
        name,
        axes,
        ..instance_entry(operation!(BatchNorm::instance))
    }
}

const fn instance_entry(entry: Entry) -> Entry {
    Entry { channels: Channels::Input, checks_batch: true, learns: WEIGHT_AND_BIAS, generics: 1, parts: 3, ..entry }
}

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    batch_norm("BatchNorm1d", 1),
    batch_norm("BatchNorm2d", 2),
    batch_norm("BatchNorm3d", 3),
    instance_norm("InstanceNorm1d", 1),
    instance_norm("InstanceNorm2d", 2),
    instance_norm("InstanceNorm3d", 3),
    Entry {
        name: "InstanceNorm1d",
        is_layer: false,
        function: Some("instance_norm"),
        parameters: &[EPS_PARAMETER],
        doc: "each channel of each sample brought to mean 0 and variance 1",
        shape: SAME,
        ..instance_entry(operation!(BatchNorm::instance_function))
    },
];

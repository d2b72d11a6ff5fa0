//! BatchNorm1d, BatchNorm2d, BatchNorm3d.

use crate::catalogue::{Entry, Kind, Parameter, inferable, operation, with_default};
use crate::conv::check_rank;
use crate::{Arg, At, LAYER, Message, Needs, Shape, Violation};

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
/// Refused although PyTorch accepts them: an `eps` that is not positive, in evaluation too, and a `momentum` outside of 0 to 1.
#[derive(Clone, Copy, Debug)]
pub struct BatchNorm {
    /// Number of spatial axes: 1, 2 or 3; `BatchNorm1d` also takes none.
    pub axes: usize,
    /// The channels.
    pub planes: Planes,
    /// Added to the variance.
    pub eps: f64,
    /// Weight of a batch in the running statistics; `None` gives all batches the same weight.
    pub momentum: Option<f64>,
    /// Whether running statistics are kept, and evaluation uses them.
    pub running: bool,
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
        let input = inputs[0];
        let affine = args[AFFINE].is_true();
        BatchNorm {
            axes,
            planes: Planes::of(input),
            eps: args[EPS].real_or(1e-5),
            momentum: if args[MOMENTUM].is_none() { None } else { Some(args[MOMENTUM].real_or(0.1)) },
            running: args[TRACK_RUNNING_STATS].is_true(),
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
        if !self.rank_fits() {
            return self.blame_rank(at);
        }
        if self.num_features != self.planes.channels {
            return self.blame_features(at);
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
        self.input.rank() == self.axes + 1 || (self.axes == 1 && self.input.rank() == 1)
    }

    const fn blame_rank(&self, at: &At) -> Option<Violation> {
        if self.axes > 1 && self.input.rank() != 1 {
            return check_rank("batch norm", at, self.axes, self.input);
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

    const fn blame_features(&self, at: &At) -> Option<Violation> {
        Message::title(at, "num_features does not match the channels")
            .rule("num_features must equal the channels of the incoming tensor")
            .found("num_features = ")
            .number(self.num_features)
            .text(", but ")
            .source(at, 0, self.input)
            .text(" (channels = ")
            .number(self.planes.channels)
            .text(")")
            .fix("write num_features = ")
            .number(self.planes.channels)
            .text(" or _")
            .or_make(at, 0, self.num_features, " channels")
            .blame(NUM_FEATURES)
    }

    /// The rule for training that depends on the size of the batch.
    pub const fn check_batch(&self, at: &At, batch: usize) -> Option<Violation> {
        if !self.input.is_valid() || !self.rank_fits() || batch.saturating_mul(self.planes.plane) > 1 {
            return None;
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

    /// The inputs, with mean and 1/√(variance + eps) of each channel; without running statistics evaluation needs these too.
    pub const fn needs(&self) -> Needs {
        let statistics = self.planes.channels.saturating_mul(2);
        Needs { saved_batch: statistics, forward_scratch: if self.running { 0 } else { statistics }, ..Needs::INPUTS }
    }
}

const BATCH_NORM: &[Parameter] = &[
    inferable("num_features", "channels of the input"),
    with_default("eps", Kind::Real, Arg::Real(1e-5), "added to the variance"),
    Parameter {
        optional: true,
        ..with_default(
            "momentum",
            Kind::Real,
            Arg::Real(0.1),
            "weight of a batch in the running statistics; None averages all batches",
        )
    },
    with_default("affine", Kind::Flag, Arg::Flag(true), "whether there are a learnable weight and bias"),
    with_default("track_running_stats", Kind::Flag, Arg::Flag(true), "whether evaluation uses running statistics"),
    with_default("bias", Kind::Flag, Arg::Flag(true), "whether there is a bias beside the weight"),
];

const fn batch_norm(name: &'static str, axes: usize) -> Entry {
    Entry {
        name,
        axes,
        parameters: BATCH_NORM,
        checks_batch: true,
        generics: 1,
        parts: 3,
        doc: "each channel brought to mean 0 and variance 1, then scaled and shifted",
        ..operation!(BatchNorm::new)
    }
}

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] =
    &[batch_norm("BatchNorm1d", 1), batch_norm("BatchNorm2d", 2), batch_norm("BatchNorm3d", 3)];

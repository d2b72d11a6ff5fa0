//! AdaptiveLogSoftmaxWithLoss: many classes, of which the rare ones lie in clusters.

use crate::attention::named_input;
use crate::catalogue::{Channels, Entry, Kind, inferable, operation, optional, required, with_default};
use crate::dims::check_numbers;
use crate::{Arg, At, Element, LAYER, MAX_ENTRIES, Message, Needs, Shape, Violation, tile};

/// Rows that are computed together: enough to read each weight from memory once for several, few enough to need little room.
const BLOCK: usize = 16;

/// `AdaptiveLogSoftmaxWithLoss`: the logarithm of a class's probability, over a head of frequent classes and clusters of rarer ones.
///
/// The head has one number for each class below `cutoffs[0]` and one for each cluster. The numbers of a cluster's classes come through a
/// smaller layer, of `in_features / div_valueⁱ` for the cluster `i` from 1 on: `log p(class) = log p(cluster) + log p(class | cluster)`.
///
/// See [`torch.nn.AdaptiveLogSoftmaxWithLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveLogSoftmaxWithLoss.html).
///
/// Refused although PyTorch accepts it: a `div_value` that leaves a cluster without features, whose classes would be equally likely.
#[derive(Clone, Copy, Debug)]
pub struct AdaptiveLogSoftmax {
    /// Numbers of a row.
    pub in_features: usize,
    /// All classes.
    pub n_classes: usize,
    /// Where each cluster begins.
    pub cutoffs: [usize; MAX_ENTRIES],
    /// How many clusters there are.
    pub clusters: usize,
    /// Rows of one sample.
    pub rows: usize,
    /// Whether a class is given for each row, whose logarithm is the result; else all classes' are.
    pub has_target: bool,
    div_value: f64,
    bias: bool,
    input: Shape,
    target: Option<(usize, Shape)>,
}

const IN: usize = 0;
const CLASSES: usize = 1;
const CUTOFFS: usize = 2;
const DIV_VALUE: usize = 3;
const TARGET: usize = 5;

impl AdaptiveLogSoftmax {
    /// From the arguments `in_features, n_classes, cutoffs, div_value, head_bias`, and at the call `target`.
    pub const fn new(_axes: usize, args: &[Arg], inputs: &[Shape]) -> AdaptiveLogSoftmax {
        let input = inputs[0];
        let mut cutoffs = [0; MAX_ENTRIES];
        let clusters = args[CUTOFFS].entries();
        let mut i = 0;
        while i < clusters && i < MAX_ENTRIES {
            let cutoff = args[CUTOFFS].entry(i);
            cutoffs[i] = if cutoff < 0 { 0 } else { cutoff as usize };
            i += 1;
        }
        let target = named_input(args[TARGET], inputs);
        AdaptiveLogSoftmax {
            in_features: args[IN].size_or(input.last()),
            n_classes: args[CLASSES].size_or(0),
            cutoffs,
            clusters,
            rows: input.product(0, input.rank().saturating_sub(1)),
            has_target: target.is_some(),
            div_value: args[DIV_VALUE].real_or(4.0),
            bias: args[4].is_true(),
            input,
            target,
        }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if !self.is_valid() {
            return None;
        }
        if let Some(violation) = check_numbers(at, &[self.input]) {
            return Some(violation);
        }
        if self.input.rank() == 0 {
            return Message::title(at, "the input has no features")
                .rule("the input has at least one axis, whose size is in_features")
                .found("")
                .source(at, 0, self.input)
                .fix("give it a tensor with features")
                .blame(LAYER);
        }
        if self.in_features != self.input.last() {
            return self.blame_features(at);
        }
        if let Some(violation) = self.check_cutoffs(at) {
            return Some(violation);
        }
        if let Some(violation) = self.check_features(at) {
            return Some(violation);
        }
        self.check_target(at)
    }

    const fn blame_features(&self, at: &At) -> Option<Violation> {
        Message::title(at, "in_features does not match the incoming tensor")
            .rule("in_features must equal the size of the last axis")
            .found("in_features = ")
            .number(self.in_features)
            .text(", but ")
            .source(at, 0, self.input)
            .text(" (last axis = ")
            .number(self.input.last())
            .text(")")
            .fix("write in_features = ")
            .number(self.input.last())
            .or_infer(at)
            .or_make(at, 0, self.in_features, " values")
            .blame(IN)
    }

    const fn check_cutoffs(&self, at: &At) -> Option<Violation> {
        let rule = "0 < cutoffs[0] < cutoffs[1] < ... < n_classes: each says where a cluster of rarer classes begins";
        if self.clusters == 0 {
            return Message::title(at, "there are no cutoffs")
                .rule(rule)
                .found("cutoffs is empty")
                .fix("write at least one, or use `Linear` and `LogSoftmax`")
                .blame(CUTOFFS);
        }
        let mut i = 0;
        while i < self.clusters {
            let least = if i == 0 { 0 } else { self.cutoffs[i - 1] };
            let cutoff = self.cutoffs[i];
            if cutoff <= least || cutoff >= self.n_classes {
                let too_large = cutoff >= self.n_classes;
                let title =
                    if too_large { "a cutoff leaves no class behind it" } else { "the cutoffs do not increase" };
                let text =
                    Message::title(at, title).rule(rule).found("cutoffs[").number(i).text("] = ").number(cutoff).text(
                        if too_large {
                            ", n_classes = "
                        } else if i == 0 {
                            ""
                        } else {
                            " behind "
                        },
                    );
                let text = if too_large {
                    text.number(self.n_classes)
                } else if i == 0 {
                    text
                } else {
                    text.number(least)
                };
                return if too_large {
                    text.fix("leave it out: the last cluster ends at n_classes by itself").blame(CUTOFFS)
                } else {
                    text.fix("write positive cutoffs in increasing order, each once").blame(CUTOFFS)
                };
            }
            i += 1;
        }
        if self.n_classes <= Shape::MOST {
            return None;
        }
        Message::title(at, "there are too many classes")
            .text("\n  rule : n_classes <= ")
            .number(Shape::MOST)
            .found("n_classes = ")
            .number(self.n_classes)
            .fix("write a smaller number")
            .blame(CLASSES)
    }

    /// Every cluster has features.
    const fn check_features(&self, at: &At) -> Option<Violation> {
        let mut i = 0;
        while i < self.clusters {
            let features = self.features(i);
            if features == 0 || features > Shape::MOST {
                return Message::title(at, "div_value leaves a cluster without features")
                    .rule("the cluster i, counted from 1, has floor(in_features / div_value^i) features, at least one")
                    .found("in_features = ")
                    .number(self.in_features)
                    .text(", div_value = ")
                    .real(self.div_value)
                    .text(", and the cluster ")
                    .number(i + 1)
                    .text(" of ")
                    .number(self.clusters)
                    .fix("write a smaller div_value, above 0, or fewer cutoffs")
                    .blame(DIV_VALUE);
            }
            i += 1;
        }
        None
    }

    const fn check_target(&self, at: &At) -> Option<Violation> {
        let Some((place, target)) = self.target else { return None };
        let expected = self.row_shape().with_element(Element::Index);
        if target.same(&expected) {
            return None;
        }
        let title = if matches!(target.element(), Element::Index) {
            "the target does not fit the input"
        } else {
            "the target holds numbers"
        };
        Message::title(at, title)
            .rule("there is a class, u32, for each row of the input")
            .found("")
            .source(at, place, target)
            .text(", and ")
            .source(at, 0, self.input)
            .fix("give a target of ")
            .shape(expected)
            .blame(TARGET)
    }

    const fn is_valid(&self) -> bool {
        if let Some((_, target)) = self.target
            && !target.is_valid()
        {
            return false;
        }
        self.input.is_valid()
    }

    /// The input's axes without the features.
    const fn row_shape(&self) -> Shape {
        let mut sizes = [0; crate::MAX_RANK];
        let rank = self.input.rank().saturating_sub(1);
        let mut axis = 0;
        while axis < rank {
            sizes[axis] = self.input.dim(axis);
            axis += 1;
        }
        Shape::new(sizes.split_at(rank).0)
    }

    /// A logarithm for each row, or for each row and class.
    pub const fn output(&self, _index: usize) -> Shape {
        if !self.is_valid() || self.input.rank() == 0 {
            return Shape::INVALID;
        }
        if self.has_target { self.row_shape() } else { self.input.with(self.input.rank() - 1, self.n_classes) }
    }

    /// Features of a cluster: `floor(in_features / div_value^(cluster + 1))`.
    pub const fn features(&self, cluster: usize) -> usize {
        if self.div_value.is_nan() || self.div_value <= 0.0 || cluster >= self.clusters {
            return 0;
        }
        let (mut divisor, mut i) = (1.0, 0);
        while i <= cluster {
            divisor *= self.div_value;
            i += 1;
        }
        // As Python's `//`: what is left over is taken off before dividing.
        let whole = self.in_features as f64;
        ((whole - whole % divisor) / divisor + 0.5) as usize
    }

    /// The first class of a cluster.
    pub const fn first(&self, cluster: usize) -> usize {
        if cluster < MAX_ENTRIES { self.cutoffs[cluster] } else { 0 }
    }

    /// Classes of a cluster.
    pub const fn classes(&self, cluster: usize) -> usize {
        if cluster >= self.clusters {
            return 0;
        }
        let end = if cluster + 1 < self.clusters { self.cutoffs[cluster + 1] } else { self.n_classes };
        end.saturating_sub(self.cutoffs[cluster])
    }

    /// Numbers of the head: one for each frequent class and each cluster.
    pub const fn head(&self) -> usize {
        self.cutoffs[0].saturating_add(self.clusters)
    }

    /// Rows that are computed together.
    pub const fn block(&self) -> usize {
        BLOCK
    }

    /// The most features that a cluster has, and the most numbers that become logarithms together.
    pub const fn widths(&self) -> [usize; 2] {
        let (mut features, mut classes) = (0, self.head());
        let mut i = 0;
        while i < self.clusters {
            if self.features(i) > features {
                features = self.features(i);
            }
            if self.classes(i) > classes {
                classes = self.classes(i);
            }
            i += 1;
        }
        [features, classes]
    }

    /// `IN`, `HEAD`.
    pub const fn generics(&self) -> [usize; 6] {
        [self.in_features, self.head(), 0, 0, 0, 0]
    }

    /// The head's bias.
    pub const fn parts(&self) -> [bool; 4] {
        [self.bias, false, false, false]
    }

    /// `in_features`.
    pub const fn inferred(&self) -> usize {
        self.in_features
    }

    /// Weights of head and clusters.
    pub const fn parameters(&self) -> usize {
        let mut count = self.head().saturating_mul(self.in_features);
        if self.bias {
            count = count.saturating_add(self.head());
        }
        let mut i = 0;
        while i < self.clusters {
            count = count.saturating_add(self.cluster_parameters(i));
            i += 1;
        }
        count
    }

    const fn cluster_parameters(&self, cluster: usize) -> usize {
        self.features(cluster).saturating_mul(self.in_features.saturating_add(self.classes(cluster)))
    }

    /// Multiply-adds for one sample, if every cluster is computed.
    pub const fn macs(&self) -> usize {
        let bias = if self.bias { self.head() } else { 0 };
        self.rows.saturating_mul(self.parameters().saturating_sub(bias))
    }

    /// The input, and room for a block of rows: its features, those of a cluster, numbers for classes, and the kernels' own.
    pub const fn needs(&self) -> Needs {
        let [features, classes] = self.widths();
        let mut product = tile::linear_scratch(self.in_features, self.head());
        let mut i = 0;
        while i < self.clusters {
            let pieces = [
                tile::linear_scratch(self.in_features, self.features(i)),
                tile::linear_scratch(self.features(i), self.classes(i)),
            ];
            product = if pieces[0] > product { pieces[0] } else { product };
            product = if pieces[1] > product { pieces[1] } else { product };
            i += 1;
        }
        let rows = self.in_features.saturating_add(features);
        let forward = BLOCK.saturating_mul(rows.saturating_add(classes));
        let backward = forward.saturating_add(BLOCK.saturating_mul(rows));
        Needs {
            forward_scratch: forward.saturating_add(product),
            backward_scratch: backward.saturating_add(product),
            ..Needs::INPUTS
        }
    }
}

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[Entry {
    name: "AdaptiveLogSoftmaxWithLoss",
    parameters: &[
        inferable("in_features", "features of a row"),
        required("n_classes", Kind::Size, "all classes, the most frequent ones first"),
        required("cutoffs", Kind::Sizes, "where each cluster of rarer classes begins, in increasing order"),
        with_default(
            "div_value",
            Kind::Real,
            Arg::Real(4.0),
            "how many times fewer features each cluster has than the one before",
        ),
        with_default("head_bias", Kind::Flag, Arg::Flag(false), "whether the head has a bias"),
    ],
    call: &[optional("target", Kind::Value, "a class for each row, u32; without it, the result holds all classes")],
    channels: Channels::Own,
    generics: 2,
    takes_clusters: true,
    parts: 1,
    doc: "log-probability of a class among many, the rarer ones through smaller layers",
    shape: "[.., in_features], target [u32; ..] -> [..]; without a target [.., n_classes]",
    ..operation!(AdaptiveLogSoftmax::new)
}];

//! CosineSimilarity, PairwiseDistance: a number for each pair of vectors.

use crate::arithmetic::{broadcast, check_broadcast};
use crate::catalogue::{Entry, Inputs, Kind, operation, with_default};
use crate::dims::{Dim, all_valid, check_dim, check_numbers};
use crate::unit::without_parameters;
use crate::{Arg, At, LAYER, MAX_RANK, Message, Needs, Shape, Violation};

/// What is made of two vectors.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Measure {
    /// Σ a b / (max(‖a‖, eps) · max(‖b‖, eps))
    Cosine {
        /// The shortest that a vector is taken for.
        eps: f64,
    },
    /// ‖a - b + eps‖ by the p-norm: (Σ |x|ᵖ)^(1/p).
    Distance {
        /// The exponent.
        p: f64,
        /// Added to each difference.
        eps: f64,
    },
}

/// `CosineSimilarity` and `PairwiseDistance`: a number for each pair of vectors, which lie along an axis of the inputs. On the other axes a
/// size of 1 is repeated, as between the operands of `+`.
///
/// See [`torch.nn.CosineSimilarity`](https://docs.pytorch.org/docs/stable/generated/torch.nn.CosineSimilarity.html) and
/// [`torch.nn.PairwiseDistance`](https://docs.pytorch.org/docs/stable/generated/torch.nn.PairwiseDistance.html). Refused although PyTorch
/// accepts it: a vector of one number beside a longer one.
#[derive(Clone, Copy, Debug)]
pub struct Distance {
    /// What is made of two vectors.
    pub measure: Measure,
    /// Where they lie.
    pub pairs: Pairs,
    inputs: [Shape; 2],
    output: Shape,
    dim: i64,
}

/// Where pairs of vectors lie in two inputs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pairs {
    /// Numbers of a vector.
    pub len: usize,
    /// Distance in each input between neighbours of a vector.
    pub steps: [usize; 2],
    /// Sizes of the other axes, those of the output.
    pub sizes: [usize; MAX_RANK],
    /// Distance in each input between neighbours on them; 0 where they are repeated.
    pub strides: [[usize; MAX_RANK]; 2],
    /// Values of each input in one sample.
    pub values: [usize; 2],
}

impl Pairs {
    /// The pairs along `axis` of two inputs.
    const fn of(inputs: [Shape; 2], whole: Shape, axis: usize) -> Pairs {
        let mut pairs = Pairs {
            len: whole.dim(axis),
            steps: [0; 2],
            sizes: [1; MAX_RANK],
            strides: [[0; MAX_RANK]; 2],
            values: [inputs[0].len(), inputs[1].len()],
        };
        let (mut at, mut to) = (0, 0);
        while at < whole.rank() {
            let strides = [stride(inputs[0], whole, at), stride(inputs[1], whole, at)];
            if at == axis {
                pairs.steps = strides;
            } else {
                pairs.sizes[to] = whole.dim(at);
                pairs.strides[0][to] = strides[0];
                pairs.strides[1][to] = strides[1];
                to += 1;
            }
            at += 1;
        }
        pairs
    }

    /// Pairs in one sample.
    pub const fn count(&self) -> usize {
        let (mut count, mut axis) = (1usize, 0);
        while axis < MAX_RANK {
            count = count.saturating_mul(self.sizes[axis]);
            axis += 1;
        }
        count
    }
}

/// The distance between neighbours on an axis; 0 where the axis is repeated.
const fn stride(input: Shape, whole: Shape, axis: usize) -> usize {
    if input.dim(axis) == whole.dim(axis) { input.product(axis + 1, input.rank()) } else { 0 }
}

impl Distance {
    /// From the arguments `dim, eps`.
    pub const fn cosine(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Distance {
        let eps = args[1].real_or(1e-8);
        Distance::of(Measure::Cosine { eps }, args[0].int_or(1), false, [inputs[0], inputs[1]])
    }

    /// From the arguments `p, eps, keepdim`.
    pub const fn pairwise(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Distance {
        let measure = Measure::Distance { p: args[0].real_or(2.0), eps: args[1].real_or(1e-6) };
        Distance::of(measure, -1, args[2].is_true(), [inputs[0], inputs[1]])
    }

    const fn of(measure: Measure, dim: i64, keepdim: bool, inputs: [Shape; 2]) -> Distance {
        let inputs = [inputs[0].beside(inputs[1]), inputs[1].beside(inputs[0])];
        let whole = broadcast(inputs[0], inputs[1]);
        let axis = Dim::of(dim, whole.rank()).axis();
        let place = match axis {
            Some(axis) => axis,
            None => 0,
        };
        let mut output = Shape::INVALID;
        if whole.is_valid() && axis.is_some() && inputs[0].dim(place) == inputs[1].dim(place) {
            output = Shape::new(&[]);
            let mut at = 0;
            while at < whole.rank() {
                if at != place || keepdim {
                    output = output.push(if at == place { 1 } else { whole.dim(at) });
                }
                at += 1;
            }
        }
        Distance { measure, pairs: Pairs::of(inputs, whole, place), inputs, output, dim }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        let [left, right] = self.inputs;
        if !all_valid(&self.inputs) {
            return None;
        }
        if let Some(violation) = check_numbers(at, &self.inputs) {
            return Some(violation);
        }
        if let Measure::Distance { p, .. } = self.measure
            && p.is_nan()
        {
            return Message::title(at, "p is not a number")
                .rule("p is the exponent of the norm")
                .found("p = NaN")
                .fix("leave it out for 2")
                .blame(0);
        }
        if left.rank() != right.rank() {
            return check_broadcast(at, left, right);
        }
        let Some(axis) = Dim::of(self.dim, left.rank()).axis() else { return self.blame_dim(at) };
        let (a, b) = (left.dim(axis), right.dim(axis));
        if a == b {
            return check_broadcast(at, left, right);
        }
        let text = Message::title(at, "the vectors have different lengths");
        let text = match self.measure {
            Measure::Cosine { .. } => text.rule("both inputs have the same size along dim, where the vectors lie"),
            Measure::Distance { .. } => text.rule("both inputs have the same last axis, where the vectors lie"),
        };
        text.found("")
            .source(at, 0, left)
            .text(", ")
            .source(at, 1, right)
            .text(" (axis ")
            .number(axis + 1)
            .text(": ")
            .number(a)
            .text(" and ")
            .number(b)
            .text(")")
            .fix("make `")
            .text(at.source(1))
            .text("` produce ")
            .shape(right.with(axis, a))
            .text(", or `")
            .text(at.source(0))
            .text("` produce ")
            .shape(left.with(axis, b))
            .blame(LAYER)
    }

    /// There is no axis along which vectors could lie.
    const fn blame_dim(&self, at: &At) -> Option<Violation> {
        if let Measure::Cosine { .. } = self.measure {
            return check_dim(at, "dim", 0, self.dim, self.inputs[0]);
        }
        Message::title(at, "the inputs hold no vectors")
            .rule("the inputs have at least one axis beside the batch, along which the vectors lie")
            .found("")
            .source(at, 0, self.inputs[0])
            .fix("give it inputs with axes")
            .blame(LAYER)
    }

    /// The shape of the output.
    pub const fn output(&self, _index: usize) -> Shape {
        self.output
    }

    /// The inputs.
    pub const fn needs(&self) -> Needs {
        Needs::INPUTS
    }
}

without_parameters! { Distance, |distance| distance.pairs.count().saturating_mul(distance.pairs.len) }

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    Entry {
        name: "CosineSimilarity",
        function: Some("cosine_similarity"),
        parameters: &[
            with_default("dim", Kind::Int, Arg::Int(1), "axis along which the vectors lie, the batch being 0"),
            with_default("eps", Kind::Real, Arg::Real(1e-8), "the shortest that a vector is taken for"),
        ],
        inputs: Inputs::Exactly(2),
        doc: "the cosine of the angle between vectors",
        shape: "[..], [..] -> [..] without the axis dim",
        ..operation!(Distance::cosine)
    },
    Entry {
        name: "PairwiseDistance",
        function: Some("pairwise_distance"),
        parameters: &[
            with_default("p", Kind::Real, Arg::Real(2.0), "exponent of the norm"),
            with_default("eps", Kind::Real, Arg::Real(1e-6), "added to each difference"),
            with_default("keepdim", Kind::Flag, Arg::Flag(false), "whether the last axis stays with size 1"),
        ],
        inputs: Inputs::Exactly(2),
        doc: "the p-norm of the difference of vectors",
        shape: "[.., n], [.., n] -> [..], with keepdim [.., 1]",
        ..operation!(Distance::pairwise)
    },
];

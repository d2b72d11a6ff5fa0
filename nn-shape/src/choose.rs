//! argmax, argmin, max, min, topk: values of an axis that are chosen by their size, and where they stand.

use crate::catalogue::{Entry, Kind, Outputs, Parameter, operation, required, with_default};
use crate::dims::{Dim, check_dim, check_numbers};
use crate::unit::without_parameters;
use crate::{Arg, At, Message, Needs, Shape, Violation};

/// Which values are chosen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Choice {
    /// The largest; NaN is above everything.
    Largest,
    /// The smallest; NaN is below everything.
    Smallest,
    /// The smallest; NaN is above everything.
    SmallestNumber,
}

/// `argmax`, `argmin`, `max` and `min` along one axis, `topk`: values of an axis that are chosen by their size, and where they stand.
///
/// Of equal values the first counts. See [`torch.max`](https://docs.pytorch.org/docs/stable/generated/torch.max.html),
/// [`torch.argmax`](https://docs.pytorch.org/docs/stable/generated/torch.argmax.html),
/// [`torch.topk`](https://docs.pytorch.org/docs/stable/generated/torch.topk.html).
///
/// Refused although PyTorch accepts them: `argmax` without `dim`, which would mix the samples of a batch, and `topk` with `k = 0`.
#[derive(Clone, Copy, Debug)]
pub struct Choose {
    /// Which values are chosen.
    pub choice: Choice,
    /// How many of each row are chosen, the foremost first.
    pub count: usize,
    /// Product of the axes in front.
    pub outer: usize,
    /// Size of the axis.
    pub size: usize,
    /// Product of the axes behind.
    pub inner: usize,
    /// Which of the outputs holds the places.
    places: usize,
    input: Shape,
    output: Shape,
    dim: i64,
    /// The place of `dim` in the signature.
    dim_place: usize,
}

// Places in topk's signature.
const K: usize = 0;
const TOPK_DIM: usize = 1;
const LARGEST: usize = 2;

impl Choose {
    const fn of(choice: Choice, dim: i64, dim_place: usize, count: usize, keepdim: bool, input: Shape) -> Choose {
        let mut choose = Choose {
            choice,
            count,
            outer: 1,
            size: 1,
            inner: 1,
            places: 1,
            input,
            output: Shape::INVALID,
            dim,
            dim_place,
        };
        let Some(chosen) = Dim::of(dim, input.rank()).axis() else { return choose };
        choose.outer = input.product(0, chosen);
        choose.size = input.dim(chosen);
        choose.inner = input.product(chosen + 1, input.rank());
        let mut output = Shape::new(&[]);
        let mut axis = 0;
        while axis < input.rank() {
            if axis != chosen {
                output = output.push(input.dim(axis));
            } else if keepdim {
                output = output.push(count);
            }
            axis += 1;
        }
        if input.is_valid() && count >= 1 && count <= choose.size {
            choose.output = output;
        }
        choose
    }

    const fn one(choice: Choice, args: &[Arg], inputs: &[Shape]) -> Choose {
        Choose::of(choice, args[0].int_or(0), 0, 1, args[1].is_true(), inputs[0])
    }

    /// From `dim, keepdim`.
    pub const fn max(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Choose {
        Choose::one(Choice::Largest, args, inputs)
    }

    /// From `dim, keepdim`.
    pub const fn min(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Choose {
        Choose::one(Choice::Smallest, args, inputs)
    }

    /// From `dim, keepdim`.
    pub const fn argmax(axes: usize, args: &[Arg], inputs: &[Shape]) -> Choose {
        Choose { places: 0, ..Choose::max(axes, args, inputs) }
    }

    /// From `dim, keepdim`.
    pub const fn argmin(axes: usize, args: &[Arg], inputs: &[Shape]) -> Choose {
        Choose { places: 0, ..Choose::min(axes, args, inputs) }
    }

    /// From `k, dim, largest, sorted`.
    pub const fn topk(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Choose {
        let choice = if args[LARGEST].is_true() { Choice::Largest } else { Choice::SmallestNumber };
        Choose::of(choice, args[TOPK_DIM].int_or(-1), TOPK_DIM, args[K].size_or(0), true, inputs[0])
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if !self.input.is_valid() {
            return None;
        }
        if let Some(violation) = check_numbers(at, &[self.input]) {
            return Some(violation);
        }
        if let Some(violation) = check_dim(at, "dim", self.dim_place, self.dim, self.input) {
            return Some(violation);
        }
        if self.output.is_valid() {
            return None;
        }
        Message::title(at, "k is no part of the axis")
            .rule("1 <= k <= size of the axis dim")
            .found("k = ")
            .number(self.count)
            .text(", dim = ")
            .integer(self.dim)
            .text(", and ")
            .source(at, 0, self.input)
            .text(" (size ")
            .number(self.size)
            .text(")")
            .fix("write a number from 1 to ")
            .number(self.size)
            .blame(K)
    }

    /// The shape of the output, of values and of places.
    pub const fn output(&self, index: usize) -> Shape {
        if index == self.places && self.output.is_valid() { self.output.below(self.size) } else { self.output }
    }

    /// The places alone, which are an output.
    pub const fn needs(&self) -> Needs {
        Needs::NOTHING
    }
}

without_parameters! { Choose, |_| 0 }

const ALONG: &[Parameter] = &[
    required("dim", Kind::Int, "the axis, the batch being 0"),
    with_default("keepdim", Kind::Flag, Arg::Flag(false), "whether the axis stays with size 1"),
];

const fn places(name: &'static str, function: &'static str, doc: &'static str, entry: Entry) -> Entry {
    let shape = "the input's without the axis dim, with keepdim of size 1 there";
    Entry {
        name,
        is_layer: false,
        function: Some(function),
        parameters: ALONG,
        index_outputs: &[0],
        doc,
        shape,
        ..entry
    }
}

const fn both(name: &'static str, function: &'static str, doc: &'static str, entry: Entry) -> Entry {
    let shape = "the input's without the axis dim, with keepdim of size 1 there, twice: values and places";
    Entry { outputs: Outputs::Exactly(2), index_outputs: &[1], shape, ..places(name, function, doc, entry) }
}

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    places("Argmax", "argmax", "where the largest value of an axis stands: indices", operation!(Choose::argmax)),
    places("Argmin", "argmin", "where the smallest value of an axis stands: indices", operation!(Choose::argmin)),
    both("Max", "max", "the largest value of an axis, and where it stands", operation!(Choose::max)),
    both("Min", "min", "the smallest value of an axis, and where it stands", operation!(Choose::min)),
    Entry {
        parameters: &[
            required("k", Kind::Size, "how many"),
            with_default("dim", Kind::Int, Arg::Int(-1), "the axis, the batch being 0"),
            with_default("largest", Kind::Flag, Arg::Flag(true), "the largest values, or the smallest"),
            with_default("sorted", Kind::Flag, Arg::Flag(true), "no matter: they are sorted"),
        ],
        shape: "the input's with k on the axis dim, twice: values and places",
        ..both("Topk", "topk", "the largest values of an axis, and where they stand", operation!(Choose::topk))
    },
];

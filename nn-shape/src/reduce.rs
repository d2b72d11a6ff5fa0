//! mean and sum along axes.

use crate::catalogue::{Entry, Kind, Parameter, operation, required, with_default};
use crate::dims::{Dim, check_dim, check_numbers};
use crate::unit::without_parameters;
use crate::{Arg, At, MAX_RANK, Message, Needs, Shape, Violation};

/// `mean` and `sum` along one or several axes.
///
/// See [`torch.mean`](https://docs.pytorch.org/docs/stable/generated/torch.mean.html).
#[derive(Clone, Copy, Debug)]
pub struct Reduce {
    /// Whether the sum is divided by the number of its terms.
    pub is_mean: bool,
    /// Terms of each sum.
    pub terms: usize,
    /// Axes that are left when neighbours that are treated alike are taken together: kept and summed by turns.
    pub rank: usize,
    /// Their sizes.
    pub sizes: [usize; MAX_RANK],
    /// Distance in the output between neighbours on each; 0 where they are summed.
    pub strides: [usize; MAX_RANK],
    input: Shape,
    output: Shape,
    dims: Arg,
}

impl Reduce {
    const fn of(is_mean: bool, args: &[Arg], inputs: &[Shape]) -> Reduce {
        let (input, dims, keepdim) = (inputs[0], args[0], args[1].is_true());
        let mut reduce = Reduce {
            is_mean,
            terms: 1,
            rank: 0,
            sizes: [1; MAX_RANK],
            strides: [0; MAX_RANK],
            input,
            output: Shape::INVALID,
            dims,
        };
        let Some(summed) = summed(input.rank(), &dims) else { return reduce };
        let mut output = Shape::new(&[]);
        let mut axis = 0;
        while axis < input.rank() {
            let size = input.dim(axis);
            let kept = !summed[axis];
            if kept || keepdim {
                output = output.push(if kept { size } else { 1 });
            }
            if !kept {
                reduce.terms = reduce.terms.saturating_mul(size);
            }
            let last = reduce.rank.saturating_sub(1);
            if size == 1 {
            } else if reduce.rank > 0 && (reduce.strides[last] == 1) == kept {
                reduce.sizes[last] = reduce.sizes[last].saturating_mul(size);
            } else {
                reduce.sizes[reduce.rank] = size;
                reduce.strides[reduce.rank] = kept as usize;
                reduce.rank += 1;
            }
            axis += 1;
        }
        let (mut stride, mut axis): (usize, usize) = (1, reduce.rank);
        while axis > 0 {
            axis -= 1;
            if reduce.strides[axis] != 0 {
                reduce.strides[axis] = stride;
                stride = stride.saturating_mul(reduce.sizes[axis]);
            }
        }
        if input.is_valid() {
            reduce.output = output;
        }
        reduce
    }

    /// From `dim, keepdim`.
    pub const fn mean(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Reduce {
        Reduce::of(true, args, inputs)
    }

    /// From `dim, keepdim`.
    pub const fn sum(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Reduce {
        Reduce::of(false, args, inputs)
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if !self.input.is_valid() {
            return None;
        }
        if let Some(violation) = check_numbers(at, &[self.input]) {
            return Some(violation);
        }
        let mut entry = 0;
        while entry < self.dims.entries() {
            let found = check_dim(at, "dim", 0, self.dims.entry(entry), self.input);
            if found.is_some() {
                return found;
            }
            entry += 1;
        }
        if self.output.is_valid() {
            return None;
        }
        let text = Message::title(at, "dim names no axis, or one twice").rule("dim names each axis to sum along once");
        let mut text = text.found("dim = (");
        let mut entry = 0;
        while entry < self.dims.entries() {
            text = text.text(if entry > 0 { ", " } else { "" }).integer(self.dims.entry(entry));
            entry += 1;
        }
        text.text("), and ").source(at, 0, self.input).fix("write each axis once").blame(0)
    }

    /// The shape of the output.
    pub const fn output(&self, _index: usize) -> Shape {
        self.output
    }

    /// Nothing.
    pub const fn needs(&self) -> Needs {
        Needs::NOTHING
    }
}

without_parameters! { Reduce, |_| 0 }

/// `amax` and `amin`: the largest or the smallest value along one or several axes.
///
/// See [`torch.amax`](https://docs.pytorch.org/docs/stable/generated/torch.amax.html).
#[derive(Clone, Copy, Debug)]
pub struct Extreme {
    /// The axes.
    pub reduce: Reduce,
    /// Whether the smallest value is meant.
    pub least: bool,
}

impl Extreme {
    /// From `dim, keepdim`.
    pub const fn amax(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Extreme {
        Extreme { reduce: Reduce::of(false, args, inputs), least: false }
    }

    /// From `dim, keepdim`.
    pub const fn amin(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Extreme {
        Extreme { reduce: Reduce::of(false, args, inputs), least: true }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        self.reduce.check(at)
    }

    /// The shape of the output.
    pub const fn output(&self, index: usize) -> Shape {
        self.reduce.output(index)
    }

    /// Inputs and outputs, and a number for each output.
    pub const fn needs(&self) -> Needs {
        let counts = if self.reduce.output.is_valid() { self.reduce.output.len() } else { 0 };
        Needs { outputs: true, backward_scratch: counts, ..Needs::INPUTS }
    }
}

without_parameters! { Extreme, |_| 0 }

/// Which axes are summed along; `None` if none is, or one twice.
const fn summed(rank: usize, dims: &Arg) -> Option<[bool; MAX_RANK]> {
    let mut summed = [false; MAX_RANK];
    let mut entry = 0;
    while entry < dims.entries() {
        let Some(axis) = Dim::of(dims.entry(entry), rank).axis() else { return None };
        if summed[axis] {
            return None;
        }
        summed[axis] = true;
        entry += 1;
    }
    if entry == 0 { None } else { Some(summed) }
}

const PARAMETERS: &[Parameter] = &[
    required("dim", Kind::Ints, "the axes, the batch being 0"),
    with_default("keepdim", Kind::Flag, Arg::Flag(false), "whether the axes stay with size 1"),
];

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    Entry {
        name: "Mean",
        is_layer: false,
        function: Some("mean"),
        parameters: PARAMETERS,
        doc: "the mean along axes",
        shape: "the input's without the axes dim, with keepdim of size 1 there",
        ..operation!(Reduce::mean)
    },
    Entry {
        name: "Sum",
        is_layer: false,
        function: Some("sum"),
        parameters: PARAMETERS,
        doc: "the sum along axes",
        shape: "the input's without the axes dim, with keepdim of size 1 there",
        ..operation!(Reduce::sum)
    },
    Entry {
        name: "Amax",
        is_layer: false,
        function: Some("amax"),
        parameters: PARAMETERS,
        doc: "the largest value along axes",
        shape: "the input's without the axes dim, with keepdim of size 1 there",
        ..operation!(Extreme::amax)
    },
    Entry {
        name: "Amin",
        is_layer: false,
        function: Some("amin"),
        parameters: PARAMETERS,
        doc: "the smallest value along axes",
        shape: "the input's without the axes dim, with keepdim of size 1 there",
        ..operation!(Extreme::amin)
    },
];

//! narrow, select, flip, roll, repeat, expand: each place of the output shows a place of the input.

use crate::catalogue::{Entry, Kind, SAME, operation, required};
use crate::dims::{Dim, check_dim, check_numbers};
use crate::unit::without_parameters;
use crate::{Arg, At, MAX_RANK, Message, Needs, Shape, Violation};

/// One axis of a [`Take`]: place `i` of the output shows place `start + i` of the input, or `start - i`, beyond the end from the other side.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TakeAxis {
    /// Size of the input.
    pub input: usize,
    /// Size of the output.
    pub output: usize,
    /// What the first place shows.
    pub start: usize,
    /// Whether the places are shown in reverse.
    pub backwards: bool,
}

impl TakeAxis {
    const fn whole(size: usize) -> TakeAxis {
        TakeAxis { input: size, output: size, start: 0, backwards: false }
    }

    const fn is_whole(&self) -> bool {
        self.input == self.output && self.start == 0 && !self.backwards
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum What {
    Narrow,
    Select,
    Flip,
    Roll,
    Repeat,
    Expand,
}

/// `narrow`, `select`, `flip`, `roll`, `repeat` and `expand`.
///
/// See [`torch.narrow`](https://docs.pytorch.org/docs/stable/generated/torch.narrow.html),
/// [`torch.flip`](https://docs.pytorch.org/docs/stable/generated/torch.flip.html),
/// [`torch.roll`](https://docs.pytorch.org/docs/stable/generated/torch.roll.html),
/// [`torch.Tensor.repeat`](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.repeat.html).
#[derive(Clone, Copy, Debug)]
pub struct Take {
    /// The axes up to the last that is not shown as it is.
    pub axes: [TakeAxis; MAX_RANK],
    /// How many these are, at least 1.
    pub rank: usize,
    /// Values that lie behind each of their places.
    pub inner: usize,
    what: What,
    args: [Arg; 3],
    input: Shape,
    output: Shape,
}

impl Take {
    const fn of(what: What, args: [Arg; 3], input: Shape) -> Take {
        let mut take =
            Take { axes: [TakeAxis::whole(1); MAX_RANK], rank: 1, inner: 1, what, args, input, output: Shape::INVALID };
        if !input.is_valid() || take.check(&At::NOWHERE).is_some() {
            return take;
        }
        let mut axis = 0;
        while axis < input.rank() {
            take.axes[axis] = take.axis(axis);
            if !take.axes[axis].is_whole() {
                take.rank = axis + 1;
            }
            axis += 1;
        }
        take.inner = input.product(take.rank, input.rank());
        take.output = take.shape();
        take
    }

    /// `dim, start, length`
    pub const fn narrow(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Take {
        Take::of(What::Narrow, [args[0], args[1], args[2]], inputs[0])
    }

    /// `dim, index`
    pub const fn select(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Take {
        Take::of(What::Select, [args[0], args[1], Arg::None], inputs[0])
    }

    /// `dims`
    pub const fn flip(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Take {
        Take::of(What::Flip, [args[0], Arg::None, Arg::None], inputs[0])
    }

    /// `shifts, dims`
    pub const fn roll(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Take {
        Take::of(What::Roll, [args[0], args[1], Arg::None], inputs[0])
    }

    /// `repeats`
    pub const fn repeat(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Take {
        Take::of(What::Repeat, [args[0], Arg::None, Arg::None], inputs[0])
    }

    /// `sizes`
    pub const fn expand(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Take {
        Take::of(What::Expand, [args[0], Arg::None, Arg::None], inputs[0])
    }

    /// Whether one of the `dims` is this axis.
    const fn names(&self, dims: &Arg, axis: usize) -> bool {
        let mut entry = 0;
        while entry < dims.entries() {
            if matches!(self.dim(dims, entry), Dim::Axis(named) if named == axis) {
                return true;
            }
            entry += 1;
        }
        false
    }

    const fn dim(&self, dims: &Arg, entry: usize) -> Dim {
        Dim::of(dims.entry(entry), self.input.rank())
    }

    /// What is shown of an axis, if no rule is broken.
    const fn axis(&self, axis: usize) -> TakeAxis {
        let size = self.input.dim(axis);
        let whole = TakeAxis::whole(size);
        let [first, second, third] = self.args;
        match self.what {
            What::Narrow if self.names(&first, axis) => {
                TakeAxis { start: from_end(second.int_or(0), size), output: third.size_or(1), ..whole }
            }
            What::Select if self.names(&first, axis) => {
                TakeAxis { start: from_end(second.int_or(0), size), output: 1, ..whole }
            }
            What::Flip if self.names(&first, axis) => {
                TakeAxis { start: size.saturating_sub(1), backwards: size > 1, ..whole }
            }
            What::Roll => {
                let (mut start, mut entry) = (0, 0);
                while entry < second.entries() {
                    if matches!(self.dim(&second, entry), Dim::Axis(named) if named == axis) {
                        start -= first.entry(entry) as i128;
                    }
                    entry += 1;
                }
                TakeAxis { start: start.rem_euclid(if size == 0 { 1 } else { size as i128 }) as usize, ..whole }
            }
            What::Repeat => TakeAxis { output: size.saturating_mul(first.entry(axis + 1) as usize), ..whole },
            What::Expand if first.entry(axis + 1) >= 0 => TakeAxis { output: first.entry(axis + 1) as usize, ..whole },
            _ => whole,
        }
    }

    const fn shape(&self) -> Shape {
        let mut shape = self.input;
        let (mut axis, mut kept) = (0, Shape::new(&[]));
        while axis < self.input.rank() {
            shape = shape.with(axis, self.axes[axis].output);
            if !matches!(self.what, What::Select) || !self.names(&self.args[0], axis) {
                kept = kept.push(self.input.dim(axis));
            }
            axis += 1;
        }
        if matches!(self.what, What::Select) { kept } else { shape }
    }

    /// The axis of which `narrow` and `select` take a part.
    pub const fn part(&self) -> Option<usize> {
        match self.what {
            What::Narrow | What::Select => self.dim(&self.args[0], 0).axis(),
            _ => None,
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
        match self.what {
            What::Narrow | What::Select => self.check_part(at),
            What::Flip => self.check_flip(at),
            What::Roll => self.check_roll(at),
            What::Repeat | What::Expand => self.check_sizes(at),
        }
    }

    const fn check_part(&self, at: &At) -> Option<Violation> {
        let [dim, start, length] = self.args;
        let Dim::Axis(axis) = self.dim(&dim, 0) else { return check_dim(at, "dim", 0, dim.int_or(0), self.input) };
        let (size, narrow) = (self.input.dim(axis) as i128, matches!(self.what, What::Narrow));
        let written = start.int_or(0);
        let name = if narrow { "start" } else { "index" };
        let from = if written < 0 { written as i128 + size } else { written as i128 };
        if from < 0 || from >= size {
            return Message::title(at, name)
                .text(" lies outside of the axis\n  rule : ")
                .text(name)
                .text(" counts from 0, or backwards from the last place, which is -1")
                .found(name)
                .text(" = ")
                .integer(written)
                .text(", size = ")
                .number(size as usize)
                .text(" (")
                .source(at, 0, self.input)
                .text(")")
                .fix("write a number from 0 to ")
                .number(size as usize - 1)
                .blame(1);
        }
        let length = if narrow { length.size_or(0) } else { 1 };
        if length > 0 && from + length as i128 <= size {
            return None;
        }
        Message::title(at, "the part does not lie inside the axis")
            .rule("length >= 1, and start + length <= size")
            .found("")
            .number(from as usize)
            .text(" + ")
            .number(length)
            .text(", size = ")
            .number(size as usize)
            .text(" (")
            .source(at, 0, self.input)
            .text(")")
            .fix("write a length from 1 to ")
            .number((size - from) as usize)
            .blame(2)
    }

    const fn check_flip(&self, at: &At) -> Option<Violation> {
        let dims = self.args[0];
        let (mut entry, mut seen) = (0, [false; MAX_RANK]);
        while entry < dims.entries() {
            let Dim::Axis(axis) = self.dim(&dims, entry) else {
                return check_dim(at, "dims", 0, dims.entry(entry), self.input);
            };
            if seen[axis] {
                return Message::title(at, "dims names an axis twice")
                    .rule("dims names each axis to turn round once")
                    .found("dims = ")
                    .integer(dims.entry(entry))
                    .text(" comes again")
                    .fix("write each axis once")
                    .blame(0);
            }
            seen[axis] = true;
            entry += 1;
        }
        None
    }

    const fn check_roll(&self, at: &At) -> Option<Violation> {
        let [shifts, dims, _] = self.args;
        if shifts.entries() != dims.entries() {
            return Message::title(at, "shifts and dims belong together")
                .rule("one shift for each of dims")
                .found("")
                .number(shifts.entries())
                .text(" and ")
                .number(dims.entries())
                .text(" numbers")
                .fix("write as many shifts as dims")
                .blame(0);
        }
        let mut entry = 0;
        while entry < dims.entries() {
            let found = check_dim(at, "dims", 1, dims.entry(entry), self.input);
            if found.is_some() {
                return found;
            }
            entry += 1;
        }
        None
    }

    /// A number for each axis, the batch in front.
    const fn check_sizes(&self, at: &At) -> Option<Violation> {
        let (sizes, repeats) = (self.args[0], matches!(self.what, What::Repeat));
        let (name, rank, batch) =
            (if repeats { "repeats" } else { "sizes" }, self.input.rank(), if repeats { 1 } else { -1 });
        if sizes.entries() != rank + 1 || sizes.entry(0) != batch {
            return Message::title(at, name)
                .text(" must have a number for each axis, the batch in front\n  rule : the first is ")
                .integer(batch)
                .text(", the batch, which stays as it is; one for each axis of a sample follows")
                .found("")
                .number(sizes.entries())
                .text(if sizes.entries() == 1 { " number, the first is " } else { " numbers, the first is " })
                .integer(sizes.entry(0))
                .text(", and ")
                .source(at, 0, self.input)
                .fix("write ")
                .integer(batch)
                .text(" and ")
                .number(rank)
                .text(if rank == 1 { " number behind it" } else { " numbers behind it" })
                .blame(0);
        }
        let mut axis = 0;
        while axis < rank {
            let (size, wanted) = (self.input.dim(axis), sizes.entry(axis + 1));
            let fits =
                if repeats { wanted >= 1 } else { wanted == -1 || wanted == size as i64 || (size == 1 && wanted >= 1) };
            if !fits {
                let text = Message::title(
                    at,
                    if repeats { "an axis is repeated no times" } else { "only an axis of size 1 expands" },
                );
                let text = text.rule(if repeats {
                    "repeats >= 1 for every axis"
                } else {
                    "each of sizes is -1, the size itself, or, where that is 1, any size"
                });
                let text = text.found(name).text(" = ").integer(wanted).text(" for an axis of size ").number(size);
                let text = text.text(" (").source(at, 0, self.input).text(")");
                return text
                    .fix(if repeats {
                        "write 1 to leave the axis as it is"
                    } else {
                        "write -1 to leave the axis as it is, or use repeat"
                    })
                    .blame(0);
            }
            axis += 1;
        }
        None
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

without_parameters! { Take, |_| 0 }

/// A place that may count from the end.
const fn from_end(place: i64, size: usize) -> usize {
    if place < 0 { size.saturating_sub(place.unsigned_abs() as usize) } else { place as usize }
}

const fn function(name: &'static str, function: &'static str, doc: &'static str, entry: Entry) -> Entry {
    Entry { name, is_layer: false, function: Some(function), doc, ..entry }
}

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    Entry {
        parameters: &[
            required("dim", Kind::Int, "the axis, the batch being 0"),
            required("start", Kind::Int, "the first place"),
            required("length", Kind::Size, "how many places"),
        ],
        shape: "[.., n, ..] -> [.., length, ..] along dim",
        ..function("Narrow", "narrow", "a part of an axis", operation!(Take::narrow))
    },
    Entry {
        parameters: &[
            required("dim", Kind::Int, "the axis, the batch being 0"),
            required("index", Kind::Int, "the place; the axis is left out"),
        ],
        shape: "the input's without the axis dim",
        ..function("Select", "select", "one place of an axis", operation!(Take::select))
    },
    Entry {
        parameters: &[required("dims", Kind::Ints, "the axes, the batch being 0")],
        shape: SAME,
        ..function("Flip", "flip", "axes in reverse", operation!(Take::flip))
    },
    Entry {
        parameters: &[
            required("shifts", Kind::Ints, "how many places values move on"),
            required("dims", Kind::Ints, "along which axes, the batch being 0"),
        ],
        shape: SAME,
        ..function("Roll", "roll", "axes moved on, what leaves coming back at the other end", operation!(Take::roll))
    },
    Entry {
        parameters: &[required("repeats", Kind::Sizes, "1 for the batch, then how often each axis stands")],
        shape: "each axis of the input times its entry of repeats",
        ..function("Repeat", "repeat", "the value several times along its axes", operation!(Take::repeat))
    },
    Entry {
        parameters: &[required("sizes", Kind::Ints, "-1 for the batch, then the size of each axis; -1 keeps it")],
        shape: "sizes, its first entry being the batch",
        ..function("Expand", "expand", "axes of size 1 made longer", operation!(Take::expand))
    },
];

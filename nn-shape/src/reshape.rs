//! Other shapes for the same memory: Flatten, Unflatten, Identity, reshape, squeeze, unsqueeze.

use crate::catalogue::{Alias, Channels, Entry, Kind, Parameter, SAME, operation, required, with_default};
use crate::dims::{Dim, check_dim, check_dim_among};
use crate::unit::without_parameters;
use crate::{Arg, At, LAYER, MAX_RANK, Message, Needs, Shape, Violation};

/// An operation that gives its input another shape and computes nothing.
#[derive(Clone, Copy, Debug)]
pub struct Reshape {
    what: What,
    input: Shape,
    output: Shape,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Identity,
    Flatten { start: i64, end: i64 },
    Unflatten { dim: i64, sizes: Arg },
    Reshape { sizes: Arg },
    Unsqueeze { dim: i64 },
    Squeeze { dims: Arg },
    Expect { shape: Arg },
}

/// The sizes that the user wrote, with the one that is -1 worked out.
#[derive(Clone, Copy)]
struct Sizes {
    sizes: [usize; MAX_RANK],
    count: usize,
    /// What is wrong with them.
    fault: Option<Fault>,
}

#[derive(Clone, Copy)]
enum Fault {
    /// More than one -1.
    Twice,
    /// A size below -1, or 0.
    NotPositive(i64),
    /// The product is not the number of values.
    Product(usize),
    /// The sizes beside -1 do not divide the number of values.
    Remainder(usize),
    /// More axes than a tensor may have.
    TooMany,
}

impl Sizes {
    /// The entries of `sizes` from `first` on, which hold `len` values.
    const fn of(sizes: &Arg, first: usize, len: usize) -> Sizes {
        let mut found = Sizes { sizes: [1; MAX_RANK], count: 0, fault: None };
        let (mut product, mut inferred): (usize, Option<usize>) = (1, None);
        let mut entry = first;
        while entry < sizes.entries() {
            if found.count == MAX_RANK {
                found.fault = Some(Fault::TooMany);
                return found;
            }
            match sizes.entry(entry) {
                -1 if inferred.is_some() => found.fault = Some(Fault::Twice),
                -1 => inferred = Some(found.count),
                size if size < 1 => found.fault = Some(Fault::NotPositive(size)),
                size => {
                    found.sizes[found.count] = size as usize;
                    product = product.saturating_mul(size as usize);
                }
            }
            found.count += 1;
            entry += 1;
        }
        if found.fault.is_some() {
            return found;
        }
        match inferred {
            Some(place) if len.is_multiple_of(product) => found.sizes[place] = len / product,
            Some(_) => found.fault = Some(Fault::Remainder(product)),
            None if product != len => found.fault = Some(Fault::Product(product)),
            None => {}
        }
        found
    }

    const fn is_sound(&self) -> bool {
        self.fault.is_none()
    }
}

impl Reshape {
    const fn of(what: What, inputs: &[Shape]) -> Reshape {
        let input = inputs[0];
        let output = if input.is_valid() { what.output(input) } else { Shape::INVALID };
        Reshape { what, input, output: if output.is_valid() { output.with_element(input.element()) } else { output } }
    }

    /// `Identity`.
    pub const fn identity(_axes: usize, _args: &[Arg], inputs: &[Shape]) -> Reshape {
        Reshape::of(What::Identity, inputs)
    }

    /// From `start_dim, end_dim`.
    pub const fn flatten(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Reshape {
        Reshape::of(What::Flatten { start: args[0].int_or(1), end: args[1].int_or(-1) }, inputs)
    }

    /// From `dim, unflattened_size`.
    pub const fn unflatten(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Reshape {
        Reshape::of(What::Unflatten { dim: args[0].int_or(1), sizes: args[1] }, inputs)
    }

    /// From `shape`, whose first entry is -1, the batch.
    pub const fn reshape(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Reshape {
        Reshape::of(What::Reshape { sizes: args[0] }, inputs)
    }

    /// From `dim`.
    pub const fn unsqueeze(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Reshape {
        Reshape::of(What::Unsqueeze { dim: args[0].int_or(1) }, inputs)
    }

    /// From `dim`.
    pub const fn squeeze(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Reshape {
        Reshape::of(What::Squeeze { dims: args[0] }, inputs)
    }

    /// From the shape that a network as a layer takes.
    pub const fn expect(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Reshape {
        Reshape::of(What::Expect { shape: args[0] }, inputs)
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        let input = self.input;
        if !input.is_valid() {
            return None;
        }
        match self.what {
            What::Expect { shape } if !self.output.is_valid() => Message::title(at, "a network is given another shape")
                .rule("a network takes what its header says")
                .found("the header says ")
                .shape(listed(&shape))
                .text(", and ")
                .source(at, 0, input)
                .fix("bring the value into the shape ")
                .shape(listed(&shape))
                .blame(LAYER),
            What::Expect { .. } => None,
            What::Identity => None,
            What::Flatten { start, end } => check_flatten(at, start, end, input),
            What::Unflatten { dim, sizes } => {
                let found = check_dim(at, "dim", 0, dim, input);
                let Some(axis) = Dim::of(dim, input.rank()).axis() else { return found };
                if input.rank() + sizes.entries() > MAX_RANK + 1 {
                    return blame_rank(at, input.rank() + sizes.entries() - 1, 1);
                }
                self.check_sizes(at, &Sizes::of(&sizes, 0, input.dim(axis)), Some(axis), 1)
            }
            What::Reshape { sizes } => {
                if sizes.entry(0) != -1 {
                    return blame_batch(at, sizes, input);
                }
                self.check_sizes(at, &Sizes::of(&sizes, 1, input.len()), None, 0)
            }
            What::Unsqueeze { dim } => {
                if input.rank() == MAX_RANK {
                    return blame_rank(at, MAX_RANK + 1, LAYER);
                }
                check_dim_among(at, "dim", 0, dim, input, input.rank() + 1)
            }
            What::Squeeze { dims } => {
                let mut entry = 0;
                while entry < dims.entries() {
                    let found = check_dim(at, "dim", 0, dims.entry(entry), input);
                    if found.is_some() {
                        return found;
                    }
                    entry += 1;
                }
                None
            }
        }
    }

    /// `sizes` stand for `axis` of the input, or for all of it.
    const fn check_sizes(&self, at: &At, sizes: &Sizes, axis: Option<usize>, argument: usize) -> Option<Violation> {
        let Some(fault) = sizes.fault else { return None };
        let len = match axis {
            Some(axis) => self.input.dim(axis),
            None => self.input.len(),
        };
        let text = match fault {
            Fault::Twice => Message::title(at, "more than one size is -1")
                .rule("-1 stands for the size that follows from the others")
                .found(if axis.is_some() { "more than one -1" } else { "more than one -1 behind the batch's" }),
            Fault::NotPositive(size) => {
                Message::title(at, "a size must be positive").rule("every size is >= 1, or -1").found("").integer(size)
            }
            Fault::TooMany => return blame_rank(at, MAX_RANK + 1, argument),
            Fault::Product(product) => Message::title(at, "the sizes do not hold the values")
                .rule("the sizes multiply to the number of values")
                .found("they multiply to ")
                .number(product),
            Fault::Remainder(product) => Message::title(at, "the sizes do not divide the values")
                .rule("the sizes beside -1 divide the number of values")
                .found("they multiply to ")
                .number(product),
        };
        let text = text.text(", and ").source(at, 0, self.input);
        let text = match axis {
            Some(axis) => text.text(", whose axis ").number(axis + 1).text(" has size ").number(len),
            None => text.text(" = ").number(len).text(" values"),
        };
        let text = if matches!(fault, Fault::Twice) {
            text.fix("write the number for all but one of them")
        } else {
            text.fix("write sizes that multiply to ").number(len).text(", or -1 for one of them")
        };
        text.blame(argument)
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

without_parameters! { Reshape, |_| 0 }

impl What {
    /// The shape that comes of `input`.
    const fn output(&self, input: Shape) -> Shape {
        match *self {
            What::Identity => input,
            What::Flatten { start, end } => flatten(input, start, end),
            What::Unflatten { dim, sizes } => {
                let Some(axis) = Dim::of(dim, input.rank()).axis() else { return Shape::INVALID };
                let sizes = Sizes::of(&sizes, 0, input.dim(axis));
                if sizes.is_sound() { splice(input, axis, axis + 1, &sizes) } else { Shape::INVALID }
            }
            What::Reshape { sizes } => {
                let batch = sizes.entry(0);
                let sizes = Sizes::of(&sizes, 1, input.len());
                if batch == -1 && sizes.is_sound() { splice(input, 0, input.rank(), &sizes) } else { Shape::INVALID }
            }
            What::Unsqueeze { dim } => {
                let Some(axis) = Dim::of(dim, input.rank() + 1).axis() else { return Shape::INVALID };
                splice(input, axis, axis, &Sizes { sizes: [1; MAX_RANK], count: 1, fault: None })
            }
            What::Squeeze { dims } => squeeze(input, &dims),
            What::Expect { shape } => {
                let shape = listed(&shape);
                if shape.rank() != input.rank() {
                    return Shape::INVALID;
                }
                let mut axis = 0;
                while axis < shape.rank() {
                    if shape.dim(axis) != input.dim(axis) {
                        return Shape::INVALID;
                    }
                    axis += 1;
                }
                shape
            }
        }
    }
}

/// The shape whose sizes an argument lists.
const fn listed(sizes: &Arg) -> Shape {
    let mut shape = Shape::new(&[]);
    let mut entry = 0;
    while entry < sizes.entries() && entry < MAX_RANK {
        let size = sizes.entry(entry);
        shape = shape.push(if size > 0 { size as usize } else { 1 });
        entry += 1;
    }
    shape
}

/// `input` with the axes `from..to` replaced.
const fn splice(input: Shape, from: usize, to: usize, sizes: &Sizes) -> Shape {
    let mut shape = Shape::new(&[]);
    let mut axis = 0;
    while axis < from {
        shape = shape.push(input.dim(axis));
        axis += 1;
    }
    axis = 0;
    while axis < sizes.count {
        if !shape.is_valid() || shape.rank() == MAX_RANK {
            return Shape::INVALID;
        }
        shape = shape.push(sizes.sizes[axis]);
        axis += 1;
    }
    axis = to;
    while axis < input.rank() {
        if !shape.is_valid() || shape.rank() == MAX_RANK {
            return Shape::INVALID;
        }
        shape = shape.push(input.dim(axis));
        axis += 1;
    }
    shape
}

const fn flatten(input: Shape, start: i64, end: i64) -> Shape {
    let (Some(start), Some(end)) = (Dim::of(start, input.rank()).axis(), Dim::of(end, input.rank()).axis()) else {
        return Shape::INVALID;
    };
    if start > end {
        return Shape::INVALID;
    }
    let mut sizes = [1; MAX_RANK];
    sizes[0] = input.product(start, end + 1);
    splice(input, start, end + 1, &Sizes { sizes, count: 1, fault: None })
}

const fn check_flatten(at: &At, start: i64, end: i64, input: Shape) -> Option<Violation> {
    if flatten(input, start, end).is_valid() {
        return None;
    }
    let found = check_dim(at, "start_dim", 0, start, input);
    if found.is_some() {
        return found;
    }
    let found = check_dim(at, "end_dim", 1, end, input);
    if found.is_some() {
        return found;
    }
    Message::title(at, "start_dim comes after end_dim")
        .rule("start_dim <= end_dim: the axes from start_dim to end_dim become one")
        .found("start_dim = ")
        .integer(start)
        .text(", end_dim = ")
        .integer(end)
        .text(", and ")
        .source(at, 0, input)
        .fix("write start_dim = ")
        .integer(end)
        .text(", end_dim = ")
        .integer(start)
        .blame(0)
}

const fn squeeze(input: Shape, dims: &Arg) -> Shape {
    let mut gone = [false; MAX_RANK];
    let mut entry = 0;
    while entry < dims.entries() {
        let Some(axis) = Dim::of(dims.entry(entry), input.rank()).axis() else { return Shape::INVALID };
        gone[axis] = input.dim(axis) == 1;
        entry += 1;
    }
    let mut shape = Shape::new(&[]);
    let mut axis = 0;
    while axis < input.rank() {
        if !gone[axis] {
            shape = shape.push(input.dim(axis));
        }
        axis += 1;
    }
    shape
}

const fn blame_rank(at: &At, rank: usize, argument: usize) -> Option<Violation> {
    Message::title(at, "too many axes")
        .text("\n  rule : a sample has at most ")
        .number(MAX_RANK)
        .text(" axes")
        .found("")
        .number(rank)
        .text(" axes")
        .fix("bring axes together")
        .blame(argument)
}

const fn blame_batch(at: &At, sizes: Arg, input: Shape) -> Option<Violation> {
    let text = Message::title(at, "the shape must begin with the batch")
        .rule("the first entry is -1, the batch; the sizes of a sample follow, as in PyTorch's x.view(-1, ...)")
        .found("the first entry is ")
        .integer(sizes.entry(0))
        .text(", and ")
        .source(at, 0, input)
        .fix("write (-1");
    // Where the sizes behind the first entry hold a sample, the first was meant for the batch.
    let (mut product, mut infers, mut entry) = (1_i64, false, 1);
    while entry < sizes.entries() {
        infers |= sizes.entry(entry) == -1;
        product = product.saturating_mul(sizes.entry(entry));
        entry += 1;
    }
    let mut text = text;
    let mut entry = if infers || product == input.len() as i64 { 1 } else { 0 };
    while entry < sizes.entries() {
        text = text.text(", ").integer(sizes.entry(entry));
        entry += 1;
    }
    text.text(")").blame(0)
}

/// Functions that only give another shape.
const fn function(name: &'static str, function: &'static str, doc: &'static str, entry: Entry) -> Entry {
    Entry { name, is_layer: false, function: Some(function), alias: Alias::Always, doc, ..entry }
}

const SHAPE: &[Parameter] =
    &[required("shape", Kind::Ints, "-1 for the batch, then the sizes of a sample, of which one may be -1")];

/// What a network as a layer says of its input; no function that a user can call.
pub const EXPECT: Entry = Entry {
    parameters: &[required("shape", Kind::Sizes, "the shape in the network's header")],
    ..function("Reshape", "", "the input, if it has the shape", operation!(Reshape::expect))
};

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    Entry {
        name: "Identity",
        ignores_arguments: true,
        alias: Alias::Always,
        channels: Channels::Input,
        doc: "the input itself",
        shape: SAME,
        ..operation!(Reshape::identity)
    },
    Entry {
        name: "Flatten",
        parameters: &[
            with_default("start_dim", Kind::Int, Arg::Int(1), "first axis to bring together, the batch being 0"),
            with_default("end_dim", Kind::Int, Arg::Int(-1), "last axis to bring together"),
        ],
        alias: Alias::Always,
        repr: "start_dim, end_dim",
        doc: "brings neighbouring axes together",
        shape: "[a, .., b, c, .., z] -> [a, .., b·c, .., z], from start_dim to end_dim",
        ..operation!(Reshape::flatten)
    },
    Entry {
        name: "Unflatten",
        function: Some("unflatten"),
        parameters: &[
            required("dim", Kind::Int, "axis to take apart, the batch being 0"),
            required("unflattened_size", Kind::Ints, "sizes that multiply to the axis; one may be -1"),
        ],
        alias: Alias::Always,
        repr: "dim, unflattened_size",
        doc: "takes an axis apart",
        shape: "[.., n, ..] -> [.., unflattened_size.., ..] at dim",
        ..operation!(Reshape::unflatten)
    },
    Entry {
        parameters: &[
            with_default("start_dim", Kind::Int, Arg::Int(0), "first axis to bring together, the batch being 0"),
            with_default("end_dim", Kind::Int, Arg::Int(-1), "last axis to bring together"),
        ],
        shape: "[a, .., b, c, .., z] -> [a, .., b·c, .., z], from start_dim to end_dim",
        ..function("Flatten", "flatten", "brings neighbouring axes together", operation!(Reshape::flatten))
    },
    Entry {
        parameters: SHAPE,
        shape: "shape, its first entry being the batch",
        ..function("Reshape", "reshape", "the same values under another shape", operation!(Reshape::reshape))
    },
    Entry {
        parameters: SHAPE,
        shape: "shape, its first entry being the batch",
        ..function("View", "view", "the same values under another shape", operation!(Reshape::reshape))
    },
    Entry {
        parameters: &[required("dim", Kind::Int, "place of the new axis, the batch being 0")],
        shape: "the input's, with an axis of size 1 at dim",
        ..function("Unsqueeze", "unsqueeze", "a new axis of size 1", operation!(Reshape::unsqueeze))
    },
    Entry {
        parameters: &[required("dim", Kind::Ints, "axes to leave out where their size is 1, the batch being 0")],
        shape: "the input's without those of the axes dim that have size 1",
        ..function("Squeeze", "squeeze", "leaves out axes of size 1", operation!(Reshape::squeeze))
    },
];

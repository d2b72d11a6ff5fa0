//! chunk and split: one value becomes several.

use crate::catalogue::{Entry, Kind, Outputs, operation, required, with_default};
use crate::dims::{Dim, check_dim, check_numbers};
use crate::unit::without_parameters;
use crate::{Arg, At, LAYER, MAX_ENTRIES, MAX_PIECES, Message, Needs, Shape, Violation};

/// `chunk` and `split`: cuts a value into pieces along an axis.
///
/// As in PyTorch, `chunk(x, n)` gives pieces of `ceil(size / n)`, the last one smaller, which may be fewer than `n`.
/// See [`torch.chunk`](https://docs.pytorch.org/docs/stable/generated/torch.chunk.html) and
/// [`torch.split`](https://docs.pytorch.org/docs/stable/generated/torch.split.html).
#[derive(Clone, Copy, Debug)]
pub struct Split {
    /// Product of the axes in front.
    pub outer: usize,
    /// The axis.
    pub size: usize,
    /// Product of the axes behind.
    pub inner: usize,
    pieces: Pieces,
    input: Shape,
    dim: i64,
    /// The axis to cut, if there is one.
    pub axis: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
enum Pieces {
    /// So many pieces.
    Chunks(usize),
    /// Pieces of one size.
    Every(usize),
    /// Pieces of these sizes.
    Sections([i64; MAX_ENTRIES], usize),
}

impl Split {
    const fn of(pieces: Pieces, dim: i64, inputs: &[Shape]) -> Split {
        let input = inputs[0];
        let axis = Dim::of(dim, input.rank()).axis();
        let place = match axis {
            Some(axis) => axis,
            None => 0,
        };
        Split {
            outer: input.product(0, place),
            size: input.dim(place),
            inner: input.product(place + 1, input.rank()),
            pieces,
            input,
            dim,
            axis,
        }
    }

    /// From `chunks, dim`.
    pub const fn chunk(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Split {
        Split::of(Pieces::Chunks(args[0].size_or(0)), args[1].int_or(0), inputs)
    }

    /// From `split_size_or_sections, dim`.
    pub const fn split(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Split {
        let pieces = match args[0] {
            Arg::Ints(sizes, count) => Pieces::Sections(sizes, count),
            size => Pieces::Every(size.size_or(0)),
        };
        Split::of(pieces, args[1].int_or(0), inputs)
    }

    /// The size of all pieces but the last; 0 after a mistake.
    const fn every(&self) -> usize {
        match self.pieces {
            Pieces::Chunks(0) | Pieces::Sections(..) => 0,
            Pieces::Chunks(chunks) => self.size.div_ceil(chunks),
            Pieces::Every(size) => size,
        }
    }

    /// The number of outputs.
    pub const fn outputs(&self) -> usize {
        if let Pieces::Sections(_, count) = self.pieces {
            return count;
        }
        match self.every() {
            0 => 0,
            every => self.size.div_ceil(every),
        }
    }

    /// The size of one piece along the axis.
    pub const fn piece(&self, index: usize) -> usize {
        if let Pieces::Sections(sizes, count) = self.pieces {
            return if index < count && sizes[index] > 0 { sizes[index] as usize } else { 0 };
        }
        let begin = self.every().saturating_mul(index);
        let rest = self.size.saturating_sub(begin);
        if rest < self.every() { rest } else { self.every() }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if !self.input.is_valid() {
            return None;
        }
        if let Some(violation) = check_numbers(at, &[self.input]) {
            return Some(violation);
        }
        let found = check_dim(at, "dim", 1, self.dim, self.input);
        if found.is_some() {
            return found;
        }
        if self.outputs() > MAX_PIECES {
            return Message::title(at, "too many pieces")
                .text("\n  rule : there are at most ")
                .number(MAX_PIECES)
                .text(" pieces")
                .found("")
                .number(self.outputs())
                .text(" pieces")
                .fix("cut into fewer")
                .blame(0);
        }
        let name = if matches!(self.pieces, Pieces::Chunks(_)) { "chunks" } else { "split_size_or_sections" };
        let (mut total, mut piece): (usize, usize) = (0, 0);
        let mut smallest = if self.outputs() == 0 { 0 } else { usize::MAX };
        while piece < self.outputs() {
            let size = self.piece(piece);
            total = total.saturating_add(size);
            smallest = if size < smallest { size } else { smallest };
            piece += 1;
        }
        if smallest == 0 {
            return Message::title(at, "a piece without size")
                .text("\n  rule : ")
                .text(name)
                .text(" is at least 1")
                .found("a piece of size 0")
                .fix("write a positive number")
                .blame(0);
        }
        if total != self.size {
            return Message::title(at, "the sections do not make up the axis")
                .rule("the sections add up to the size along dim")
                .found("they add up to ")
                .number(total)
                .text(", and ")
                .source(at, 0, self.input)
                .text(", whose size along dim is ")
                .number(self.size)
                .fix("write sections that add up to ")
                .number(self.size)
                .blame(0);
        }
        None
    }

    /// As many names take the pieces as there are.
    pub const fn check_outputs(&self, at: &At, taken: usize) -> Option<Violation> {
        if !self.input.is_valid() || self.axis.is_none() || self.outputs() == 0 || self.outputs() == taken {
            return None;
        }
        let text = Message::title(at, "another number of values")
            .rule("as many names take the pieces as there are")
            .found("")
            .number(self.size)
            .text(" along dim ")
            .text(if matches!(self.pieces, Pieces::Sections(..)) { "in sections" } else { "in pieces of " });
        let text = if matches!(self.pieces, Pieces::Sections(..)) { text } else { text.number(self.every()) };
        text.text(" gives ")
            .number(self.outputs())
            .text(if self.outputs() == 1 { " value, but " } else { " values, but " })
            .number(taken)
            .text(if taken == 1 { " name takes them" } else { " names take them" })
            .fix("take ")
            .number(self.outputs())
            .text(if self.outputs() == 1 { " value" } else { " values" })
            .blame(LAYER)
    }

    /// The shape of one piece.
    pub const fn output(&self, index: usize) -> Shape {
        match self.axis {
            Some(axis) if self.input.is_valid() && self.piece(index) > 0 => self.input.with(axis, self.piece(index)),
            _ => Shape::INVALID,
        }
    }

    /// Nothing.
    pub const fn needs(&self) -> Needs {
        Needs::NOTHING
    }
}

without_parameters! { Split, |_| 0 }

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    Entry {
        name: "Chunk",
        is_layer: false,
        function: Some("chunk"),
        parameters: &[
            required("chunks", Kind::Size, "number of pieces"),
            with_default("dim", Kind::Int, Arg::Int(0), "axis to cut, the batch being 0"),
        ],
        outputs: Outputs::Pattern,
        doc: "cuts a value into so many pieces",
        shape: "[.., n, ..] -> pieces of ⌈n / chunks⌉ along dim, the last one smaller",
        ..operation!(Split::chunk)
    },
    Entry {
        name: "Split",
        is_layer: false,
        function: Some("split"),
        parameters: &[
            required("split_size_or_sections", Kind::Sizes, "size of every piece, or the size of each"),
            with_default("dim", Kind::Int, Arg::Int(0), "axis to cut, the batch being 0"),
        ],
        outputs: Outputs::Pattern,
        doc: "cuts a value into pieces of a size",
        shape: "[.., n, ..] -> pieces of the size, the last one smaller, or of the sizes given, along dim",
        ..operation!(Split::split)
    },
];

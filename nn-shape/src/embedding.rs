//! Embedding and EmbeddingBag: rows of a table, chosen by indices.

mod bag;

pub use bag::{BagMode, Bags, EmbeddingBag};

use crate::catalogue::{Channels, Entry, Kind, Parameter, operation, optional, required, with_default};
use crate::{Arg, At, Element, LAYER, MAX_RANK, Message, Needs, Shape, Violation};

/// The table that indices are looked up in.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Table {
    /// Rows: indices lie below.
    pub rows: usize,
    /// Numbers of a row.
    pub dim: usize,
    /// The row that is never learnt.
    pub padding: Option<usize>,
    /// The largest norm of a row that is looked up; larger ones are shortened.
    pub max_norm: Option<f64>,
    /// The exponent of that norm.
    pub norm_type: f64,
    /// Whether the gradient of a row is divided by how often the batch looks it up.
    pub by_frequency: bool,
}

/// The places of `num_embeddings, embedding_dim, padding_idx, max_norm, norm_type, scale_grad_by_freq, _weight, _freeze` in a signature.
struct Signature {
    padding: usize,
    max_norm: usize,
    norm_type: usize,
    frequency: usize,
    weight: usize,
}

const NUM: usize = 0;
const DIM: usize = 1;
/// Embedding's `_freeze`.
const FREEZE: usize = 8;
/// The most rows of a table.
const MOST: usize = u32::MAX as usize;

impl Table {
    const fn new(args: &[Arg], at: &Signature) -> Table {
        let rows = args[NUM].size_or(0);
        Table {
            rows,
            dim: args[DIM].size_or(0),
            padding: row(args[at.padding], rows),
            max_norm: if args[at.max_norm].is_none() { None } else { Some(args[at.max_norm].real_or(0.0)) },
            norm_type: args[at.norm_type].real_or(2.0),
            by_frequency: args[at.frequency].is_true(),
        }
    }

    const fn check(&self, at: &At, args: &Written, places: &Signature) -> Option<Violation> {
        if self.rows == 0 || self.rows > MOST {
            return Message::title(at, "the table has no rows, or too many")
                .text("\n  rule : 1 <= num_embeddings <= ")
                .number(MOST)
                .found("num_embeddings = ")
                .number(self.rows)
                .fix("write how many different indices there are")
                .blame(NUM);
        }
        if self.dim == 0 || self.dim > Shape::MOST {
            return Message::title(at, "the rows are empty, or too long")
                .text("\n  rule : 1 <= embedding_dim <= ")
                .number(Shape::MOST)
                .found("embedding_dim = ")
                .number(self.dim)
                .fix("write how many numbers stand for an index")
                .blame(DIM);
        }
        if let (Some(written), None) = (args.padding, self.padding) {
            return Message::title(at, "padding_idx is no row of the table")
                .rule("-num_embeddings <= padding_idx < num_embeddings")
                .found("padding_idx = ")
                .integer(written)
                .text(", num_embeddings = ")
                .number(self.rows)
                .fix("write a row from 0 to ")
                .number(self.rows - 1)
                .text(", or count from the end, -1 being the last")
                .blame(places.padding);
        }
        if self.max_norm.is_some() && self.norm_type == 0.0 {
            return Message::title(at, "norm_type = 0 counts, it does not measure")
                .rule(
                    "shortening a row brings its norm down, so that it need not be shortened again: norm_type is not 0",
                )
                .found("norm_type = 0")
                .fix("write another exponent: 2.0 is the length")
                .blame(places.norm_type);
        }
        if args.weight {
            return Message::title(at, "the table does not come from an argument")
                .rule("a declaration holds shapes; values come from initialising or loading")
                .found("_weight is given")
                .fix("leave it out, and load the weights or write to `weight`")
                .blame(places.weight);
        }
        None
    }
}

/// What the rules need of the arguments beyond the table.
#[derive(Clone, Copy, Debug)]
struct Written {
    padding: Option<i64>,
    weight: bool,
}

impl Written {
    const fn new(args: &[Arg], at: &Signature) -> Written {
        let padding = if args[at.padding].is_none() { None } else { Some(args[at.padding].int_or(0)) };
        Written { padding, weight: !args[at.weight].is_none() }
    }
}

/// A row, which may be counted from the end.
const fn row(written: Arg, rows: usize) -> Option<usize> {
    if written.is_none() {
        return None;
    }
    let written = written.int_or(0);
    let row = if written < 0 { written.saturating_add_unsigned(rows as u64) } else { written };
    if row < 0 || row as u64 >= rows as u64 { None } else { Some(row as usize) }
}

/// What is looked up must be indices.
const fn check_indices(at: &At, input: usize, shape: Shape) -> Option<Violation> {
    if !shape.is_valid() || matches!(shape.element(), Element::Index) {
        return None;
    }
    Message::title(at, "the input holds numbers")
        .rule("a table is looked up with indices: whole numbers, u32")
        .found("")
        .source(at, input, shape)
        .fix("declare the indices in the header: ")
        .shape(shape.with_element(Element::Index))
        .blame(LAYER)
}

/// `Embedding`: for each index its row of a table.
///
/// See [`torch.nn.Embedding`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Embedding.html).
#[derive(Clone, Copy, Debug)]
pub struct Embedding {
    /// The table.
    pub table: Table,
    /// Indices of a sample.
    pub count: usize,
    input: Shape,
    written: Written,
    freeze: bool,
}

const EMBEDDING: Signature = Signature { padding: 2, max_norm: 3, norm_type: 4, frequency: 5, weight: 7 };

impl Embedding {
    /// From the arguments `num_embeddings, embedding_dim, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse, _weight,
    /// _freeze`.
    pub const fn new(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Embedding {
        Embedding {
            table: Table::new(args, &EMBEDDING),
            count: inputs[0].len(),
            input: inputs[0],
            written: Written::new(args, &EMBEDDING),
            freeze: args[FREEZE].is_true(),
        }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if !self.input.is_valid() {
            return None;
        }
        if let Some(violation) = self.table.check(at, &self.written, &EMBEDDING) {
            return Some(violation);
        }
        if self.freeze {
            return Message::title(at, "an attribute freezes a layer")
                .rule("what is not learnt is marked where it is declared, whatever the layer")
                .found("_freeze = true")
                .fix("leave it out, and write #[frozen] in front of the layer")
                .blame(FREEZE);
        }
        if let Some(violation) = check_indices(at, 0, self.input) {
            return Some(violation);
        }
        if self.input.rank() < MAX_RANK {
            return None;
        }
        Message::title(at, "the result has too many axes")
            .text("\n  rule : a value has at most ")
            .number(MAX_RANK)
            .text(" axes, and the rows of the table are one more than the indices have")
            .found("")
            .source(at, 0, self.input)
            .fix("flatten the indices first")
            .blame(LAYER)
    }

    /// The indices' axes, and one for the row.
    pub const fn output(&self, _index: usize) -> Shape {
        if !self.input.is_valid() || self.input.rank() == MAX_RANK {
            return Shape::INVALID;
        }
        self.input.with_element(Element::Real).push(self.table.dim)
    }

    /// Room to count how often each row is looked up.
    pub const fn needs(&self) -> Needs {
        Needs { backward_scratch: if self.table.by_frequency { self.table.rows } else { 0 }, ..Needs::NOTHING }
    }
}

/// What both have in common.
macro_rules! tables {
    ($($operation:ident, |$this:pat_param| $macs:expr;)*) => {$(
        impl $operation {
            /// Rows and columns of the table.
            pub const fn generics(&self) -> [usize; 6] {
                [self.table.rows, self.table.dim, 0, 0, 0, 0]
            }

            /// None.
            pub const fn parts(&self) -> [bool; 4] {
                [false; 4]
            }

            /// Nothing.
            pub const fn inferred(&self) -> usize {
                0
            }

            /// The table's numbers.
            pub const fn parameters(&self) -> usize {
                self.table.rows.saturating_mul(self.table.dim)
            }

            /// Multiply-adds for one sample.
            pub const fn macs(&self) -> usize {
                let $this = self;
                $macs
            }
        }
    )*};
}

tables! {
    Embedding, |_| 0;
    EmbeddingBag, |bag| bag.bags.indices.saturating_mul(bag.table.dim);
}

const ROWS: Parameter = required("num_embeddings", Kind::Size, "rows of the table: indices lie below");
const COLUMNS: Parameter = required("embedding_dim", Kind::Size, "numbers that stand for an index");
const PADDING: Parameter = optional("padding_idx", Kind::Int, "an index whose row begins as zeros and is never learnt");
const MAX_NORM: Parameter =
    optional("max_norm", Kind::Real, "the largest norm: longer rows are shortened when they are looked up");
const NORM_TYPE: Parameter = with_default("norm_type", Kind::Real, Arg::Real(2.0), "exponent of that norm");
const FREQUENCY: Parameter = with_default(
    "scale_grad_by_freq",
    Kind::Flag,
    Arg::Flag(false),
    "whether gradients are divided by how often the batch looks the index up",
);
const SPARSE: Parameter =
    with_default("sparse", Kind::Flag, Arg::Flag(false), "changes nothing: gradients have the table's shape");
const WEIGHT: Parameter = optional("_weight", Kind::Size, "only None: values are loaded");

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    Entry {
        name: "Embedding",
        parameters: &[
            ROWS,
            COLUMNS,
            PADDING,
            MAX_NORM,
            NORM_TYPE,
            FREQUENCY,
            SPARSE,
            WEIGHT,
            with_default("_freeze", Kind::Flag, Arg::Flag(false), "only false: `#[frozen]` freezes a layer"),
        ],
        channels: Channels::Own,
        generics: 2,
        learns: &["weight"],
        repr: "#num_embeddings, #embedding_dim, padding_idx%num_embeddings?, max_norm?, norm_type?, scale_grad_by_freq?, sparse?",
        doc: "for each index its row of a table",
        shape: "[u32; n..] -> [n.., embedding_dim]",
        ..operation!(Embedding::new)
    },
    bag::ENTRY,
];

//! EmbeddingBag: sums, means and maxima of rows of a table.

use super::{
    COLUMNS, FREQUENCY, MAX_NORM, NORM_TYPE, PADDING, ROWS, SPARSE, Signature, Table, WEIGHT, Written, check_indices,
};
use crate::attention::named_input;
use crate::catalogue::{Channels, Entry, Kind, operation, optional, with_default};
use crate::{Arg, At, Element, LAYER, Message, Needs, Shape, Violation};

/// What a bag becomes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BagMode {
    /// The sum of its rows.
    Sum,
    /// Their mean; padding does not count.
    Mean,
    /// Their maximum.
    Max,
}

/// How a sample's indices fall into bags.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bags {
    /// What a bag becomes.
    pub mode: BagMode,
    /// Bags of a sample.
    pub count: usize,
    /// Indices of a sample.
    pub indices: usize,
    /// Offsets of a sample; 0 if all bags are of one size.
    pub offsets: usize,
}

/// `EmbeddingBag`: for each bag of indices the sum, mean or maximum of their rows of a table.
///
/// A sample `[u32; n]` is one bag, `[[u32; n]; b]` are `b` bags; with `offsets: [u32; b]` a sample `[u32; n]` is cut into `b` bags, which
/// begin at the offsets. See [`torch.nn.EmbeddingBag`](https://docs.pytorch.org/docs/stable/generated/torch.nn.EmbeddingBag.html).
#[derive(Clone, Copy, Debug)]
pub struct EmbeddingBag {
    /// The table.
    pub table: Table,
    /// The bags.
    pub bags: Bags,
    input: Shape,
    offsets: Option<(usize, Shape)>,
    weights: Option<(usize, Shape)>,
    last_offset: bool,
    written: Written,
}

const BAG: Signature = Signature { padding: 9, max_norm: 2, norm_type: 3, frequency: 4, weight: 7 };
const MODE: usize = 5;
const LAST_OFFSET: usize = 8;
const OFFSETS: usize = 10;
const WEIGHTS: usize = 11;

impl EmbeddingBag {
    /// From the arguments `num_embeddings, embedding_dim, max_norm, norm_type, scale_grad_by_freq, mode, sparse, _weight,
    /// include_last_offset, padding_idx`, and at the call `offsets, per_sample_weights`.
    pub const fn new(_axes: usize, args: &[Arg], inputs: &[Shape]) -> EmbeddingBag {
        let input = inputs[0];
        let (offsets, weights) = (named_input(args[OFFSETS], inputs), named_input(args[WEIGHTS], inputs));
        let last_offset = args[LAST_OFFSET].is_true();
        let (count, places) = match offsets {
            Some((_, shape)) => (shape.len().saturating_sub(last_offset as usize), shape.len()),
            None => (if input.rank() == 2 { input.dim(0) } else { 1 }, 0),
        };
        let mode = if args[MODE].is("sum") {
            BagMode::Sum
        } else if args[MODE].is("max") {
            BagMode::Max
        } else {
            BagMode::Mean
        };
        EmbeddingBag {
            table: Table::new(args, &BAG),
            bags: Bags { mode, count, indices: input.len(), offsets: places },
            input,
            offsets,
            weights,
            last_offset,
            written: Written::new(args, &BAG),
        }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if !self.is_valid() {
            return None;
        }
        if let Some(violation) = self.table.check(at, &self.written, &BAG) {
            return Some(violation);
        }
        if let Some(violation) = check_indices(at, 0, self.input) {
            return Some(violation);
        }
        if self.table.by_frequency && matches!(self.bags.mode, BagMode::Max) {
            return Message::title(at, "a maximum has no frequency")
                .rule("scale_grad_by_freq goes with mode \"sum\" or \"mean\"")
                .found("mode = \"max\", scale_grad_by_freq = true")
                .fix("leave scale_grad_by_freq out, or choose another mode")
                .blame(BAG.frequency);
        }
        if let Some(violation) = self.check_bags(at) {
            return Some(violation);
        }
        self.check_weights(at)
    }

    const fn check_bags(&self, at: &At) -> Option<Violation> {
        let Some((place, offsets)) = self.offsets else {
            if self.input.rank() == 1 || self.input.rank() == 2 {
                return None;
            }
            let text = Message::title(at, "the indices are no bags")
                .rule("a sample is one bag, [u32; n], or several of one size, [[u32; n]; bags]; offsets cut [u32; n] into bags")
                .found("")
                .source(at, 0, self.input);
            return if self.input.rank() == 0 {
                text.fix("give each sample the indices of a bag, [u32; 1], or look up one with `Embedding`")
                    .blame(LAYER)
            } else {
                text.fix("flatten the bags to two axes").blame(LAYER)
            };
        };
        if let Some(violation) = check_indices(at, place, offsets) {
            return Some(Violation { argument: OFFSETS, ..violation });
        }
        if self.input.rank() != 1 {
            return Message::title(at, "the indices lie in bags already")
                .rule("offsets cut one row of indices, [u32; n], into bags; several rows are bags of one size")
                .found("")
                .source(at, 0, self.input)
                .text(", and offsets are given")
                .fix("leave the offsets out, or give the indices as one row")
                .blame(OFFSETS);
        }
        if offsets.rank() == 1 && self.bags.count > 0 {
            return None;
        }
        let least = if self.last_offset { 2 } else { 1 };
        Message::title(at, "the offsets are no row of places")
            .rule("offsets hold where each bag begins, and with include_last_offset where the last one ends")
            .found("")
            .source(at, place, offsets)
            .fix("give [u32; bags")
            .text(if self.last_offset { " + 1]" } else { "]" })
            .text(", at least [u32; ")
            .number(least)
            .text("]")
            .blame(OFFSETS)
    }

    const fn check_weights(&self, at: &At) -> Option<Violation> {
        let Some((place, weights)) = self.weights else { return None };
        if !matches!(self.bags.mode, BagMode::Sum) {
            return Message::title(at, "weights go with sums only")
                .rule("per_sample_weights needs mode = \"sum\"")
                .found("mode = ")
                .text(if matches!(self.bags.mode, BagMode::Max) { "\"max\"" } else { "\"mean\"" })
                .fix("declare the layer with mode = \"sum\", or leave the weights out")
                .blame(WEIGHTS);
        }
        let expected = self.input.with_element(Element::Real);
        if weights.same(&expected) {
            return None;
        }
        Message::title(at, "the weights do not fit the indices")
            .rule("per_sample_weights holds a number for each index")
            .found("")
            .source(at, place, weights)
            .text(", and ")
            .source(at, 0, self.input)
            .fix("give weights of ")
            .shape(expected)
            .blame(WEIGHTS)
    }

    const fn is_valid(&self) -> bool {
        if let Some((_, shape)) = self.offsets
            && !shape.is_valid()
        {
            return false;
        }
        if let Some((_, shape)) = self.weights
            && !shape.is_valid()
        {
            return false;
        }
        self.input.is_valid()
    }

    /// A row for each bag; without an axis of bags, one row.
    pub const fn output(&self, _index: usize) -> Shape {
        if !self.is_valid() || self.bags.count == 0 {
            return Shape::INVALID;
        }
        if self.offsets.is_some() || self.input.rank() == 2 {
            Shape::new(&[self.bags.count, self.table.dim])
        } else {
            Shape::new(&[self.table.dim])
        }
    }

    /// The weights; the place of each maximum; room to count how often each row is looked up.
    pub const fn needs(&self) -> Needs {
        let places =
            if matches!(self.bags.mode, BagMode::Max) { self.bags.count.saturating_mul(self.table.dim) } else { 0 };
        Needs {
            saved_words: places,
            backward_scratch: if self.table.by_frequency { self.table.rows } else { 0 },
            ..Needs::INPUTS
        }
    }
}

/// The catalogue's entry.
pub(super) const ENTRY: Entry = Entry {
    name: "EmbeddingBag",
    parameters: &[
        ROWS,
        COLUMNS,
        MAX_NORM,
        NORM_TYPE,
        FREQUENCY,
        with_default("mode", Kind::Word(&["sum", "mean", "max"]), Arg::Word("mean"), "what a bag becomes"),
        SPARSE,
        WEIGHT,
        with_default(
            "include_last_offset",
            Kind::Flag,
            Arg::Flag(false),
            "whether a last offset says where the last bag ends",
        ),
        PADDING,
    ],
    call: &[
        optional("offsets", Kind::Value, "[u32; bags]: where each bag begins in a row of indices"),
        optional("per_sample_weights", Kind::Value, "a number for each index, which its row is multiplied by"),
    ],
    channels: Channels::Own,
    generics: 2,
    learns: &["weight"],
    repr: "#num_embeddings, #embedding_dim, max_norm?, norm_type?, scale_grad_by_freq?, mode!, padding_idx%num_embeddings?",
    doc: "for each bag of indices the sum, mean or maximum of their rows of a table",
    shape: "indices [bags, n], or [n] with offsets [bags] -> [bags, embedding_dim]",
    ..operation!(EmbeddingBag::new)
};

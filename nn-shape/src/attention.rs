//! Attention of several heads: where their queries, keys and values lie, and `scaled_dot_product_attention`.

use crate::catalogue::{Entry, Inputs, Kind, Parameter, operation, optional, with_default};
use crate::dims::{all_valid, check_numbers};
use crate::unit::without_parameters;
use crate::{Arg, At, Element, LAYER, Message, Needs, Shape, Violation, tile};

/// Where the rows of the heads lie: row `r` of head `h` begins at `h * head + r * row`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Places {
    /// From head to head.
    pub head: usize,
    /// From row to row.
    pub row: usize,
}

impl Places {
    /// Heads behind each other, each a matrix of its own.
    const fn behind(rows: usize, size: usize) -> Places {
        Places { head: rows.saturating_mul(size), row: size }
    }

    /// Heads side by side in the rows of one matrix.
    pub(crate) const fn beside(heads: usize, size: usize) -> Places {
        Places { head: size, row: heads.saturating_mul(size) }
    }
}

/// The attention of one sample, head by head: `softmax(scale · Q Kᵀ + masks) V`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Heads {
    /// Heads of queries.
    pub count: usize,
    /// Heads of queries that share a head of keys and values.
    pub group: usize,
    /// Queries of each head.
    pub queries: usize,
    /// Keys of each head.
    pub keys: usize,
    /// The keys that masks are about; those behind them are always seen.
    pub masked_keys: usize,
    /// Numbers of a query and of a key.
    pub size: usize,
    /// Numbers of a value.
    pub value_size: usize,
    /// Where the queries lie.
    pub query: Places,
    /// Where the keys lie.
    pub key: Places,
    /// Where the values lie.
    pub value: Places,
    /// Where the results lie.
    pub output: Places,
    /// What the products are multiplied by.
    pub scale: f64,
    /// Whether a query sees no key behind its own place.
    pub causal: bool,
    /// Whether a query that sees no key at all gets zeros: otherwise NaN.
    pub safe: bool,
    /// Two masks that are added: the distances between their heads, rows and columns.
    pub masks: [[usize; 3]; 2],
    /// The probability of a zero among the weights, in training.
    pub dropout: f64,
}

impl Heads {
    /// Weights of one head.
    pub const fn weights(&self) -> usize {
        self.queries.saturating_mul(self.keys)
    }

    /// Words that hold a bit for each weight, every head beginning on a word of its own.
    pub(crate) const fn words(&self) -> usize {
        if self.dropout > 0.0 { self.count.saturating_mul(self.weights().div_ceil(32)) } else { 0 }
    }

    /// Working space of the kernels: a panel, and the weights of one head that are left after dropout.
    pub(crate) const fn forward_scratch(&self) -> usize {
        let mut steps = if self.queries > self.keys { self.queries } else { self.keys };
        steps = if steps > self.size { steps } else { self.size };
        steps = if steps > self.value_size { steps } else { self.value_size };
        let dropped = if self.dropout > 0.0 { self.weights() } else { 0 };
        tile::panel(steps, tile::MAX_WIDTH).saturating_add(dropped)
    }

    /// The same for the backward pass, and the gradients of one head's weights.
    pub(crate) const fn backward_scratch(&self) -> usize {
        self.forward_scratch().saturating_add(self.weights())
    }

    /// Multiply-adds of both products.
    pub(crate) const fn macs(&self) -> usize {
        self.count.saturating_mul(self.weights()).saturating_mul(self.size.saturating_add(self.value_size))
    }
}

/// The value that an argument names by its place among the inputs.
pub(crate) const fn named_input(arg: Arg, inputs: &[Shape]) -> Option<(usize, Shape)> {
    match arg {
        Arg::Int(place) if place >= 0 && (place as usize) < inputs.len() => {
            Some((place as usize, inputs[place as usize]))
        }
        _ => None,
    }
}

/// The probability must be one.
pub(crate) const fn check_dropout(at: &At, name: &'static str, p: f64, argument: usize) -> Option<Violation> {
    if p >= 0.0 && p <= 1.0 {
        return None;
    }
    Message::title(at, name)
        .text(" is not a probability")
        .text("\n  rule : 0 <= ")
        .text(name)
        .text(" <= 1: the probability that a weight becomes zero")
        .found(name)
        .text(" = ")
        .real(p)
        .fix("write a number between 0 and 1, such as 0.1")
        .blame(argument)
}

/// A mask holds numbers, which are added: not truth values.
pub(crate) const fn check_mask(
    at: &At,
    name: &'static str,
    place: Option<usize>,
    mask: Shape,
    argument: usize,
) -> Option<Violation> {
    let Some(place) = place else { return None };
    if !mask.is_valid() || !matches!(mask.element(), Element::Index) {
        return None;
    }
    Message::title(at, name)
        .text(" holds truth values")
        .text("\n  rule : a mask holds numbers that are added: 0 where a query may see a key, -∞ where not")
        .found("")
        .source(at, place, mask)
        .fix("write additive_mask(m) for a mask m of what must not be seen, additive_mask(logical_not(m)) for one of what may be seen")
        .blame(argument)
}

/// `scaled_dot_product_attention(query, key, value)`: `softmax(scale · Q Kᵀ + attn_mask) V` of queries `[.., L, E]`, keys `[.., S, E]` and values
/// `[.., S, V]`, the axes in front being heads; the result is `[.., L, V]`. `scale` is `1/√E` if left out.
///
/// `attn_mask` is a value that is added: 0 where a query may see a key, -∞ where not; of a mask of truth values `additive_mask` makes one. It is
/// `[.., L, S]`, or has size 1 where it is repeated, the axes in front all at once. `is_causal` hides from query i all keys behind place i. A query that may see no key
/// gets zeros, as in PyTorch.
///
/// Other than in PyTorch, `dropout_p` counts in training mode only.
///
/// See [`torch.nn.functional.scaled_dot_product_attention`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html).
#[derive(Clone, Copy, Debug)]
pub struct ScaledDotProductAttention {
    /// The heads.
    pub heads: Heads,
    /// Where the mask stands among the inputs.
    pub mask: Option<usize>,
    inputs: [Shape; 3],
    attn_mask: Shape,
    grouped: bool,
}

// Places in the signature.
const ATTN_MASK: usize = 0;
const DROPOUT_P: usize = 1;
const IS_CAUSAL: usize = 2;
const SCALE: usize = 3;
const ENABLE_GQA: usize = 4;

/// The size of an axis, counted from the last.
const fn from_last(shape: Shape, axis: usize) -> usize {
    if axis < shape.rank() { shape.dim(shape.rank() - 1 - axis) } else { 1 }
}

impl ScaledDotProductAttention {
    /// From the arguments `attn_mask, dropout_p, is_causal, scale, enable_gqa`.
    pub const fn new(_axes: usize, args: &[Arg], inputs: &[Shape]) -> ScaledDotProductAttention {
        let (query, key, value) = (inputs[0], inputs[1], inputs[2]);
        let (queries, keys) = (from_last(query, 1), from_last(key, 1));
        let (size, value_size) = (query.last(), value.last());
        let count = query.product(0, query.rank().saturating_sub(2));
        let key_heads = key.product(0, key.rank().saturating_sub(2));
        let group = if key_heads > 0 && count.is_multiple_of(key_heads) { count / key_heads } else { 1 };
        let (mask, attn_mask) = match named_input(args[ATTN_MASK], inputs) {
            Some((place, shape)) => (Some(place), shape),
            None => (None, Shape::new(&[])),
        };
        let (mask_rows, mask_columns) = (from_last(attn_mask, 1), attn_mask.last());
        let strides = [
            if attn_mask.rank() > 2 && attn_mask.product(0, attn_mask.rank() - 2) > 1 {
                mask_rows.saturating_mul(mask_columns)
            } else {
                0
            },
            if mask_rows > 1 { mask_columns } else { 0 },
            if mask_columns > 1 { 1 } else { 0 },
        ];
        ScaledDotProductAttention {
            heads: Heads {
                count,
                group,
                queries,
                keys,
                masked_keys: keys,
                size,
                value_size,
                query: Places::behind(queries, size),
                key: Places::behind(keys, size),
                value: Places::behind(keys, value_size),
                output: Places::behind(queries, value_size),
                scale: args[SCALE].real_or(1.0 / root(size as f64)),
                causal: args[IS_CAUSAL].is_true(),
                safe: true,
                masks: [strides, [0; 3]],
                dropout: args[DROPOUT_P].real_or(0.0),
            },
            mask,
            inputs: [query, key, value],
            attn_mask,
            grouped: args[ENABLE_GQA].is_true(),
        }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if let Some(violation) = check_dropout(at, "dropout_p", self.heads.dropout, DROPOUT_P) {
            return Some(violation);
        }
        if self.heads.causal && self.mask.is_some() {
            return Message::title(at, "is_causal and attn_mask exclude each other")
                .rule("a causal attention has its mask already")
                .found("is_causal = true beside attn_mask")
                .fix("leave out one of them")
                .blame(IS_CAUSAL);
        }
        if !all_valid(&self.inputs) || !self.attn_mask.is_valid() {
            return None;
        }
        if let Some(violation) = check_numbers(at, &self.inputs) {
            return Some(violation);
        }
        if let Some(violation) = check_mask(at, "attn_mask", self.mask, self.attn_mask, ATTN_MASK) {
            return Some(violation);
        }
        if let Some(violation) = self.check_inputs(at) {
            return Some(violation);
        }
        if self.mask.is_none() || self.mask_fits() {
            return None;
        }
        Message::title(at, "attn_mask does not fit the weights")
            .rule("attn_mask is [.., L, S], as the weights are; its axes may have size 1, those in front all of them or none")
            .found("")
            .source(at, 3, self.attn_mask)
            .text(", the weights are ")
            .shape(self.weights())
            .fix("make it ")
            .shape(self.weights())
            .blame(ATTN_MASK)
    }

    const fn check_inputs(&self, at: &At) -> Option<Violation> {
        let [query, key, value] = self.inputs;
        let text = if query.rank() < 2 || key.rank() != query.rank() || value.rank() != query.rank() {
            Message::title(at, "query, key and value are not matrices of equal rank")
                .rule("query [.., L, E], key [.., S, E] and value [.., S, V] have as many axes, the batch left out")
        } else if query.last() != key.last() {
            Message::title(at, "query and key have different sizes")
                .rule("query [.., L, E] and key [.., S, E] agree in their last axis")
        } else if from_last(key, 1) != from_last(value, 1) {
            Message::title(at, "key and value have different lengths")
                .rule("key [.., S, E] and value [.., S, V] agree in S")
        } else if !self.front_fits() {
            Message::title(at, "the axes in front differ").rule(if self.grouped {
                "key and value have equal heads, of which the query's are a multiple"
            } else {
                "query, key and value agree in all axes but the last two"
            })
        } else {
            return None;
        };
        let text = text.found("").source(at, 0, query).text(", ").source(at, 1, key).text(", ").source(at, 2, value);
        text.fix(if query.rank() < 2 || key.rank() != query.rank() || value.rank() != query.rank() {
            "give them the axes that are missing: `unsqueeze`"
        } else if !self.grouped && self.heads.group > 1 {
            "write enable_gqa = true, if heads of queries share heads of keys"
        } else {
            "make the sizes agree"
        })
        .blame(LAYER)
    }

    const fn front_fits(&self) -> bool {
        let [query, key, value] = self.inputs;
        let mut axis = 0;
        while axis + 2 < query.rank() {
            let heads = axis + 3 == query.rank() && self.grouped;
            let fits = if heads {
                key.dim(axis) > 0 && query.dim(axis).is_multiple_of(key.dim(axis))
            } else {
                query.dim(axis) == key.dim(axis)
            };
            if !fits || key.dim(axis) != value.dim(axis) {
                return false;
            }
            axis += 1;
        }
        true
    }

    /// The shape of the weights.
    const fn weights(&self) -> Shape {
        let query = self.inputs[0];
        if query.rank() < 2 { Shape::INVALID } else { query.with(query.rank() - 1, self.heads.keys) }
    }

    /// The mask can be repeated to the weights' shape; the heads all at once or not at all.
    const fn mask_fits(&self) -> bool {
        let (mask, weights) = (self.attn_mask, self.weights());
        if mask.rank() < 2 || mask.rank() != weights.rank() {
            return false;
        }
        let heads = mask.product(0, mask.rank() - 2);
        let mut axis = 0;
        while axis < mask.rank() {
            let (own, full) = (from_last(mask, axis), from_last(weights, axis));
            let may_repeat = axis < 2 || heads == 1;
            if own != full && !(own == 1 && may_repeat) {
                return false;
            }
            axis += 1;
        }
        heads == 1 || heads == self.heads.count
    }

    /// The shape of the output.
    pub const fn output(&self, _index: usize) -> Shape {
        let [query, _, value] = self.inputs;
        if !all_valid(&self.inputs) || query.rank() < 2 || value.rank() != query.rank() {
            return Shape::INVALID;
        }
        query.with(query.rank() - 1, value.last())
    }

    /// The inputs, the weights, and a bit for each that dropout keeps.
    pub const fn needs(&self) -> Needs {
        let heads = &self.heads;
        Needs {
            saved_sample: heads.count.saturating_mul(heads.weights()),
            saved_words: heads.words(),
            forward_scratch: heads.forward_scratch().saturating_add(heads.weights()),
            backward_scratch: heads.backward_scratch(),
            ..Needs::INPUTS
        }
    }
}

without_parameters! { ScaledDotProductAttention, |this| this.heads.macs() }

/// The square root of a positive number, by Newton's method.
pub(crate) const fn root(x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    let mut root = if x > 1.0 { x } else { 1.0 };
    let mut better = 0.5 * (root + x / root);
    while better < root {
        root = better;
        better = 0.5 * (root + x / root);
    }
    root
}

/// A mask, given as a value.
pub(crate) const fn mask(name: &'static str, doc: &'static str) -> Parameter {
    optional(name, Kind::Value, doc)
}

/// Whether queries see no keys behind their own place.
pub(crate) const CAUSAL: Parameter =
    with_default("is_causal", Kind::Flag, Arg::Flag(false), "whether query i sees no key behind place i");

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[Entry {
    name: "ScaledDotProductAttention",
    is_layer: false,
    function: Some("scaled_dot_product_attention"),
    parameters: &[
        mask("attn_mask", "added to the products of queries and keys: 0, or -∞ where a query must not see a key"),
        with_default("dropout_p", Kind::Real, Arg::Real(0.0), "probability that a weight becomes zero in training"),
        CAUSAL,
        optional("scale", Kind::Real, "what the products are multiplied by; None is 1/√E"),
        with_default("enable_gqa", Kind::Flag, Arg::Flag(false), "whether heads of queries may share heads of keys"),
    ],
    inputs: Inputs::Exactly(3),
    doc: "softmax(Q Kᵀ / √E + attn_mask) V for each head",
    shape: "[heads.., L, E], [heads.., S, E], [heads.., S, V] -> [heads.., L, V]",
    ..operation!(ScaledDotProductAttention::new)
}];

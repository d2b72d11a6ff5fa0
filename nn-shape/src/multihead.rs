//! MultiheadAttention.

use crate::attention::{CAUSAL, Heads, Places, check_dropout, check_mask, mask, named_input, root};
use crate::catalogue::{
    Channels, Entry, Inputs, Kind, Outputs, inferable, operation, optional, required, with_default,
};
use crate::dims::{all_valid, check_numbers};
use crate::repr::Inner;
use crate::{Arg, At, LAYER, Message, Needs, Shape, Violation, tile};

/// `MultiheadAttention`: projects queries `[L, E]`, keys `[S, kdim]` and values `[S, vdim]` to `num_heads` heads of `E / num_heads` numbers,
/// attends, and projects the heads' results to `[L, E]`. The second result holds the weights, `[L, S]` averaged over the heads or
/// `[num_heads, L, S]`; `add_bias_kv` and `add_zero_attn` add a key, and so a column, each.
///
/// Masks are values that are added to the products: 0 where a query may see a key, -∞ where not; PyTorch's masks of truth values are
/// written so. A sample has masks of its own: `key_padding_mask` is `[S]`, `attn_mask` `[L, S]` or `[num_heads, L, S]`.
///
/// Other than in PyTorch
/// - the batch is outside of everything: `batch_first` changes nothing;
/// - `is_causal = true` needs no mask beside it: it hides from query i all keys behind place i;
/// - with `need_weights = false` the second result is a value without elements, which stands for `None`.
///
/// As in PyTorch, a query that may see no key gets NaN with `need_weights`, zeros without.
///
/// See [`torch.nn.MultiheadAttention`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html).
#[derive(Clone, Copy, Debug)]
pub struct MultiheadAttention {
    /// The heads.
    pub heads: Heads,
    /// Features of the queries and of the output.
    pub embed_dim: usize,
    /// Features of the keys.
    pub kdim: usize,
    /// Features of the values.
    pub vdim: usize,
    /// Keys that are given; those of the heads are more if some are added.
    pub keys: usize,
    /// Whether a learnt key and value are added.
    pub bias_kv: bool,
    /// Whether the second result holds weights.
    pub need_weights: bool,
    /// Whether they are averaged over the heads.
    pub average: bool,
    /// Where `attn_mask` and `key_padding_mask` stand among the inputs.
    pub masks: [Option<usize>; 2],
    inputs: [Shape; 3],
    mask_shapes: [Shape; 2],
    bias: bool,
}

// Places in the signature and, behind it, in that of the call.
const EMBED_DIM: usize = 0;
const NUM_HEADS: usize = 1;
const DROPOUT: usize = 2;
const BIAS: usize = 3;
const ADD_BIAS_KV: usize = 4;
const ADD_ZERO_ATTN: usize = 5;
const KDIM: usize = 6;
const VDIM: usize = 7;
const KEY_PADDING_MASK: usize = 9;
const NEED_WEIGHTS: usize = 10;
const ATTN_MASK: usize = 11;
const AVERAGE_ATTN_WEIGHTS: usize = 12;
const IS_CAUSAL: usize = 13;

/// The most heads that a message proposes.
const MOST_HEADS: usize = 1024;

/// The place and the shape of a mask; a value without axes stands for none.
const fn mask_of(arg: Arg, inputs: &[Shape]) -> (Option<usize>, Shape) {
    match named_input(arg, inputs) {
        Some((place, shape)) => (Some(place), shape),
        None => (None, Shape::new(&[])),
    }
}

impl MultiheadAttention {
    /// From the arguments `embed_dim, num_heads, dropout, bias, add_bias_kv, add_zero_attn, kdim, vdim, batch_first` and, at the call,
    /// `key_padding_mask, need_weights, attn_mask, average_attn_weights, is_causal`.
    pub const fn new(_axes: usize, args: &[Arg], inputs: &[Shape]) -> MultiheadAttention {
        let (query, key) = (inputs[0], inputs[1]);
        let embed_dim = args[EMBED_DIM].size_or(query.last());
        let count = args[NUM_HEADS].size_or(1);
        let size = match embed_dim.checked_div(count) {
            Some(size) => size,
            None => 0,
        };
        let beside = Places::beside(count, size);
        let (queries, own) = (query.dim(0), key.dim(0));
        let bias_kv = args[ADD_BIAS_KV].is_true();
        let keys = own.saturating_add(bias_kv as usize).saturating_add(args[ADD_ZERO_ATTN].is_true() as usize);
        let (attn_mask, attn_shape) = mask_of(args[ATTN_MASK], inputs);
        let (padding, padding_shape) = mask_of(args[KEY_PADDING_MASK], inputs);
        let need_weights = args[NEED_WEIGHTS].is_true();
        MultiheadAttention {
            heads: Heads {
                count,
                group: 1,
                queries,
                keys,
                masked_keys: own,
                size,
                value_size: size,
                query: beside,
                key: beside,
                value: beside,
                output: beside,
                scale: 1.0 / root(size as f64),
                causal: args[IS_CAUSAL].is_true(),
                safe: !need_weights,
                masks: [[if attn_shape.rank() > 2 { queries.saturating_mul(own) } else { 0 }, own, 1], [0, 0, 1]],
                dropout: args[DROPOUT].real_or(0.0),
            },
            embed_dim,
            kdim: args[KDIM].size_or(embed_dim),
            vdim: args[VDIM].size_or(embed_dim),
            keys: own,
            bias_kv,
            need_weights,
            average: args[AVERAGE_ATTN_WEIGHTS].is_true(),
            masks: [attn_mask, padding],
            inputs: [query, key, inputs[2]],
            mask_shapes: [attn_shape, padding_shape],
            bias: args[BIAS].is_true(),
        }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        let [query, key, value] = self.inputs;
        let [attn, padding] = self.mask_shapes;
        if let Some(violation) = self.check_arguments(at) {
            return Some(violation);
        }
        if !all_valid(&self.inputs) || !all_valid(&self.mask_shapes) {
            return None;
        }
        if let Some(violation) = check_numbers(at, &[query, key, value]) {
            return Some(violation);
        }
        if query.rank() != 2 || key.rank() != 2 || value.rank() != 2 {
            return Message::title(at, "query, key and value are not sequences")
                .rule("query [L, embed_dim], key [S, kdim] and value [S, vdim], the batch left out")
                .found("")
                .source(at, 0, query)
                .text(", ")
                .source(at, 1, key)
                .text(", ")
                .source(at, 2, value)
                .fix("make each a sequence of features: `unflatten`, `flatten`, `transpose`")
                .blame(LAYER);
        }
        if query.last() != self.embed_dim {
            return Message::title(at, "embed_dim does not match the query")
                .rule("embed_dim must equal the size of the query's last axis")
                .found("embed_dim = ")
                .number(self.embed_dim)
                .text(", but ")
                .source(at, 0, query)
                .fix("write embed_dim = ")
                .number(query.last())
                .or_infer(at)
                .or_make(at, 0, self.embed_dim, " features")
                .blame(EMBED_DIM);
        }
        if let Some(violation) = self.check_features(at, 1, "kdim", self.kdim, KDIM) {
            return Some(violation);
        }
        if let Some(violation) = self.check_features(at, 2, "vdim", self.vdim, VDIM) {
            return Some(violation);
        }
        if key.dim(0) != value.dim(0) {
            return Message::title(at, "key and value have different lengths")
                .rule("key [S, kdim] and value [S, vdim] agree in S: every key has its value")
                .found("")
                .source(at, 1, key)
                .text(", ")
                .source(at, 2, value)
                .fix("give the value ")
                .number(key.dim(0))
                .text(" rows")
                .blame(LAYER);
        }
        if let Some(violation) = check_mask(at, "attn_mask", self.masks[0], attn, ATTN_MASK) {
            return Some(violation);
        }
        if let Some(violation) = check_mask(at, "key_padding_mask", self.masks[1], padding, KEY_PADDING_MASK) {
            return Some(violation);
        }
        if let Some(place) = self.masks[0]
            && !self.attn_mask_fits()
        {
            return Message::title(at, "attn_mask does not fit the weights")
                .rule("attn_mask is [L, S], or [num_heads, L, S]: a number for each query and key")
                .found("")
                .source(at, place, attn)
                .text(", L = ")
                .number(query.dim(0))
                .text(", S = ")
                .number(key.dim(0))
                .fix("make it ")
                .shape(Shape::new(&[query.dim(0), key.dim(0)]))
                .blame(ATTN_MASK);
        }
        if let Some(place) = self.masks[1]
            && !padding.same(&Shape::new(&[key.dim(0)]))
        {
            return Message::title(at, "key_padding_mask does not fit the keys")
                .rule("key_padding_mask is [S]: a number for each key")
                .found("")
                .source(at, place, padding)
                .text(", S = ")
                .number(key.dim(0))
                .fix("make it ")
                .shape(Shape::new(&[key.dim(0)]))
                .blame(KEY_PADDING_MASK);
        }
        None
    }

    const fn attn_mask_fits(&self) -> bool {
        let (mask, heads) = (self.mask_shapes[0], &self.heads);
        mask.same(&Shape::new(&[heads.queries, self.keys]))
            || mask.same(&Shape::new(&[heads.count, heads.queries, self.keys]))
    }

    const fn check_arguments(&self, at: &At) -> Option<Violation> {
        let (embed, heads) = (self.embed_dim, self.heads.count);
        if embed == 0 || heads == 0 {
            return Message::title(
                at,
                if heads == 0 { "attention without heads" } else { "attention without features" },
            )
            .rule("embed_dim >= 1 and num_heads >= 1")
            .found("embed_dim = ")
            .number(embed)
            .text(", num_heads = ")
            .number(heads)
            .fix("write a positive number")
            .blame(if heads == 0 { NUM_HEADS } else { EMBED_DIM });
        }
        if heads > 1 && embed > 0 && heads == self.inputs[0].last() && heads.is_multiple_of(embed) && embed != heads {
            return Message::title(at, "embed_dim and num_heads are exchanged")
                .rule("embed_dim, the features of the query, stands in front of num_heads")
                .found("embed_dim = ")
                .number(embed)
                .text(", num_heads = ")
                .number(heads)
                .text(", and ")
                .source(at, 0, self.inputs[0])
                .fix("write embed_dim = ")
                .number(heads)
                .text(", num_heads = ")
                .number(embed)
                .blame(EMBED_DIM);
        }
        if !embed.is_multiple_of(heads) {
            let mut most = if heads < MOST_HEADS { heads } else { MOST_HEADS };
            while !embed.is_multiple_of(most) {
                most -= 1;
            }
            return Message::title(at, "num_heads does not divide embed_dim")
                .rule("every head gets embed_dim / num_heads features")
                .found("embed_dim = ")
                .number(embed)
                .text(", num_heads = ")
                .number(heads)
                .fix("write num_heads = ")
                .number(most)
                .text(", or embed_dim = ")
                .number(embed.div_ceil(heads).saturating_mul(heads))
                .blame(NUM_HEADS);
        }
        check_dropout(at, "dropout", self.heads.dropout, DROPOUT)
    }

    /// The features of keys or values.
    const fn check_features(
        &self,
        at: &At,
        input: usize,
        name: &'static str,
        features: usize,
        argument: usize,
    ) -> Option<Violation> {
        let shape = self.inputs[input];
        if shape.last() == features {
            return None;
        }
        Message::title(at, name)
            .text(" does not match the incoming tensor")
            .text("\n  rule : ")
            .text(name)
            .text(", or else embed_dim, must equal the size of the ")
            .text(if input == 1 { "key's" } else { "value's" })
            .text(" last axis")
            .found(name)
            .text(" = ")
            .number(features)
            .text(", but ")
            .source(at, input, shape)
            .fix("write ")
            .text(name)
            .text(" = ")
            .number(shape.last())
            .or_make(at, input, features, " features")
            .blame(argument)
    }

    /// The shape of the output, of the weights.
    pub const fn output(&self, index: usize) -> Shape {
        let (query, heads) = (self.inputs[0], &self.heads);
        if !all_valid(&self.inputs) || query.rank() != 2 {
            return Shape::INVALID;
        }
        match index {
            0 => query,
            _ if !self.need_weights => Shape::new(&[0]),
            _ if self.average => Shape::new(&[heads.queries, heads.keys]),
            _ => Shape::new(&[heads.count, heads.queries, heads.keys]),
        }
    }

    /// Whether one weight serves queries, keys and values.
    const fn packed(&self) -> bool {
        self.kdim == self.embed_dim && self.vdim == self.embed_dim
    }

    /// `EMBED`, `3 · EMBED`, `KDIM`, `VDIM`.
    pub const fn generics(&self) -> [usize; 6] {
        [self.embed_dim, self.embed_dim.saturating_mul(3), self.kdim, self.vdim, 0, 0]
    }

    /// One weight for all three projections; biases; a learnt key and value.
    pub const fn parts(&self) -> [bool; 4] {
        [self.packed(), self.bias, self.bias_kv, false]
    }

    /// `embed_dim`.
    pub const fn inferred(&self) -> usize {
        self.embed_dim
    }

    /// Weights and biases of four projections, and what is added.
    pub const fn parameters(&self) -> usize {
        let features = self.embed_dim.saturating_mul(2).saturating_add(self.kdim).saturating_add(self.vdim);
        let vectors = if self.bias { 4 } else { 0 } + if self.bias_kv { 2 } else { 0 };
        self.embed_dim.saturating_mul(features.saturating_add(vectors))
    }

    /// Multiply-adds for one sample.
    pub const fn macs(&self) -> usize {
        let queries = self.heads.queries.saturating_mul(self.embed_dim).saturating_mul(2);
        let keys = self.keys.saturating_mul(self.kdim.saturating_add(self.vdim));
        self.embed_dim.saturating_mul(queries.saturating_add(keys)).saturating_add(self.heads.macs())
    }

    /// Elements of the projected queries (and results), and of the projected keys (and values), of one sample.
    pub const fn projected(&self) -> [usize; 2] {
        [self.heads.queries.saturating_mul(self.embed_dim), self.heads.keys.saturating_mul(self.embed_dim)]
    }

    /// The inputs; queries, keys and values after their projections, the weights, and the results before theirs.
    pub const fn needs(&self) -> Needs {
        let (heads, [queries, keys]) = (&self.heads, self.projected());
        let most = if self.kdim > self.vdim { self.kdim } else { self.vdim };
        let linear = tile::linear_scratch(self.embed_dim, most);
        let own = heads.forward_scratch();
        let (forward, own) = (if own > linear { own } else { linear }, heads.backward_scratch());
        let backward = if own > linear { own } else { linear };
        let projected = queries.saturating_add(keys).saturating_mul(2);
        let weights = heads.count.saturating_mul(heads.weights());
        Needs {
            saved_sample: projected.saturating_add(weights),
            saved_words: heads.words(),
            forward_scratch: projected.saturating_add(heads.weights()).saturating_add(forward),
            backward_scratch: projected.saturating_add(backward),
            ..Needs::INPUTS
        }
    }
}

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[Entry {
    name: "MultiheadAttention",
    parameters: &[
        inferable("embed_dim", "features of the queries and of the output"),
        required("num_heads", Kind::Size, "heads, each of embed_dim / num_heads features"),
        with_default("dropout", Kind::Real, Arg::Real(0.0), "probability that a weight becomes zero in training"),
        with_default("bias", Kind::Flag, Arg::Flag(true), "whether the projections add a learnable bias"),
        with_default("add_bias_kv", Kind::Flag, Arg::Flag(false), "whether a learnt key and value are added"),
        with_default("add_zero_attn", Kind::Flag, Arg::Flag(false), "whether a key and value of zeros are added"),
        optional("kdim", Kind::Size, "features of the keys; None is embed_dim"),
        optional("vdim", Kind::Size, "features of the values; None is embed_dim"),
        with_default(
            "batch_first",
            Kind::Flag,
            Arg::Flag(false),
            "changes nothing: the batch is outside of everything",
        ),
    ],
    call: &[
        mask("key_padding_mask", "[S], added to the products of each key: 0, or -∞ for a key that no query sees"),
        with_default("need_weights", Kind::Flag, Arg::Flag(true), "whether the second result holds the weights"),
        mask("attn_mask", "[L, S] or [num_heads, L, S], added to the products: 0, or -∞ where a query sees no key"),
        with_default(
            "average_attn_weights",
            Kind::Flag,
            Arg::Flag(true),
            "whether the weights are averaged over the heads",
        ),
        CAUSAL,
    ],
    inputs: Inputs::Exactly(3),
    outputs: Outputs::Exactly(2),
    channels: Channels::Own,
    generics: 4,
    parts: 3,
    inner: &[Inner {
        name: "out_proj",
        class: "NonDynamicallyQuantizableLinear",
        repr: "in_features=embed_dim, out_features=embed_dim, bias",
    }],
    doc: "every query gets a mean of the values, weighted by how well their keys match, in several heads",
    shape: "[L, embed_dim], [S, kdim], [S, vdim] -> [L, embed_dim], weights [L, S]",
    ..operation!(MultiheadAttention::new)
}];

//! What the language knows: each layer and function with its signature, once.
//!
//! Parsing, "did you mean", the reference page and the coverage tests all read these tables. PyTorch's names, order and defaults.

use crate::repr::Inner;
use crate::{Arg, Needs, Shape};

/// The kinds of value that an argument may be.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Kind {
    /// A size: any constant expression of type `usize`.
    Size,
    /// An int for all spatial axes, or a tuple with one size for each.
    Axes,
    /// As [`Kind::Axes`], or one of the words.
    AxesOr(&'static [&'static str]),
    /// As [`Kind::Axes`], where `None` may stand for an entry of the tuple: [`Arg::optional_sizes`].
    AxesOrNone,
    /// An int or a tuple of any length.
    Sizes,
    /// A whole number with a sign: any constant expression of type `isize`.
    Int,
    /// A whole number with a sign, or a tuple of them, of any length.
    Ints,
    /// A real number: any constant expression of type `f64`.
    Real,
    /// A real number, or a tuple of them, of any length.
    Reals,
    /// `true` or `false`: any constant expression of type `bool`.
    Flag,
    /// One of a few words, in quotes.
    Word(&'static [&'static str]),
    /// A value of `forward`; the argument is its place among the operation's inputs.
    Value,
}

/// One parameter of a signature.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// PyTorch's name.
    pub name: &'static str,
    /// What it may be.
    pub kind: Kind,
    /// Its default; `None` where it must be given.
    pub default: Option<Arg>,
    /// Whether `_` may stand for it.
    pub inferable: bool,
    /// Whether `None` may be written.
    pub optional: bool,
    /// What it means.
    pub doc: &'static str,
}

/// How many values a layer or function takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Inputs {
    /// Exactly so many.
    Exactly(usize),
    /// One, and, if the caller likes, so many states: `lstm(x, (h, c))`, `gru(x, h)`.
    WithState(usize),
    /// One list of any number of values: `cat([a, b], dim = 1)`.
    List,
}

/// How many values a layer or function gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outputs {
    /// Exactly so many.
    Exactly(usize),
    /// One, and so many states: `(y, (h, c))`, `(y, h)`.
    WithState(usize),
    /// As many as the pattern that takes them: `let (a, b, c) = chunk(x, 3, dim = 1);`.
    Pattern,
    /// One, and with `return_indices = true` a second, which holds indices.
    WithIndices,
}

/// Whether the output is the input's memory under another shape.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Alias {
    /// No: it is computed.
    Never,
    /// Yes: nothing is computed or copied.
    Always,
    /// In evaluation mode (Dropout).
    Evaluation,
}

/// Who decides how many channels or features a result has: what a message names when they do not fit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Channels {
    /// The operation itself, by one of its arguments.
    Own,
    /// Whoever decides those of its first input.
    Input,
    /// Nobody in particular.
    Nobody,
}

/// The numbers of one use of a layer, for the documentation of the struct.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// Shape of the output that was asked for.
    pub output: Shape,
    /// Const parameters of the struct.
    pub generics: [usize; 6],
    /// Which optional parameters exist.
    pub parts: [bool; 4],
    /// The value of `_`.
    pub inferred: usize,
    /// Learnable numbers.
    pub parameters: usize,
    /// Multiply-adds for one sample.
    pub macs: usize,
    /// What the memory plan must provide.
    pub needs: Needs,
    /// Whether no rule is broken.
    pub sound: bool,
}

impl Facts {
    /// What only rustc can tell, or what a rule refuses.
    pub const UNKNOWN: Facts = Facts {
        output: Shape::INVALID,
        generics: [0; 6],
        parts: [false; 4],
        inferred: 0,
        parameters: 0,
        macs: 0,
        needs: Needs::NOTHING,
        sound: false,
    };

    /// Those of a function of each value, sound and without parameters.
    pub const fn of_each_value(shape: Shape, needs: Needs) -> Facts {
        Facts { output: shape, macs: shape.len(), needs, sound: true, ..Facts::UNKNOWN }
    }
}

/// A layer or a function of the language.
#[derive(Clone, Copy)]
pub struct Entry {
    /// PyTorch's name; also the name of the struct in `nn-core`.
    pub name: &'static str,
    /// Whether it is a layer of torch.nn, or only a function.
    pub is_layer: bool,
    /// Its name as a function of torch or torch.nn.functional, where it has no parameters of its own: `relu(x)`.
    pub function: Option<&'static str>,
    /// The operation's type in this crate.
    pub operation: &'static str,
    /// The operation's constructor.
    pub constructor: &'static str,
    /// Spatial axes, for the constructor.
    pub axes: usize,
    /// The signature.
    pub parameters: &'static [Parameter],
    /// What may be said at the call, behind the inputs: `up(x, output_size = (12, 12))`.
    pub call: &'static [Parameter],
    /// Values taken.
    pub inputs: Inputs,
    /// Values given.
    pub outputs: Outputs,
    /// The places of those that hold indices. A value that is only given another shape holds what it held before.
    pub index_outputs: &'static [usize],
    /// Whether it computes at all.
    pub alias: Alias,
    /// Who decides how many channels or features the output has.
    pub channels: Channels,
    /// Whether any arguments may be written, and none has a meaning.
    pub ignores_arguments: bool,
    /// Whether the operation has a `check_batch(&At, batch)`: a rule for training that depends on the size of the batch.
    pub checks_batch: bool,
    /// How many of the operation's `generics()` the struct has; a struct without any is a unit struct without parameters.
    pub generics: usize,
    /// The names of its learnable tensors, for `#[init]`; none where it is not checked.
    pub learns: &'static [&'static str],
    /// Whether the struct takes, in place of const parameters and element, the tensor whose sizes `generics()` are, up to the first 0.
    pub takes_tensor: bool,
    /// Whether the struct takes, behind its const parameters, the layers of the operation's clusters: `features(i)` and `classes(i)` of each.
    pub takes_clusters: bool,
    /// How many of the operation's `parts()` the struct has.
    pub parts: usize,
    /// What PyTorch prints of its arguments: the items of [`crate::repr`].
    pub repr: &'static str,
    /// What PyTorch prints inside of it.
    pub inner: &'static [Inner],
    /// One line for the reference.
    pub doc: &'static str,
    /// The shapes of inputs and outputs, for the reference: the batch left out, `L..` being one axis or several.
    pub shape: &'static str,
    /// The operation at work, for numbers that the macro can read.
    pub evaluate: fn(axes: usize, args: &[Arg], inputs: &[Shape], output: usize) -> Facts,
}

/// The layers of torch.nn and the functions of torch, a table for each family of operations.
pub const TABLES: &[&[Entry]] = &[
    crate::conv::ENTRIES,
    crate::conv_transpose::ENTRIES,
    crate::flat::ENTRIES,
    crate::norm::ENTRIES,
    crate::group_norm::ENTRIES,
    crate::layer_norm::ENTRIES,
    crate::normalize::ENTRIES,
    crate::pool::ENTRIES,
    crate::lp_pool::ENTRIES,
    crate::fractional::ENTRIES,
    crate::unpool::ENTRIES,
    crate::embedding::ENTRIES,
    crate::adaptive::ENTRIES,
    crate::one_hot::ENTRIES,
    crate::pointwise::ENTRIES,
    crate::slope::ENTRIES,
    crate::glu::ENTRIES,
    crate::reshape::ENTRIES,
    crate::arithmetic::ENTRIES,
    crate::mask::ENTRIES,
    crate::compare::ENTRIES,
    crate::logic::ENTRIES,
    crate::softmax::ENTRIES,
    crate::gumbel::ENTRIES,
    crate::dropout::ENTRIES,
    crate::join::ENTRIES,
    crate::split::ENTRIES,
    crate::rearrange::ENTRIES,
    crate::reduce::ENTRIES,
    crate::choose::ENTRIES,
    crate::matmul::ENTRIES,
    crate::attention::ENTRIES,
    crate::multihead::ENTRIES,
    crate::recurrent::ENTRIES,
    crate::distance::ENTRIES,
    crate::all_pairs::ENTRIES,
    crate::pad::ENTRIES,
    crate::shuffle::ENTRIES,
    crate::fold::ENTRIES,
    crate::resample::ENTRIES,
    crate::grid::ENTRIES,
    crate::take::ENTRIES,
    crate::held::ENTRIES,
];

/// What entries have in common. As it stands, it is one of a user's own layers: only rustc can evaluate it.
pub const OWN: Entry = Entry {
    name: "",
    is_layer: true,
    function: None,
    operation: "",
    constructor: "new",
    axes: 0,
    parameters: &[],
    call: &[],
    inputs: Inputs::Exactly(1),
    outputs: Outputs::Exactly(1),
    index_outputs: &[],
    alias: Alias::Never,
    channels: Channels::Nobody,
    ignores_arguments: false,
    checks_batch: false,
    generics: 0,
    learns: &[],
    takes_tensor: false,
    takes_clusters: false,
    parts: 0,
    repr: "",
    inner: &[],
    doc: "",
    shape: "",
    evaluate: |_, _, _, _| Facts::UNKNOWN,
};

/// All entries.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    TABLES.iter().copied().flatten()
}

/// A layer by its name in torch.nn.
pub fn layer(name: &str) -> Option<&'static Entry> {
    entries().find(|entry| entry.is_layer && entry.name == name)
}

/// Other names of functions, as torch has them.
pub const ALIASES: &[(&str, &str)] = &[
    ("absolute", "abs"),
    ("clip", "clamp"),
    ("concat", "cat"),
    ("concatenate", "cat"),
    ("divide", "div"),
    ("greater", "gt"),
    ("greater_equal", "ge"),
    ("less", "lt"),
    ("less_equal", "le"),
    ("multiply", "mul"),
    ("negative", "neg"),
    ("not_equal", "ne"),
    ("subtract", "sub"),
    ("swapaxes", "transpose"),
    ("swapdims", "transpose"),
    ("true_divide", "div"),
    ("upsample", "interpolate"),
];

/// A function by its name in torch or torch.nn.functional, or by one of its other names there.
pub fn function(name: &str) -> Option<&'static Entry> {
    let name = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, name)| *name);
    entries().find(|entry| entry.function == Some(name))
}

pub(crate) const fn required(name: &'static str, kind: Kind, doc: &'static str) -> Parameter {
    Parameter { name, kind, default: None, inferable: false, optional: false, doc }
}

/// A size that `_` may stand for.
pub(crate) const fn inferable(name: &'static str, doc: &'static str) -> Parameter {
    Parameter { inferable: true, ..required(name, Kind::Size, doc) }
}

pub(crate) const fn with_default(name: &'static str, kind: Kind, default: Arg, doc: &'static str) -> Parameter {
    Parameter { default: Some(default), ..required(name, kind, doc) }
}

/// The [`Entry::shape`] of what leaves shapes as they are.
pub(crate) const SAME: &str = "the input's";

/// What most layers learn.
pub(crate) const WEIGHT_AND_BIAS: &[&str] = &["weight", "bias"];

/// A parameter whose default is `None`.
pub(crate) const fn optional(name: &'static str, kind: Kind, doc: &'static str) -> Parameter {
    Parameter { default: Some(Arg::None), optional: true, ..required(name, kind, doc) }
}

/// `operation: "Conv", constructor: "new"` and the same function for the macro's own use.
macro_rules! operation {
    ($operation:ident :: $constructor:ident) => {
        $crate::catalogue::Entry {
            operation: stringify!($operation),
            constructor: stringify!($constructor),
            evaluate: |axes, args, inputs, output| {
                let operation = $operation::$constructor(axes, args, inputs);
                let (shape, parameters) = (operation.output(output), operation.parameters());
                let excess = $crate::Excess::of(args, inputs, &[shape], parameters);
                if excess.is_some() || operation.check(&$crate::At::NOWHERE).is_some() {
                    return $crate::catalogue::Facts::UNKNOWN;
                }
                let needs = operation.needs();
                if excess.or_memory(&needs).is_some() {
                    return $crate::catalogue::Facts::UNKNOWN;
                }
                $crate::catalogue::Facts {
                    output: shape,
                    generics: operation.generics(),
                    parts: operation.parts(),
                    inferred: operation.inferred(),
                    parameters,
                    macs: operation.macs(),
                    needs,
                    sound: true,
                }
            },
            ..$crate::catalogue::OWN
        }
    };
}
pub(crate) use operation;

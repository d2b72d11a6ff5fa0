//! A network in single-assignment form: what every later step works on.

use nn_shape::Arg;
use nn_shape::catalogue::{Alias, Entry};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Attribute, Ident, Member, Path, Visibility};

use crate::attributes::WeightNorm;

/// A declared network, resolved.
pub(crate) struct Network {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) name: Ident,
    /// `f32` or `f64`.
    pub(crate) element: Ident,
    /// Whether all steps of its inference form are compiled for their sizes.
    pub(crate) specialize: bool,
    /// What its struct holds.
    pub(crate) root: Group,
    /// All layers, those of blocks and lists included.
    pub(crate) layers: Vec<Layer>,
    pub(crate) values: Vec<Value>,
    pub(crate) ops: Vec<Op>,
    /// The runs of blocks and lists, that of the network first.
    pub(crate) runs: Vec<Run>,
    /// The network's inputs: the first values.
    pub(crate) inputs: Vec<Source>,
    pub(crate) inputs_tuple: bool,
    pub(crate) results: Vec<ValueId>,
    pub(crate) results_tuple: bool,
    /// What the header says of the output.
    pub(crate) declared: Option<Vec<Source>>,
}

/// A place in [`Network::values`].
pub(crate) type ValueId = usize;

/// A shape in the header.
#[derive(Clone)]
pub(crate) struct Source {
    /// `Shape::header(&[1, 28, 28])`
    pub(crate) shape: TokenStream,
    pub(crate) sizes: Vec<Option<usize>>,
    /// It holds indices.
    pub(crate) index: bool,
    pub(crate) span: Span,
}

/// A value: the network's input, or the output of an operation.
pub(crate) struct Value {
    /// What messages call it.
    pub(crate) name: String,
    pub(crate) uses: usize,
    /// Where it is written, for "never used".
    pub(crate) span: Span,
    /// `_` takes it, or a result.
    pub(crate) discarded: bool,
    /// The name that took it last.
    pub(crate) taken: Option<Ident>,
}

/// What a struct holds: the network's, a block's or a list's.
#[derive(Default)]
pub(crate) struct Group {
    /// What messages call it; its runs, too.
    pub(crate) label: String,
    /// Fields without names.
    pub(crate) tuple: bool,
    pub(crate) children: Vec<Child>,
}

impl Group {
    /// All layers below, in order.
    pub(crate) fn layers(&self, found: &mut Vec<usize>) {
        self.children.iter().for_each(|child| child.layers(found));
    }
}

/// A field.
pub(crate) struct Child {
    pub(crate) member: Member,
    /// Its part of the names in the state_dict.
    pub(crate) key: String,
    pub(crate) docs: Vec<Attribute>,
    /// As the user wrote it.
    pub(crate) text: String,
    pub(crate) frozen: bool,
    /// What to underline.
    pub(crate) place: TokenStream,
    pub(crate) content: Content,
}

impl Child {
    /// It, or all layers below, in order.
    pub(crate) fn layers(&self, found: &mut Vec<usize>) {
        match &self.content {
            Content::Layer(layer) => found.push(*layer),
            Content::Group(_, inner) | Content::Network(_, inner) => inner.layers(found),
        }
    }
}

/// What a field is.
pub(crate) enum Content {
    /// A place in [`Network::layers`].
    Layer(usize),
    /// A block or a list, which has a struct of this name.
    Group(Ident, Group),
    /// A network that has a struct already.
    Network(Path, Group),
}

/// A declared layer.
pub(crate) struct Layer {
    /// The way to it from the network: `layer1.0.conv1`.
    pub(crate) path: Vec<Member>,
    /// Its name in the state_dict, from the network on.
    pub(crate) key: String,
    /// What messages call it.
    pub(crate) label: String,
    pub(crate) entry: &'static Entry,
    /// Where a layer of the user's own is declared.
    pub(crate) own: Option<Path>,
    pub(crate) args: Vec<Bound>,
    pub(crate) init: Vec<Init>,
    pub(crate) weight_norm: Option<WeightNorm>,
    /// It, or a block that holds it, is frozen.
    pub(crate) frozen: bool,
    /// The same of `#[specialize]`.
    pub(crate) specialize: bool,
    /// Whether `_` may stand for the sizes that follow from its input.
    pub(crate) infers: bool,
    /// The tokens that name the layer's kind.
    pub(crate) kind: TokenStream,
    /// Kind and arguments as the user wrote them.
    pub(crate) text: String,
    /// The first operation that calls it.
    pub(crate) first_use: Option<usize>,
}

/// `#[init(kaiming_normal, nonlinearity = "relu")]`
#[derive(Clone)]
pub(crate) struct Init {
    pub(crate) parameter: String,
    /// Where the parameter is named, or else the function.
    pub(crate) place: Span,
    pub(crate) function: Ident,
    pub(crate) options: Vec<(Ident, syn::Expr)>,
}

/// The value of one parameter of a signature.
#[derive(Clone)]
pub(crate) struct Bound {
    /// `Arg::size(120)`
    pub(crate) tokens: TokenStream,
    /// The value, where the macro can read it.
    pub(crate) known: Option<Arg>,
    /// The user's own tokens.
    pub(crate) written: Option<TokenStream>,
    /// What a block makes of its parameters, in its own words.
    pub(crate) formula: Option<String>,
}

impl Bound {
    /// An argument, or a default if nothing was written.
    pub(crate) fn new(tokens: TokenStream, known: Option<Arg>, written: Option<TokenStream>) -> Bound {
        Bound { tokens, known, written, formula: None }
    }

    /// The argument is a value: the operation's input at this place.
    pub(crate) fn is_input(&mut self, place: usize) {
        self.tokens = quote!(::nn::__private::shape::Arg::size(#place));
        self.known = Some(Arg::size(place));
    }
}

/// One run of a block or list.
pub(crate) struct Run {
    /// What messages call the block or list; nothing for the network.
    pub(crate) label: String,
    /// The run around it.
    pub(crate) parent: usize,
}

/// One step of the computation.
pub(crate) struct Op {
    pub(crate) entry: &'static Entry,
    /// The layer that it calls; `None` for a function.
    pub(crate) layer: Option<usize>,
    /// What messages call it.
    pub(crate) label: String,
    /// A function's name, or the operator.
    pub(crate) name: String,
    /// The run of the block or list that it is a part of.
    pub(crate) run: usize,
    /// A function's arguments, or what is said at a layer's call.
    pub(crate) args: Vec<Bound>,
    pub(crate) inputs: Vec<ValueId>,
    pub(crate) outputs: Vec<ValueId>,
    /// The tokens to underline where no argument is at fault.
    pub(crate) callee: TokenStream,
    /// It belongs to a network as a layer: its broken rules are reported where that network is declared.
    pub(crate) reported: bool,
}

impl Layer {
    /// A tensor of the network, whose name alone is its value.
    pub(crate) fn is_held(&self) -> bool {
        self.entry.operation == "Held"
    }

    /// Whether it has parameters to learn.
    pub(crate) fn is_trainable(&self) -> bool {
        self.entry.generics > 0 && !self.frozen
    }

    /// `.layer1.0.conv1`
    pub(crate) fn access(&self) -> TokenStream {
        let path = &self.path;
        quote!(#(.#path)*)
    }
}

impl Network {
    /// One of this name that holds nothing yet.
    pub(crate) fn new(name: Ident) -> Network {
        Network {
            attributes: Vec::new(),
            visibility: Visibility::Inherited,
            element: Ident::new("f32", name.span()),
            specialize: false,
            name,
            root: Group::default(),
            layers: Vec::new(),
            values: Vec::new(),
            ops: Vec::new(),
            runs: vec![Run { label: String::new(), parent: 0 }],
            inputs: Vec::new(),
            inputs_tuple: false,
            results: Vec::new(),
            results_tuple: false,
            declared: None,
        }
    }

    /// All arguments of an operation, in the order of signature and call.
    pub(crate) fn args<'a>(&'a self, op: &'a Op) -> impl Iterator<Item = &'a Bound> {
        let layer: &[Bound] = op.layer.map_or(&[], |layer| &self.layers[layer].args);
        layer.iter().chain(&op.args)
    }

    /// For each value whether it holds indices.
    pub(crate) fn indices(&self) -> Vec<bool> {
        let mut indices = vec![false; self.values.len()];
        for (value, input) in self.inputs.iter().enumerate() {
            indices[value] = input.index;
        }
        for op in &self.ops {
            for (place, output) in op.outputs.iter().enumerate() {
                let keeps = op.entry.alias == Alias::Always && indices[op.inputs[0]];
                indices[*output] = keeps || op.entry.index_outputs.contains(&place);
            }
        }
        indices
    }

    /// For each value whether all samples share it: it is made of nothing but tensors of the network.
    pub(crate) fn shared(&self) -> Vec<bool> {
        let mut shared = vec![false; self.values.len()];
        for op in &self.ops {
            let own = op.inputs.iter().all(|input| shared[*input]);
            op.outputs.iter().for_each(|output| shared[*output] = own);
        }
        shared
    }

    /// Whether an operation has parameters to learn.
    pub(crate) fn is_trainable(&self, op: &Op) -> bool {
        op.layer.is_some_and(|layer| self.layers[layer].is_trainable())
    }
}

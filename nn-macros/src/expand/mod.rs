//! From [`crate::ir`] to tokens.
//!
//! An expansion holds, in this order: a hidden struct whose associated constants are the shapes, operations and memory plans; the rules,
//! as constants that rustc must evaluate; the network's struct; and its implementations.

mod constants;
mod describe;
mod docs;
mod facts;
mod frozen;
mod fuse;
mod network;
mod own;
mod passes;
mod rules;
mod types;

pub(crate) use own::{mistake, own};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::Ident;

use crate::ir::{Bound, Network, Op};
use crate::lives::{self, Evaluation, Training};
use crate::merge::Merges;

/// Everything that the parts of an expansion need to know.
struct Context<'a> {
    network: &'a Network,
    /// The hidden struct.
    hidden: Ident,
    evaluation: Evaluation,
    training: Training,
    facts: facts::Facts,
    merges: Merges,
    /// For each value whether it holds indices.
    indices: Vec<bool>,
    /// For each value whether all samples share it.
    shared: Vec<bool>,
}

/// The whole expansion.
pub(crate) fn expand(network: &Network) -> TokenStream {
    let mut facts = facts::facts(network);
    let merges = Merges::of(network, |op| match [facts.shapes[op.inputs[0]], facts.shapes[op.inputs[1]]] {
        [Some(left), Some(right)] => left.same(&right) && left.is_shared() == right.is_shared(),
        _ => false,
    });
    facts::rectify(&mut facts, network, &merges);
    let context = Context {
        network,
        hidden: format_ident!("__nn_{}", network.name),
        evaluation: lives::evaluation(network, &merges),
        training: lives::training(network, &merges),
        facts,
        merges,
        indices: network.indices(),
        shared: network.shared(),
    };
    let constants = constants::constants(&context);
    let rules = rules::rules(&context);
    let items = network::items(&context);
    let frozen = frozen::frozen(&context);
    quote! {
        #constants
        #rules
        #items
        #frozen
    }
}

impl Context<'_> {
    /// One of the hidden struct's constants: `__nn_LeNet5::O3`. The path has the span of the network's name: after an error in an expression
    /// of the user's, rustc notes where the value was needed.
    fn constant(&self, name: impl std::fmt::Display) -> TokenStream {
        let (hidden, name) = (&self.hidden, format_ident!("{}", name.to_string(), span = self.hidden.span()));
        quote!(#hidden::#name)
    }

    /// A reference to one of those constants.
    fn constant_ref(&self, name: impl std::fmt::Display) -> TokenStream {
        let constant = self.constant(name);
        quote_spanned!(self.hidden.span()=> &#constant)
    }

    /// The constant of an operation.
    fn operation(&self, op: usize) -> TokenStream {
        self.constant(format_args!("O{op}"))
    }

    /// The type of an operation's constant.
    fn operation_type(&self, op: usize) -> TokenStream {
        let entry = self.network.ops[op].entry;
        match self.own(op) {
            Some(path) => {
                let (zeros, element) = ((0..entry.generics).map(|_| quote!(0)), &self.network.element);
                quote!(<#path<#(#zeros,)* #element> as ::nn::Layer>::Config)
            }
            None => {
                let operation = format_ident!("{}", entry.operation);
                quote!(::nn::__private::shape::#operation)
            }
        }
    }

    /// The path of a layer of the user's own.
    fn own(&self, op: usize) -> Option<&syn::Path> {
        self.network.ops[op].layer.and_then(|layer| self.network.layers[layer].own.as_ref())
    }

    /// The constant of a value's shape.
    fn shape(&self, value: usize) -> TokenStream {
        self.constant(format_args!("V{value}"))
    }

    /// The operations that give an operation's inputs, as far as they may break a rule, or come after one that does.
    fn bad_inputs(&self, op: &Op) -> Vec<usize> {
        let producer = |input: &usize| self.network.ops.iter().position(|op| op.outputs.contains(input));
        op.inputs.iter().filter_map(producer).filter(|op| self.facts.ops[*op].is_none()).collect()
    }

    /// Whether an operation is the first to call its layer.
    fn is_first_use(&self, op: usize) -> bool {
        self.network.ops[op].layer.is_some_and(|layer| self.network.layers[layer].first_use == Some(op))
    }
}

/// Whether an operation's arguments must be put together anew: it says something at the call, or takes the value of `_` from
/// the first call of its layer.
fn has_own_args(network: &Network, index: usize, op: &Op) -> bool {
    let Some(layer) = op.layer else { return true };
    let layer = &network.layers[layer];
    !op.args.is_empty() || (layer.first_use != Some(index) && layer.args.iter().any(is_inferred))
}

fn is_inferred(bound: &Bound) -> bool {
    bound.known == Some(nn_shape::Arg::Inferred)
}

//! `network!`: a network in the words of PyTorch becomes a struct that rustc has checked.
//!
//! The way of a declaration through this crate:
//!
//! | step | module | gives |
//! |---|---|---|
//! | parse | `parse` | the syntax tree of `ast` |
//! | resolve | `resolve`, `graph` | layers bound to their catalogue entries, `forward` in single-assignment form: `ir` |
//! | schedule | `merge`, `lives` | which operations are done together; for evaluation and training, when each value is needed |
//! | expand | `expand` | tokens: constants and rules for rustc, the struct, its passes |
//!
//! Mistakes that only syntax can tell (an unknown layer, a missing argument) are collected in `report::Errors` and reported all at once;
//! everything that depends on a number is left to rustc, which evaluates the rules of `nn-shape` in the constants that we emit.

mod arguments;
mod ast;
mod attributes;
mod expand;
mod graph;
mod held;
mod ir;
mod known;
mod lives;
mod merge;
mod modules;
mod own;
mod parse;
mod python;
mod report;
mod resolve;
mod substitute;
mod suggest;
mod template;
mod weights;

use proc_macro::TokenStream;

use template::{Answer, Parcel};

/// Declares a network. See the documentation of the crate `nn` for the language.
#[proc_macro]
pub fn network(input: TokenStream) -> TokenStream {
    Parcel::new("network", input.into()).expand().into()
}

/// Declares a block: layers that networks use as one. See the documentation of the crate `nn` for the language.
#[proc_macro]
pub fn block(input: TokenStream) -> TokenStream {
    Parcel::new("block", input.into()).expand().into()
}

/// Declares a layer of one's own. See the documentation of the crate `nn` for the language.
#[proc_macro]
pub fn layer(input: TokenStream) -> TokenStream {
    Parcel::new("layer", input.into()).expand().into()
}

/// A network whose weights are in the program: `include_weights!("lenet.safetensors", LeNet5)` is a `&'static LeNet5`. See the guide on weights in
/// the documentation of the crate `nn`.
#[proc_macro]
pub fn include_weights(input: TokenStream) -> TokenStream {
    syn::parse_macro_input!(input as weights::Include).expand().into()
}

/// A frozen network that is in the program, packed: `include_frozen!("lenet.frozen", LeNet5)` is a `&'static Frozen<LeNet5>`. See the guide on weights
/// in the documentation of the crate `nn`.
#[proc_macro]
pub fn include_frozen(input: TokenStream) -> TokenStream {
    syn::parse_macro_input!(input as weights::IncludeFrozen).expand().into()
}

/// What the macro of a block or network calls with its declaration.
#[doc(hidden)]
#[proc_macro]
pub fn resume(input: TokenStream) -> TokenStream {
    syn::parse_macro_input!(input as Answer).into_asker().expand().into()
}

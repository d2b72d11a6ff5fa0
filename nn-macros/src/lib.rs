//! `network!`: a network in the words of PyTorch becomes a struct that rustc has checked.
//!
//! The way of a declaration through this crate:
//!
//! | step | module | gives |
//! |---|---|---|
//! | parse | `parse` | the syntax tree of `ast` |
//! | resolve | `resolve`, `graph` | layers bound to their catalogue entries, `forward` in single-assignment form: `ir` |
//! | schedule | `lives` | for evaluation and training, when each value is needed |
//! | expand | `expand` | tokens: constants and rules for rustc, the struct, its passes |
//!
//! Mistakes that only syntax can tell (an unknown layer, a missing argument) are collected in `report::Errors` and reported all at once;
//! everything that depends on a number is left to rustc, which evaluates the rules of `nn-shape` in the constants that we emit.

mod arguments;
mod ast;
mod expand;
mod graph;
mod ir;
mod known;
mod lives;
mod parse;
mod report;
mod resolve;
mod suggest;

use proc_macro::TokenStream;

/// Declares a network. See the documentation of the crate `nn` for the language.
#[proc_macro]
pub fn network(input: TokenStream) -> TokenStream {
    network_tokens(input.into()).into()
}

fn network_tokens(input: proc_macro2::TokenStream) -> proc_macro2::TokenStream {
    let errors = report::Errors::new();
    let network = parse::network(input.clone(), &errors).and_then(|ast| resolve::resolve(&ast, &errors));
    match network {
        Some(network) if errors.is_empty() => {
            errors.assert_empty();
            expand::expand(&network)
        }
        _ => errors.into_tokens(parse::name(input)),
    }
}

//! The rules: constants that fail to evaluate where one is broken, at the tokens of the argument at fault.

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::Context;
use crate::ir::Op;

pub(super) fn rules(context: &Context<'_>) -> TokenStream {
    let ops = context.network.ops.iter().enumerate().map(|(index, op)| rule(context, index, op));
    let outputs = outputs(context);
    quote!(#(#ops)* #outputs)
}

/// The operation's place, for the headline of its errors.
pub(super) fn place(context: &Context<'_>, op: &Op) -> TokenStream {
    let network = context.network.name.to_string();
    let layer = &op.label;
    let sources = op.inputs.iter().map(|input| &context.network.values[*input].name);
    quote!(::nn::__private::shape::At { network: #network, layer: #layer, sources: &[#(#sources),*] })
}

fn rule(context: &Context<'_>, index: usize, op: &Op) -> TokenStream {
    let operation = context.operation(index);
    let at = place(context, op);
    let written: Vec<_> = context.network.args(op).map(|bound| bound.written.as_ref()).enumerate().collect();
    let written: Vec<_> = written.into_iter().filter_map(|(place, tokens)| Some((place, tokens?))).collect();
    let reports = written
        .iter()
        .map(|(place, tokens)| call_on(tokens, quote!(::nn::__private::shape::report), quote!(&VIOLATION, #place)));
    let places = written.iter().map(|(place, _)| place);
    let rest = call_on(&op.callee, quote!(::nn::__private::shape::report_rest), quote!(&VIOLATION, &[#(#places),*]));
    quote! {
        const _: () = {
            const VIOLATION: ::core::option::Option<::nn::__private::shape::Violation> = #operation.check(&#at);
            #(#reports;)*
            #rest;
        };
    }
}

/// The header's output against what the network gives.
fn outputs(context: &Context<'_>) -> TokenStream {
    let Some(declared) = &context.network.declared else { return TokenStream::new() };
    let hidden = &context.hidden;
    let network = context.network.name.to_string();
    let checks = declared.iter().zip(&context.network.results).enumerate().map(|(index, (declared, result))| {
        let (expected, found) = (format_ident!("D{index}"), context.shape(*result));
        let source = &context.network.values[*result].name;
        let check = quote! {
            ::nn::__private::shape::check_output(
                &::nn::__private::shape::At { network: #network, layer: "output", sources: &[#source] },
                #hidden::#expected,
                #found,
            )
        };
        let report = quote_spanned!(declared.span=> ::nn::__private::shape::report(&VIOLATION, ::nn::__private::shape::LAYER));
        quote! {
            const _: () = {
                const VIOLATION: ::core::option::Option<::nn::__private::shape::Violation> = #check;
                #report;
            };
        }
    });
    quote!(#(#checks)*)
}

/// A call whose expression spans the tokens of `on`, from the first to the last: what rustc underlines.
fn call_on(on: &TokenStream, path: TokenStream, args: TokenStream) -> TokenStream {
    let tokens: Vec<_> = on.clone().into_iter().collect();
    let first = tokens.first().map_or_else(Span::call_site, |token| token.span());
    let last = tokens.last().map_or_else(Span::call_site, |token| token.span());
    let path: TokenStream = path
        .into_iter()
        .map(|mut token| {
            token.set_span(first);
            token
        })
        .collect();
    let mut args = Group::new(Delimiter::Parenthesis, args);
    args.set_span(last);
    quote!(#path #args)
}

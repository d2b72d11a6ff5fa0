//! The rules: constants that fail to evaluate where one is broken, at the tokens of the argument at fault.

use std::collections::HashMap;

use nn_shape::Shape;
use nn_shape::catalogue::{Channels, Outputs};
use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use syn::Ident;

use super::Context;
use crate::ir::{Bound, Network, Op, Source};

pub(super) fn rules(context: &Context<'_>) -> TokenStream {
    let ops = context.network.ops.iter().enumerate().filter(|(_, op)| !op.reported);
    let mut given = Given::default();
    let ops = ops.map(|(index, op)| rule(context, index, op, &mut given));
    let (headers, outputs) = (headers(context), outputs(context));
    quote!(#headers #(#ops)* #outputs)
}

/// The operation's place, for the headline of its errors.
pub(super) fn place(context: &Context<'_>, op: &Op) -> TokenStream {
    let network = context.network.name.to_string();
    let layer = &op.label;
    let sources = op.inputs.iter().map(|input| &context.network.values[*input].name);
    let makers = op.inputs.iter().map(|input| maker(context.network, *input));
    let infers = op.layer.is_none_or(|layer| context.network.layers[layer].infers);
    quote! {
        ::nn::__private::shape::At {
            network: #network,
            layer: #layer,
            sources: &[#(#sources),*],
            makers: &[#(#makers),*],
            infers: #infers,
        }
    }
}

/// Who decides how many channels or features a value has.
fn maker(network: &Network, value: usize) -> TokenStream {
    if value < network.inputs.len() {
        return quote!(::nn::__private::shape::Maker::Header);
    }
    let Some(op) = network.ops.iter().find(|op| op.outputs.contains(&value)) else {
        return quote!(::nn::__private::shape::Maker::Nobody);
    };
    match op.entry.channels {
        Channels::Own => {
            let label = &op.label;
            quote!(::nn::__private::shape::Maker::Layer(#label))
        }
        Channels::Input => maker(network, op.inputs[0]),
        Channels::Nobody => quote!(::nn::__private::shape::Maker::Nobody),
    }
}

fn rule(context: &Context<'_>, index: usize, op: &Op, given: &mut Given) -> TokenStream {
    let operation = context.operation(index);
    let at = place(context, op);
    let violation = violation_ref(context);
    let args = context.network.args(op).enumerate();
    let written: Vec<_> = args.filter_map(|(place, bound)| Some((place, bound, bound.written.as_ref()?))).collect();
    let parameters: Vec<_> = op.entry.parameters.iter().chain(op.entry.call).collect();
    let reports = written.iter().map(|(place, bound, tokens)| match (&bound.formula, parameters.get(*place)) {
        (Some(formula), Some(parameter)) => {
            let formula = format!("{} = {formula}", parameter.name);
            call_on(tokens, quote!(::nn::__private::shape::report_formula), quote!(#violation, #place, #formula))
        }
        _ => call_on(tokens, quote!(::nn::__private::shape::report), quote!(#violation, #place)),
    });
    let places = written.iter().map(|(place, ..)| place);
    let rest = call_on(&op.callee, quote!(::nn::__private::shape::report_rest), quote!(#violation, &[#(#places),*]));
    let mut check = check_of(context, index, &at);
    if op.entry.outputs == Outputs::Pattern {
        let taken = op.outputs.len();
        check = quote! {
            match #check {
                ::core::option::Option::None => #operation.check_outputs(&#at, #taken),
                found => found,
            }
        };
    }
    // What two values make of each other is no mistake of its own where one of them comes of a mistake.
    let bad: Vec<_> = if op.inputs.len() > 1 { context.bad_inputs(op) } else { Vec::new() };
    if !bad.is_empty() {
        let bad = bad.iter().map(|op| context.constant(format_args!("B{op}")));
        check = quote! {
            match #check {
                ::core::option::Option::Some(violation) if !(false #(|| #bad)*) => ::core::option::Option::Some(violation),
                _ => ::core::option::Option::None,
            }
        };
    }
    let blamed = given.before(context, index, op);
    if !blamed.is_empty() {
        let cases = blamed.iter().map(|(place, earlier)| {
            let bad = earlier.iter().map(|op| context.constant(format_args!("B{op}")));
            quote!(|| violation.argument == #place && (false #(|| #bad)*))
        });
        check = quote! {
            match #check {
                ::core::option::Option::Some(violation) if !(false #(#cases)*) => ::core::option::Option::Some(violation),
                _ => ::core::option::Option::None,
            }
        };
    }
    // What is wrong with a block is reported at the first of its uses.
    if let Some(earlier) = earlier_use(context, index, op) {
        let own = own_arguments(context, &context.network.ops[earlier], op);
        let earlier = check_of(context, earlier, &at);
        check = quote!(::nn::__private::shape::unless_repeated(#earlier, #check, &[#(#own),*]));
    }
    item(context, &op.label, check, quote!(#(#reports;)* #rest;))
}

/// What is wrong with an operation: first of all its size.
fn check_of(context: &Context<'_>, index: usize, at: &TokenStream) -> TokenStream {
    let (operation, op) = (context.operation(index), &context.network.ops[index]);
    if context.facts.ops[index].is_some() {
        return quote!(#operation.check(&#at));
    }
    let excess = context.constant(format_args!("X{index}"));
    let names = op.entry.parameters.iter().chain(op.entry.call).map(|parameter| parameter.name);
    quote! {
        match #excess.violation(&#at, &[#(#names),*]) {
            ::core::option::Option::None => #operation.check(&#at),
            found => found,
        }
    }
}

/// The operation before that is written at the same place: an earlier use of the same block, or turn of the same loop. None where no rule is broken.
fn earlier_use(context: &Context<'_>, index: usize, op: &Op) -> Option<usize> {
    if context.network.runs.len() == 1 || context.facts.ops[index].is_some() {
        return None;
    }
    let place = spans(&op.callee);
    context.network.ops[..index].iter().rposition(|earlier| !earlier.reported && spans(&earlier.callee) == place)
}

/// What came in through parameters of blocks, by its place in the source: the operations that it is an argument of.
#[derive(Default)]
struct Given(HashMap<Vec<String>, Vec<usize>>);

/// How many operations back the first mistake of an argument is looked for: one that is bad makes all bad that come after it.
const MOST_BACK: usize = 8;

impl Given {
    /// The arguments that operations before have, too: a mistake in one is reported at the first of them. Only those count of which the macro
    /// does not know that no rule is broken.
    fn before(&mut self, context: &Context<'_>, index: usize, op: &Op) -> Vec<(usize, Vec<usize>)> {
        let mut found = Vec::new();
        if context.network.runs.len() == 1 || context.facts.ops[index].is_some() {
            return found;
        }
        for (place, bound) in context.network.args(op).enumerate().filter(|(_, bound)| bound.formula.is_some()) {
            let Some(written) = &bound.written else { continue };
            let ops = self.0.entry(spans(written)).or_default();
            let earlier: Vec<_> =
                ops.iter().rev().take(MOST_BACK).copied().filter(|earlier| *earlier != index).collect();
            if !earlier.is_empty() {
                found.push((place, earlier));
            }
            ops.push(index);
        }
        found
    }
}

/// The places of the arguments that two uses write themselves: those that a block takes from its users.
fn own_arguments(context: &Context<'_>, earlier: &Op, op: &Op) -> Vec<usize> {
    let written = |bound: &Bound| bound.written.as_ref().map(spans);
    let pairs = context.network.args(earlier).zip(context.network.args(op)).enumerate();
    pairs.filter(|(_, (earlier, own))| written(earlier) != written(own)).map(|(place, _)| place).collect()
}

/// Where tokens stand in the source.
fn spans(tokens: &TokenStream) -> Vec<String> {
    tokens.clone().into_iter().map(|token| format!("{:?}", token.span())).collect()
}

/// A constant that evaluates `check`, which may find a violation, and reports it. Its name is what rustc says of the place.
fn item(context: &Context<'_>, label: &str, check: TokenStream, reports: TokenStream) -> TokenStream {
    let mut text = String::new();
    for c in label.chars() {
        match c {
            '+' => text.push_str("add"),
            '-' => text.push_str("sub"),
            '*' => text.push_str("mul"),
            '/' => text.push_str("div"),
            c => text.push(if c.is_alphanumeric() { c } else { '_' }),
        }
    }
    let label = text;
    let (name, violation) = (format_ident!("{}_{label}", context.network.name), violation(context));
    quote! {
        const _: () = {
            #[allow(non_upper_case_globals)]
            const #name: () = {
                const #violation: ::core::option::Option<::nn::__private::shape::Violation> = #check;
                #reports
            };
        };
    }
}

/// The sizes in the header.
fn headers(context: &Context<'_>) -> TokenStream {
    let network = context.network.name.to_string();
    let inputs = context.network.inputs.iter().enumerate().map(|(index, input)| ("input", input, context.shape(index)));
    let outputs = context
        .network
        .declared
        .iter()
        .flatten()
        .enumerate()
        .map(|(index, output)| ("output", output, context.constant(format_args!("D{index}"))));
    let checks = inputs.chain(outputs).filter(|(_, source, _)| !is_sound(source)).map(|(what, source, shape)| {
        let check = quote!(::nn::__private::shape::check_header(#network, #what, #shape));
        item(context, what, check, at_shape(context, source))
    });
    quote!(#(#checks)*)
}

/// Whether no size in the header can be refused.
pub(super) fn is_sound(source: &Source) -> bool {
    let sizes: Option<Vec<usize>> = source.sizes.iter().copied().collect();
    sizes.is_some_and(|sizes| Shape::header(&sizes).is_valid())
}

/// Reports at a shape in the header.
fn at_shape(context: &Context<'_>, source: &Source) -> TokenStream {
    let violation = violation_ref(context);
    quote_spanned!(source.span=> ::nn::__private::shape::report(#violation, ::nn::__private::shape::LAYER);)
}

/// The constant that holds what is wrong.
fn violation(context: &Context<'_>) -> Ident {
    format_ident!("VIOLATION", span = context.hidden.span())
}

fn violation_ref(context: &Context<'_>) -> TokenStream {
    let violation = violation(context);
    quote_spanned!(context.hidden.span()=> &#violation)
}

/// The header's output against what the network gives.
fn outputs(context: &Context<'_>) -> TokenStream {
    let Some(declared) = &context.network.declared else { return TokenStream::new() };
    let network = context.network.name.to_string();
    // After another mistake, the output is not what was meant.
    let sound = context.network.ops.iter().enumerate().filter(|(index, _)| context.facts.ops[*index].is_none()).map(
        |(index, _)| {
            let check = check_of(context, index, &quote!(::nn::__private::shape::At::NOWHERE));
            quote!(&& (#check).is_none())
        },
    );
    let sound = quote!(true #(#sound)*);
    let checks = declared.iter().zip(&context.network.results).enumerate().map(|(index, (declared, result))| {
        let (expected, found) = (context.constant(format_args!("D{index}")), context.shape(*result));
        let source = &context.network.values[*result].name;
        let check = quote! {
            match ::nn::__private::shape::check_output(
                &::nn::__private::shape::At {
                    network: #network,
                    layer: "output",
                    sources: &[#source],
                    ..::nn::__private::shape::At::NOWHERE
                },
                #expected,
                #found,
            ) {
                ::core::option::Option::Some(violation) if #sound => ::core::option::Option::Some(violation),
                _ => ::core::option::Option::None,
            }
        };
        item(context, "output", check, at_shape(context, declared))
    });
    quote!(#(#checks)*)
}

/// A call whose expression spans the tokens of `on`, from the first to the last: what rustc underlines.
pub(super) fn call_on(on: &TokenStream, path: TokenStream, args: TokenStream) -> TokenStream {
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

//! The hidden struct: arguments, operations, shapes and memory plans as associated constants.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::{Context, has_own_args, is_inferred};
use crate::ir::Op;
use crate::lives::{Buffer, Condition, Holds};

pub(super) fn constants(context: &Context<'_>) -> TokenStream {
    let hidden = &context.hidden;
    let shape = quote!(::nn::__private::shape);
    let layers = context.network.layers.iter().enumerate().map(|(index, layer)| {
        let (name, count) = (format_ident!("L{index}"), layer.args.len());
        let args = layer.args.iter().map(|bound| &bound.tokens);
        quote!(const #name: [#shape::Arg; #count] = [#(#args),*];)
    });
    let inputs = context.network.inputs.iter().enumerate().map(|(index, input)| {
        let (name, value) = (format_ident!("V{index}"), &input.shape);
        quote!(const #name: #shape::Shape = #value;)
    });
    let declared = context.network.declared.iter().flatten().enumerate().map(|(index, output)| {
        let (name, value) = (format_ident!("D{index}"), &output.shape);
        quote!(const #name: #shape::Shape = #value;)
    });
    let ops = context.network.ops.iter().enumerate().map(|(index, op)| operation(context, index, op));
    let plans = [
        plan("EVALUATION", &context.evaluation.sample, quote!(sample_slots)),
        plan("EVALUATION_BATCH", &context.evaluation.batch, quote!(batch_slots)),
        plan("TRAINING", &context.training.sample, quote!(sample_slots)),
        plan("TRAINING_BATCH", &context.training.batch, quote!(batch_slots)),
        plan("TRAINING_WORDS", &context.training.words, quote!(sample_slots)),
    ];
    quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types)]
        struct #hidden;

        #[doc(hidden)]
        #[allow(non_upper_case_globals, dead_code, long_running_const_eval, clippy::all)]
        impl #hidden {
            #(#layers)*
            #(#inputs)*
            #(#declared)*
            #(#ops)*
            #(#plans)*
        }
    }
}

/// The operation, its needs and the shapes of its outputs.
fn operation(context: &Context<'_>, index: usize, op: &Op) -> TokenStream {
    let shape = quote!(::nn::__private::shape);
    let (name, needs) = (format_ident!("O{index}"), format_ident!("N{index}"));
    let operation: Ident = format_ident!("{}", op.entry.operation);
    let (constructor, axes) = (format_ident!("{}", op.entry.constructor), op.entry.axes);
    let inputs = op.inputs.iter().map(|input| format_ident!("V{input}"));
    let (own, args) = if has_own_args(context.network, index, op) {
        let (own, args) = own_args(context, index, op);
        (own, format_ident!("{}", args))
    } else {
        (TokenStream::new(), format_ident!("L{}", op.layer.unwrap_or_default()))
    };
    let outputs = op.outputs.iter().enumerate().map(|(place, output)| {
        let value = format_ident!("V{output}");
        quote!(const #value: #shape::Shape = Self::#name.output(#place);)
    });
    quote! {
        #own
        const #name: #shape::#operation = #shape::#operation::#constructor(#axes, &Self::#args, &[#(Self::#inputs),*]);
        const #needs: #shape::Needs = Self::#name.needs();
        #(#outputs)*
    }
}

/// Arguments put together from the layer's and the call's, with the value of `_` from the layer's first call.
fn own_args(context: &Context<'_>, index: usize, op: &Op) -> (TokenStream, String) {
    let mut values = Vec::new();
    if let Some(place) = op.layer {
        let layer = &context.network.layers[place];
        let name = format_ident!("L{place}");
        for (arg, bound) in layer.args.iter().enumerate() {
            let first = layer.first_use.filter(|first| *first != index && is_inferred(bound)).map(|first| format_ident!("O{first}"));
            values.push(match first {
                Some(first) => quote!(::nn::__private::shape::Arg::size(Self::#first.inferred())),
                None => quote!(Self::#name[#arg]),
            });
        }
    }
    values.extend(op.args.iter().map(|bound| bound.tokens.clone()));
    let (name, count) = (format_ident!("C{index}"), values.len());
    (quote!(const #name: [::nn::__private::shape::Arg; #count] = [#(#values),*];), name.to_string())
}

/// A memory plan, and the slots that it gives.
fn plan(name: &str, buffers: &[Buffer], slots: TokenStream) -> TokenStream {
    let (lives, plan, places) = (format_ident!("{name}_LIVES"), format_ident!("{name}_PLAN"), format_ident!("{name}"));
    let count = buffers.len();
    let entries = buffers.iter().map(|buffer| {
        let (len, from, to) = (len(buffer.holds), buffer.from, last(&buffer.to));
        quote!(::nn::__private::shape::plan::Life { len: #len, from: #from, to: #to })
    });
    quote! {
        const #lives: [::nn::__private::shape::plan::Life; #count] = [#(#entries),*];
        const #plan: ::nn::__private::shape::plan::Plan<#count> = ::nn::__private::shape::plan::plan(&Self::#lives);
        const #places: [::nn::__private::Slot; #count] = ::nn::__private::#slots(&Self::#lives, &Self::#plan);
    }
}

fn len(holds: Holds) -> TokenStream {
    let needs = |op: usize, field: &str| {
        let (needs, field) = (format_ident!("N{op}"), format_ident!("{field}"));
        quote!(Self::#needs.#field)
    };
    match holds {
        Holds::Value(value) | Holds::Gradient(value) | Holds::Second(value, _) => {
            let value = format_ident!("V{value}");
            quote!(Self::#value.len())
        }
        Holds::ForwardScratch(op) => needs(op, "forward_scratch"),
        Holds::BackwardScratch(op) => needs(op, "backward_scratch"),
        Holds::SavedBatch(op) => needs(op, "saved_batch"),
        Holds::SavedSample(op) => needs(op, "saved_sample"),
        Holds::SavedWords(op) => needs(op, "saved_words"),
    }
}

fn last(steps: &[(usize, Condition)]) -> TokenStream {
    if let [(step, Condition::Always)] = steps {
        return quote!(#step);
    }
    let steps = steps.iter().map(|(step, condition)| {
        let condition = match condition {
            Condition::Always => quote!(true),
            Condition::ReadsInputs(op) => {
                let needs = format_ident!("N{op}");
                quote!(Self::#needs.inputs)
            }
            Condition::ReadsOutputs(op) => {
                let needs = format_ident!("N{op}");
                quote!(Self::#needs.outputs)
            }
        };
        quote!((#step, #condition))
    });
    quote!(::nn::__private::latest(&[#(#steps),*]))
}

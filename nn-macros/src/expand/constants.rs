//! The hidden struct: arguments, operations, shapes and memory plans as associated constants.

use nn_shape::catalogue::Kind;
use nn_shape::plan::Life;
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::Ident;

use super::{Context, has_own_args, is_inferred, rules};
use crate::ir::{Network, Op};
use crate::lives::{Buffer, Condition, Holds};

pub(super) fn constants(context: &Context<'_>) -> TokenStream {
    let hidden = &context.hidden;
    let shape = quote!(::nn::__private::shape);
    let layers = context.network.layers.iter().enumerate().map(|(index, layer)| {
        let (name, count) = (format_ident!("L{index}"), layer.args.len());
        let args = layer.args.iter().map(|bound| &bound.tokens);
        quote!(const #name: [#shape::Arg; #count] = [#(#args),*];)
    });
    let all = format_ident!("{hidden}_all");
    let all_of = context.constant("ALL");
    let fields: Vec<_> = fields(context);
    let (names, types): (Vec<_>, Vec<_>) = fields.iter().cloned().unzip();
    let places = names.iter().map(|name| format_ident!("{}", name.to_string().to_uppercase()));
    let inputs = context.network.inputs.iter().enumerate().map(|(index, input)| {
        let (name, value) = (format_ident!("v{index}"), &input.shape);
        quote!(let #name = #value;)
    });
    let declared = context.network.declared.iter().flatten().enumerate().map(|(index, output)| {
        let (name, value) = (format_ident!("D{index}"), &output.shape);
        quote!(const #name: #shape::Shape = #value;)
    });
    let ops = context.network.ops.iter().enumerate().map(|(index, op)| operation(context, index, op));
    let plans = [
        plan(context, "EVALUATION", &context.evaluation.sample, true),
        plan(context, "EVALUATION_BATCH", &context.evaluation.batch, false),
        plan(context, "EVALUATION_WORDS", &context.evaluation.words, true),
        plan(context, "TRAINING", &context.training.sample, true),
        plan(context, "TRAINING_BATCH", &context.training.batch, false),
        plan(context, "TRAINING_WORDS", &context.training.words, true),
    ];
    quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types)]
        struct #hidden;

        #[doc(hidden)]
        #[allow(non_camel_case_types)]
        struct #all {
            #(#names: #types,)*
        }

        #[doc(hidden)]
        #[allow(
            non_upper_case_globals,
            dead_code,
            long_running_const_eval,
            // A real number may be a constant of any type.
            trivial_numeric_casts,
            // rustc evaluates these constants, which reports the same.
            arithmetic_overflow,
            unconditional_panic,
            clippy::all
        )]
        impl #hidden {
            #(#layers)*
            #(#declared)*
            // One constant computes everything, because a chain of constants as long as the network would exceed rustc's query depth.
            const ALL: &'static #all = &{
                #(#inputs)*
                #(#ops)*
                #all { #(#names),* }
            };
            #(const #places: #types = #all_of.#names;)*
            #(#plans)*
        }
    }
}

/// What the network is made of, by name and type: `v3` is a value's shape, `o3` an operation, `n3` its needs, `b3` whether it or one in front
/// of it breaks a rule, and `x3` what of it is too large, where the macro cannot tell.
fn fields(context: &Context<'_>) -> Vec<(Ident, TokenStream)> {
    let shape = quote!(::nn::__private::shape);
    let values = (0..context.network.values.len()).map(|value| (format_ident!("v{value}"), quote!(#shape::Shape)));
    let ops = (0..context.network.ops.len()).flat_map(|index| {
        let operation = context.operation_type(index);
        let bad = context.facts.ops[index]
            .is_none()
            .then(|| [(format_ident!("b{index}"), quote!(bool)), (format_ident!("x{index}"), quote!(#shape::Excess))]);
        let own = [(format_ident!("o{index}"), operation), (format_ident!("n{index}"), quote!(#shape::Needs))];
        own.into_iter().chain(bad.into_iter().flatten())
    });
    values.chain(ops).collect()
}

/// The operation, its needs and the shapes of its outputs.
fn operation(context: &Context<'_>, index: usize, op: &Op) -> TokenStream {
    let (name, needs) = (format_ident!("o{index}"), format_ident!("n{index}"));
    let (operation, shape) = (context.operation_type(index), quote!(::nn::__private::shape));
    let (constructor, axes) = (format_ident!("{}", op.entry.constructor), op.entry.axes);
    let inputs: Vec<_> = op.inputs.iter().map(|input| format_ident!("v{input}")).collect();
    let args = args(context, index, op);
    // What a broken argument would make of the shape is not what was meant: whatever comes after stays silent.
    let sound = context.facts.ops[index].is_some();
    let (at, shaping) = (rules::place(context, op), shaping(context.network, op));
    let bad_inputs = context.bad_inputs(op).into_iter().map(|op| format_ident!("b{op}"));
    let (bad, excess) = (format_ident!("b{index}"), format_ident!("x{index}"));
    let needed = if sound {
        quote!(let #needs = #name.needs();)
    } else {
        let places = 0..op.outputs.len();
        quote! {
            let violation = #name.check(&#at);
            let #excess = #shape::Excess::of(args, &[#(#inputs),*], &[#(#name.output(#places)),*], #name.parameters());
            let needs = if violation.is_some() || #excess.is_some() { #shape::Needs::NOTHING } else { #name.needs() };
            let #excess = #excess.or_memory(&needs);
            let #needs = if #excess.is_some() { #shape::Needs::NOTHING } else { needs };
            let spoiled = #excess.is_some() || #shape::spoils(&violation, &[#(#shaping),*]);
            let #bad = #excess.is_some() || violation.is_some() #(|| #bad_inputs)*;
        }
    };
    let shared = &context.shared;
    let outputs = op.outputs.iter().enumerate().map(|(place, output)| {
        let value = format_ident!("v{output}");
        // Of a tensor that all samples share and a value that each has of its own, each has the result of its own.
        let own = (!shared[*output] && op.inputs.iter().any(|input| shared[*input])).then(|| quote!(.own()));
        if sound {
            quote!(let #value = #name.output(#place) #own;)
        } else {
            quote!(let #value = if spoiled { ::nn::__private::shape::Shape::INVALID } else { #name.output(#place) #own };)
        }
    });
    let rectified = context.merges.rectified[index].then(|| quote!(.rectified()));
    quote! {
        let args = #args;
        let #name = <#operation>::#constructor(#axes, args, &[#(#inputs),*]) #rectified;
        #needed
        #(#outputs)*
    }
}

/// The places of the arguments that give the output its shape.
fn shaping(network: &Network, op: &Op) -> Vec<usize> {
    let parameters = op.entry.parameters.iter().chain(op.entry.call);
    let shapes = |kind| !matches!(kind, Kind::Size | Kind::Real | Kind::Flag | Kind::Word(_) | Kind::Value);
    debug_assert_eq!(parameters.clone().count(), network.args(op).count(), "an argument for each parameter");
    parameters.enumerate().filter(|(_, parameter)| shapes(parameter.kind)).map(|(place, _)| place).collect()
}

/// The arguments of an operation: its layer's, or put together from the layer's and the call's, with the value of `_` from the layer's
/// first call.
fn args(context: &Context<'_>, index: usize, op: &Op) -> TokenStream {
    if !has_own_args(context.network, index, op) {
        return context.constant_ref(format_args!("L{}", op.layer.unwrap_or_default()));
    }
    let mut values = Vec::new();
    if let Some(place) = op.layer {
        let layer = &context.network.layers[place];
        let name = context.constant(format_args!("L{place}"));
        for (arg, bound) in layer.args.iter().enumerate() {
            let first = layer
                .first_use
                .filter(|first| *first != index && is_inferred(bound))
                .map(|first| format_ident!("o{first}"));
            values.push(match first {
                Some(first) => quote!(::nn::__private::shape::Arg::size(#first.inferred())),
                None => quote!(#name[#arg]),
            });
        }
    }
    values.extend(op.args.iter().map(|bound| bound.tokens.clone()));
    quote!(&[#(#values),*])
}

/// A memory plan: the slots that it gives, and its total. Where the macro can read all numbers it plans at once and writes the result
/// down; else rustc evaluates the same function.
fn plan(context: &Context<'_>, name: &str, buffers: &[Buffer], per_sample: bool) -> TokenStream {
    let (lives, plan, places, total) = (
        format_ident!("{name}_LIVES"),
        format_ident!("{name}_PLAN"),
        format_ident!("{name}"),
        format_ident!("{name}_TOTAL"),
    );
    let count = buffers.len();
    let known: Option<Vec<Life>> = buffers.iter().map(|buffer| known_life(context, buffer)).collect();
    if let Some(known) = known {
        let (mut offsets, mut order, mut placed) = (vec![0; count], vec![0; count], vec![0; count]);
        let sum = nn_shape::plan::place(&known, &mut offsets, &mut order, &mut placed);
        assert!(nn_shape::plan::is_sound(&known, &offsets, sum), "two values share memory");
        let constructor = if per_sample { quote!(sample) } else { quote!(batch) };
        let slots = known.iter().zip(&offsets).map(|(life, offset)| {
            let len = life.len;
            quote!(::nn::__private::Slot::#constructor(#offset, #len))
        });
        return quote! {
            const #places: [::nn::__private::Slot; #count] = [#(#slots),*];
            const #total: usize = #sum;
        };
    }
    let slots = if per_sample { quote!(sample_slots) } else { quote!(batch_slots) };
    let entries = buffers.iter().map(|buffer| {
        let (len, from, to) = (len(context, buffer.holds), buffer.from, last(context, &buffer.to));
        quote!(::nn::__private::shape::plan::Life { len: #len, from: #from, to: #to })
    });
    let (all_lives, the_plan) = (context.constant_ref(&lives), context.constant(&plan));
    let plan_ref = context.constant_ref(&plan);
    let offsets = quote_spanned!(context.hidden.span()=> #plan_ref.offsets);
    quote! {
        const #lives: [::nn::__private::shape::plan::Life; #count] = [#(#entries),*];
        const #plan: ::nn::__private::shape::plan::Plan<#count> = ::nn::__private::shape::plan::plan(#all_lives);
        const #places: [::nn::__private::Slot; #count] = {
            assert!(
                ::nn::__private::shape::plan::is_sound(#all_lives, #offsets, #the_plan.total),
                "nn: two values share memory; please report this network"
            );
            ::nn::__private::#slots(#all_lives, #plan_ref)
        };
        const #total: usize = #the_plan.total;
    }
}

/// The life of a buffer, if its length and its end are known.
fn known_life(context: &Context<'_>, buffer: &Buffer) -> Option<Life> {
    let needs = |op: usize| context.facts.ops[op].map(|facts| facts.needs);
    let len = match buffer.holds {
        Holds::Value(value) | Holds::Gradient(value) | Holds::Second(value, _) => context.facts.shapes[value]?.len(),
        Holds::ForwardScratch(op) => needs(op)?.forward_scratch,
        Holds::BackwardScratch(op) => needs(op)?.backward_scratch,
        Holds::SavedBatch(op) => needs(op)?.saved_batch,
        Holds::SavedSample(op) => needs(op)?.saved_sample,
        Holds::SavedWords(op) => needs(op)?.saved_words,
    };
    let mut to = 0;
    for (step, condition) in &buffer.to {
        let counts = match condition {
            Condition::Always => true,
            Condition::ReadsInputs(op) => needs(*op)?.inputs,
            Condition::ReadsOutputs(op) => needs(*op)?.outputs,
        };
        to = if counts { to.max(*step) } else { to };
    }
    Some(Life { len, from: buffer.from, to })
}

fn len(context: &Context<'_>, holds: Holds) -> TokenStream {
    let needs = |op: usize, field: &str| {
        let (needs, field) = (context.constant(format_args!("N{op}")), format_ident!("{field}"));
        quote!(#needs.#field)
    };
    match holds {
        Holds::Value(value) | Holds::Gradient(value) | Holds::Second(value, _) => {
            let value = context.shape(value);
            quote!(#value.len())
        }
        Holds::ForwardScratch(op) => needs(op, "forward_scratch"),
        Holds::BackwardScratch(op) => needs(op, "backward_scratch"),
        Holds::SavedBatch(op) => needs(op, "saved_batch"),
        Holds::SavedSample(op) => needs(op, "saved_sample"),
        Holds::SavedWords(op) => needs(op, "saved_words"),
    }
}

fn last(context: &Context<'_>, steps: &[(usize, Condition)]) -> TokenStream {
    if let [(step, Condition::Always)] = steps {
        return quote!(#step);
    }
    let steps = steps.iter().map(|(step, condition)| {
        let condition = match condition {
            Condition::Always => quote!(true),
            Condition::ReadsInputs(op) => {
                let needs = context.constant(format_args!("N{op}"));
                quote!(#needs.inputs)
            }
            Condition::ReadsOutputs(op) => {
                let needs = context.constant(format_args!("N{op}"));
                quote!(#needs.outputs)
            }
        };
        quote!((#step, #condition))
    });
    quote_spanned!(context.hidden.span()=> ::nn::__private::latest(&[#(#steps),*]))
}

//! The bodies of the forward and backward passes: a call for each operation.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::{Context, rules, types};
use crate::ir::Op;
use crate::lives::{Buffer, Found, Holds, Reverse, Wanted, computing};

/// `forward_batch`, `forward_train`, `backward`, `backward_parameters`, `grad`.
pub(super) fn passes(context: &Context<'_>) -> TokenStream {
    let evaluation = evaluation(context);
    let training = training(context);
    let hidden = &context.hidden;
    quote! {
        fn forward_batch<const __N: usize>(
            &self,
            input: &[Self::Input; __N],
            workspace: &mut Self::Workspace<__N>,
            output: &mut [Self::Output; __N],
        ) {
            #evaluation
        }

        fn forward_train<'t, const __N: usize>(
            &mut self,
            input: &[Self::Input; __N],
            tape: &'t mut Self::Tape<__N>,
        ) -> &'t [Self::Output; __N] {
            #training
            &tape.output
        }

        #[track_caller]
        fn backward<'t, const __N: usize>(
            &self,
            tape: &'t mut Self::Tape<__N>,
            output_gradients: &[Self::Output; __N],
            gradients: &mut Self,
        ) -> &'t [Self::InputGradient; __N] {
            #hidden::backward::<__N, true>(self, tape, output_gradients, gradients, false);
            &tape.input_gradients
        }

        #[track_caller]
        fn backward_parameters<const __N: usize>(
            &self,
            tape: &mut Self::Tape<__N>,
            output_gradients: &[Self::Output; __N],
            gradients: &mut Self,
        ) {
            #hidden::backward::<__N, false>(self, tape, output_gradients, gradients, false);
        }

        #[track_caller]
        fn grad<const __N: usize>(
            &self,
            tape: &mut Self::Tape<__N>,
            output_gradients: &[Self::Output; __N],
            gradients: &mut Self,
        ) {
            #hidden::backward::<__N, false>(self, tape, output_gradients, gradients, true);
        }
    }
}

/// The plans of a pass, each borrowed once in a function, and in the constant of a step: where the constant itself is indexed, a debug build copies it
/// to the stack at every use, which for a network of a hundred layers is megabytes.
fn plans(context: &Context<'_>, pass: &str) -> TokenStream {
    let (sample, batch, words) = (pass, format!("{pass}_BATCH"), format!("{pass}_WORDS"));
    let (sample, batch, words) = (context.constant(sample), context.constant(batch), context.constant(words));
    quote! {
        #[allow(unused_variables)]
        let (sample_plan, batch_plan, words_plan) = (&#sample, &#batch, &#words);
    }
}

/// A slot of a plan of `plans`: `sample_plan[3]`, or none.
fn slot(plan: &str, buffers: &[Buffer], holds: Holds) -> TokenStream {
    let plan = format_ident!("{plan}_plan");
    match buffers.iter().position(|buffer| buffer.holds == holds) {
        Some(index) => quote!(#plan[#index]),
        None => quote!(::nn::__private::Slot::EMPTY),
    }
}

/// The values that hold numbers, or, with `index`, those that hold indices.
fn holding<'a>(context: &'a Context<'_>, values: &'a [usize], index: bool) -> impl Iterator<Item = usize> + 'a {
    values.iter().copied().filter(move |value| context.indices[*value] == index)
}

/// The indices that an operation reads and writes, `slot` telling where they lie.
fn words(context: &Context<'_>, op: &Op, slot: impl Fn(usize) -> TokenStream) -> TokenStream {
    let reads = holding(context, &op.inputs, true).map(&slot);
    let writes = holding(context, &op.outputs, true).map(&slot);
    quote!(::nn::__private::Words { reads: [#(#reads),*], writes: [#(#writes),*] })
}

fn evaluation(context: &Context<'_>) -> TokenStream {
    let network = context.network;
    let plan = &context.evaluation;
    let result = plan.roots[network.results[0]];
    let place = |value: usize| {
        let root = plan.roots[value];
        if root < network.inputs.len() && plan.borrows_input {
            quote!(::nn::__private::Place::Input)
        } else if plan.writes_output && root == result {
            quote!(::nn::__private::Place::Output)
        } else {
            let slot = slot("sample", &plan.sample, Holds::Value(root));
            quote!(::nn::__private::Place::Slot(#slot))
        }
    };
    let words_slot = |value: usize| slot("words", &plan.words, Holds::Value(plan.roots[value]));
    let plans = plans(context, "EVALUATION");
    let input = if plan.borrows_input { quote!(::nn::__private::batch_slice(input)) } else { quote!(&[]) };
    let output = if plan.writes_output { quote!(::nn::__private::batch_slice_mut(output)) } else { quote!(&mut []) };
    let loads = (0..network.inputs.len()).filter(|_| !plan.borrows_input).map(|index| {
        if context.indices[index] {
            let slot = words_slot(index);
            return quote!(run.load_indices(input, #index, #slot););
        }
        let slot = slot("sample", &plan.sample, Holds::Value(index));
        quote!(::nn::__private::gather(input, #index, run.memory.write(#slot));)
    });
    let steps = computing(network, &context.merges, false).map(|op| {
        let this = &network.ops[op];
        let (layer, config) = (callee(context, op, this, quote!(&)), context.operation(op));
        let (reads, writes) =
            (holding(context, &this.inputs, false).map(place), holding(context, &this.outputs, false).map(place));
        let words = words(context, this, words_slot);
        let scratch = slot("batch", &plan.batch, Holds::ForwardScratch(op));
        let operands = quote!(::nn::__private::Operands::new([#(#reads),*], [#(#writes),*], #words, #scratch));
        quote!(run.run(#layer, &#config, &const { #plans #operands });)
    });
    let stores = network.results.iter().enumerate().filter(|_| !plan.writes_output).map(|(index, result)| {
        if context.indices[*result] {
            let slot = words_slot(*result);
            return quote!(run.store_indices(#slot, #index, output););
        }
        let place = place(*result);
        quote!(::nn::__private::scatter(run.read(#place), #index, output);)
    });
    quote! {
        #plans
        let mut run = ::nn::__private::Evaluation {
            memory: workspace,
            input: #input,
            output: #output,
            random: ::nn::seed(0),
        };
        #(#loads)*
        #(#steps)*
        #(#stores)*
    }
}

/// The layer that an operation calls: a field, or a function's unit struct.
pub(super) fn callee(context: &Context<'_>, index: usize, op: &Op, borrow: TokenStream) -> TokenStream {
    match op.layer {
        Some(layer) => {
            let access = context.network.layers[layer].access();
            quote!(#borrow self #access)
        }
        None => {
            let ty = types::layer(context, index);
            quote!(#borrow ::nn::__private::zeroed::<#ty>())
        }
    }
}

/// The slots that an operation uses in training beside its operands.
fn extra(context: &Context<'_>, op: usize, scratch: Holds) -> TokenStream {
    let plan = &context.training;
    let scratch = slot("batch", &plan.batch, scratch);
    let batch = slot("batch", &plan.batch, Holds::SavedBatch(op));
    let sample = slot("sample", &plan.sample, Holds::SavedSample(op));
    let words = slot("words", &plan.words, Holds::SavedWords(op));
    quote! {
        ::nn::__private::Extra { scratch: #scratch, saved_batch: #batch, saved_sample: #sample, saved_words: #words }
    }
}

fn value_slot(context: &Context<'_>, value: usize) -> TokenStream {
    if context.indices[value] {
        let holds = Holds::Value(context.training.roots[value]);
        return slot("words", &context.training.words, holds);
    }
    slot("sample", &context.training.sample, Holds::Value(context.training.roots[value]))
}

fn gradient_slot(context: &Context<'_>, value: usize) -> TokenStream {
    slot("sample", &context.training.sample, Holds::Gradient(context.training.homes[context.training.roots[value]]))
}

fn training(context: &Context<'_>) -> TokenStream {
    let network = context.network;
    let plans = plans(context, "TRAINING");
    let loads = (0..network.inputs.len()).map(|index| {
        let slot = value_slot(context, index);
        let load = if context.indices[index] { quote!(load_indices) } else { quote!(load) };
        quote!(tape.#load(input, #index, #slot);)
    });
    let batch_rules = network.ops.iter().enumerate().filter(|(_, op)| op.entry.checks_batch).map(|(index, op)| {
        let (operation, at) = (context.operation(index), rules::place(context, op));
        let kind = op.layer.map_or(&op.callee, |layer| &network.layers[layer].kind);
        let check = quote!(&#operation.check_batch(&#at, __N), &[]);
        let report = rules::call_on(kind, quote!(::nn::__private::shape::report_rest), check);
        quote_spanned!(kind.span()=> const { #report };)
    });
    let steps = computing(network, &context.merges, true).map(|op| {
        let this = &network.ops[op];
        let (layer, config) = (callee(context, op, this, quote!(&mut)), context.operation(op));
        let reads = holding(context, &this.inputs, false).map(|value| value_slot(context, value));
        let writes = holding(context, &this.outputs, false).map(|value| value_slot(context, value));
        let words = words(context, this, |value| value_slot(context, value));
        let extra = extra(context, op, Holds::ForwardScratch(op));
        let slots = quote!(::nn::__private::Slots::new([#(#reads),*], [#(#writes),*], #words, #extra));
        quote!(tape.forward(#layer, &#config, &mut random, &const { #plans #slots });)
    });
    let stores = network.results.iter().enumerate().map(|(index, result)| {
        let slot = value_slot(context, *result);
        let store = if context.indices[*result] { quote!(store_indices) } else { quote!(store) };
        quote!(tape.#store(#index, #slot);)
    });
    quote! {
        #(#batch_rules)*
        #plans
        let mut random = tape.memory.random();
        #(#loads)*
        #(#steps)*
        #(#stores)*
    }
}

/// The backward pass, for all three methods; `fresh`: the parameters' gradients are to be overwritten.
pub(super) fn backward(context: &Context<'_>) -> TokenStream {
    let (hidden, name) = (&context.hidden, &context.network.name);
    let seeds = context.training.seeds.iter().map(|(index, root, fresh)| {
        let slot = gradient_slot(context, *root);
        quote!(tape.load_gradient(output_gradients, #index, #slot, #fresh);)
    });
    let mut reached = vec![false; context.network.layers.len()];
    let steps: Vec<_> =
        context.training.reverse.iter().map(|step| backward_step(context, step, &mut reached)).collect();
    let missed = context.network.layers.iter().zip(reached).filter(|(layer, reached)| !reached && layer.is_trainable());
    let missed = missed.map(|(layer, _)| layer.access());
    let missed = quote!(#(if fresh { ::nn::Parameters::set_zero(&mut gradients #missed); })*);
    let inputs = context.training.input_written.iter().enumerate().filter(|(index, _)| !context.indices[*index]);
    let stores = inputs.map(|(index, written)| {
        let slot = gradient_slot(context, index);
        let slot =
            if *written { quote!(::core::option::Option::Some(#slot)) } else { quote!(::core::option::Option::None) };
        quote!(tape.store_gradient(#index, #slot);)
    });
    let plans = plans(context, "TRAINING");
    quote! {
        #[allow(unused_variables, clippy::all)]
        impl #hidden {
            #[track_caller]
            fn backward<const __N: usize, const __INPUT: bool>(
                network: &#name,
                tape: &mut <#name as ::nn::Network>::Tape<__N>,
                output_gradients: &[<#name as ::nn::Network>::Output; __N],
                gradients: &mut #name,
                fresh: bool,
            ) {
                #plans
                tape.use_up();
                #missed
                #(#seeds)*
                #(#steps)*
                if __INPUT {
                    #(#stores)*
                }
            }
        }
    }
}

/// `reached` are the layers that steps before this one have given gradients.
fn backward_step(context: &Context<'_>, step: &Reverse, reached: &mut [bool]) -> TokenStream {
    let (network, op) = (context.network, &context.network.ops[step.op]);
    let config = context.operation(step.op);
    let needs = context.constant(format_args!("N{}", step.op));
    let zeroed = step.zeroed.iter().map(|root| {
        let slot = gradient_slot(context, *root);
        quote!(tape.zero(#slot);)
    });
    let (layer, gradients) = match op.layer {
        Some(index) => {
            let layer = &network.layers[index];
            let access = layer.access();
            let gradients = if layer.is_trainable() {
                let fresh = if std::mem::replace(&mut reached[index], true) { quote!(false) } else { quote!(fresh) };
                quote!((::core::option::Option::Some(&mut gradients #access), #fresh))
            } else {
                quote!((::core::option::Option::None, false))
            };
            (quote!(&network #access), gradients)
        }
        None => (callee(context, step.op, op, quote!(&)), quote!((::core::option::Option::None, false))),
    };
    let inputs = holding(context, &op.inputs, false).map(|value| {
        let slot = value_slot(context, value);
        quote!(#slot.when(#needs.inputs))
    });
    let outputs = holding(context, &op.outputs, false).map(|value| {
        let slot = value_slot(context, value);
        quote!(#slot.when(#needs.outputs))
    });
    let in_place = step.inputs.iter().any(|input| input.found == Found::OfOutput);
    let output_gradients = holding(context, &op.outputs, false).map(|value| match in_place {
        true => quote!(::nn::__private::Slot::EMPTY),
        false => gradient_slot(context, value),
    });
    let indices = holding(context, &op.inputs, true).chain(holding(context, &op.outputs, true));
    let indices = indices.map(|value| value_slot(context, value));
    let index_count = holding(context, &op.inputs, true).count();
    let (mut writes, mut states, mut additions) = (Vec::new(), Vec::new(), Vec::new());
    for (index, input) in step.inputs.iter().enumerate() {
        let first = gradient_slot(context, input.root);
        let wanted = match input.wanted {
            Wanted::Never => quote!(false),
            Wanted::ForInput => quote!(__INPUT),
            Wanted::Always => quote!(true),
        };
        let (wanted, content) = match input.found {
            Found::Nothing => (wanted, quote!(Stale)),
            Found::Sum => (wanted, quote!(Sum)),
            Found::OfOutput => (wanted, quote!(OfOutput)),
            Found::OfOther => (quote!(false), quote!(Sum)),
        };
        if input.second {
            let holds = Holds::Second(input.root, step.op * 64 + index);
            let second = slot("sample", &context.training.sample, holds);
            additions.push(quote!(if #wanted { tape.add(#second, #first); }));
            writes.push(quote!(#second.when(#wanted)));
        } else {
            writes.push(quote!(#first.when(#wanted)));
        }
        states.push(quote!((#wanted, ::nn::__private::Content::#content)));
    }
    let input_count = holding(context, &op.inputs, false).count();
    let output_count = holding(context, &op.outputs, false).count();
    let extra = extra(context, step.op, Holds::BackwardScratch(step.op));
    let plans = plans(context, "TRAINING");
    let body = quote! {
        #(#zeroed)*
        tape.backward(
            #layer,
            &#config,
            (#input_count, #output_count, #index_count),
            &const {
                #plans
                ::nn::__private::Slots::new(
                    [#(#inputs,)* #(#outputs,)* #(#output_gradients),*],
                    [#(#writes),*],
                    ::nn::__private::Words { reads: [#(#indices),*], writes: [] },
                    #extra,
                )
            },
            [#(#states),*],
            #gradients,
        );
        #(#additions)*
    };
    if step.wanted == Wanted::ForInput { quote!(if __INPUT { #body }) } else { body }
}

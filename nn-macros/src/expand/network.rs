//! The struct, and what it implements.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::{Ident, Member};

use super::{Context, describe, docs, passes, types};
use crate::ir::{Child, Content, Group, Init, Layer, Source};

pub(super) fn items(context: &Context<'_>) -> TokenStream {
    let structure = structure(context);
    let facts = inherent(context);
    let parameters = parameters(context);
    let network = network(context);
    quote!(#structure #facts #parameters #network)
}

fn structure(context: &Context<'_>) -> TokenStream {
    let network = context.network;
    let (attributes, visibility, name) = (&network.attributes, &network.visibility, &network.name);
    let table = docs::table(context);
    let nested = groups(&network.root).into_iter().map(|(name, group, text, key)| {
        let (body, docs) = (body(context, group), format!("`{key}` of [`{}`]: `{text}`.", network.name));
        quote! {
            #[doc = #docs]
            #[allow(non_camel_case_types)]
            #[repr(C)]
            #visibility struct #name #body
            // SAFETY: every field is a layer, and layers are zeroable: `all_zeroable` below asks rustc.
            unsafe impl ::nn::__private::Zeroable for #name {}
        }
    });
    let body = body(context, &network.root);
    quote! {
        #(#attributes)*
        #table
        #[repr(C)]
        #visibility struct #name #body

        // SAFETY: every field is a layer, and layers are zeroable: `all_zeroable` below asks rustc.
        unsafe impl ::nn::__private::Zeroable for #name {}

        #(#nested)*
    }
}

/// The fields of a struct.
fn body(context: &Context<'_>, group: &Group) -> TokenStream {
    let fields = group.children.iter().map(|child| {
        let (ty, docs, text) = (child_type(context, child), &child.docs, format!("`{}`", child.text));
        match &child.member {
            Member::Named(name) => quote!(#(#docs)* #[doc = #text] pub #name: #ty),
            Member::Unnamed(_) => quote!(#(#docs)* #[doc = #text] pub #ty),
        }
    });
    if group.tuple { quote!((#(#fields),*);) } else { quote!({ #(#fields),* }) }
}

/// The structs of blocks and lists, each with its fields, its text and its name in the state_dict; not those of networks, which have theirs.
fn groups(root: &Group) -> Vec<(&Ident, &Group, &str, String)> {
    fn collect<'a>(group: &'a Group, prefix: &str, found: &mut Vec<(&'a Ident, &'a Group, &'a str, String)>) {
        for child in &group.children {
            if let Content::Group(name, inner) = &child.content {
                let key = if prefix.is_empty() { child.key.clone() } else { format!("{prefix}.{}", child.key) };
                collect(inner, &key, found);
                found.push((name, inner, &child.text, key));
            }
        }
    }
    let mut found = Vec::new();
    collect(root, "", &mut found);
    found
}

fn child_type(context: &Context<'_>, child: &Child) -> TokenStream {
    match &child.content {
        Content::Layer(layer) => layer_type(context, &context.network.layers[*layer]),
        Content::Group(name, _) => name.to_token_stream(),
        Content::Network(path, _) => path.to_token_stream(),
    }
}

fn layer_type(context: &Context<'_>, layer: &Layer) -> TokenStream {
    // A layer that is never called is an error of its own.
    layer.first_use.map_or_else(|| quote!(()), |op| types::layer(context, op))
}

/// Constants that need no trait in scope.
fn inherent(context: &Context<'_>) -> TokenStream {
    let (name, visibility, element) = (&context.network.name, &context.network.visibility, &context.network.element);
    let parameters = (0..context.network.ops.len()).filter(|op| context.is_first_use(*op)).map(|op| {
        let (operation, lengths) = (context.operation(op), types::lengths(context, op));
        quote!(#operation.parameters() #lengths)
    });
    let macs = (0..context.network.ops.len()).map(|op| {
        let operation = context.operation(op);
        quote!(#operation.macs())
    });
    let types = context.network.layers.iter().map(|layer| layer_type(context, layer));
    let [evaluation, evaluation_batch, evaluation_words, training, training_batch, words] = totals(context);
    quote! {
        #[allow(clippy::all)]
        impl #name {
            /// Learnable numbers.
            #visibility const PARAMETERS: usize = 0_usize #(.saturating_add(#parameters))*;
            /// Multiply-adds for one sample.
            #visibility const MACS: usize = 0_usize #(.saturating_add(#macs))*;
            /// Bytes of a workspace for one sample: what inference needs beside the parameters, the input and the output.
            #visibility const INFERENCE_BYTES: usize = ::nn::__private::memory_bytes::<#element>(
                #evaluation,
                #evaluation_batch,
                #evaluation_words,
                1,
            );

            /// Bytes that training on `n` samples at once needs beside the parameters: a tape and the gradients.
            #[allow(dead_code)]
            #visibility const fn training_bytes(n: usize) -> usize {
                ::nn::__private::tape_bytes::<#element, <Self as ::nn::Network>::InputGradient, <Self as ::nn::Network>::Output>(
                    #training,
                    #training_batch,
                    #words,
                    n,
                ) + ::core::mem::size_of::<Self>()
            }
        }

        const _: () = {
            const fn all_zeroable<__T: ::nn::__private::Zeroable>() {}
            #(all_zeroable::<#types>();)*
        };
    }
}

/// What the memory plans take, for evaluation and for training: elements by sample and by batch, and words by sample.
fn totals(context: &Context<'_>) -> [TokenStream; 6] {
    ["EVALUATION", "EVALUATION_BATCH", "EVALUATION_WORDS", "TRAINING", "TRAINING_BATCH", "TRAINING_WORDS"]
        .map(|name| context.constant(format_args!("{name}_TOTAL")))
}

/// The walks over parameters and buffers: for the network, and for the struct of each block and list.
fn parameters(context: &Context<'_>) -> TokenStream {
    let network = context.network;
    let nested = groups(&network.root).into_iter().map(|(name, group, ..)| walks(context, name, group));
    let own = walks(context, &network.name, &network.root);
    quote!(#own #(#nested)*)
}

fn walks(context: &Context<'_>, name: &Ident, group: &Group) -> TokenStream {
    let element = &context.network.element;
    let holds_parameters = |child: &&Child| match &child.content {
        Content::Layer(layer) => context.network.layers[*layer].entry.generics > 0,
        Content::Group(..) | Content::Network(..) => true,
    };
    // PyTorch names a module's parameters first, then its buffers, then what its layers hold.
    let rank = |child: &&Child| match &child.content {
        Content::Layer(layer) if context.network.layers[*layer].is_held() => {
            usize::from(context.network.layers[*layer].entry.name == "Buffer")
        }
        _ => 2,
    };
    let mut children: Vec<_> = group.children.iter().filter(holds_parameters).collect();
    children.sort_by_key(rank);
    let fields: Vec<_> = children.iter().map(|child| &child.member).collect();
    let keys = children.iter().map(|child| &child.key);
    let frozen = children.iter().map(|child| child.frozen.then(|| quote!(.frozen())));
    let resets = children.iter().map(|child| {
        let field = &child.member;
        let first = match &child.content {
            Content::Layer(layer) => context.network.layers[*layer].first_use,
            Content::Group(..) | Content::Network(..) => None,
        };
        match first {
            Some(op) => {
                let config = context.operation(op);
                quote!(::nn::Layer::initialize(&mut self.#field, &#config, random);)
            }
            None => quote!(::nn::Parameters::reset(&mut self.#field, random);),
        }
    });
    let inits = inits(context, group);
    quote! {
        // SAFETY: the places are the fields' own, and the functions give the fields' own types.
        #[automatically_derived]
        #[allow(clippy::all)]
        unsafe impl ::nn::__private::Layout for #name {
            const REGIONS: &'static [::nn::__private::Region] = &[
                #(::nn::__private::Region::below(
                    #keys,
                    ::core::mem::offset_of!(Self, #fields),
                    |network: &Self| &network.#fields,
                ) #frozen),*
            ];
        }

        #[automatically_derived]
        #[allow(unused_variables, unused_mut, clippy::all)]
        impl ::nn::Parameters for #name {
            type Element = #element;

            fn reset(&mut self, random: &mut dyn ::nn::Rng) {
                #(#resets)*
                #inits
            }
        }
    }
}

/// What `#[init]` asks for, of the layers in a struct.
fn inits(context: &Context<'_>, group: &Group) -> TokenStream {
    let layers = group.children.iter().filter_map(|child| match &child.content {
        Content::Layer(layer) => Some((&child.member, &context.network.layers[*layer])),
        Content::Group(..) | Content::Network(..) => None,
    });
    let inits = layers.map(|(member, layer)| {
        let fills = layer.init.iter().map(|init| fill(member, layer, init));
        // Lengths and directions follow from the weight that was filled.
        let adopt = (layer.weight_norm.is_some() && !layer.init.is_empty()).then(|| quote!(self.#member.adopt();));
        quote!(#(#fills)* #adopt)
    });
    quote!(#(#inits)*)
}

/// Fills one parameter.
fn fill(member: &Member, layer: &Layer, init: &Init) -> TokenStream {
    let inner = layer.weight_norm.map(|_| quote!(.layer));
    let (parameter, function) = (&init.parameter, &init.function);
    let options = init.options.iter().map(|(name, value)| quote_spanned!(name.span()=> .#name(#value)));
    let build = quote_spanned!(function.span()=> ::nn::init::#function());
    let checked = quote_spanned!(function.span()=> .checked());
    let apply = if layer.is_held() {
        quote!(self.#member.begin(&INIT, random);)
    } else {
        quote!(::nn::init::apply(&mut self.#member #inner, #parameter, &INIT, random);)
    };
    quote! {{
        // A free constant: rustc evaluates it even if nobody calls `reset`.
        const INIT: ::nn::init::Init = #build #(#options)* #checked;
        #apply
    }}
}

fn network(context: &Context<'_>) -> TokenStream {
    let (name, element) = (&context.network.name, &context.network.element);
    let text = name.to_string();
    let inputs = context
        .network
        .inputs
        .iter()
        .enumerate()
        .map(|(index, input)| types::header_tensor(context, input, &context.shape(index)));
    let inputs: Vec<_> = inputs.collect();
    // Indices have no gradient.
    let gradients =
        inputs.iter().zip(&context.indices).map(|(input, index)| if *index { quote!(()) } else { input.clone() });
    let input_gradient = types::tuple(gradients.collect(), context.network.inputs_tuple);
    let input = types::tuple(inputs, context.network.inputs_tuple);
    let outputs = match &context.network.declared {
        Some(declared) => declared
            .iter()
            .zip(&context.network.results)
            .enumerate()
            .map(|(index, (output, result))| {
                // Where the header says indices of numbers, that is the one error: the element is what the network gives.
                let output = Source { index: context.indices[*result], ..output.clone() };
                types::header_tensor(context, &output, &context.constant(format_args!("D{index}")))
            })
            .collect(),
        None => context.network.results.iter().map(|result| types::value_tensor(context, *result)).collect(),
    };
    let output = types::tuple(outputs, context.network.results_tuple);
    // After an error in an expression of the user's, rustc notes where these constants needed it: at the network's name.
    let span = name.span();
    let description = describe::description(context);
    let display = describe::display(context);
    let parameters = quote_spanned!(span=> #name::PARAMETERS);
    let macs = quote_spanned!(span=> #name::MACS);
    let bytes = quote_spanned!(span=> #name::INFERENCE_BYTES);
    let passes = passes::passes(context);
    let backward = passes::backward(context);
    let [evaluation, evaluation_batch, evaluation_words, training, training_batch, words] = totals(context);
    quote! {
        #[automatically_derived]
        #[allow(unused_variables, unused_mut, clippy::all)]
        impl ::nn::Network for #name {
            type Input = #input;
            type Output = #output;
            type InputGradient = #input_gradient;
            type Workspace<const __N: usize> = ::nn::__private::Memory<
                #element,
                { #evaluation },
                { #evaluation_batch },
                { #evaluation_words },
                __N,
            >;
            type Tape<const __N: usize> = ::nn::__private::Tape<
                ::nn::__private::Memory<
                    #element,
                    { #training },
                    { #training_batch },
                    { #words },
                    __N,
                >,
                Self::InputGradient,
                Self::Output,
                __N,
            >;

            const NAME: &'static str = #text;
            const DESCRIPTION: &'static ::nn::describe::Description = #description;
            const PARAMETERS: usize = #parameters;
            const MACS: usize = #macs;
            const INFERENCE_BYTES: usize = #bytes;

            #passes

            fn seed<const __N: usize>(tape: &mut Self::Tape<__N>, seed: u64) {
                tape.seed(seed);
            }
        }

        #backward
        #display
    }
}

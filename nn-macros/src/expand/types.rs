//! The types of layers and tensors: plain numbers where the macro can read them, constants elsewhere.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};

use super::Context;
use crate::attributes::WeightNorm;
use crate::ir::Source;

/// The struct of the layer or function that an operation calls.
pub(super) fn layer(context: &Context<'_>, op: usize) -> TokenStream {
    let entry = context.network.ops[op].entry;
    let constant = context.operation(op);
    let numbers = context.facts.ops[op].as_ref();
    let tensor = entry.takes_tensor.then(|| parameter_tensor(context, op));
    let all = numbers.is_none().then(|| generics_of(context, op));
    let generics = (0..entry.generics).map(|place| match numbers {
        Some(numbers) => {
            let number = numbers.generics[place];
            quote!(#number)
        }
        None => quote!({ #all[#place] }),
    });
    let parts = (0..entry.parts).map(|place| match numbers.map(|numbers| numbers.parts[place]) {
        Some(true) => quote!(::nn::Present),
        Some(false) => quote!(::nn::Absent),
        None => quote!(<::nn::__private::Flag<{ #constant.parts()[#place] }> as ::nn::__private::Select>::Presence),
    });
    let parts: Vec<_> = parts.collect();
    let plain = match tensor {
        Some(tensor) => {
            let name = format_ident!("{}", entry.name);
            quote!(::nn::layers::#name<#tensor, #(#parts),*>)
        }
        None => {
            let clusters = entry.takes_clusters.then(|| clusters(context, op));
            assemble(context, op, generics.chain(clusters).collect(), parts)
        }
    };
    normalised(context, op, plain)
}

/// A layer under `#[weight_norm]`.
fn normalised(context: &Context<'_>, op: usize, plain: TokenStream) -> TokenStream {
    match context.network.ops[op].layer.and_then(|layer| context.network.layers[layer].weight_norm) {
        None => plain,
        Some(WeightNorm::EachRow) => quote!(::nn::layers::WeightNorm<#plain>),
        Some(WeightNorm::Whole) => quote!(::nn::layers::WeightNorm<#plain, ::nn::layers::Whole>),
    }
}

/// `+ lengths`: what a layer under `#[weight_norm]` learns beside its own parameters.
pub(super) fn lengths(context: &Context<'_>, op: usize) -> Option<TokenStream> {
    context.network.layers[context.network.ops[op].layer?].weight_norm?;
    let layer = layer(context, op);
    Some(quote!(+ <#layer>::LENGTHS))
}

/// An operation's `generics()`, where rustc evaluates them.
fn generics_of(context: &Context<'_>, op: usize) -> TokenStream {
    let (operation, excess) = (context.operation(op), context.constant(format_args!("X{op}")));
    quote!(#excess.sound(#operation.generics()))
}

/// The tensor of an operation's `generics()`, up to the first 0.
fn parameter_tensor(context: &Context<'_>, op: usize) -> TokenStream {
    let Some(numbers) = &context.facts.ops[op] else {
        let (generics, element) = (generics_of(context, op), &context.network.element);
        let sizes = (0..nn_shape::MAX_RANK).map(|axis| quote!({ #generics[#axis] }));
        let rank = quote!(::nn::__private::shape::rank_of(#generics));
        return quote!(<::nn::__private::Rank<{ #rank }> as ::nn::__private::Ranked<#(#sizes,)* #element>>::Tensor);
    };
    let rank = nn_shape::rank_of(numbers.generics);
    let (name, sizes) = (format_ident!("Tensor{rank}"), &numbers.generics[..rank]);
    let element = element_argument(context);
    quote!(::nn::#name<#(#sizes,)* #element>)
}

/// The layers of an operation's clusters: as many as the operation says.
fn clusters(context: &Context<'_>, op: usize) -> TokenStream {
    let (constant, element) = (context.operation(op), &context.network.element);
    let sizes = (0..nn_shape::MAX_ENTRIES).map(|i| quote!({ #constant.features(#i) }, { #constant.classes(#i) }));
    quote! {
        <::nn::__private::Clusters<{ #constant.clusters }> as ::nn::__private::Clustered<
            { #constant.in_features }, #(#sizes,)* #element
        >>::Tail
    }
}

/// `Conv2d<1, 6, 5, 5>`, with the defaults left out.
fn assemble(context: &Context<'_>, op: usize, generics: Vec<TokenStream>, parts: Vec<TokenStream>) -> TokenStream {
    let name = match context.own(op) {
        Some(path) => path.to_token_stream(),
        None => {
            let name = format_ident!("{}", context.network.ops[op].entry.name);
            quote!(::nn::layers::#name)
        }
    };
    let element = &context.network.element;
    let present = quote!(::nn::Present).to_string();
    let plain = element == "f32" && parts.iter().all(|part| part.to_string() == present);
    if !plain {
        return quote!(#name<#(#generics,)* #element, #(#parts),*>);
    }
    if generics.is_empty() { name } else { quote!(#name<#(#generics),*>) }
}

/// The tensor of a shape in the header.
pub(super) fn header_tensor(context: &Context<'_>, source: &Source, constant: &TokenStream) -> TokenStream {
    let name = format_ident!("Tensor{}", source.sizes.len().min(nn_shape::MAX_RANK));
    let is_sound = super::rules::is_sound(source);
    let sizes = source.sizes.iter().take(nn_shape::MAX_RANK).enumerate().map(|(axis, size)| match size {
        Some(size) if is_sound => quote!(#size),
        _ => quote!({ #constant.dim(#axis) }),
    });
    let element = if source.index { quote!(u32) } else { element_argument(context) };
    quote!(::nn::#name<#(#sizes,)* #element>)
}

/// The tensor of a value.
pub(super) fn value_tensor(context: &Context<'_>, value: usize) -> TokenStream {
    let index = context.indices[value];
    let element = if index { quote!(u32) } else { context.network.element.to_token_stream() };
    let Some(shape) = context.facts.shapes[value] else {
        let shape = context.shape(value);
        let sizes = (0..nn_shape::MAX_RANK).map(|axis| quote!({ #shape.dim(#axis) }));
        return quote!(<::nn::__private::Rank<{ #shape.rank() }> as ::nn::__private::Ranked<#(#sizes,)* #element>>::Tensor);
    };
    let name = format_ident!("Tensor{}", shape.rank());
    let sizes = (0..shape.rank()).map(|axis| shape.dim(axis));
    let element = if index { element } else { element_argument(context) };
    quote!(::nn::#name<#(#sizes,)* #element>)
}

fn element_argument(context: &Context<'_>) -> TokenStream {
    let element = &context.network.element;
    if element == "f32" { TokenStream::new() } else { quote!(#element) }
}

/// One type, or a tuple of them.
pub(super) fn tuple(types: Vec<TokenStream>, is_tuple: bool) -> TokenStream {
    match (types.as_slice(), is_tuple) {
        ([single], false) => single.clone(),
        _ => quote!((#(#types,)*)),
    }
}

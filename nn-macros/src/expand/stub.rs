//! What stands in for a network with a mistake in its syntax, so that the mistake is the only error.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::ast;

/// A struct of the declared name with the methods of a network.
pub(crate) fn stub(ast: &ast::Network) -> TokenStream {
    let (visibility, name) = (&ast.visibility, &ast.name);
    let input = shapes(&ast.inputs);
    let output = ast.outputs.as_ref().map_or_else(|| quote!(::nn::Tensor0), shapes);
    quote! {
        #visibility struct #name;

        // SAFETY: a type without bytes.
        unsafe impl ::nn::__private::Zeroable for #name {}

        impl ::nn::Parameters for #name {
            type Element = f32;
            fn reset(&mut self, _: &mut dyn ::nn::Rng) {}
            fn zip<const R: usize, const W: usize>(
                _: [&Self; R],
                _: [&mut Self; W],
                _: &::nn::Path<'_>,
                _: &mut ::nn::__private::Zip<'_, f32, R, W>,
            ) {}
        }

        impl ::nn::Network for #name {
            type Input = #input;
            type Output = #output;
            type Workspace<const N: usize> = [f32; N];
            type Tape<const N: usize> = [f32; N];
            const NAME: &'static str = "";
            const LAYERS: &'static [::nn::LayerSummary] = &[];
            const PARAMETERS: usize = 0;
            const MACS: usize = 0;
            const INFERENCE_BYTES: usize = 0;
            fn forward_batch<const N: usize>(
                &self,
                _: &[Self::Input; N],
                _: &mut Self::Workspace<N>,
                _: &mut [Self::Output; N],
            ) {}
            fn forward_train<'t, const N: usize>(
                &mut self,
                _: &[Self::Input; N],
                _: &'t mut Self::Tape<N>,
            ) -> &'t [Self::Output; N] {
                ::core::unimplemented!()
            }
            fn backward<'t, const N: usize>(
                &self,
                _: &'t mut Self::Tape<N>,
                _: &[Self::Output; N],
                _: &mut Self,
            ) -> &'t [Self::Input; N] {
                ::core::unimplemented!()
            }
            fn backward_parameters<const N: usize>(
                &self,
                _: &mut Self::Tape<N>,
                _: &[Self::Output; N],
                _: &mut Self,
            ) {}
            fn seed<const N: usize>(_: &mut Self::Tape<N>, _: u64) {}
        }

        impl #name {
            pub const PARAMETERS: usize = 0;
            pub const MACS: usize = 0;
            pub const INFERENCE_BYTES: usize = 0;
            pub const fn training_bytes(_: usize) -> usize { 0 }
        }
    }
}

fn shapes(shapes: &ast::Shapes) -> TokenStream {
    let types: Vec<_> = shapes
        .shapes
        .iter()
        .map(|shape| {
            let whole = shape.sizes.iter().all(|size| matches!(crate::known::known(size), Some(crate::known::Known::Int(size)) if size > 0));
            if !whole || shape.sizes.len() > nn_shape::MAX_RANK {
                return quote!(::nn::Tensor0);
            }
            let (name, sizes) = (format_ident!("Tensor{}", shape.sizes.len()), &shape.sizes);
            quote!(::nn::#name<#({ #sizes }),*>)
        })
        .collect();
    super::types::tuple(types, shapes.tuple)
}

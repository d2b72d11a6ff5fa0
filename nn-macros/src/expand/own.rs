//! A layer of the user's own: its struct, what the compiler knows of it, and the passes of a function of each value.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{Ident, ItemFn};

use crate::known::known;
use crate::own::{Own, Tensor, argument_name};
use crate::report::Errors;

pub(crate) fn own(own: &Own) -> TokenStream {
    let (structure, config) = (structure(own), config(own));
    let passes = own.elementwise.as_ref().map(|(forward, derivative)| passes(own, forward, derivative));
    quote!(#structure #config #passes)
}

/// The mistakes of a layer, as a type that is an error: what uses the layer is silent.
pub(crate) fn mistake(own: &Own, errors: Errors) -> TokenStream {
    let errors = if errors.is_empty() {
        errors.assert_empty();
        return TokenStream::new();
    } else {
        errors.into_tokens(None)
    };
    let (name, visibility, stand_in) = (&own.name, &own.visibility, format_ident!("__nn_{}", own.name));
    let generics: Vec<_> = own.generics().into_iter().map(parameter).collect();
    quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types, missing_docs)]
        #visibility struct #stand_in<const ERROR: usize>;
        #[automatically_derived]
        impl<#(const #generics: usize,)* E: ::nn::Element> ::nn::__private::Mistaken for #name<#(#generics,)* E> {
            type Mistake = #stand_in<{ #errors 0 }>;
        }
    }
}

/// `FilmConfig`
fn config_name(own: &Own) -> Ident {
    format_ident!("{}Config", own.name)
}

/// `channels` is the const parameter `CHANNELS`.
fn parameter(size: &Ident) -> Ident {
    format_ident!("{}", size.to_string().to_uppercase(), span = size.span())
}

fn structure(own: &Own) -> TokenStream {
    let Own { attributes, visibility, name, tensors, .. } = own;
    let generics: Vec<_> = own.generics().into_iter().map(parameter).collect();
    let fields = tensors.iter().map(|Tensor { docs, name, sizes, .. }| {
        let (tensor, sizes) = (format_ident!("Tensor{}", sizes.len()), sizes.iter().map(parameter));
        let docs = if docs.is_empty() {
            let text = format!("`{name}` of the state_dict.");
            quote!(#[doc = #text])
        } else {
            quote!(#(#docs)*)
        };
        quote!(#docs pub #name: ::nn::#tensor<#(#sizes,)* E>)
    });
    let body = if tensors.is_empty() { quote!((::core::marker::PhantomData<E>);) } else { quote!({ #(#fields),* }) };
    let names = |buffer: bool| tensors.iter().filter(move |tensor| tensor.buffer == buffer).map(|tensor| &tensor.name);
    let (learned, buffers) = (names(false), names(true));
    let resets = tensors.iter().map(reset);
    quote! {
        #(#attributes)*
        #[repr(C)]
        #visibility struct #name<#(const #generics: usize,)* E: ::nn::Element = f32> #body

        ::nn::__private::parameters! {
            impl [#(const #generics: usize,)* E: ::nn::Element] #name<#(#generics,)* E> {
                element: E,
                parameters: [#(#learned),*],
                buffers: [#(#buffers),*],
                reset: |_layer, _random| { #(#resets)* },
            }
        }
    }
}

fn reset(tensor: &Tensor) -> TokenStream {
    let Tensor { name, init, .. } = tensor;
    let values = quote!(::nn::Field::values_mut(&mut _layer.#name));
    if known(init).is_some() {
        return quote!(#values.fill(E::from_f64(#init as f64)););
    }
    quote! {
        let shape = ::nn::__private::field_shape(&_layer.#name);
        ::nn::init::Init::fill(&#init, #values, shape, _random);
    }
}

/// The struct of arguments and shapes, with the functions that `network!` calls.
fn config(own: &Own) -> TokenStream {
    let Own { visibility, name, .. } = own;
    let (config, text) = (
        config_name(own),
        format!("What the compiler knows of a [`{name}`]: its arguments, and the shapes that it meets."),
    );
    let arguments = own.arguments.iter().enumerate().map(|(place, argument)| {
        let (name, ty) = (&argument.name, &argument.ty);
        let value = match ty.to_string().as_str() {
            "usize" => quote!(size_or(0)),
            "isize" => quote!(int_or(0) as isize),
            "f64" => quote!(real_or(0.0)),
            _ => quote!(is_true()),
        };
        (name, ty, quote!(let #name = arguments[#place].#value;))
    });
    let (names, types): (Vec<_>, Vec<_>) = own.arguments.iter().map(|argument| (&argument.name, &argument.ty)).unzip();
    let reads = arguments.map(|(_, _, read)| read);
    let (sizes, values): (Vec<_>, Vec<_>) = own.sizes.iter().map(|size| (&size.ident, &size.expr)).unzip();
    let inputs = own.inputs();
    let places = 0..inputs.len();
    let methods = methods(own);
    quote! {
        #[doc = #text]
        #[derive(Clone, Copy, Debug)]
        #[allow(missing_docs, dead_code)]
        #visibility struct #config {
            #(pub #names: #types,)*
            #(pub #inputs: ::nn::own::Shape,)*
            #(pub #sizes: usize,)*
        }

        #[doc(hidden)]
        #[allow(missing_docs, dead_code, unused_variables, clippy::all)]
        impl #config {
            pub const fn new(_axes: usize, arguments: &[::nn::own::Arg], inputs: &[::nn::own::Shape]) -> Self {
                #(#reads)*
                #(let #inputs = inputs[#places];)*
                #(let #sizes: usize = #values;)*
                Self { #(#names,)* #(#inputs,)* #(#sizes),* }
            }
            #methods
        }
    }
}

fn methods(own: &Own) -> TokenStream {
    let inputs = own.inputs();
    let (count, outputs) = (own.generics().len(), own.outputs());
    let value = |size: &Ident| if own.knows(size) { quote!(self.#size) } else { quote!(0) };
    let sizes = own.generics().into_iter().map(value).chain((count..6).map(|_| quote!(0)));
    let learned = own.tensors.iter().filter(|tensor| !tensor.buffer).map(|tensor| {
        let sizes = tensor.sizes.iter().map(value);
        quote!(1_usize #(.saturating_mul(#sizes))*)
    });
    let names = names(own);
    let method = |function: &ItemFn| {
        let (ty, body) = (&function.sig.output, &function.block.stmts);
        (ty.to_token_stream(), quote!(let Self { #(#names),* } = *self; #(#body)*))
    };
    let shape = own.shape.as_ref().map(|function| {
        let at = function.sig.inputs.first().and_then(argument_name).unwrap_or_else(|| format_ident!("at"));
        let (ty, body) = method(function);
        quote!(const fn shape(&self, #at: &::nn::own::At) #ty { #body })
    });
    let given = match (&shape, own.gives_array()) {
        (None, _) => quote!(self.x),
        (Some(_), true) => quote!(match self.shape(&::nn::own::At::NOWHERE) {
            ::core::result::Result::Ok(shapes) => shapes[index],
            ::core::result::Result::Err(_) => ::nn::own::Shape::INVALID,
        }),
        (Some(_), false) => quote!(match self.shape(&::nn::own::At::NOWHERE) {
            ::core::result::Result::Ok(shape) => shape,
            ::core::result::Result::Err(_) => ::nn::own::Shape::INVALID,
        }),
    };
    let broken = match &shape {
        None => quote!(::core::option::Option::None),
        Some(_) => quote!(match self.shape(at) {
            ::core::result::Result::Ok(_) => ::core::option::Option::None,
            ::core::result::Result::Err(violation) => ::core::option::Option::Some(violation),
        }),
    };
    let needs = match (&own.needs, own.reads()) {
        (Some(function), _) => method(function).1,
        (None, (inputs, outputs)) if own.elementwise.is_some() => {
            quote!(::nn::own::Needs { inputs: #inputs, outputs: #outputs, ..::nn::own::Needs::NOTHING })
        }
        _ => quote!(::nn::own::Needs::INPUTS),
    };
    let macs = own.macs.as_ref().map_or_else(|| quote!(self.output(0).len()), |function| method(function).1);
    quote! {
        #shape
        pub const fn check(&self, at: &::nn::own::At) -> ::core::option::Option<::nn::own::Violation> {
            if true #(&& self.#inputs.is_valid())* { #broken } else { ::core::option::Option::None }
        }
        pub const fn output(&self, index: usize) -> ::nn::own::Shape {
            if index < #outputs #(&& self.#inputs.is_valid())* { #given } else { ::nn::own::Shape::INVALID }
        }
        pub const fn generics(&self) -> [usize; 6] { [#(#sizes),*] }
        pub const fn parts(&self) -> [bool; 4] { [false; 4] }
        pub const fn inferred(&self) -> usize { 0 }
        pub const fn parameters(&self) -> usize { 0_usize #(.saturating_add(#learned))* }
        pub const fn macs(&self) -> usize { #macs }
        pub const fn needs(&self) -> ::nn::own::Needs { #needs }
    }
}

/// The fields of the config.
fn names(own: &Own) -> Vec<Ident> {
    let arguments = own.arguments.iter().map(|argument| argument.name.clone());
    arguments.chain(own.inputs()).chain(own.sizes.iter().map(|size| size.ident.clone())).collect()
}

/// `impl Layer` for a function of each value: its arguments of type `f64` come in as numbers of the network's.
fn passes(own: &Own, forward: &ItemFn, derivative: &ItemFn) -> TokenStream {
    let (name, config) = (&own.name, config_name(own));
    let real = |ty: &Ident| ty == "f64";
    let names: Vec<_> = own.arguments.iter().map(|argument| &argument.name).collect();
    let ty = |ty: &Ident| if real(ty) { quote!(E) } else { ty.to_token_stream() };
    let types: Vec<_> = own.arguments.iter().map(|argument| ty(&argument.ty)).collect();
    let values: Vec<_> = own
        .arguments
        .iter()
        .map(|argument| {
            let name = &argument.name;
            if real(&argument.ty) { quote!(E::from_f64(config.#name)) } else { quote!(config.#name) }
        })
        .collect();
    let function = |function: &ItemFn| {
        let (generics, inputs, body) = (&function.sig.generics, function.sig.inputs.iter(), &function.block);
        let (name, output) = (&function.sig.ident, &function.sig.output);
        quote! {
            #[inline(always)]
            #[allow(unused_variables, clippy::all)]
            fn #name #generics (#(#inputs,)* #(#names: #types),*) #output #body
        }
    };
    let (forward, slope) = (function(forward), function(derivative));
    let (reads_input, reads_output) = own.reads();
    let read = |reads: bool, from: &str| {
        let from = format_ident!("{from}");
        if reads { quote!(pass.#from[0][place]) } else { quote!(E::ZERO) }
    };
    let points = [read(reads_input, "inputs"), read(reads_output, "outputs")];
    let points = &points[..derivative.sig.inputs.len().min(2)];
    quote! {
        impl<E: ::nn::Element> ::nn::Layer for #name<E> {
            type Config = #config;

            fn forward(&self, config: &#config, pass: ::nn::Forward<'_, E>) {
                #forward
                for (to, from) in pass.outputs[0].iter_mut().zip(pass.inputs[0]) {
                    *to = forward(*from, #(#values),*);
                }
            }

            fn backward(&self, config: &#config, pass: ::nn::Backward<'_, E>, _: ::core::option::Option<&mut Self>) {
                #slope
                if let ::core::option::Option::Some((to, accumulate)) = pass.input_gradients[0].target() {
                    for (place, (to, from)) in to.iter_mut().zip(pass.output_gradients[0]).enumerate() {
                        let gradient = *from * derivative(#(#points,)* #(#values),*);
                        *to = if accumulate { *to + gradient } else { gradient };
                    }
                }
            }
        }
    }
}

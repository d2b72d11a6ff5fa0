//! The inference form: its program as constants, and where its parameters are.

use nn_shape::frozen::{HEADER, Runs};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::fuse::{self, Kind, LayerStep, Program, Step, Where};
use super::{Context, passes, types};
use crate::ir::Layer;

/// `impl Freeze`, where the macro can read every size and no value holds indices; for others methods that say why not.
pub(super) fn frozen(context: &Context<'_>) -> TokenStream {
    let program = if context.indices.contains(&true) { None } else { fuse::program(context) };
    let program = match program {
        Some(program) => program,
        // The broken rule is the one error: who freezes the network does not get another.
        None if context.facts.broken => Program::default(),
        None => return without_form(context),
    };
    let (name, element) = (&context.network.name, &context.network.element);
    // An array of no length is not worth the trouble.
    let ([packed, squares], arena) = (program.packed.map(|len| len.max(HEADER)), program.arena.max(HEADER));
    // A recurrent layer has its weights packed.
    let as_is = |place: &usize| program.steps.iter().any(|step| step.kind == Kind::Layer(*place));
    let layers_as_is: Vec<&LayerStep> =
        (0..program.layers.len()).filter(as_is).map(|place| &program.layers[place]).collect();
    // The network is kept for their tensors alone.
    let holder = |step: &LayerStep| {
        let layer = &context.network.layers[context.network.ops[step.op].layer?];
        (layer.entry.generics > 0).then_some(layer)
    };
    // A layer without a name is called by its kind already.
    let shown = |layer: &Layer| match layer.label.contains(layer.entry.name) {
        true => layer.label.clone(),
        false => format!("{} ({})", layer.label, layer.entry.name),
    };
    let holders: Vec<String> = layers_as_is.iter().filter_map(|step| holder(step).map(shown)).collect();
    let (kept, get) = if holders.is_empty() {
        (quote!(()), quote!(::core::option::Option::None))
    } else {
        (quote!(#name), quote!(::core::option::Option::Some(kept)))
    };
    let steps: Vec<_> = program.steps.iter().map(|step| step_tokens(context, &program, step)).collect();
    let layers: Vec<_> = program.layers.iter().map(|layer| layer_tokens(&program, layer)).collect();
    let sources = program.sources.iter().map(|(op, field)| {
        let layer = passes::callee(context, *op, &context.network.ops[*op], quote!(&));
        let field: TokenStream = field.parse().expect("a field is written in tokens");
        quote!(::nn::Field::values(&(#layer).#field))
    });
    let runs = layers_as_is.iter().map(|step| {
        let (op, config) = (step.op, context.operation(step.op));
        match holder(step).map(Layer::access) {
            Some(access) => quote! {
                #op => if let ::core::option::Option::Some(network) = kept {
                    ::nn::Layer::forward(&network #access, &#config, pass)
                },
            },
            None => {
                let layer = types::layer(context, op);
                quote!(#op => ::nn::Layer::forward(&::nn::__private::zeroed::<#layer>(), &#config, pass),)
            }
        }
    });
    let kept_layers = holders.join(", ");
    let specialized = specialized(context, &program);
    let fingerprint = fingerprint(context, &program, steps.iter().chain(&layers));
    quote! {
        #[automatically_derived]
        #[allow(unused_variables, clippy::all)]
        impl ::nn::Freeze for #name {
            type Packed = ::nn::__private::frozen::Block<#element, #packed>;
            type PackedSquares = ::nn::__private::frozen::Block<#element, #squares>;
            type Arena = ::nn::__private::frozen::Block<#element, #arena>;
            type Kept = #kept;

            const FINGERPRINT: ::core::primitive::u64 = #fingerprint;
            const PROGRAM: &'static [::nn::__private::frozen::Step] = &[#(#steps),*];
            const LAYER_STEPS: &'static [::nn::__private::frozen::LayerStep] = &[#(#layers),*];
            const KEPT_LAYERS: &'static ::core::primitive::str = #kept_layers;

            #specialized

            fn with_sources(&self, take: &mut ::nn::__private::frozen::TakeSources<'_, #element>) {
                take(&[#(#sources),*]);
            }

            fn kept(kept: &Self::Kept) -> ::core::option::Option<&Self> {
                #get
            }

            fn kept_mut(kept: &mut Self::Kept) -> ::core::option::Option<&mut Self> {
                #get
            }

            fn run_layer(
                kept: ::core::option::Option<&Self>,
                operation: ::core::primitive::usize,
                pass: ::nn::Forward<'_, #element>,
            ) {
                match operation {
                    #(#runs)*
                    _ => {}
                }
            }
        }
    }
}

/// Steps up to which a network may be compiled for its sizes without being asked.
const FEW: usize = 8;

/// The steps of `#[specialize]`, each by its number, and the rest together; without the attribute all of a network of few steps, if it pays. Without
/// optimisation, code of the network's own would be slower than what all networks share, and take too much of the stack: debug builds run the latter.
fn specialized(context: &Context<'_>, program: &Program) -> TokenStream {
    let network = context.network;
    // A network without operations copies its input.
    let layer = |step: &Step| network.ops.get(step.op).and_then(|op| op.layer).map(|layer| &network.layers[layer]);
    let asked = |step: &Step| network.specialize || layer(step).is_some_and(|layer| layer.specialize);
    let unasked = !program.steps.iter().any(asked);
    if unasked && program.steps.len() > FEW {
        return TokenStream::new();
    }
    let pays = unasked.then(|| quote!(&&::nn::__private::frozen::pays(Self::PROGRAM)));
    let is_special = |step: &Step| unasked || asked(step);
    let (mut calls, mut from) = (Vec::new(), 0);
    while from < program.steps.len() {
        let others = program.steps[from..].iter().take_while(|step| !is_special(step)).count();
        if others > 0 {
            let to = from + others;
            calls.push(quote!(run.steps(#from, #to);));
            from = to;
        } else {
            calls.push(quote!(run.step::<#from>();));
            from += 1;
        }
    }
    quote! {
        const SPECIALIZED: ::core::primitive::bool = !::core::cfg!(debug_assertions) #pays;

        #[inline(always)]
        fn each_step(run: &mut impl ::nn::__private::frozen::EachStep) {
            #(#calls)*
        }
    }
}

/// Methods of the names of `Freeze`'s, which cannot be called: rustc says why. What they give may be anything, so that there is one error.
fn without_form(context: &Context<'_>) -> TokenStream {
    let (name, (found, fix)) = (&context.network.name, obstacle(context));
    let message = format!(
        "{name}.freeze: this network has no inference form\n  \
         rule : every size is written as a number, no value holds indices, no layer of one's own has tensors\n  \
         found: {found}\n  fix  : {fix}"
    );
    // What rustc points at beside the call is the network's name.
    let at = name.span();
    let bound = quote_spanned!(at=> for<'__never> &'__never (): InferenceForm);
    quote_spanned! {at=>
        const _: () = {
            #[diagnostic::on_unimplemented(message = #message, label = "it cannot be frozen")]
            trait InferenceForm {}

            #[doc(hidden)]
            #[allow(dead_code, private_bounds, unreachable_pub, missing_docs, clippy::all, clippy::pedantic)]
            impl #name {
                pub fn freeze<__Any>(&self) -> __Any where #bound {
                    ::core::unreachable!()
                }
                pub fn freeze_with<__Any>(&self, _options: ::nn::FreezeOptions) -> __Any where #bound {
                    ::core::unreachable!()
                }
                pub fn freeze_in<__Memory>(&self, _memory: &mut __Memory) -> &mut Self where #bound {
                    ::core::unreachable!()
                }
            }
        };
    }
}

/// Why a network has no inference form, and what helps.
fn obstacle(context: &Context<'_>) -> (String, String) {
    let network = context.network;
    let as_it_is = "run it as it is: `predict`, `forward`".to_string();
    if let Some(layer) = network.layers.iter().find(|layer| layer.own.is_some() && layer.entry.generics > 0) {
        return (format!("`{}` is a layer of your own", layer.label), as_it_is);
    }
    if let Some(value) = context.indices.iter().position(|index| *index) {
        let fix = without_places(context, value).unwrap_or(as_it_is);
        return (format!("`{}` holds indices", network.values[value].name), fix);
    }
    let number = "write the number, or run the network as it is: `predict`, `forward`".to_string();
    if let Some(input) = network.inputs.iter().position(|input| input.sizes.contains(&None)) {
        return (format!("a size of `{}` is a named constant", network.values[input].name), number);
    }
    let args = network.layers.iter().map(|layer| (layer.label.as_str(), &layer.args));
    let calls = network.ops.iter().map(|op| (op.entry.name, &op.args));
    for (name, args) in args.chain(calls) {
        if let Some(written) = args.iter().filter(|arg| arg.known.is_none()).find_map(|arg| arg.written.as_ref()) {
            return (format!("`{written}`, of `{name}`, is no number that the macro can read"), number);
        }
    }
    ("a layer that takes or gives too many values".to_string(), as_it_is)
}

/// The function that gives the values alone, where nobody takes their places.
fn without_places(context: &Context<'_>, value: usize) -> Option<String> {
    const ALONE: [(&str, &str); 2] = [("max", "amax"), ("min", "amin")];
    let op = context.network.ops.iter().find(|op| op.outputs.contains(&value))?;
    let (given, alone) = ALONE.iter().find(|(given, _)| op.entry.function == Some(*given))?;
    let is_unused = context.network.values[value].uses == 0;
    is_unused.then(|| {
        format!("write `{alone}(x, dim)` for `let (y, _) = {given}(x, dim);`: it gives the values without their places")
    })
}

/// A hash of all that decides how packed numbers lie and what is done with them.
fn fingerprint<'a>(context: &Context<'_>, program: &Program, tokens: impl Iterator<Item = &'a TokenStream>) -> u64 {
    let mut text = format!("{} {} {:?}", env!("CARGO_PKG_VERSION"), context.network.element, program.sources);
    for op in &context.network.ops {
        let args: Vec<_> = context.network.args(op).map(|bound| bound.known).collect();
        let shapes: Vec<_> = op.outputs.iter().map(|output| context.facts.shapes[*output]).collect();
        text += &format!("{} {:?} {args:?} {shapes:?}", op.entry.name, op.inputs);
    }
    for tokens in tokens {
        text += &tokens.to_string();
    }
    nn_shape::packed::checksum(text.as_bytes())
}

fn place(program: &Program, buffer: Option<usize>) -> TokenStream {
    let place = quote!(::nn::__private::frozen::Place);
    match buffer.map(|buffer| program.buffers[buffer].place) {
        None => quote!(#place::None),
        Some(Where::Input) => quote!(#place::Input),
        Some(Where::Part(part)) => quote!(#place::Part(#part)),
        Some(Where::Output) => quote!(#place::Output),
        Some(Where::Result(part)) => quote!(#place::Result(#part)),
        Some(Where::Arena(offset)) => quote!(#place::Arena(#offset)),
    }
}

fn offset(program: &Program, buffer: Option<usize>) -> usize {
    match buffer.map(|buffer| program.buffers[buffer].place) {
        Some(Where::Arena(offset)) => offset,
        _ => 0,
    }
}

fn step_tokens(context: &Context<'_>, program: &Program, step: &Step) -> TokenStream {
    let operation = context.operation(step.op);
    let frozen = quote!(::nn::__private::frozen);
    let work = match step.kind {
        Kind::Conv { laid_out: true, .. } => quote!(Conv { geometry: #operation.laid_out_geometry(), planar: false }),
        Kind::Conv { planar, .. } => quote!(Conv { geometry: #operation.kernel_geometry(), planar: #planar }),
        Kind::Transposed => quote!(Transposed(#operation.geometry)),
        Kind::Pad { planar } => {
            let (geometry, value) = padding(context, step.op);
            quote!(Pad { geometry: #geometry, value: #value, planar: #planar })
        }
        Kind::Resample => quote!(Resample(#operation.geometry)),
        Kind::Move(len) => quote!(Move { walk: #operation.last(), len: #len }),
        Kind::Norm { channels, places, groups, eps, around } => {
            let nothing = || (quote!(::nn::__private::shape::PadGeometry::nothing(#channels, #places)), quote!(0.0));
            let (around, value) = around.map_or_else(nothing, |op| padding(context, op));
            quote!(Norm { around: #around, value: #value, groups: #groups, eps: #eps })
        }
        Kind::Linear { rows, inputs, outputs } => quote!(Linear { rows: #rows, inputs: #inputs, outputs: #outputs }),
        Kind::Joined { lines, sizes: [first, second], outputs } => {
            quote!(Joined { lines: #lines, sizes: [#first, #second], outputs: #outputs })
        }
        Kind::Shift { lines, len, new } => quote!(Shift { lines: #lines, len: #len, new: #new }),
        Kind::Planes => quote!(Planes(#operation.kernel_geometry())),
        Kind::Pool { planar } => {
            quote!(Pool { geometry: #operation.geometry, reduction: #operation.reduction, planar: #planar })
        }
        Kind::Pointwise(len) => quote!(Pointwise { function: #operation.function, len: #len }),
        Kind::Arithmetic(len) => quote!(Arithmetic { operator: #operation.operator, len: #len }),
        Kind::Affine { channels, places } => quote!(Affine { channels: #channels, places: #places }),
        Kind::ToLast { channels, places } => quote!(ToLast { channels: #channels, places: #places }),
        Kind::ToPlain { channels, places } => quote!(ToPlain { channels: #channels, places: #places }),
        Kind::Permute(len) => quote!(Move { walk: #operation.walk, len: #len }),
        Kind::Runs(Runs { count, len, from, to }) => {
            let [from, to] = [from, to].map(|[first, apart]| quote!([#first, #apart]));
            quote!(Runs(#frozen::Runs { count: #count, len: #len, from: #from, to: #to }))
        }
        Kind::Copy(len) => quote!(Copy(#len)),
        Kind::Held(len) => quote!(Held(#len)),
        Kind::Recurrent(layer) => quote!(Recurrent { recurrence: #operation.recurrence(), operands: #layer }),
        Kind::Layer(layer) => quote!(Layer(#layer)),
    };
    let reads = step.reads.map(|read| place(program, read));
    let write = place(program, step.write);
    let ([packed, squares], scratch) = (step.packed, offset(program, step.scratch));
    let sources = if step.weight.is_none() && step.norm.is_none() {
        quote!(#frozen::Sources::NONE)
    } else {
        let option = |source: Option<usize>| match source {
            Some(source) => quote!(::core::option::Option::Some(#source)),
            None => quote!(::core::option::Option::None),
        };
        let (weight, norm, eps) = (option(step.weight), option(step.norm), step.eps);
        let [channels, places] = step.permuted;
        quote!(#frozen::Sources { weight: #weight, norm: #norm, eps: #eps, permuted: [#channels, #places] })
    };
    let bounds = step.bounds.map(number);
    quote! {
        #frozen::Step {
            packed: [#packed, #squares],
            scratch: #scratch,
            sources: #sources,
            bounds: [#(#bounds),*],
            ..#frozen::Step::new(#frozen::Work::#work, [#(#reads),*], #write)
        }
    }
}

/// What a padding layer or a convolution puts around its input, and the constant.
fn padding(context: &Context<'_>, op: usize) -> (TokenStream, TokenStream) {
    let operation = context.operation(op);
    match context.network.ops[op].entry.operation {
        "Pad" => (quote!(#operation.by_channel()), quote!(#operation.value)),
        _ => (quote!(#operation.pad_geometry()), quote!(0.0)),
    }
}

fn number(value: f64) -> TokenStream {
    if value == f64::INFINITY {
        quote!(::core::primitive::f64::INFINITY)
    } else if value == f64::NEG_INFINITY {
        quote!(::core::primitive::f64::NEG_INFINITY)
    } else {
        quote!(#value)
    }
}

fn layer_tokens(program: &Program, layer: &LayerStep) -> TokenStream {
    let operands = |buffers: &[usize]| {
        let operands = buffers.iter().map(|buffer| {
            let (place, len) = (place(program, Some(*buffer)), program.buffers[*buffer].len);
            quote!((#place, #len))
        });
        quote!(&[#(#operands),*])
    };
    let (op, reads, writes) = (layer.op, operands(&layer.reads), operands(&layer.writes));
    let (offset, len) =
        (offset(program, layer.scratch), layer.scratch.map_or(0, |scratch| program.buffers[scratch].len));
    quote! {
        ::nn::__private::frozen::LayerStep {
            operation: #op,
            reads: #reads,
            writes: #writes,
            scratch: (#offset, #len),
        }
    }
}

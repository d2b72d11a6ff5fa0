//! The network as plain constant data: what it prints, its table and its graph are made of.

use std::collections::{BTreeMap, HashMap};

use nn_shape::Arg;
use nn_shape::catalogue::{Entry, Kind};
use nn_shape::repr::{Form, Shown, items};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{Expr, Member};

use super::{Context, types};
use crate::arguments::literal;
use crate::ir::{Bound, Child, Content, Group, Layer, Network};
use crate::known::{Known, known};

/// A module as it is written down.
struct Row {
    tokens: TokenStream,
    /// A place in [`Network::layers`].
    layer: Option<usize>,
    /// What messages call a block or list.
    label: String,
}

/// `&Description { ... }`.
pub(super) fn description(context: &Context<'_>) -> TokenStream {
    let network = context.network;
    let name = network.name.to_string();
    let kind = quote!(::nn::describe::ModuleKind::Network);
    let whole = quote!(::nn::describe::Module::group(#name, 0, #kind, #name, #name));
    let mut rows = vec![Row { tokens: whole, layer: None, label: String::new() }];
    let mut kinds = Kinds::default();
    modules(context, &network.root, "", 1, &mut kinds, &mut rows);
    let modules = rows.iter().map(|row| &row.tokens);
    let layers: HashMap<_, _> = rows.iter().enumerate().filter_map(|(place, row)| Some((row.layer?, place))).collect();
    let runs = network.runs.iter().map(|run| {
        let module = rows.iter().position(|row| row.layer.is_none() && row.label == run.label).unwrap_or_default();
        let parent = run.parent;
        quote!(::nn::describe::Run { module: #module, parent: #parent })
    });
    let (steps, results) = steps(context, &layers);
    let values = (0..network.values.len()).map(|value| context.shape(value));
    let inputs = network.values[..network.inputs.len()].iter().map(|value| &value.name);
    let kinds = kinds.constants;
    // After an error in an expression of the user's, rustc notes where these constants needed it: at the network's name.
    quote_spanned! {network.name.span()=> {
        #(#kinds)*
        &::nn::describe::Description {
            modules: &[#(#modules),*],
            steps: &[#(#steps),*],
            runs: &[#(#runs),*],
            values: &[#(#values),*],
            inputs: &[#(#inputs),*],
            results: &[#(#results),*],
        }
    }}
}

/// `println!("{net}")` prints what `print(net)` does in PyTorch; so does `{net:?}`, for structs that hold a network and derive `Debug`.
pub(super) fn display(context: &Context<'_>) -> TokenStream {
    let name = &context.network.name;
    quote! {
        #[automatically_derived]
        impl ::core::fmt::Display for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&<Self as ::nn::Network>::repr(), f)
            }
        }

        #[automatically_derived]
        impl ::core::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(self, f)
            }
        }
    }
}

/// What the catalogue says of a layer's printed arguments, once for each kind of layer.
#[derive(Default)]
struct Kinds {
    constants: Vec<TokenStream>,
    names: BTreeMap<(&'static str, &'static str), syn::Ident>,
}

impl Kinds {
    /// The constant that holds the items.
    fn constant(&mut self, entry: &'static Entry, text: &'static str) -> syn::Ident {
        let count = self.names.len();
        let name = self.names.entry((entry.name, text)).or_insert_with(|| format_ident!("SHOWN{count}")).clone();
        if self.names.len() > count {
            // A layer of the user's own shows all that it was given.
            let all = entry.parameters.iter().enumerate().filter(|_| entry.operation.is_empty());
            let all = all.map(|(place, parameter)| Shown {
                label: parameter.name,
                place,
                form: Form::Plain,
                unless: None,
                or: false,
            });
            let items = items(text, entry).flatten().chain(all).map(shown);
            let shown = quote!(::nn::__private::shape::repr::Shown);
            self.constants.push(quote!(const #name: &[#shown] = &[#(#items),*];));
        }
        name
    }
}

fn shown(item: Shown) -> TokenStream {
    let repr = quote!(::nn::__private::shape::repr);
    let Shown { label, place, form, unless, or } = item;
    let form = match form {
        Form::Plain => quote!(Plain),
        Form::Tuple(count) => quote!(Tuple(#count)),
        Form::Open => quote!(Open),
        Form::Quoted => quote!(Quoted),
        Form::Real => quote!(Real),
        Form::And(other) => quote!(And(#other)),
        Form::Wrapped(other) => quote!(Wrapped(#other)),
        Form::Text => quote!(Text),
    };
    let unless = match unless.map(literal) {
        Some(arg) => quote!(::core::option::Option::Some(#arg)),
        None => quote!(::core::option::Option::None),
    };
    quote!(#repr::Shown { label: #label, place: #place, form: #repr::Form::#form, unless: #unless, or: #or })
}

/// The modules of a group, each in front of what it holds.
fn modules(context: &Context<'_>, group: &Group, label: &str, depth: usize, kinds: &mut Kinds, rows: &mut Vec<Row>) {
    for child in &group.children {
        let (name, text) = (&child.key, &child.text);
        match &child.content {
            // PyTorch's `None` in the place of a layer.
            Content::Layer(layer) if is_none(&context.network.layers[*layer]) => {}
            Content::Layer(layer) => {
                let tokens = self::layer(context, &context.network.layers[*layer], name, depth, kinds);
                rows.push(Row { tokens, layer: Some(*layer), label: String::new() });
            }
            Content::Group(_, inner) | Content::Network(_, inner) => {
                let own = own_label(child);
                let label = if label.is_empty() { own } else { format!("{label}.{own}") };
                let (kind, class) = kind(context.network, child, &label);
                let kind = format_ident!("{kind}");
                let tokens = quote! {
                    ::nn::describe::Module::group(#name, #depth, ::nn::describe::ModuleKind::#kind, #class, #text)
                };
                rows.push(Row { tokens, layer: None, label: label.clone() });
                modules(context, inner, &label, depth + 1, kinds, rows);
            }
        }
    }
}

/// `Identity(None)`: a layer that is left out.
fn is_none(layer: &Layer) -> bool {
    layer.text == "Identity(None)"
}

/// The last part of what messages call a block or list.
fn own_label(child: &Child) -> String {
    match &child.member {
        Member::Unnamed(index) => index.index.to_string(),
        Member::Named(name) => {
            let name = name.to_string();
            let number = name.strip_prefix('_').filter(|rest| rest.parse::<usize>().is_ok());
            number.map(ToString::to_string).unwrap_or(name)
        }
    }
}

/// What a block or list is, and its class.
fn kind(network: &Network, child: &Child, label: &str) -> (&'static str, String) {
    if matches!(child.content, Content::Network(..)) {
        let Content::Network(path, _) = &child.content else { unreachable!("it was matched") };
        return ("Network", path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default());
    }
    if !child.text.starts_with(['[', '{']) {
        return ("Block", child.text.split('(').next().unwrap_or_default().to_string());
    }
    let parameters = |group: &Group| {
        group.children.iter().all(
            |child| matches!(&child.content, Content::Layer(layer) if network.layers[*layer].entry.name == "Parameter"),
        )
    };
    let holds_parameters = matches!(&child.content, Content::Group(_, group) if parameters(group));
    if child.text.starts_with('{') {
        let kind = if holds_parameters { "ParameterDict" } else { "ModuleDict" };
        return (kind, kind.to_string());
    }
    if holds_parameters {
        return ("ParameterList", "ParameterList".to_string());
    }
    let kind = if network.runs.iter().any(|run| run.label == label) { "Sequential" } else { "ModuleList" };
    (kind, kind.to_string())
}

fn layer(context: &Context<'_>, layer: &Layer, name: &str, depth: usize, kinds: &mut Kinds) -> TokenStream {
    let (entry, text, frozen) = (layer.entry, &layer.text, layer.frozen);
    let place = context.network.layers.iter().position(|other| std::ptr::eq(other, layer)).unwrap_or_default();
    let args = context.constant(format_args!("L{place}"));
    let shown = kinds.constant(entry, entry.repr);
    let inner = entry.inner.iter().map(|inner| {
        let (name, class, shown) = (inner.name, inner.class, kinds.constant(entry, inner.repr));
        quote!((#name, #class, #shown))
    });
    let inner: Vec<_> = inner.collect();
    let operation = layer.first_use.map(|op| context.operation(op));
    let given = layer.args.iter().enumerate().filter_map(|(place, bound)| {
        let given = match (bound.known, &operation) {
            (Some(Arg::Inferred), Some(operation)) => {
                quote!(::nn::__private::shape::Arg::size(#operation.inferred()))
            }
            _ => literal(whole(entry.parameters[place].kind, bound)?),
        };
        Some(quote!((#place, #given)))
    });
    let (kind, class) = match entry.operation {
        "Held" if context.network.element == "f64" => (quote!(Parameter), "float64"),
        "Held" => (quote!(Parameter), "float32"),
        _ => (quote!(Layer), entry.name),
    };
    let lengths = layer.first_use.and_then(|op| types::lengths(context, op));
    let parameters = operation.as_ref().map_or_else(|| quote!(0), |operation| quote!(#operation.parameters() #lengths));
    quote! {
        ::nn::describe::Module {
            args: &#args,
            given: &[#(#given),*],
            shown: #shown,
            inner: &[#(#inner),*],
            parameters: #parameters,
            frozen: #frozen,
            ..::nn::describe::Module::group(#name, #depth, ::nn::describe::ModuleKind::#kind, #class, #text)
        }
    }
}

/// A whole number that was written for a real one: PyTorch keeps it, `Dropout(p=0)`.
fn whole(kind: Kind, bound: &Bound) -> Option<Arg> {
    let written: Expr = syn::parse2(bound.written.clone()?).ok()?;
    match (kind, known(&written)?, bound.known?) {
        (Kind::Real, Known::Int(value), Arg::Real(real)) if value as f64 == real => Some(Arg::Int(value)),
        _ => None,
    }
}

/// The computations, and the results. What a network says of its input as a layer computes nothing and is left out.
fn steps(context: &Context<'_>, layers: &HashMap<usize, usize>) -> (Vec<TokenStream>, Vec<usize>) {
    let network = context.network;
    let mut same: Vec<_> = (0..network.values.len()).collect();
    let mut steps = Vec::new();
    for (index, op) in network.ops.iter().enumerate() {
        let inputs: Vec<_> = op.inputs.iter().map(|input| same[*input]).collect();
        let hidden = op.layer.is_some_and(|layer| is_none(&network.layers[layer]));
        if op.entry.function == Some("") || hidden {
            same[op.outputs[0]] = inputs[0];
            continue;
        }
        let layer = match op.layer.and_then(|layer| layers.get(&layer)) {
            Some(place) => quote!(::core::option::Option::Some(#place)),
            None => quote!(::core::option::Option::None),
        };
        let function = if op.layer.is_some() { "" } else { op.name.as_str() };
        let (run, outputs, operation) = (op.run, &op.outputs, context.operation(index));
        steps.push(quote! {
            ::nn::describe::Step {
                layer: #layer,
                function: #function,
                run: #run,
                inputs: &[#(#inputs),*],
                outputs: &[#(#outputs),*],
                macs: #operation.macs(),
            }
        });
    }
    (steps, network.results.iter().map(|result| same[*result]).collect())
}

//! Binds a declaration to the catalogue: from [`crate::ast`] to [`crate::ir`].

use std::collections::{HashMap, HashSet};

use nn_shape::catalogue::{self, Entry};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Ident, Index, Lit, Member, Meta, Token};

use crate::arguments::{Owner, bind};
use crate::ast;
use crate::graph;
use crate::ir::{Bound, Init, Layer, Network, Source};
use crate::known::{Known, known};
use crate::report::Errors;
use crate::suggest::did_you_mean;

/// The network in single-assignment form; `None` if a mistake leaves none.
pub(crate) fn resolve(ast: &ast::Network, errors: &Errors) -> Option<Network> {
    // Layers that could not be read would be missed by whoever calls them.
    let is_whole = errors.is_empty();
    let (element, attributes) = element(&ast.attributes, errors);
    let inputs = sources(&ast.inputs, errors);
    let declared = ast.outputs.as_ref().map(|outputs| sources(outputs, errors));
    let layers: Vec<_> =
        ast.layers.iter().enumerate().map(|(index, layer)| resolve_layer(ast, index, layer, errors)).collect();
    check_names(&ast.layers, errors);
    check_keys(&ast.layers, &layers, errors);
    if !is_whole {
        return None;
    }
    if ast.layers.is_empty() && ast.forward.is_none() {
        errors.at(&ast.name, "a network has at least one layer");
        return None;
    }
    let mut network = Network {
        attributes,
        visibility: ast.visibility.clone(),
        name: ast.name.clone(),
        element,
        tuple: ast.tuple,
        layers: Vec::new(),
        values: Vec::new(),
        ops: Vec::new(),
        inputs,
        inputs_tuple: ast.inputs.tuple,
        results: Vec::new(),
        results_tuple: false,
        declared,
    };
    graph::build(&mut network, ast, layers, errors)?;
    if errors.is_empty() {
        check_outputs(&network, ast, errors);
    }
    Some(network)
}

/// `#[element(f64)]` and the attributes that remain.
fn element(attributes: &[Attribute], errors: &Errors) -> (Ident, Vec<Attribute>) {
    let mut element = format_ident!("f32");
    let mut rest = Vec::new();
    for attribute in attributes {
        if !attribute.path().is_ident("element") {
            rest.push(attribute.clone());
            continue;
        }
        match attribute.parse_args::<Ident>() {
            Ok(name) if name == "f32" || name == "f64" => element = name,
            _ => errors.at(attribute, "the element type is f32 or f64: `#[element(f64)]`"),
        }
    }
    (element, rest)
}

fn sources(shapes: &ast::Shapes, errors: &Errors) -> Vec<Source> {
    shapes.shapes.iter().map(|shape| source(shape, errors)).collect()
}

fn source(shape: &ast::Shape, errors: &Errors) -> Source {
    let span = shape.span();
    if shape.sizes.len() > nn_shape::MAX_RANK {
        errors.push(syn::Error::new(
            span,
            format!("a shape has at most {} axes, the batch left out", nn_shape::MAX_RANK),
        ));
    }
    if shape.index {
        errors.push(syn::Error::new(span, "no layer takes indices yet"));
    }
    for size in &shape.sizes {
        match known(size) {
            Some(Known::Int(value)) if value <= 0 => {
                let batch = if value < 0 { ", and the batch is left out" } else { "" };
                errors.at(size, format!("every axis has at least size 1{batch}: found {value}"));
            }
            Some(Known::Real(_) | Known::Flag(_)) => errors.at(size, "a size is a whole number"),
            _ if matches!(size, Expr::Infer(_)) => errors
                .at(size, "the sizes in the header are written out: `_` stands only where a size follows from others"),
            _ => {}
        }
    }
    let sizes = &shape.sizes;
    Source {
        shape: quote_spanned!(span=> ::nn::__private::shape::Shape::header(&[#(#sizes),*])),
        sizes: sizes
            .iter()
            .map(|size| if let Some(Known::Int(value)) = known(size) { usize::try_from(value).ok() } else { None })
            .collect(),
        span,
    }
}

fn resolve_layer(ast: &ast::Network, index: usize, layer: &ast::Layer, errors: &Errors) -> Option<Layer> {
    let kind = layer.kind.to_token_stream();
    let name = layer.kind.segments.last()?.ident.to_string();
    if layer.kind.segments.len() > 1 {
        errors.at(&layer.kind, format!("write `{name}`, without the path in front: layers are torch.nn's"));
        return None;
    }
    let entry = catalogue::layer(&name);
    if entry.is_none() {
        errors.at(&layer.kind, unknown_layer(&name));
    }
    let entry = entry?;
    let owner = Owner { name: &name, axes: entry.axes, tokens: &kind };
    let given = if entry.ignores_arguments { &[][..] } else { &layer.args };
    let args = bind(&owner, entry.parameters, given, errors);
    let attributes = layer_attributes(layer, entry, errors);
    if let Some(args) = &args {
        check_inits(layer, entry, args, &attributes.init, errors);
    }
    let field = match &layer.name {
        Some(name) => Member::Named(name.clone()),
        None if ast.tuple => Member::Unnamed(Index { index: index as u32, span: layer.kind.span() }),
        None => Member::Named(format_ident!("_{index}", span = layer.kind.span())),
    };
    let label = match (&layer.name, ast.tuple) {
        (Some(name), _) => name.to_string(),
        (None, true) => format!("{index} ({name})"),
        (None, false) => name.clone(),
    };
    let key =
        attributes.key.unwrap_or_else(|| layer.name.as_ref().map_or_else(|| index.to_string(), ToString::to_string));
    if let (Some(name), true) = (&layer.name, ast.tuple) {
        errors.at(name, "layers in parentheses have no names: write them in braces, or leave the names out");
    }
    Some(Layer {
        field,
        key,
        label,
        entry,
        args: args?,
        docs: attributes.docs,
        init: attributes.init,
        frozen: attributes.frozen,
        text: text(layer),
        kind,
        first_use: None,
    })
}

fn unknown_layer(name: &str) -> String {
    if let Some(function) = catalogue::function(name) {
        let hint = if function.is_layer {
            format!("write the layer `{}`", function.name)
        } else {
            format!("call `{name}` in `forward`")
        };
        return format!("`{name}` is a function, not a layer: {hint}");
    }
    let names = catalogue::entries().filter(|entry| entry.is_layer).map(|entry| entry.name);
    format!("there is no layer `{name}`{}", did_you_mean(name, names))
}

/// Kind and arguments as the user wrote them, with Python's spacing.
fn text(layer: &ast::Layer) -> String {
    let kind = layer.kind.to_token_stream();
    let args: Vec<_> = layer
        .args
        .iter()
        .map(|arg| {
            let value =
                arg.value.to_token_stream().to_string().replace(" ,", ",").replace("( ", "(").replace(" )", ")");
            arg.name.as_ref().map_or(value.clone(), |name| format!("{name}={value}"))
        })
        .collect();
    if args.is_empty() { kind.to_string() } else { format!("{kind}({})", args.join(", ")) }
}

#[derive(Default)]
struct LayerAttributes {
    key: Option<String>,
    docs: Vec<Attribute>,
    init: Vec<Init>,
    frozen: bool,
}

fn layer_attributes(layer: &ast::Layer, entry: &Entry, errors: &Errors) -> LayerAttributes {
    let mut found = LayerAttributes::default();
    for attribute in &layer.attributes {
        let name = attribute.path().get_ident().map(ToString::to_string).unwrap_or_default();
        match name.as_str() {
            "frozen" | "init" | "key" if entry.generics == 0 => {
                errors.at(attribute, format!("`{}` has no parameters: leave `#[{name}]` out", entry.name));
            }
            "doc" => found.docs.push(attribute.clone()),
            "frozen" => match &attribute.meta {
                Meta::Path(_) => found.frozen = true,
                _ => errors.at(attribute, "`#[frozen]` takes no arguments"),
            },
            "key" => match key(attribute) {
                Some(key) => found.key = Some(key),
                None => errors.at(attribute, "the name in the state_dict is written so: `#[key = \"features.0\"]`"),
            },
            "init" => match init(attribute) {
                Ok(init) => found.init.push(init),
                Err(error) => errors.push(error),
            },
            _ => {
                let hint = did_you_mean(&name, ["key", "init", "frozen"]);
                errors.at(
                    attribute.path(),
                    format!("a layer has no attribute `{name}`{hint} (there are key, init and frozen)"),
                );
            }
        }
    }
    found
}

fn key(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    let Expr::Lit(literal) = &pair.value else { return None };
    let Lit::Str(text) = &literal.lit else { return None };
    Some(text.value())
}

/// `init(kaiming_normal, nonlinearity = "relu")`, or for another parameter `init(bias: zeros)`.
fn init(attribute: &Attribute) -> syn::Result<Init> {
    attribute.parse_args_with(|input: syn::parse::ParseStream<'_>| {
        let first: Ident = input.parse()?;
        let (parameter, function) = if input.peek(Token![:]) {
            input.parse::<Token![:]>()?;
            (first.to_string(), input.parse()?)
        } else {
            ("weight".to_string(), first)
        };
        let mut options = Vec::new();
        if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
            for arg in Punctuated::<Expr, Token![,]>::parse_terminated(input)? {
                let arg = ast::Arg::from_expr(arg);
                let name = arg.name.ok_or_else(|| {
                    syn::Error::new_spanned(&arg.value, "options of an init function are named: `gain = 2.0`")
                })?;
                options.push((name, arg.value));
            }
        }
        for (name, option) in [("sparse", "sparsity"), ("constant", "val")] {
            if function == name && options.iter().all(|(given, _)| given != option) {
                let message = format!("`{name}` needs `{option}`: `#[init({name}, {option} = 0.5)]`");
                return Err(syn::Error::new(function.span(), message));
            }
        }
        Ok(Init { parameter, function, options })
    })
}

/// Layers that hold a weight and perhaps a bias have nothing else to fill.
fn check_inits(layer: &ast::Layer, entry: &Entry, args: &[Bound], inits: &[Init], errors: &Errors) {
    if entry.learns.is_empty() {
        return;
    }
    let says = |name: &str| {
        entry.parameters.iter().position(|parameter| parameter.name == name).map(|place| args[place].known)
    };
    let is_off = |name: &str| says(name).flatten() == Some(nn_shape::Arg::Flag(false));
    let attributes = layer.attributes.iter().filter(|attribute| attribute.path().is_ident("init"));
    for (attribute, init) in attributes.zip(inits) {
        let off = match init.parameter.as_str() {
            other if !entry.learns.contains(&other) => {
                let hint = did_you_mean(other, entry.learns.iter().copied());
                let names = entry.learns.join(" and ");
                errors.at(attribute, format!("`{}` has no parameter `{other}`{hint} (it has {names})", entry.name));
                continue;
            }
            "bias" => ["bias", "affine", "elementwise_affine"].iter().find(|name| is_off(name)),
            _ => ["affine", "elementwise_affine"].iter().find(|name| is_off(name)),
        };
        if let Some(off) = off {
            errors.at(attribute, format!("there is no `{}` to fill: `{off} = false`", init.parameter));
        }
    }
}

fn check_names(layers: &[ast::Layer], errors: &Errors) {
    let mut names = HashSet::new();
    for name in layers.iter().filter_map(|layer| layer.name.as_ref()) {
        if !names.insert(name.to_string()) {
            errors.at(name, format!("two layers are called `{name}`"));
        }
    }
}

/// Two tensors of one name in the state_dict would be one.
fn check_keys(ast: &[ast::Layer], layers: &[Option<Layer>], errors: &Errors) {
    let mut keys = HashMap::new();
    for (declared, layer) in ast.iter().zip(layers) {
        let Some(layer) = layer.as_ref().filter(|layer| layer.entry.generics > 0) else { continue };
        let Some(other) = keys.insert(&layer.key, declared) else { continue };
        let attributes = || declared.attributes.iter().chain(&other.attributes);
        if let Some(attribute) = attributes().find(|attribute| attribute.path().is_ident("key")) {
            errors.at(attribute, format!("two layers have the key \"{}\" in the state_dict", layer.key));
        }
    }
}

fn check_outputs(network: &Network, ast: &ast::Network, errors: &Errors) {
    let (Some(declared), Some(outputs)) = (&network.declared, &ast.outputs) else { return };
    if declared.len() != network.results.len() {
        let plural = if declared.len() == 1 { "" } else { "s" };
        let given: Vec<_> =
            network.results.iter().map(|result| format!("`{}`", network.values[*result].name)).collect();
        let (count, given) = (declared.len(), given.join(", "));
        let message = format!(
            "the header declares {count} output{plural}, but the network gives {}: {given}",
            network.results.len()
        );
        errors.push(syn::Error::new(outputs.span, message));
    }
}

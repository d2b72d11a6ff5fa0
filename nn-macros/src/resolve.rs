//! Binds a declaration to the catalogue: from [`crate::ast`] to [`crate::ir`].

use quote::{format_ident, quote_spanned};
use syn::{Attribute, Expr, Ident};

use crate::ast;
use crate::attributes::specialize;
use crate::graph::{self, Callable};
use crate::ir::{Network, Source};
use crate::known::{Known, beyond, known};
use crate::modules::Resolver;
use crate::report::Errors;
use crate::substitute::{check_parameters, with_defaults};
use crate::template::Templates;

/// The network in single-assignment form; `None` if a mistake leaves none.
pub(crate) fn network(ast: &ast::Network, templates: &Templates, errors: &Errors) -> Option<Network> {
    // Layers that could not be read would be missed by whoever calls them.
    let is_whole = errors.is_empty();
    let Header { element, specialize, attributes } = header(&ast.attributes, errors);
    let inputs = sources(&ast.inputs, errors);
    let declared = ast.outputs.as_ref().map(|outputs| sources(outputs, errors));
    let mut network = Network {
        attributes,
        visibility: ast.visibility.clone(),
        name: ast.name.clone(),
        element,
        specialize,
        inputs,
        inputs_tuple: ast.inputs.tuple,
        declared,
        ..Network::new(ast.name.clone())
    };
    let mut resolver = Resolver { network: &mut network, errors, open: &[] };
    let (root, instance) = resolver.root(&ast.body, templates);
    network.root = root;
    if !is_whole {
        return None;
    }
    if ast.body.layers.is_empty() && ast.body.forward.is_none() {
        errors.at(&ast.name, "a network has at least one layer");
        return None;
    }
    graph::build(&mut network, &instance, None, errors)?;
    if errors.is_empty() {
        check_outputs(&network, ast, errors);
    }
    Some(network)
}

/// Checks a block where it is declared, as far as that goes without its arguments and the shapes that it meets.
pub(crate) fn block(ast: &ast::Block, templates: &Templates, errors: &Errors) {
    let is_whole = errors.is_empty();
    check_parameters(ast, errors);
    let mut network = Network::new(ast.name.clone());
    let count = ast.body.forward.as_ref().map_or(1, |forward| forward.inputs.len());
    let nowhere = || Source { shape: Default::default(), sizes: Vec::new(), index: false, span: ast.name.span() };
    network.inputs = (0..count).map(|_| nowhere()).collect();
    let (Some(body), open) = with_defaults(ast, errors) else { return };
    let (root, instance) = Resolver { network: &mut network, errors, open: &open }.root(&body, templates);
    network.root = root;
    if is_whole && !matches!(instance.body, Callable::Broken) {
        graph::build(&mut network, &instance, Some(&open), errors);
    }
}

/// What stands above a network.
pub(crate) struct Header {
    /// `#[element(f64)]`
    pub(crate) element: Ident,
    /// `#[specialize]`
    pub(crate) specialize: bool,
    /// Those that are the struct's.
    pub(crate) attributes: Vec<Attribute>,
}

/// Reads the attributes of a network.
pub(crate) fn header(attributes: &[Attribute], errors: &Errors) -> Header {
    let mut found = Header { element: format_ident!("f32"), specialize: false, attributes: Vec::new() };
    for attribute in attributes {
        if attribute.path().is_ident("specialize") {
            found.specialize = specialize(attribute, errors);
            continue;
        }
        if !attribute.path().is_ident("element") {
            found.attributes.push(attribute.clone());
            continue;
        }
        match attribute.parse_args::<Ident>() {
            Ok(name) if name == "f32" || name == "f64" => found.element = name,
            _ => errors.at(attribute, "the element type is f32 or f64: `#[element(f64)]`"),
        }
    }
    found
}

fn sources(shapes: &ast::Shapes, errors: &Errors) -> Vec<Source> {
    if let Some(beyond) = shapes.shapes.get(nn_shape::MAX_TENSORS) {
        errors.push(syn::Error::new(beyond.span, too_many()));
    }
    shapes.shapes.iter().map(|shape| source(shape, errors)).collect()
}

fn too_many() -> String {
    let most = nn_shape::MAX_TENSORS;
    format!("a network takes at most {most} tensors and gives at most {most}: `stack` or `cat` makes one of several")
}

fn source(shape: &ast::Shape, errors: &Errors) -> Source {
    let span = shape.span;
    if shape.sizes.len() > nn_shape::MAX_RANK {
        errors.push(syn::Error::new(
            span,
            format!("a shape has at most {} axes, the batch left out", nn_shape::MAX_RANK),
        ));
    }
    for size in &shape.sizes {
        match known(size) {
            Some(Known::Int(value)) if value <= 0 => {
                let batch = if value < 0 { ", and the batch is left out" } else { "" };
                errors.at(size, format!("every axis has at least size 1{batch}: found {value}"));
            }
            Some(Known::Real(_) | Known::Flag(_)) => errors.at(size, "a size is a whole number"),
            None if let Some(digits) = beyond(size) => {
                let most = nn_shape::Shape::MOST;
                errors.at(size, format!("the shape is too large: it holds at most {most} values, found {digits}"));
            }
            _ if matches!(size, Expr::Infer(_)) => errors
                .at(size, "the sizes in the header are written out: `_` stands only where a size follows from others"),
            _ => {}
        }
    }
    let sizes = &shape.sizes;
    let header = if shape.index { format_ident!("index_header") } else { format_ident!("header") };
    Source {
        shape: quote_spanned!(span=> ::nn::__private::shape::Shape::#header(&[#(#sizes),*])),
        index: shape.index,
        sizes: sizes
            .iter()
            .map(|size| if let Some(Known::Int(value)) = known(size) { usize::try_from(value).ok() } else { None })
            .collect(),
        span,
    }
}

fn check_outputs(network: &Network, ast: &ast::Network, errors: &Errors) {
    let (Some(declared), Some(outputs)) = (&network.declared, &ast.outputs) else {
        if network.results.len() > nn_shape::MAX_TENSORS {
            errors.at(&ast.name, too_many());
        }
        return;
    };
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

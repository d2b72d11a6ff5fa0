//! A block with its parameters replaced by what its user wrote.

use std::collections::HashMap;

use proc_macro2::{Delimiter, Group, Literal, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Expr, Pat, Stmt, parse2};

use crate::arguments::{assign, bare, text};
use crate::ast::{Arg, Block, Body, Call, Forward, Layer, Module};
use crate::report::Errors;

/// What stands for each parameter.
pub(crate) type Values = HashMap<String, TokenStream>;

/// The layers of a block for one use of it; `None` if the arguments do not fit, which is reported.
pub(crate) fn instantiate(block: &Block, call: &Call, errors: &Errors) -> Option<Body> {
    let names: Vec<_> = block.parameters.iter().map(|parameter| parameter.name.to_string()).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let (name, signature) = (block.name.to_string(), signature(block));
    let places = assign(&name, &names, &signature, &call.args, errors)?;
    let mut values = Values::new();
    let mut missing = Vec::new();
    for (parameter, place) in block.parameters.iter().zip(places) {
        let value = match (place, &parameter.default) {
            (Some(place), _) => call.args[place].value.to_token_stream(),
            // A default may speak of the parameters before it.
            (None, Some(default)) => replace(default.to_token_stream(), &values),
            (None, None) => {
                missing.push(format!("`{}`", parameter.name));
                continue;
            }
        };
        values.insert(parameter.name.to_string(), value);
    }
    if !missing.is_empty() {
        errors.at(&call.kind, format!("`{name}` needs {}: {signature}", missing.join(" and ")));
        return None;
    }
    body(&block.body, &values, errors)
}

/// The body of a block with its defaults, for the check of its declaration, and the parameters that stand open.
pub(crate) fn with_defaults(block: &Block, errors: &Errors) -> (Option<Body>, Vec<String>) {
    let (mut values, mut open) = (Values::new(), Vec::new());
    for parameter in &block.parameters {
        let name = parameter.name.to_string();
        match &parameter.default {
            Some(default) => {
                // What a named constant is, only the block's user says, who may give something else.
                constant_names(default.to_token_stream(), &mut open);
                values.insert(name, replace(default.to_token_stream(), &values));
            }
            None => open.push(name),
        }
    }
    (body(&block.body, &values, errors), open)
}

/// The names in capitals.
fn constant_names(tokens: TokenStream, found: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(name) => {
                found.extend(Some(name.to_string()).filter(|name| !name.contains(char::is_lowercase) && name != "_"))
            }
            TokenTree::Group(group) => constant_names(group.stream(), found),
            _ => {}
        }
    }
}

/// A block with its parameters left as they are: to check what can be checked where it is declared.
pub(crate) fn check_parameters(block: &Block, errors: &Errors) {
    let mut seen: Vec<String> = Vec::new();
    for parameter in &block.parameters {
        let name = parameter.name.to_string();
        if seen.contains(&name) {
            errors.at(&parameter.name, format!("two parameters are called `{name}`"));
        }
        // `norm: norm` is a layer that the caller gives.
        let own = |layer: &Layer| !matches!(&layer.module, Module::Call(call) if call.kind.is_ident(&name));
        let mut layers = block.body.layers.iter().filter(|layer| own(layer));
        if layers.any(|layer| layer.name.as_ref().is_some_and(|layer| *layer == name)) {
            errors.at(&parameter.name, format!("`{name}` is the name of a parameter and of a layer"));
        }
        seen.push(name);
    }
    let Some(forward) = &block.body.forward else { return };
    let bound = forward.inputs.iter().cloned().chain(forward.body.stmts.iter().flat_map(|statement| match statement {
        Stmt::Local(local) => bound_names(&local.pat),
        _ => Vec::new(),
    }));
    for name in bound.filter(|name| seen.contains(&name.to_string())) {
        errors.at(&name, format!("`{name}` is the name of a parameter already"));
    }
}

fn bound_names(pat: &Pat) -> Vec<syn::Ident> {
    match pat {
        Pat::Ident(name) => vec![name.ident.clone()],
        Pat::Tuple(tuple) => tuple.elems.iter().flat_map(bound_names).collect(),
        Pat::Paren(paren) => bound_names(&paren.pat),
        _ => Vec::new(),
    }
}

/// `BasicBlock(cin, cout, stride = 1)`
fn signature(block: &Block) -> String {
    let parameters = block.parameters.iter().map(|parameter| match &parameter.default {
        Some(default) => format!("{} = {}", parameter.name, default.to_token_stream()),
        None => parameter.name.to_string(),
    });
    format!("{}({})", block.name, parameters.collect::<Vec<_>>().join(", "))
}

fn body(body: &Body, values: &Values, errors: &Errors) -> Option<Body> {
    let layers = body.layers.iter().map(|layer| {
        let module = module(&layer.module, values, errors)?;
        Some(Layer { attributes: layer.attributes.clone(), name: layer.name.clone(), module })
    });
    // In `forward`, `norm` is the layer `norm: norm`.
    let named = |name: &String| body.layers.iter().any(|layer| layer.name.as_ref().is_some_and(|layer| layer == name));
    let values =
        &values.iter().filter(|(name, _)| !named(name)).map(|(name, value)| (name.clone(), value.clone())).collect();
    let forward = body.forward.as_ref().map(|forward| Forward {
        keyword: forward.keyword.clone(),
        inputs: forward.inputs.clone(),
        options: forward.options.clone(),
        body: statements(&forward.body, values),
    });
    Some(Body { tuple: body.tuple, layers: layers.collect::<Option<_>>()?, forward })
}

/// Statements with names replaced by tokens.
pub(crate) fn statements(block: &syn::Block, values: &Values) -> syn::Block {
    parse2(replace(block.to_token_stream(), values)).unwrap_or_else(|_| block.clone())
}

fn module(from: &Module, values: &Values, errors: &Errors) -> Option<Module> {
    Some(match from {
        Module::Call(call) => {
            let stands_for = call.kind.get_ident().and_then(|name| values.get(&name.to_string()));
            match stands_for {
                Some(kind) => layer_argument(kind, call, values, errors)?,
                None => Module::Call(Call { kind: call.kind.clone(), args: args(&call.args, values) }),
            }
        }
        Module::List(modules, span) => {
            let modules = modules.iter().map(|inner| module(inner, values, errors));
            Module::List(modules.collect::<Option<_>>()?, *span)
        }
        Module::Dict(layers, span) => {
            let layers = layers
                .iter()
                .map(|layer| Some(Layer { module: module(&layer.module, values, errors)?, ..layer.clone() }));
            Module::Dict(layers.collect::<Option<_>>()?, *span)
        }
        Module::Repeat(inner, count, span) => {
            let count = parse2(replace(count.to_token_stream(), values)).unwrap_or_else(|_| (**count).clone());
            Module::Repeat(Box::new(module(inner, values, errors)?), Box::new(count), *span)
        }
    })
}

/// `norm(cout)` where `norm` stands for `BatchNorm2d`; `activation` where it stands for `LeakyReLU(0.1)`.
fn layer_argument(kind: &TokenStream, call: &Call, values: &Values, errors: &Errors) -> Option<Module> {
    let own = args(&call.args, values);
    let name = call.kind.to_token_stream();
    match parse2::<Expr>(kind.clone()).ok().as_ref().map(bare) {
        Some(Expr::Path(path)) => Some(Module::Call(Call { kind: path.path.clone(), args: own })),
        Some(Expr::Call(given)) if let Expr::Path(path) = &*given.func => {
            if !own.is_empty() && !given.args.is_empty() {
                let layer = &path.path;
                errors
                    .at(layer, format!("the block gives `{name}` its arguments: write `{}` alone", text(&given.func)));
                return None;
            }
            let given = given.args.iter().cloned().map(Arg::from_expr);
            Some(Module::Call(Call { kind: path.path.clone(), args: given.chain(own).collect() }))
        }
        _ => {
            errors.at(kind, format!("this stands where the block has a layer, `{name}`"));
            None
        }
    }
}

fn args(from: &[Arg], values: &Values) -> Vec<Arg> {
    from.iter()
        .map(|arg| {
            let tokens = arg.value.to_token_stream();
            let Some(blame) = first(&tokens, values) else { return arg.clone() };
            let value = parse2(replace(tokens, values)).unwrap_or_else(|_| arg.value.clone());
            Arg {
                name: arg.name.clone(),
                value,
                blame: Some(arg.blame.clone().unwrap_or(blame)),
                formula: Some(arg.formula.clone().unwrap_or_else(|| text(&arg.value))),
            }
        })
        .collect()
}

/// What the first of the names that occur stands for.
fn first(tokens: &TokenStream, values: &Values) -> Option<TokenStream> {
    tokens.clone().into_iter().find_map(|token| match token {
        TokenTree::Ident(name) => values.get(&name.to_string()).cloned(),
        TokenTree::Group(group) => first(&group.stream(), values),
        _ => None,
    })
}

/// Replaces names by tokens, in parentheses where they are several; not after `.` (but after `..`) or `::`, and not in front of `::` or a keyword's `=`.
fn replace(tokens: TokenStream, values: &Values) -> TokenStream {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let is = |place: Option<usize>, symbol: char| matches!(place.and_then(|place| tokens.get(place)), Some(TokenTree::Punct(punct)) if punct.as_char() == symbol);
    let is_keyword = |place: usize| {
        let joint =
            matches!(&tokens.get(place + 1), Some(TokenTree::Punct(punct)) if punct.spacing() == Spacing::Joint);
        is(Some(place + 1), '=') && !joint
    };
    let mut result = TokenStream::new();
    for (place, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), replace(group.stream(), values));
                inner.set_span(group.span());
                result.extend([TokenTree::from(inner)]);
            }
            TokenTree::Ident(name) => {
                let before = place.checked_sub(1);
                let field = is(before, '.') && !is(place.checked_sub(2), '.');
                let own = field || is(before, ':') || is(Some(place + 1), ':') || is_keyword(place);
                match values.get(&name.to_string()).filter(|_| !own) {
                    Some(value) => result.extend(enclosed(value)),
                    None => result.extend([token.clone()]),
                }
            }
            _ => result.extend([token.clone()]),
        }
    }
    result
}

/// Several tokens in parentheses.
fn enclosed(value: &TokenStream) -> TokenStream {
    let mut tokens = value.clone().into_iter();
    let (Some(first), Some(_)) = (tokens.next(), tokens.next()) else { return value.clone() };
    let mut group = Group::new(Delimiter::Parenthesis, value.clone());
    group.set_span(first.span());
    group.into_token_stream()
}

/// Constants in place of names: what a block's caller may say of them.
pub(crate) fn constants(values: impl Iterator<Item = (String, Expr)>) -> Values {
    values.map(|(name, value)| (name, value.to_token_stream())).collect()
}

/// A number in place of a name: for loops over constants.
pub(crate) fn number(name: &str, value: usize, span: proc_macro2::Span) -> Values {
    // Without a suffix it is of whatever type its place asks for.
    let mut literal = Literal::usize_unsuffixed(value);
    literal.set_span(span);
    HashMap::from([(name.to_string(), literal.into_token_stream())])
}

//! The attributes of layers: `#[key]`, `#[init]`, `#[frozen]`, `#[weight_norm]`.

use nn_shape::catalogue::Entry;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Ident, Lit, Meta, Token};

use crate::ast;
use crate::ir::{Bound, Init};
use crate::report::Errors;
use crate::suggest::did_you_mean;

/// What stands above a layer, a block or a list.
#[derive(Default)]
pub(crate) struct Attributes {
    pub(crate) key: Option<String>,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) init: Vec<Init>,
    pub(crate) frozen: bool,
    pub(crate) weight_norm: Option<WeightNorm>,
}

/// `#[weight_norm]`: what has a length of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum WeightNorm {
    EachRow,
    Whole,
}

/// Reads the attributes of a layer; `entry` is `None` for blocks and lists.
pub(crate) fn attributes(layer: &ast::Layer, entry: Option<&Entry>, errors: &Errors) -> Attributes {
    let mut found = Attributes::default();
    for attribute in &layer.attributes {
        let name = attribute.path().get_ident().map(ToString::to_string).unwrap_or_default();
        match (name.as_str(), entry) {
            ("frozen" | "init", Some(entry)) if entry.generics == 0 => {
                errors.at(attribute, format!("`{}` has no parameters: leave `#[{name}]` out", entry.name));
            }
            ("init", None) => {
                errors.at(attribute, "`#[init]` stands above the layer whose parameters it fills, not above a block");
            }
            ("doc", _) => found.docs.push(attribute.clone()),
            ("frozen", _) => match &attribute.meta {
                Meta::Path(_) => found.frozen = true,
                _ => errors.at(attribute, "`#[frozen]` takes no arguments"),
            },
            ("key", _) => match key(attribute) {
                Some(key) => found.key = Some(key),
                None => errors.at(attribute, "the name in the state_dict is written so: `#[key = \"features.0\"]`"),
            },
            ("init", _) => match init(attribute) {
                Ok(init) => found.init.push(init),
                Err(error) => errors.push(error),
            },
            ("weight_norm", entry) => found.weight_norm = weight_norm(attribute, entry, errors),
            _ => {
                let hint = did_you_mean(&name, ["key", "init", "frozen", "weight_norm"]);
                errors.at(
                    attribute.path(),
                    format!("a layer has no attribute `{name}`{hint} (there are key, init, frozen and weight_norm)"),
                );
            }
        }
    }
    found
}

/// `#[weight_norm]`, `#[weight_norm(dim = 0)]`, `#[weight_norm(dim = None)]`, above a layer with a weight.
fn weight_norm(attribute: &Attribute, entry: Option<&Entry>, errors: &Errors) -> Option<WeightNorm> {
    let operations = ["Linear", "Bilinear", "Conv", "ConvTranspose", "Embedding", "EmbeddingBag"];
    match entry {
        None => {
            errors
                .at(attribute, "`#[weight_norm]` stands above the layer whose weight it normalises, not above a block");
            return None;
        }
        Some(entry) if !operations.contains(&entry.operation) => {
            let message = format!("`{}` has no weight to normalise: leave `#[weight_norm]` out", entry.name);
            errors.at(attribute, message);
            return None;
        }
        Some(_) => {}
    }
    let Meta::List(list) = &attribute.meta else { return Some(WeightNorm::EachRow) };
    match list.tokens.to_string().replace(' ', "").as_str() {
        "" | "dim=0" | "0" => Some(WeightNorm::EachRow),
        "dim=None" | "None" => Some(WeightNorm::Whole),
        _ => {
            errors.at(&list.tokens, "`dim` is 0, a length for each row of the weight, or None, one for all of it");
            None
        }
    }
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
pub(crate) fn check_inits(layer: &ast::Layer, entry: &Entry, args: &[Bound], inits: &[Init], errors: &Errors) {
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
            _ if entry.operation == "Held" => {
                if init.parameter != "weight" {
                    let (name, function) = (entry.name, &init.function);
                    errors.at(attribute, format!("a {name} is one tensor: write `#[init({function})]`"));
                }
                None
            }
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

//! The attributes of layers: `#[key]`, `#[init]`, `#[frozen]`, `#[specialize]`, `#[weight_norm]`.

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
    pub(crate) specialize: bool,
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
            ("specialize", Some(entry)) if entry.generics == 0 => {
                let message = "`#[specialize]` stands above layers with parameters, or above the network";
                errors.at(attribute, format!("`{}` has no parameters: {message}", entry.name));
            }
            ("init", None) => {
                errors.at(attribute, "`#[init]` stands above the layer whose parameters it fills, not above a block");
            }
            ("doc", _) => found.docs.push(attribute.clone()),
            ("frozen", _) => match &attribute.meta {
                Meta::Path(_) => found.frozen = true,
                _ => errors.at(attribute, "`#[frozen]` takes no arguments"),
            },
            ("specialize", _) => found.specialize = specialize(attribute, errors),
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
                let hint = did_you_mean(&name, ["key", "init", "frozen", "specialize", "weight_norm"]);
                let message = "(there are key, init, frozen, specialize and weight_norm)";
                errors.at(attribute.path(), format!("a layer has no attribute `{name}`{hint} {message}"));
            }
        }
    }
    found
}

/// `#[specialize]`, above a network, a layer, a block or a list.
pub(crate) fn specialize(attribute: &Attribute, errors: &Errors) -> bool {
    if !matches!(attribute.meta, Meta::Path(_)) {
        errors.at(attribute, "`#[specialize]` takes no arguments");
    }
    true
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

/// A function of torch.nn.init, its options, and the fewest and most axes of what it fills.
type Function = (&'static str, &'static [&'static str], [usize; 2]);

const ANY: [usize; 2] = [0, usize::MAX];
const FANS: [usize; 2] = [2, usize::MAX];
const FUNCTIONS: &[Function] = &[
    ("uniform", &["a", "b"], ANY),
    ("normal", &["mean", "std"], ANY),
    ("trunc_normal", &["mean", "std", "a", "b"], ANY),
    ("constant", &["val"], ANY),
    ("ones", &[], ANY),
    ("zeros", &[], ANY),
    ("eye", &[], [2, 2]),
    ("dirac", &["groups"], [3, 5]),
    ("xavier_uniform", &["gain"], FANS),
    ("xavier_normal", &["gain"], FANS),
    ("kaiming_uniform", &["a", "mode", "nonlinearity"], FANS),
    ("kaiming_normal", &["a", "mode", "nonlinearity"], FANS),
    ("orthogonal", &["gain"], FANS),
    ("sparse", &["sparsity", "std"], [2, 2]),
];

/// `init(kaiming_normal, nonlinearity = "relu")`, or for another parameter `init(bias: zeros)`.
fn init(attribute: &Attribute) -> syn::Result<Init> {
    attribute.parse_args_with(|input: syn::parse::ParseStream<'_>| {
        let first: Ident = input.parse()?;
        let place = first.span();
        let (parameter, function) = if input.peek(Token![:]) {
            input.parse::<Token![:]>()?;
            (first.to_string(), input.parse()?)
        } else {
            ("weight".to_string(), first)
        };
        let (_, known, _) = named(&function)?;
        if input.peek(syn::token::Paren) {
            let message = match known {
                [] => format!("`{function}` has no options: `#[init({function})]`"),
                _ => {
                    let options = known.join(" = ..., ");
                    format!("options stand behind a comma, by name: `#[init({function}, {options} = ...)]`")
                }
            };
            return Err(input.error(message));
        }
        let mut options = Vec::new();
        if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
            for arg in Punctuated::<Expr, Token![,]>::parse_terminated(input)? {
                let arg = ast::Arg::from_expr(arg);
                let name = arg.name.ok_or_else(|| {
                    syn::Error::new_spanned(&arg.value, "options of an init function are named: `gain = 2.0`")
                })?;
                check_option(&function, known, &name)?;
                options.push((name, arg.value));
            }
        }
        for (name, option) in [("sparse", "sparsity"), ("constant", "val")] {
            if function == name && options.iter().all(|(given, _)| given != option) {
                let message = format!("`{name}` needs `{option}`: `#[init({name}, {option} = 0.5)]`");
                return Err(syn::Error::new(function.span(), message));
            }
        }
        Ok(Init { parameter, place, function, options })
    })
}

/// The function of that name.
fn named(function: &Ident) -> syn::Result<&'static Function> {
    let text = function.to_string();
    FUNCTIONS.iter().find(|(name, ..)| text == *name).ok_or_else(|| {
        let plain = text.trim_end_matches('_');
        let message = if FUNCTIONS.iter().any(|(name, ..)| plain == *name) {
            format!("write `{plain}`, without `_`")
        } else {
            let names: Vec<_> = FUNCTIONS.iter().map(|(name, ..)| *name).collect();
            let hint = did_you_mean(&text, names.iter().copied());
            format!("torch.nn.init has no function `{text}`{hint} (there are {})", names.join(", "))
        };
        syn::Error::new(function.span(), message)
    })
}

fn check_option(function: &Ident, known: &[&str], option: &Ident) -> syn::Result<()> {
    let text = option.to_string();
    if known.contains(&text.as_str()) {
        return Ok(());
    }
    let message = match known {
        [] => format!("`{function}` has no options"),
        _ => {
            let hint = did_you_mean(&text, known.iter().copied());
            format!("`{function}` has no option `{text}`{hint} (it takes {})", known.join(", "))
        }
    };
    Err(syn::Error::new(option.span(), message))
}

/// The axes of a parameter, where the layer's kind alone tells.
fn axes(entry: &Entry, parameter: &str) -> Option<usize> {
    match (entry.operation, parameter) {
        ("Linear" | "Embedding" | "EmbeddingBag", "weight") => Some(2),
        ("Bilinear", "weight") => Some(3),
        ("Conv" | "ConvTranspose", "weight") => Some(entry.axes + 2),
        ("Linear" | "Bilinear" | "Conv" | "ConvTranspose", "bias") => Some(1),
        _ => None,
    }
}

/// Each parameter is filled once, by a function for as many axes as it has.
fn check_functions(entry: &Entry, inits: &[Init], errors: &Errors) {
    for (index, Init { parameter, place, function, .. }) in inits.iter().enumerate() {
        // What nn.Parameter begins with may be filled anew.
        if entry.operation != "Held" && inits[..index].iter().any(|other| other.parameter == *parameter) {
            errors.push(syn::Error::new(*place, format!("`{parameter}` is filled twice: leave one `#[init]` out")));
        }
        let (Ok((_, _, [fewest, most])), Some(axes)) = (named(function), axes(entry, parameter)) else { continue };
        if axes < *fewest || axes > *most {
            let many = if axes == 1 { "1 axis".to_string() } else { format!("{axes} axes") };
            let wanted = if fewest == most {
                format!("exactly {fewest} axes")
            } else if *most == usize::MAX {
                format!("at least {fewest} axes")
            } else {
                format!("{fewest} to {most} axes")
            };
            let message = format!(
                "`{function}` fills tensors of {wanted}, but `{parameter}` of `{}` has {many}: \
                 zeros, ones, constant, uniform, normal and trunc_normal fill any",
                entry.name
            );
            errors.push(syn::Error::new(function.span(), message));
        }
    }
}

/// Layers that hold a weight and perhaps a bias have nothing else to fill.
pub(crate) fn check_inits(entry: &Entry, args: &[Bound], inits: &[Init], errors: &Errors) {
    check_functions(entry, inits, errors);
    if entry.learns.is_empty() {
        return;
    }
    let says = |name: &str| {
        entry.parameters.iter().position(|parameter| parameter.name == name).map(|place| args[place].known)
    };
    let is_off = |name: &str| says(name).flatten() == Some(nn_shape::Arg::Flag(false));
    for init in inits {
        let at = |message: String| errors.push(syn::Error::new(init.place, message));
        let off = match init.parameter.as_str() {
            _ if entry.operation == "Held" => {
                if init.parameter != "weight" {
                    let (name, function) = (entry.name, &init.function);
                    at(format!("a {name} is one tensor: write `#[init({function})]`"));
                }
                None
            }
            other if !entry.learns.contains(&other) => {
                let hint = did_you_mean(other, entry.learns.iter().copied());
                let names = entry.learns.join(" and ");
                at(format!("`{}` has no parameter `{other}`{hint} (it has {names})", entry.name));
                continue;
            }
            "bias" => ["bias", "affine", "elementwise_affine"].iter().find(|name| is_off(name)),
            _ => ["affine", "elementwise_affine"].iter().find(|name| is_off(name)),
        };
        if let Some(off) = off {
            at(format!("there is no `{}` to fill: `{off} = false`", init.parameter));
        }
    }
}

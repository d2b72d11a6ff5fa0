//! Binds what the user wrote in a layer's parentheses to the parameters of its signature.

use nn_shape::Arg as Value;
use nn_shape::catalogue::{Kind, Parameter};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Lit, UnOp};

use crate::ast::Arg;
use crate::ir::Bound;
use crate::known::{Known, known};
use crate::report::Errors;
use crate::suggest::did_you_mean;

/// Whose arguments are bound.
pub(crate) struct Owner<'a> {
    /// `Conv2d`
    pub(crate) name: &'a str,
    /// Spatial axes of the layer.
    pub(crate) axes: usize,
    /// The tokens that name it.
    pub(crate) tokens: &'a TokenStream,
}

/// One value for each parameter: what was written, or the default. `None` if anything is wrong, which is reported.
pub(crate) fn bind(owner: &Owner<'_>, parameters: &[Parameter], args: &[Arg], errors: &Errors) -> Option<Vec<Bound>> {
    let places = assign(owner, parameters, args, errors)?;
    let mut bound = Vec::new();
    let mut complete = true;
    for (parameter, place) in parameters.iter().zip(&places) {
        let value = match (place, parameter.default) {
            (Some(arg), _) => convert(owner, parameter, &args[*arg].value, errors),
            (None, Some(default)) => Some(Bound { tokens: literal(default), known: Some(default), written: None }),
            (None, None) => {
                let signature: Vec<_> = parameters.iter().map(|parameter| parameter.name).collect();
                let message = format!("`{}` needs `{}`: {}({})", owner.name, parameter.name, owner.name, signature.join(", "));
                errors.at(owner.tokens, message);
                None
            }
        };
        complete &= value.is_some();
        bound.extend(value);
    }
    complete.then_some(bound)
}

/// For each parameter, the argument that is meant for it.
fn assign(owner: &Owner<'_>, parameters: &[Parameter], args: &[Arg], errors: &Errors) -> Option<Vec<Option<usize>>> {
    let names = || parameters.iter().map(|parameter| parameter.name);
    let mut places = vec![None; parameters.len()];
    let mut sound = true;
    let mut keyword_seen = false;
    for (index, arg) in args.iter().enumerate() {
        let place = match &arg.name {
            None if keyword_seen => {
                errors.at(&arg.value, "an argument without a name cannot follow one with a name");
                sound = false;
                continue;
            }
            None if index < parameters.len() => index,
            None => {
                let list = names().collect::<Vec<_>>().join(", ");
                let most = parameters.len();
                let plural = if most == 1 { "" } else { "s" };
                let list = if list.is_empty() { list } else { format!(" ({list})") };
                errors.at(&arg.value, format!("`{}` takes at most {most} argument{plural}{list}, found {}", owner.name, args.len()));
                return None;
            }
            Some(name) => {
                keyword_seen = true;
                match names().position(|parameter| name == parameter) {
                    Some(place) => place,
                    None => {
                        errors.at(name, unknown_keyword(owner, &name.to_string(), names().collect()));
                        sound = false;
                        continue;
                    }
                }
            }
        };
        if places[place].is_some() {
            errors.at(arg.name.to_token_stream(), format!("`{}` is given twice", parameters[place].name));
            sound = false;
        }
        places[place] = Some(index);
    }
    sound.then_some(places)
}

fn unknown_keyword(owner: &Owner<'_>, written: &str, names: Vec<&str>) -> String {
    match written {
        "dtype" => format!("`{}` has no argument `dtype`: write `#[element(f64)]` above the network", owner.name),
        "device" => format!("`{}` has no argument `device`: networks run on the processor", owner.name),
        _ => {
            let hint = did_you_mean(written, names.iter().copied());
            let list = if names.is_empty() { "it takes none".into() } else { format!("it takes {}", names.join(", ")) };
            format!("`{}` has no argument `{written}`{hint} ({list})", owner.name)
        }
    }
}

/// The value of one argument.
fn convert(owner: &Owner<'_>, parameter: &Parameter, expr: &Expr, errors: &Errors) -> Option<Bound> {
    let fail = |message: String| {
        errors.at(expr, message);
        None
    };
    let name = parameter.name;
    let written = Some(expr.to_token_stream());
    if matches!(expr, Expr::Infer(_)) {
        if !parameter.inferable {
            return fail(format!("`_` cannot stand for `{name}`: it does not follow from the input"));
        }
        return Some(Bound { tokens: literal(Value::Inferred), known: Some(Value::Inferred), written });
    }
    if is_word(expr, "None") {
        if !parameter.optional {
            return fail(format!("`{name}` cannot be None: {}", expected(parameter, owner.axes)));
        }
        return Some(Bound { tokens: literal(Value::None), known: Some(Value::None), written });
    }
    for (python, rust) in [("True", "true"), ("False", "false")] {
        if is_word(expr, python) {
            return fail(format!("write `{rust}`: truth values are Rust's"));
        }
    }
    let words = match parameter.kind {
        Kind::Word(words) | Kind::AxesOr(words) => words,
        _ => &[],
    };
    if let Expr::Lit(literal_expr) = expr {
        if let Lit::Str(text) = &literal_expr.lit {
            let text = text.value();
            return match words.iter().find(|word| **word == text) {
                Some(word) => Some(Bound { tokens: literal(Value::Word(word)), known: Some(Value::Word(word)), written }),
                None if words.is_empty() => fail(format!("`{name}` is not a word: {}", expected(parameter, owner.axes))),
                None => {
                    let hint = did_you_mean(&text, words.iter().copied());
                    fail(format!("`{name}` cannot be \"{text}\"{hint} ({})", expected(parameter, owner.axes)))
                }
            };
        }
    }
    let bound = |(tokens, known)| Some(Bound { tokens, known, written });
    match parameter.kind {
        Kind::Word(_) => fail(format!("`{name}`: {}", expected(parameter, owner.axes))),
        Kind::Flag => scalar(expr, parameter, owner, errors).and_then(bound),
        Kind::Size | Kind::Int | Kind::Real => {
            if let Some(entries) = entries(expr) {
                return fail(format!("`{name}` is one number, found {} of them", entries.len()));
            }
            scalar(expr, parameter, owner, errors).and_then(bound)
        }
        Kind::Axes | Kind::AxesOr(_) | Kind::AxesOrNone | Kind::Sizes | Kind::Ints => {
            let Some(entries) = entries(expr) else { return scalar(expr, parameter, owner, errors).and_then(bound) };
            let per_axis = matches!(parameter.kind, Kind::Axes | Kind::AxesOr(_) | Kind::AxesOrNone);
            if per_axis && entries.len() != owner.axes {
                return fail(format!("`{name}` has {} entries, but {}", entries.len(), expected(parameter, owner.axes)));
            }
            if entries.len() > nn_shape::MAX_ENTRIES {
                return fail(format!("`{name}` has {} entries; at most {} are allowed", entries.len(), nn_shape::MAX_ENTRIES));
            }
            list(expr, &entries, parameter, owner, errors).and_then(bound)
        }
    }
}

/// The entries of `(3, 5)` or `[3, 5]`.
fn entries(expr: &Expr) -> Option<Vec<&Expr>> {
    match expr {
        Expr::Tuple(tuple) => Some(tuple.elems.iter().collect()),
        Expr::Array(array) => Some(array.elems.iter().collect()),
        _ => None,
    }
}

type Converted = (TokenStream, Option<Value>);

/// Checks what a literal tells about a number, and gives the expression in the type of its kind.
fn number(expr: &Expr, parameter: &Parameter, owner: &Owner<'_>, errors: &Errors) -> Option<(TokenStream, Option<Known>)> {
    let name = parameter.name;
    let wrong = || {
        errors.at(expr, format!("`{name}`: {}", expected(parameter, owner.axes)));
        None
    };
    let known = known(expr);
    match (parameter.kind, known) {
        (Kind::Size | Kind::Axes | Kind::AxesOr(_) | Kind::AxesOrNone | Kind::Sizes, Some(Known::Int(value))) if value < 0 => {
            errors.at(expr, format!("`{name}` cannot be negative, found {value}"));
            None
        }
        (Kind::Flag, Some(Known::Int(_) | Known::Real(_))) => wrong(),
        (Kind::Real, Some(Known::Int(value))) => {
            let value = value as f64;
            Some((quote_spanned!(expr.span()=> #value), Some(Known::Real(value))))
        }
        (Kind::Real, Some(Known::Flag(_))) => wrong(),
        (Kind::Flag | Kind::Real, _) => Some((expr.to_token_stream(), known)),
        (_, Some(Known::Real(_) | Known::Flag(_))) => wrong(),
        // `-1` must be an isize whatever the literal's suffix says.
        (Kind::Int | Kind::Ints, None) if matches!(expr, Expr::Unary(unary) if matches!(unary.op, UnOp::Not(_))) => wrong(),
        _ => Some((expr.to_token_stream(), known)),
    }
}

fn scalar(expr: &Expr, parameter: &Parameter, owner: &Owner<'_>, errors: &Errors) -> Option<Converted> {
    let (value, known) = number(expr, parameter, owner, errors)?;
    let (constructor, known) = match parameter.kind {
        Kind::Flag => ("flag", known.and_then(|known| if let Known::Flag(flag) = known { Some(Value::Flag(flag)) } else { None })),
        Kind::Real => ("real", known.and_then(|known| if let Known::Real(real) = known { Some(Value::Real(real)) } else { None })),
        Kind::Int | Kind::Ints => ("int", known.and_then(int)),
        _ => ("size", known.and_then(int)),
    };
    let constructor = syn::Ident::new(constructor, expr.span());
    Some((quote_spanned!(expr.span()=> ::nn::__private::shape::Arg::#constructor(#value)), known))
}

fn int(known: Known) -> Option<Value> {
    if let Known::Int(value) = known { Some(Value::Int(value)) } else { None }
}

fn list(expr: &Expr, entries: &[&Expr], parameter: &Parameter, owner: &Owner<'_>, errors: &Errors) -> Option<Converted> {
    let optional = parameter.kind == Kind::AxesOrNone;
    let entry = |entry: &&Expr| match is_word(entry, "None") && optional {
        true => Some((quote!(::core::option::Option::None), Some(Known::Int(-1)))),
        false => {
            let (value, known) = number(entry, parameter, owner, errors)?;
            Some((if optional { quote!(::core::option::Option::Some(#value)) } else { value }, known))
        }
    };
    let numbers: Vec<_> = entries.iter().map(entry).collect();
    let numbers: Vec<_> = numbers.into_iter().collect::<Option<_>>()?;
    let known: Option<Vec<i64>> = numbers
        .iter()
        .map(|(_, known)| if let Some(Known::Int(value)) = known { Some(*value) } else { None })
        .collect();
    let values = numbers.iter().map(|(value, _)| value);
    let constructor = match parameter.kind {
        Kind::Ints => "ints",
        Kind::AxesOrNone => "optional_sizes",
        _ => "sizes",
    };
    let constructor = syn::Ident::new(constructor, expr.span());
    let known = known.map(|known| {
        let mut entries = [0; nn_shape::MAX_ENTRIES];
        entries[..known.len()].copy_from_slice(&known);
        Value::Ints(entries, known.len())
    });
    Some((quote_spanned!(expr.span()=> ::nn::__private::shape::Arg::#constructor(&[#(#values),*])), known))
}

/// What a parameter may be, in words.
fn expected(parameter: &Parameter, axes: usize) -> String {
    let words = |words: &[&str]| words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
    let per_axis = format!("an int, or a tuple with one entry for each axis ({axes})");
    match parameter.kind {
        Kind::Size => "it is a whole number".into(),
        Kind::Axes => format!("it is {per_axis}"),
        Kind::AxesOrNone => format!("it is {per_axis}, where None keeps the size of the input"),
        Kind::AxesOr(list) => format!("it is {per_axis}, or one of {}", words(list)),
        Kind::Sizes => "it is an int, or a tuple of them".into(),
        Kind::Int => "it is a whole number".into(),
        Kind::Ints => "it is a whole number, or a tuple of them".into(),
        Kind::Real => "it is a number".into(),
        Kind::Flag => "it is `true` or `false`".into(),
        Kind::Word(list) => format!("it is one of {}", words(list)),
    }
}

fn is_word(expr: &Expr, word: &str) -> bool {
    matches!(expr, Expr::Path(path) if path.path.is_ident(word))
}

/// A value that the user did not write.
pub(crate) fn literal(value: Value) -> TokenStream {
    let arg = quote!(::nn::__private::shape::Arg);
    match value {
        Value::None => quote!(#arg::None),
        Value::Inferred => quote!(#arg::Inferred),
        Value::Int(value) => quote!(#arg::Int(#value)),
        Value::Ints(entries, count) => {
            let entries = entries.iter();
            quote!(#arg::Ints([#(#entries),*], #count))
        }
        Value::Real(value) => quote!(#arg::Real(#value)),
        Value::Reals(entries, count) => {
            let entries = entries.iter();
            quote!(#arg::Reals([#(#entries),*], #count))
        }
        Value::Flag(flag) => quote!(#arg::Flag(#flag)),
        Value::Word(word) => quote!(#arg::Word(#word)),
    }
}

//! Binds what the user wrote in a layer's parentheses to the parameters of its signature.

use nn_shape::Arg as Value;
use nn_shape::catalogue::{Kind, Parameter};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Lit, UnOp};

use crate::ast::Arg;
use crate::ir::Bound;
use crate::known::{Known, beyond, known};
use crate::report::Errors;
use crate::suggest::{closest, keyword_meant};

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
    let names: Vec<_> = parameters.iter().map(|parameter| parameter.name).collect();
    let places = assign(owner.name, &names, &signature(owner, parameters), args, errors)?;
    let mut bound = Vec::new();
    let mut complete = true;
    let missing: Vec<_> = parameters
        .iter()
        .zip(&places)
        .filter(|(parameter, place)| place.is_none() && parameter.default.is_none())
        .map(|(parameter, _)| format!("`{}`", parameter.name))
        .collect();
    if let Some((last, others)) = missing.split_last() {
        let names = if others.is_empty() { last.clone() } else { format!("{} and {last}", others.join(", ")) };
        errors.at(owner.tokens, format!("`{}` needs {names}: {}", owner.name, signature(owner, parameters)));
    }
    for (parameter, place) in parameters.iter().zip(&places) {
        let value = match (place, parameter.default) {
            (Some(place), _) => convert(owner, parameter, &args[*place], errors)
                .map(|bound| Bound { formula: args[*place].formula.clone(), ..bound }),
            (None, Some(default)) => Some(Bound::new(literal(default), Some(default), None)),
            (None, None) => None,
        };
        complete &= value.is_some();
        bound.extend(value);
    }
    complete.then_some(bound)
}

/// `Linear(in_features, out_features, bias = true)`
fn signature(owner: &Owner<'_>, parameters: &[Parameter]) -> String {
    let parameters = parameters.iter().map(|parameter| match parameter.default {
        Some(default) => format!("{} = {}", parameter.name, shown(default)),
        None => parameter.name.to_string(),
    });
    format!("{}({})", owner.name, parameters.collect::<Vec<_>>().join(", "))
}

/// A value as the user would write it.
fn shown(value: Value) -> String {
    let list = |entries: Vec<String>| format!("({})", entries.join(", "));
    match value {
        Value::None => "None".into(),
        Value::Inferred => "_".into(),
        Value::Int(value) => value.to_string(),
        Value::Ints(entries, count) => list(entries[..count].iter().map(ToString::to_string).collect()),
        Value::Real(value) => value.to_string(),
        Value::Reals(entries, count) => list(entries[..count].iter().map(ToString::to_string).collect()),
        Value::Flag(flag) => flag.to_string(),
        Value::Word(word) => format!("\"{word}\""),
        Value::TooLarge(value) => value.to_string(),
    }
}

/// For each parameter, the argument that is meant for it. `signature` shows all of them.
pub(crate) fn assign(
    owner: &str,
    names: &[&str],
    signature: &str,
    args: &[Arg],
    errors: &Errors,
) -> Option<Vec<Option<usize>>> {
    let mut places = vec![None; names.len()];
    let mut sound = true;
    let mut keyword_seen = false;
    for (index, arg) in args.iter().enumerate() {
        let place = match &arg.name {
            None if keyword_seen => {
                errors.at(&arg.value, "an argument without a name cannot follow one with a name: name this one too");
                sound = false;
                continue;
            }
            None if index < names.len() => index,
            None => {
                let found = args.len();
                let message = match names.len() {
                    0 => format!("`{owner}` takes no arguments"),
                    1 => format!("`{owner}` takes at most 1 argument, found {found}: {signature}"),
                    most => format!("`{owner}` takes at most {most} arguments, found {found}: {signature}"),
                };
                errors.at(&arg.value, message);
                return None;
            }
            Some(name) => {
                keyword_seen = true;
                match names.iter().position(|parameter| name == parameter) {
                    Some(place) => place,
                    None => {
                        errors.at(name, unknown_keyword(owner, &name.to_string(), names));
                        sound = false;
                        continue;
                    }
                }
            }
        };
        if places[place].is_some() {
            errors.at(arg.name.to_token_stream(), format!("`{}` is given twice", names[place]));
            sound = false;
        }
        places[place] = Some(index);
    }
    sound.then_some(places)
}

fn unknown_keyword(owner: &str, written: &str, names: &[&str]) -> String {
    match written {
        "dtype" => format!("`{owner}` has no argument `dtype`: write `#[element(f64)]` above the network"),
        "requires_grad" => format!("`{owner}` has no argument `requires_grad`: write `#[frozen]` above it"),
        "device" => format!("`{owner}` has no argument `device`: networks run on the processor"),
        _ => {
            let hint = keyword_meant(written, names);
            let list = if names.is_empty() { "it takes none".into() } else { format!("it takes {}", names.join(", ")) };
            format!("`{owner}` has no argument `{written}`{hint} ({list})")
        }
    }
}

/// The value of one argument.
fn convert(owner: &Owner<'_>, parameter: &Parameter, arg: &Arg, errors: &Errors) -> Option<Bound> {
    let expr = bare(&arg.value);
    let fail = |message: String| {
        errors.at(arg.written(), message);
        None
    };
    let name = parameter.name;
    let written = Some(arg.written());
    if matches!(expr, Expr::Infer(_)) {
        if !parameter.inferable {
            return fail(format!("`_` cannot stand for `{name}`: it does not follow from the input"));
        }
        return Some(Bound::new(literal(Value::Inferred), Some(Value::Inferred), written));
    }
    if is_word(expr, "None") {
        if !parameter.optional {
            return fail(expected(parameter, owner, expr));
        }
        return Some(Bound::new(literal(Value::None), Some(Value::None), written));
    }
    for (python, rust) in [("True", "true"), ("False", "false")] {
        if is_word(expr, python) {
            return fail(format!("write `{rust}`: truth values are Rust's"));
        }
    }
    if let Some(infinity) = infinity(expr) {
        return fail(format!("write `{infinity}`, in place of `{}`", text(expr).replace("- ", "-")));
    }
    let words = match parameter.kind {
        Kind::Word(words) | Kind::AxesOr(words) => words,
        _ => &[],
    };
    if let Expr::Lit(found) = expr
        && let Some(text) = word(&found.lit)
    {
        return match words.iter().find(|word| **word == text) {
            Some(word) => Some(Bound::new(literal(Value::Word(word)), Some(Value::Word(word)), written)),
            None => {
                let hint = closest(&text, words.iter().copied()).map(|word| format!("; did you mean \"{word}\"?"));
                fail(format!("{}{}", expected(parameter, owner, expr), hint.unwrap_or_default()))
            }
        };
    }
    if let Some(word) = words.iter().find(|word| is_word(expr, word)) {
        return fail(format!("write `\"{word}\"`: words stand in double quotes"));
    }
    let bound = |(tokens, known)| Some(Bound::new(tokens, known, written));
    match parameter.kind {
        Kind::Word(_) => fail(expected(parameter, owner, expr)),
        // Who knows the values puts it in its place.
        Kind::Value => bound((literal(Value::None), None)),
        Kind::Flag => scalar(expr, parameter, owner, errors).and_then(bound),
        Kind::Size | Kind::Int | Kind::Real => {
            if let Some(entries) = entries(expr) {
                return fail(format!("`{name}` is one number, found {} of them: `{}`", entries.len(), text(expr)));
            }
            scalar(expr, parameter, owner, errors).and_then(bound)
        }
        Kind::Axes | Kind::AxesOr(_) | Kind::AxesOrNone | Kind::Sizes | Kind::Ints | Kind::Reals => {
            let Some(entries) = entries(expr) else { return scalar(expr, parameter, owner, errors).and_then(bound) };
            let per_axis = matches!(parameter.kind, Kind::Axes | Kind::AxesOr(_) | Kind::AxesOrNone);
            if per_axis && entries.len() != owner.axes {
                return fail(expected(parameter, owner, expr));
            }
            if entries.len() > nn_shape::MAX_ENTRIES {
                let most = nn_shape::MAX_ENTRIES;
                let instead =
                    if owner.name.eq_ignore_ascii_case("split") { ": take the parts by `narrow`" } else { "" };
                return fail(format!("`{name}` has {} entries; at most {most} are allowed{instead}", entries.len()));
            }
            list(expr, &entries, parameter, owner, errors).and_then(bound)
        }
    }
}

/// An expression without parentheses around it, such as a parameter's value gets.
pub(crate) fn bare(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(inner) => bare(&inner.expr),
        Expr::Group(inner) => bare(&inner.expr),
        _ => expr,
    }
}

/// The text of a string; also of Python's `'same'`, about which rustc's lexer has complained already.
fn word(literal: &Lit) -> Option<String> {
    if let Lit::Str(text) = literal {
        return Some(text.value());
    }
    let text = literal.to_token_stream().to_string();
    let text = text.strip_prefix('\'')?.strip_suffix('\'')?;
    (text.chars().count() > 1 && !text.starts_with('\\')).then(|| text.to_string())
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
fn number(
    expr: &Expr,
    parameter: &Parameter,
    owner: &Owner<'_>,
    errors: &Errors,
) -> Option<(TokenStream, Option<Known>)> {
    let name = parameter.name;
    let wrong = || {
        errors.at(expr, expected(parameter, owner, expr));
        None
    };
    let known = known(expr);
    let is_whole = !matches!(parameter.kind, Kind::Flag | Kind::Real | Kind::Reals);
    if let Some(digits) = beyond(expr).filter(|_| is_whole) {
        errors.at(expr, format!("`{name}` is too large: no size is above {}, found {digits}", nn_shape::Shape::MOST));
        return None;
    }
    match (parameter.kind, known) {
        (Kind::Size | Kind::Axes | Kind::AxesOr(_) | Kind::AxesOrNone | Kind::Sizes, Some(Known::Int(value)))
            if value < 0 =>
        {
            errors.at(expr, format!("`{name}` cannot be negative, found {value}"));
            None
        }
        (Kind::Flag, Some(Known::Int(_) | Known::Real(_))) => wrong(),
        (Kind::Real | Kind::Reals, Some(Known::Int(value))) => {
            let value = value as f64;
            Some((quote_spanned!(expr.span()=> #value), Some(Known::Real(value))))
        }
        (Kind::Real | Kind::Reals, Some(Known::Flag(_))) => wrong(),
        // A constant of another type is a real number, too: `scale_factor = N`.
        (Kind::Real | Kind::Reals, None) => {
            Some((quote_spanned!(expr.span()=> (#expr) as ::core::primitive::f64), None))
        }
        (Kind::Flag | Kind::Real | Kind::Reals, _) => Some((expr.to_token_stream(), known)),
        (_, Some(Known::Real(_) | Known::Flag(_))) => wrong(),
        // Rust's `!1` is -2, which nobody means.
        (Kind::Int | Kind::Ints, None) if matches!(expr, Expr::Unary(unary) if matches!(unary.op, UnOp::Not(_))) => {
            wrong()
        }
        // Where a number may be negative, a constant may be a size, too: `view(x, -1, WIDTH)`.
        (Kind::Int | Kind::Ints, None) => {
            let whole = quote_spanned!(expr.span()=> ::nn::__private::shape::Arg::whole(#expr));
            Some((quote!(#whole as ::core::primitive::isize), None))
        }
        _ => Some((expr.to_token_stream(), known)),
    }
}

fn scalar(expr: &Expr, parameter: &Parameter, owner: &Owner<'_>, errors: &Errors) -> Option<Converted> {
    let (value, known) = number(expr, parameter, owner, errors)?;
    let (constructor, known) = match parameter.kind {
        Kind::Flag => (
            "one_flag",
            known.and_then(|known| if let Known::Flag(flag) = known { Some(Value::Flag(flag)) } else { None }),
        ),
        Kind::Real | Kind::Reals => (
            "one_real",
            known.and_then(|known| if let Known::Real(real) = known { Some(Value::Real(real)) } else { None }),
        ),
        Kind::Int | Kind::Ints => ("one_int", known.and_then(int)),
        _ => ("one_size", known.and_then(size)),
    };
    let constructor = syn::Ident::new(constructor, expr.span());
    Some((quote_spanned!(expr.span()=> ::nn::__private::shape::Arg::#constructor([#value])), known))
}

fn int(known: Known) -> Option<Value> {
    if let Known::Int(value) = known { Some(Value::Int(value)) } else { None }
}

fn size(known: Known) -> Option<Value> {
    if let Known::Int(value) = known { usize::try_from(value).ok().map(Value::size) } else { None }
}

fn list(
    expr: &Expr,
    entries: &[&Expr],
    parameter: &Parameter,
    owner: &Owner<'_>,
    errors: &Errors,
) -> Option<Converted> {
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
    let values = numbers.iter().map(|(value, _)| value);
    let constructor = match parameter.kind {
        Kind::Reals => "reals",
        Kind::Ints => "ints",
        Kind::AxesOrNone => "optional_sizes",
        _ => "sizes",
    };
    let constructor = syn::Ident::new(constructor, expr.span());
    let known = known_list(parameter.kind, numbers.iter().map(|(_, known)| *known));
    Some((quote_spanned!(expr.span()=> ::nn::__private::shape::Arg::#constructor(&[#(#values),*])), known))
}

/// The value of a tuple, if all of its entries are known.
fn known_list(kind: Kind, numbers: impl ExactSizeIterator<Item = Option<Known>>) -> Option<Value> {
    let count = numbers.len();
    let (mut ints, mut reals) = ([0; nn_shape::MAX_ENTRIES], [0.0; nn_shape::MAX_ENTRIES]);
    for (entry, number) in numbers.enumerate() {
        match number? {
            Known::Int(value) => ints[entry] = value,
            Known::Real(value) => reals[entry] = value,
            Known::Flag(_) => return None,
        }
    }
    Some(match kind {
        Kind::Reals => Value::Reals(reals, count),
        Kind::Ints => Value::Ints(ints, count),
        // `None` is -1.
        Kind::AxesOrNone => Value::optional_sizes(&ints.map(|size| usize::try_from(size).ok())[..count]),
        _ => Value::sizes(&ints.map(|size| size.max(0) as usize)[..count]),
    })
}

/// What a parameter may be, and what was written.
fn expected(parameter: &Parameter, owner: &Owner<'_>, found: &Expr) -> String {
    let words = |words: &[&str]| words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
    let per_axis = match owner.axes {
        0 | 1 => "a whole number".to_string(),
        axes => format!("a whole number, or a tuple with one for each of the {axes} axes"),
    };
    let expected = match parameter.kind {
        Kind::Size | Kind::Int => "a whole number".into(),
        Kind::Axes => per_axis,
        Kind::AxesOrNone => format!("{per_axis}, where None keeps the size of the input"),
        Kind::AxesOr(list) => format!("{per_axis}, or one of {}", words(list)),
        Kind::Sizes | Kind::Ints => "a whole number, or a tuple of them".into(),
        Kind::Real => "a number".into(),
        Kind::Reals => "a number, or a tuple of them".into(),
        Kind::Flag => "`true` or `false`".into(),
        Kind::Value => "a value".into(),
        Kind::Word(list @ [_]) => words(list),
        Kind::Word(list) => format!("one of {}", words(list)),
    };
    format!("`{}` is {expected}: found `{}`", parameter.name, text(found))
}

/// An expression as it was written, more or less.
pub(crate) fn text(expr: &Expr) -> String {
    let text = expr.to_token_stream().to_string();
    [(" ,", ","), ("( ", "("), (" )", ")"), (" (", "("), (" . ", ".")]
        .iter()
        .fold(text, |text, (from, to)| text.replace(from, to))
}

/// What Python's `float("-inf")`, `-math.inf` and `-inf` are in Rust.
fn infinity(expr: &Expr) -> Option<&'static str> {
    match expr {
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => {
            infinity(bare(&unary.expr)).filter(|found| *found == "f64::INFINITY").map(|_| "f64::NEG_INFINITY")
        }
        Expr::Field(field) if is_word(&field.base, "math") || is_word(&field.base, "torch") => match &field.member {
            syn::Member::Named(name) if name == "inf" => Some("f64::INFINITY"),
            _ => None,
        },
        Expr::Call(call) if is_word(&call.func, "float") => match text(expr).as_str() {
            "float(\"inf\")" => Some("f64::INFINITY"),
            "float(\"-inf\")" => Some("f64::NEG_INFINITY"),
            _ => None,
        },
        _ => is_word(expr, "inf").then_some("f64::INFINITY"),
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
        Value::Real(value) => {
            let value = real(value);
            quote!(#arg::Real(#value))
        }
        Value::Reals(entries, count) => {
            let entries = entries.iter().map(|entry| real(*entry));
            quote!(#arg::Reals([#(#entries),*], #count))
        }
        Value::Flag(flag) => quote!(#arg::Flag(#flag)),
        Value::Word(word) => quote!(#arg::Word(#word)),
        Value::TooLarge(value) => quote!(#arg::TooLarge(#value)),
    }
}

/// A number that may be infinite, for which there is no literal.
fn real(value: f64) -> TokenStream {
    match value {
        f64::INFINITY => quote!(::core::primitive::f64::INFINITY),
        f64::NEG_INFINITY => quote!(::core::primitive::f64::NEG_INFINITY),
        value if value.is_nan() => quote!(::core::primitive::f64::NAN),
        value => quote!(#value),
    }
}

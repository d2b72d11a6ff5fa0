//! What stands in the parentheses of `Parameter` and `Buffer`: sizes, or a function of torch that makes a tensor of them.

use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned;
use syn::{BinOp, Expr, Ident, UnOp};

use crate::arguments::bare;
use crate::ast::Arg;
use crate::ir::Init;
use crate::report::Errors;
use crate::suggest::did_you_mean;

/// The functions of torch that are understood.
const FUNCTIONS: [&str; 6] = ["zeros", "ones", "full", "randn", "rand", "empty"];

/// The arguments with all sizes as one, and how the tensor begins. `Parameter(1, 16)`, `Parameter((1, 16))`, `Parameter(zeros(1, 16))`,
/// `Parameter(0.02 * randn(1, 16))`.
pub(crate) fn tensor(args: &[Arg], errors: &Errors) -> Option<(Vec<Arg>, Option<Init>)> {
    let Some(first) = args.first().filter(|arg| arg.name.is_none()) else { return Some((args.to_vec(), None)) };
    let (factor, made) = scaled(bare(&first.value));
    let Some((function, given)) = call(made, errors)? else { return Some((packed(args), None)) };
    let mut own = given;
    let mut value = None;
    if function == "full" {
        let place = own.iter().position(|arg| arg.name.as_ref().is_some_and(|name| name == "fill_value"));
        let place = place.or((own.len() == 2 && own[1].name.is_none()).then_some(1));
        let Some(place) = place else {
            errors.at(&function, "`full` takes the sizes and a value: `full((1, 16), 0.5)`");
            return None;
        };
        value = Some(own.remove(place).value);
    }
    if let Some(arg) = args.get(1).filter(|arg| arg.name.is_none()) {
        errors.at(&arg.value, format!("the sizes stand in the parentheses of `{function}`"));
        return None;
    }
    let mut whole = packed(&own);
    whole.extend(args[1..].iter().cloned());
    let init = init(&function, value, factor);
    Some((whole, init))
}

/// Sizes side by side are a tuple.
fn packed(args: &[Arg]) -> Vec<Arg> {
    let count = args.iter().take_while(|arg| arg.name.is_none()).count();
    if count < 2 {
        return args.to_vec();
    }
    let sizes = args[..count].iter().map(|arg| &arg.value);
    let value = syn::parse_quote_spanned!(args[0].value.span()=> (#(#sizes),*));
    let is_blamed = args[..count].iter().any(|arg| arg.blame.is_some());
    let written: TokenStream = args[..count].iter().map(|arg| arg.written()).collect();
    let whole = Arg { blame: is_blamed.then_some(written), ..Arg::plain(value) };
    std::iter::once(whole).chain(args[count..].iter().cloned()).collect()
}

/// A number in front of or behind the tensor, `0.02 * randn(16)`.
fn scaled(expr: &Expr) -> (Option<Expr>, &Expr) {
    let is_made = |expr: &Expr| matches!(bare(expr), Expr::Call(_) | Expr::MethodCall(_));
    match expr {
        Expr::Binary(product) if matches!(product.op, BinOp::Mul(_)) => {
            match (is_made(&product.left), is_made(&product.right)) {
                (true, false) => (Some((*product.right).clone()), bare(&product.left)),
                (false, true) => (Some((*product.left).clone()), bare(&product.right)),
                _ => (None, expr),
            }
        }
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) && is_made(&unary.expr) => {
            (Some(syn::parse_quote!(-1.0)), bare(&unary.expr))
        }
        _ => (None, expr),
    }
}

/// The function and its arguments; nothing for sizes. The outer `None` is a mistake that was reported.
#[allow(clippy::type_complexity)]
fn call(expr: &Expr, errors: &Errors) -> Option<Option<(Ident, Vec<Arg>)>> {
    match expr {
        Expr::Call(call) => {
            let Expr::Path(path) = &*call.func else { return Some(None) };
            // A constant expression, such as `sizes::heads(8)`, is a size.
            let Some(name) = path.path.get_ident() else { return Some(None) };
            if !FUNCTIONS.iter().any(|function| name == function) {
                let text = name.to_string();
                let hint = did_you_mean(&text, FUNCTIONS);
                if hint.is_empty() {
                    return Some(None);
                }
                errors.at(name, format!("there is no tensor `{text}`{hint} (there are {})", FUNCTIONS.join(", ")));
                return None;
            }
            Some(Some((name.clone(), call.args.iter().map(|arg| Arg::from_expr(arg.clone())).collect())))
        }
        Expr::MethodCall(call) if matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident("torch")) => {
            let (receiver, method) = (&call.receiver, &call.method);
            errors.at(quote!(#receiver . #method), format!("write `{method}(...)`, without `torch.`"));
            None
        }
        Expr::MethodCall(call) if call.method == "normal_" || call.method == "uniform_" => {
            let method = call.method.to_string();
            let name = method.trim_end_matches('_');
            errors.at(&call.method, format!("how it begins stands above it: `#[init({name}, ...)]`"));
            None
        }
        _ => Some(None),
    }
}

/// How a tensor begins: nothing for zeros.
fn init(function: &Ident, value: Option<Expr>, factor: Option<Expr>) -> Option<Init> {
    let option = |name: &str, value: Expr| (Ident::new(name, value.span()), real(value));
    let product = |value: Option<Expr>| match (value, factor.clone()) {
        (Some(value), Some(factor)) => Some(syn::parse_quote!((#factor) * (#value))),
        (value, factor) => value.or(factor),
    };
    let (name, options) = match function.to_string().as_str() {
        "ones" => match factor {
            Some(factor) => ("constant", vec![option("val", factor)]),
            None => ("ones", Vec::new()),
        },
        "full" => ("constant", product(value).map(|value| option("val", value)).into_iter().collect()),
        "randn" => ("normal", factor.map(|factor| option("std", factor)).into_iter().collect()),
        "rand" => ("uniform", factor.map(|factor| option("b", factor)).into_iter().collect()),
        _ => return None,
    };
    Some(Init {
        parameter: "weight".into(),
        place: function.span(),
        function: Ident::new(name, function.span()),
        options,
    })
}

/// A whole number as a real one.
fn real(value: Expr) -> Expr {
    match crate::known::known(&value) {
        Some(crate::known::Known::Int(number)) => {
            let number = number as f64;
            syn::parse_quote_spanned!(value.span()=> #number)
        }
        _ => value,
    }
}

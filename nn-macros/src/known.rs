//! The numbers that the macro can read, for documentation and plain types. What it cannot read, rustc evaluates.

use syn::{BinOp, Expr, ExprLit, Lit, UnOp};

/// A number or truth value that stands in the source as such.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Known {
    Int(i64),
    Real(f64),
    Flag(bool),
}

/// The digits of a literal that no number of ours can hold.
pub(crate) fn beyond(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) => {
            int.base10_parse::<i64>().is_err().then(|| int.base10_digits())
        }
        Expr::Paren(inner) => beyond(&inner.expr),
        Expr::Group(inner) => beyond(&inner.expr),
        _ => None,
    }
}

/// Evaluates literals and arithmetic on them.
pub(crate) fn known(expr: &Expr) -> Option<Known> {
    match expr {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(int) => int.base10_parse().ok().map(Known::Int),
            Lit::Float(float) => float.base10_parse().ok().map(Known::Real),
            Lit::Bool(flag) => Some(Known::Flag(flag.value)),
            _ => None,
        },
        Expr::Paren(inner) => known(&inner.expr),
        Expr::Group(inner) => known(&inner.expr),
        Expr::Unary(unary) => match (&unary.op, known(&unary.expr)?) {
            (UnOp::Neg(_), Known::Int(value)) => value.checked_neg().map(Known::Int),
            (UnOp::Neg(_), Known::Real(value)) => Some(Known::Real(-value)),
            (UnOp::Not(_), Known::Flag(value)) => Some(Known::Flag(!value)),
            _ => None,
        },
        Expr::Binary(binary) => match (known(&binary.left)?, known(&binary.right)?) {
            (Known::Int(a), Known::Int(b)) => match binary.op {
                BinOp::Add(_) => a.checked_add(b),
                BinOp::Sub(_) => a.checked_sub(b),
                BinOp::Mul(_) => a.checked_mul(b),
                BinOp::Div(_) => a.checked_div(b),
                BinOp::Rem(_) => a.checked_rem(b),
                _ => None,
            }
            .map(Known::Int),
            (Known::Real(a), Known::Real(b)) => match binary.op {
                BinOp::Add(_) => Some(a + b),
                BinOp::Sub(_) => Some(a - b),
                BinOp::Mul(_) => Some(a * b),
                BinOp::Div(_) => Some(a / b),
                _ => None,
            }
            .map(Known::Real),
            _ => None,
        },
        _ => None,
    }
}

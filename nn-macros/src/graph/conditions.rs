//! Conditions of `if`, which the macro evaluates: truth values, comparisons of numbers and words, and whether values were given.

use std::cmp::Ordering;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{BinOp, Expr, ExprIf, Lit, Pat, UnOp};

use super::{Builder, ident, mentions};
use crate::known::{Known, known};

/// What the macro sees of a condition.
enum Condition {
    Holds(bool),
    /// It hangs on constants whose values are not seen: the first of them.
    Open(TokenStream),
    /// It hangs on values.
    OfValues,
}

impl Condition {
    fn negated(self) -> Condition {
        self.and(Condition::Holds(true), |holds, _| !holds)
    }

    fn and(self, other: Condition, combine: impl Fn(bool, bool) -> bool) -> Condition {
        match (self, other) {
            (Condition::OfValues, _) | (_, Condition::OfValues) => Condition::OfValues,
            (Condition::Holds(first), Condition::Holds(second)) => Condition::Holds(combine(first, second)),
            (Condition::Open(place), _) | (_, Condition::Open(place)) => Condition::Open(place),
        }
    }
}

impl Builder<'_> {
    /// Whether the condition holds; `None` where a block is checked and it is open.
    pub(super) fn condition_of(&mut self, choice: &ExprIf) -> Option<bool> {
        match self.condition(&choice.cond) {
            Condition::Holds(holds) => Some(holds),
            Condition::Open(_) if self.may_be_open(&choice.cond) => None,
            Condition::Open(place) => self.fail(&place, unread(&place)),
            Condition::OfValues => self.fail(&choice.cond, self.of_values(&choice.cond)),
        }
    }

    fn of_values(&self, condition: &Expr) -> String {
        match ident(condition) {
            Some(name) if self.scope.optional.contains(&name.to_string()) => {
                format!("`{name}` is a value: `{name} != None` asks whether the caller gave it")
            }
            _ => "a branch is the same for all samples, so its condition is a constant: where values choose, \
                  write `where(condition, a, b)`"
                .to_string(),
        }
    }

    /// Whether a block is checked whose user decides what the condition is.
    fn may_be_open(&self, condition: &Expr) -> bool {
        let optional = |name: &String| self.scope.optional.contains(name);
        self.is_open(condition) || mentions(condition.to_token_stream(), &optional)
    }

    fn condition(&self, expr: &Expr) -> Condition {
        match expr {
            Expr::Paren(inner) => self.condition(&inner.expr),
            Expr::Group(inner) => self.condition(&inner.expr),
            Expr::Unary(unary) if matches!(unary.op, UnOp::Not(_)) => self.condition(&unary.expr).negated(),
            Expr::Binary(binary) => match binary.op {
                BinOp::And(_) => self.condition(&binary.left).and(self.condition(&binary.right), |a, b| a & b),
                BinOp::Or(_) => self.condition(&binary.left).and(self.condition(&binary.right), |a, b| a | b),
                _ => self.comparison(binary),
            },
            Expr::MethodCall(call) if call.method == "is_some" => self.is_given(&call.receiver),
            Expr::MethodCall(call) if call.method == "is_none" => self.is_given(&call.receiver).negated(),
            Expr::Let(pattern) if is_some(&pattern.pat) => self.is_given(&pattern.expr),
            _ => match known(expr) {
                Some(Known::Flag(flag)) => Condition::Holds(flag),
                _ => self.unseen(expr),
            },
        }
    }

    /// A condition that the macro cannot read.
    fn unseen(&self, expr: &Expr) -> Condition {
        let tokens = expr.to_token_stream();
        if self.mentions_value(&tokens) { Condition::OfValues } else { Condition::Open(first_name(&tokens)) }
    }

    fn comparison(&self, comparison: &syn::ExprBinary) -> Condition {
        let (left, right) = (&*comparison.left, &*comparison.right);
        let is_none = |expr: &Expr| ident(expr).is_some_and(|name| name == "None");
        match comparison.op {
            BinOp::Eq(_) if is_none(right) => return self.is_given(left).negated(),
            BinOp::Eq(_) if is_none(left) => return self.is_given(right).negated(),
            BinOp::Ne(_) if is_none(right) => return self.is_given(left),
            BinOp::Ne(_) if is_none(left) => return self.is_given(right),
            _ => {}
        }
        match (Seen::new(left), Seen::new(right)) {
            (Some(first), Some(second)) => match compare(&comparison.op, first.order(&second)) {
                Some(holds) => Condition::Holds(holds),
                // It may be a block's parameter: what its user wrote, and not the number beside it.
                None => Condition::Open(if let Seen::Number(_) = first { right } else { left }.to_token_stream()),
            },
            (None, Some(_)) => self.unseen(left),
            (Some(_), None) => self.unseen(right),
            (None, None) => self.unseen(left).and(self.unseen(right), |_, _| false),
        }
    }

    /// Whether a value that may be left out is there, or a parameter is not `None`.
    fn is_given(&self, expr: &Expr) -> Condition {
        let binding = ident(expr).and_then(|name| self.scope.variables.get(&name.to_string()));
        match binding {
            _ if self.is_absent(expr) => Condition::Holds(false),
            Some(_) if ident(expr).is_some_and(|name| self.scope.optional.contains(&name.to_string())) => {
                Condition::Open(expr.to_token_stream())
            }
            Some(_) => Condition::Holds(true),
            None if Seen::new(expr).is_some() => Condition::Holds(true),
            None => self.unseen(expr),
        }
    }
}

/// `Some(mask)`
fn is_some(pat: &Pat) -> bool {
    matches!(pat, Pat::TupleStruct(pattern) if pattern.path.is_ident("Some") && pattern.elems.len() == 1)
}

/// What can be compared.
enum Seen {
    Number(f64),
    Flag(bool),
    Word(String),
}

impl Seen {
    fn new(expr: &Expr) -> Option<Seen> {
        match expr {
            Expr::Paren(inner) => Seen::new(&inner.expr),
            Expr::Group(inner) => Seen::new(&inner.expr),
            Expr::Lit(syn::ExprLit { lit: Lit::Str(text), .. }) => Some(Seen::Word(text.value())),
            _ => Some(match known(expr)? {
                Known::Int(value) => Seen::Number(value as f64),
                Known::Real(value) => Seen::Number(value),
                Known::Flag(flag) => Seen::Flag(flag),
            }),
        }
    }

    /// `None` for two of different kinds.
    fn order(&self, other: &Seen) -> Option<Ordering> {
        match (self, other) {
            (Seen::Number(first), Seen::Number(second)) => first.partial_cmp(second),
            (Seen::Flag(first), Seen::Flag(second)) => Some(first.cmp(second)),
            (Seen::Word(first), Seen::Word(second)) => Some(first.cmp(second)),
            _ => None,
        }
    }
}

/// What an operator says of two whose order is this.
fn compare(op: &BinOp, order: Option<Ordering>) -> Option<bool> {
    match op {
        BinOp::Eq(_) => Some(order.is_some_and(Ordering::is_eq)),
        BinOp::Ne(_) => Some(order.is_none_or(Ordering::is_ne)),
        BinOp::Lt(_) => order.map(Ordering::is_lt),
        BinOp::Le(_) => order.map(Ordering::is_le),
        BinOp::Gt(_) => order.map(Ordering::is_gt),
        BinOp::Ge(_) => order.map(Ordering::is_ge),
        _ => None,
    }
}

/// What is wrong with a part of a condition that the macro cannot read.
fn unread(place: &TokenStream) -> String {
    if !matches!(place.clone().into_iter().next(), Some(TokenTree::Ident(_))) {
        return "a condition compares numbers with numbers, as in `depth > 1`, and words with words".to_string();
    }
    let name = place.to_string().replace(' ', "");
    format!("the macro takes the branch, so it must see what `{name}` is: write its value")
}

/// The first name, with its path, or else everything: what a block's user wrote may stand beside the block's own literals.
fn first_name(tokens: &TokenStream) -> TokenStream {
    let mut rest = tokens.clone().into_iter().peekable();
    while let Some(token) = rest.next() {
        match token {
            TokenTree::Ident(_) => {
                let mut path = TokenStream::from(token);
                let is_colon = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':');
                while let Some(colon) = rest.next_if(is_colon) {
                    path.extend([colon]);
                    path.extend(rest.next_if(|token| matches!(token, TokenTree::Ident(_))));
                }
                return path;
            }
            TokenTree::Group(group) => {
                let inner = first_name(&group.stream());
                if matches!(inner.clone().into_iter().next(), Some(TokenTree::Ident(_))) {
                    return inner;
                }
            }
            _ => {}
        }
    }
    tokens.clone()
}

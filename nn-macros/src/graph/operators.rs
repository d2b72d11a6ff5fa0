//! `+ - * /` and comparisons between values, and with constants.

use nn_shape::catalogue;
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{BinOp, Expr};

use super::{Binding, Builder, Callee, compound};
use crate::ast::Arg;
use crate::suggest::operator_instead;

impl Builder<'_> {
    /// A function that an operator stands for.
    pub(super) fn apply(
        &mut self,
        function: &str,
        tokens: TokenStream,
        inputs: Vec<Binding>,
        args: &[Arg],
        shown: Option<&str>,
    ) -> Binding {
        let entry = catalogue::function(function).expect("operators stand for functions of the catalogue");
        let name = shown.unwrap_or(function).to_string();
        self.finish(Callee { entry, layer: None, name, tokens }, inputs, args, None)
    }

    pub(super) fn binary(&mut self, binary: &syn::ExprBinary) -> Binding {
        let op = compound(&binary.op).unwrap_or(binary.op);
        let (name, symbol, commutes) = match op {
            BinOp::Add(_) => ("add", "+", true),
            BinOp::Sub(_) => ("sub", "-", false),
            BinOp::Mul(_) => ("mul", "*", true),
            BinOp::Div(_) => ("div", "/", false),
            BinOp::Gt(_) => ("gt", ">", false),
            BinOp::Ge(_) => ("ge", ">=", false),
            BinOp::Lt(_) => ("lt", "<", false),
            BinOp::Le(_) => ("le", "<=", false),
            BinOp::Eq(_) => ("eq", "==", true),
            BinOp::Ne(_) => ("ne", "!=", true),
            other => return self.unknown(binary.op, operator_instead(&other)),
        };
        let tokens = binary.op.to_token_stream();
        let constant = |expr: &Expr| vec![Arg::plain(expr.clone())];
        match (self.is_constant(&binary.left), self.is_constant(&binary.right)) {
            (false, false) => {
                let values = vec![self.one(&binary.left, symbol), self.one(&binary.right, symbol)];
                self.apply(name, tokens, values, &[], Some(symbol))
            }
            (false, true) => {
                let value = vec![self.one(&binary.left, symbol)];
                self.apply(&format!("{name}_scalar"), tokens, value, &constant(&binary.right), Some(symbol))
            }
            (true, false) => {
                let value = vec![self.one(&binary.right, symbol)];
                let function = match name {
                    // The other way round it is the opposite.
                    "gt" => "lt_scalar".to_string(),
                    "ge" => "le_scalar".to_string(),
                    "lt" => "gt_scalar".to_string(),
                    "le" => "ge_scalar".to_string(),
                    _ if commutes => format!("{name}_scalar"),
                    _ => format!("r{name}_scalar"),
                };
                self.apply(&function, tokens, value, &constant(&binary.left), Some(symbol))
            }
            (true, true) => self.unknown(binary, "no value takes part in this: a number alone is no value"),
        }
    }

    /// Whether an expression is a number: a literal, a constant, or arithmetic on them.
    fn is_constant(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Lit(_) => true,
            Expr::Path(path) => match path.path.get_ident() {
                // Constants are written in capitals, or are a block's parameters; anything else is meant to be a value.
                Some(name) => {
                    let text = name.to_string();
                    !self.scope.variables.contains_key(&text)
                        && !self.scope.modules.contains_key(&text)
                        && (text.starts_with(char::is_uppercase) || self.is_open(name))
                }
                None => true,
            },
            Expr::Unary(unary) => self.is_constant(&unary.expr),
            Expr::Binary(binary) => self.is_constant(&binary.left) && self.is_constant(&binary.right),
            Expr::Paren(inner) => self.is_constant(&inner.expr),
            Expr::Cast(_) => true,
            _ => false,
        }
    }
}

//! What a block's caller may leave out, and what the block makes of it: `forward(x, mask = None)`, `if norm_first { ... }`.

use quote::ToTokens;
use syn::{BinOp, Expr, ExprIf, Lit, UnOp};

use super::{Binding, Builder, Callable, Module, ident};
use crate::ast::{self, Arg, Parameter};
use crate::known::{Known, known};
use crate::substitute::{Values, constants};

/// Whether an option is a value; else it is a constant.
fn is_value(option: &Parameter) -> bool {
    option.default.as_ref().and_then(ident).is_some_and(|default| default == "None")
}

impl Builder<'_> {
    /// The values among the arguments of a module, and what is said of each of its options.
    pub(super) fn given<'a>(
        &mut self,
        module: &Module,
        name: &str,
        args: &'a [Arg],
    ) -> Option<(&'a [Arg], Vec<Option<Arg>>)> {
        let (count, options): (usize, &[Parameter]) = match module {
            Module::Block(instance) => match &instance.body {
                Callable::Forward(forward, _) => (forward.inputs.len(), &forward.options),
                _ => (usize::MAX, &[]),
            },
            _ => (usize::MAX, &[]),
        };
        let plain = args.iter().take_while(|arg| arg.name.is_none()).count();
        let most = if options.is_empty() { plain } else { plain.min(count) };
        let mut found = vec![None; options.len()];
        for (index, arg) in args.iter().enumerate().skip(most) {
            let place = match &arg.name {
                Some(named) => options.iter().position(|option| option.name == *named),
                None if index >= count && index - count < options.len() => Some(index - count),
                None => None,
            };
            let Some(place) = place else {
                let names: Vec<_> = options.iter().map(|option| option.name.to_string()).collect();
                let message = match (&arg.name, names.is_empty()) {
                    (Some(_), true) => format!("`{name}` takes values, and values are given without names"),
                    _ => format!("`{name}` may be given {} beside its values", names.join(", ")),
                };
                let at = arg.name.as_ref().map_or_else(|| arg.value.to_token_stream(), ToTokens::to_token_stream);
                return self.fail(at, message);
            };
            if !is_value(&options[place]) && self.mentions_value(&arg.value.to_token_stream()) {
                return self.fail(&arg.value, format!("`{}` is a constant, no value", options[place].name));
            }
            if found[place].replace(arg.clone()).is_some() {
                return self.fail(&arg.value, format!("`{}` is given twice", options[place].name));
            }
        }
        // Only values of the caller's scope are meant: they are looked up before the block's own scope begins.
        for (option, arg) in options.iter().zip(&mut found) {
            if let Some(given) = arg
                && is_value(option)
                && self.is_absent(&given.value)
            {
                *arg = None;
            }
        }
        Some((&args[..most], found))
    }

    /// Whether an expression stands for a value that is left out.
    pub(super) fn is_absent(&self, expr: &Expr) -> bool {
        let Some(name) = ident(expr) else { return false };
        name == "None" || matches!(self.scope.variables.get(&name.to_string()), Some(Binding::Absent))
    }

    /// What the options of a block's `forward` stand for: values by their names, and constants.
    pub(super) fn options(
        &mut self,
        forward: &ast::Forward,
        given: &[Option<Arg>],
    ) -> (Vec<(String, Binding)>, Values) {
        let mut values = Vec::new();
        let mut chosen = Vec::new();
        for (index, option) in forward.options.iter().enumerate() {
            let (name, arg) = (option.name.to_string(), given.get(index).and_then(Option::as_ref));
            match (arg, is_value(option)) {
                (Some(arg), true) => {
                    let value = self.one(&arg.value, &name);
                    self.discard(&value);
                    values.push((name, value));
                }
                // Where the block is checked, every value may be there.
                (None, true) if self.is_check && given.is_empty() => {
                    let value = self.value(name.clone(), option.name.span());
                    self.network.values[value].discarded = true;
                    values.push((name, Binding::Value(value)));
                }
                (None, true) => values.push((name, Binding::Absent)),
                (Some(arg), false) => chosen.push((name, arg.value.clone())),
                (None, false) => chosen.extend(option.default.clone().map(|default| (name, default))),
            }
        }
        (values, constants(chosen.into_iter()))
    }

    /// `if norm_first { ... } else { ... }`, where the condition is a constant: a statement.
    pub(super) fn choose(&mut self, choice: &ExprIf) {
        let taken = self.condition_of(choice);
        if taken != Some(false) {
            self.round(&choice.then_branch);
        }
        if taken == Some(true) {
            return;
        }
        match choice.else_branch.as_ref().map(|(_, branch)| &**branch) {
            Some(Expr::Block(block)) => self.round(&block.block),
            Some(Expr::If(choice)) => self.choose(choice),
            _ => {}
        }
    }

    /// The same as an expression.
    pub(super) fn chosen(&mut self, choice: &ExprIf, pattern: Option<usize>) -> Binding {
        let taken = self.condition_of(choice);
        let Some((_, otherwise)) = &choice.else_branch else {
            return self.unknown(choice.if_token, "this is a value, so there is an `else { ... }` too");
        };
        let first = if taken == Some(false) { None } else { Some(self.inner(&choice.then_branch)) };
        let second = match (taken, &**otherwise) {
            (Some(true), _) => None,
            (_, Expr::Block(block)) => Some(self.inner(&block.block)),
            (_, other) => Some(self.expression_for(other, pattern)),
        };
        first.or(second).unwrap_or(Binding::Unknown)
    }

    /// Whether the condition holds; `None` where a block is checked and it is open.
    fn condition_of(&mut self, choice: &ExprIf) -> Option<bool> {
        let condition = condition(&choice.cond);
        if condition.is_none() && !self.is_check {
            self.errors.at(&choice.cond, "the macro takes the branch, so it must see the condition: write literals");
        }
        condition
    }
}

/// Evaluates truth values, and comparisons of numbers and words.
fn condition(expr: &Expr) -> Option<bool> {
    match expr {
        Expr::Paren(inner) => condition(&inner.expr),
        Expr::Group(inner) => condition(&inner.expr),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Not(_)) => condition(&unary.expr).map(|flag| !flag),
        Expr::Binary(binary) => match binary.op {
            BinOp::And(_) => Some(condition(&binary.left)? & condition(&binary.right)?),
            BinOp::Or(_) => Some(condition(&binary.left)? | condition(&binary.right)?),
            BinOp::Eq(_) => same(&binary.left, &binary.right),
            BinOp::Ne(_) => same(&binary.left, &binary.right).map(|same| !same),
            _ => None,
        },
        _ => match known(expr) {
            Some(Known::Flag(flag)) => Some(flag),
            _ => None,
        },
    }
}

fn same(left: &Expr, right: &Expr) -> Option<bool> {
    if let (Some(left), Some(right)) = (word(left), word(right)) {
        return Some(left == right);
    }
    Some(known(left)? == known(right)?)
}

fn word(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Paren(inner) => word(&inner.expr),
        Expr::Group(inner) => word(&inner.expr),
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

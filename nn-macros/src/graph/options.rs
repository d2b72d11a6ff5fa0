//! What a block's caller may leave out, and what the block makes of it: `forward(x, mask = None)`, `if norm_first { ... }`.

use std::collections::{HashMap, HashSet};

use quote::ToTokens;
use syn::{Block, Expr, ExprIf, Pat, parse_quote};

use super::{Binding, Builder, Callable, Module, ident, mentions};
use crate::ast::{self, Arg, Parameter};
use crate::substitute::{Values, constants};
use crate::suggest::keyword_meant;

/// What a block's caller says beside its values.
pub(super) struct Options {
    pub(super) values: Vec<(String, Binding)>,
    /// Those of the values of which it is open whether they are given.
    pub(super) optional: HashSet<String>,
    pub(super) constants: Values,
}

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
                let names: Vec<_> = names.iter().map(String::as_str).collect();
                let message = match (&arg.name, names.is_empty()) {
                    (Some(_), true) => format!("`{name}` takes values, and values are given without names"),
                    (Some(written), false) => {
                        let hint = keyword_meant(&written.to_string(), &names);
                        format!(
                            "`{name}` has no argument `{written}`{hint} (beside its values it takes {})",
                            names.join(", ")
                        )
                    }
                    (None, _) => format!("`{name}` may be given {} beside its values", names.join(", ")),
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
    pub(super) fn options(&mut self, forward: &ast::Forward, given: &[Option<Arg>]) -> Options {
        let (mut values, mut optional) = (Vec::new(), HashSet::new());
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
                (None, true) if self.open.is_some() && given.is_empty() => {
                    let value = self.value(name.clone(), option.name.span());
                    self.network.values[value].discarded = true;
                    optional.insert(name.clone());
                    values.push((name, Binding::Value(value)));
                }
                (None, true) => values.push((name, Binding::Absent)),
                (Some(arg), false) => chosen.push((name, arg.value.clone())),
                (None, false) => chosen.extend(option.default.clone().map(|default| (name, default))),
            }
        }
        Options { values, optional, constants: constants(chosen.into_iter()) }
    }

    /// `if norm_first { ... } else { ... }`, where the condition is a constant: a statement.
    pub(super) fn choose(&mut self, choice: &ExprIf) {
        let otherwise = |this: &mut Self| match choice.else_branch.as_ref().map(|(_, branch)| &**branch) {
            Some(Expr::Block(block)) => this.round(&block.block),
            Some(Expr::If(choice)) => this.choose(choice),
            _ => {}
        };
        self.branch(choice, |this, body| this.round(body), otherwise);
    }

    /// The same as an expression.
    pub(super) fn chosen(&mut self, choice: &ExprIf, pattern: Option<usize>) -> Binding {
        let Some((_, otherwise)) = &choice.else_branch else {
            return self.unknown(choice.if_token, "this is a value, so there is an `else { ... }` too");
        };
        let otherwise = |this: &mut Self| match &**otherwise {
            Expr::Block(block) => this.inner(&block.block, pattern),
            other => this.expression_for(other, pattern),
        };
        match self.branch(choice, |this, body| this.inner(body, pattern), otherwise) {
            (taken, None) => taken,
            (first, Some(second)) => self.join(first, second),
        }
    }

    /// Follows the branch that the condition takes; both, each from the same start, where it is open.
    fn branch<T>(
        &mut self,
        choice: &ExprIf,
        then: impl FnOnce(&mut Self, &Block) -> T,
        otherwise: impl FnOnce(&mut Self) -> T,
    ) -> (T, Option<T>) {
        let body = taken_apart(choice);
        match self.condition_of(choice) {
            Some(true) => {
                self.leave_out(choice.else_branch.as_ref().map(|(_, branch)| branch));
                (then(self, &body), None)
            }
            Some(false) => {
                self.leave_out(Some(&body));
                (otherwise(self), None)
            }
            None => {
                let before = self.scope.variables.clone();
                let first = then(self, &body);
                let behind_first = std::mem::replace(&mut self.scope.variables, before);
                let second = otherwise(self);
                self.join_variables(behind_first);
                (first, Some(second))
            }
        }
    }

    /// Notes the layers that a branch calls which is not taken.
    fn leave_out(&mut self, branch: Option<impl ToTokens>) {
        let tokens = branch.to_token_stream();
        let called = self.scope.modules.iter().filter(|(name, _)| mentions(tokens.clone(), &|other| other == *name));
        called.for_each(|(_, module)| module.note(&mut self.left_out));
    }

    /// What the names mean behind two branches, the second of which was followed last.
    fn join_variables(&mut self, behind_first: HashMap<String, Binding>) {
        for (name, first) in behind_first {
            let joined = match self.scope.variables.get(&name).cloned() {
                Some(second) => self.join(first, second),
                None => first,
            };
            self.scope.variables.insert(name, joined);
        }
    }

    /// One of two: whoever uses it uses both.
    fn join(&mut self, first: Binding, second: Binding) -> Binding {
        match (first, second) {
            (first, second) if first == second => first,
            (Binding::Value(first), Binding::Value(second)) => {
                let values = &mut self.network.values;
                values[first].uses += 1;
                values[second].uses += 1;
                let (span, taken) = (values[first].span, values[first].taken.clone());
                let joined = self.value("if ... else".into(), span);
                self.network.values[joined].taken = taken;
                Binding::Value(joined)
            }
            (Binding::Tuple(first), Binding::Tuple(second)) if first.len() == second.len() => {
                Binding::Tuple(first.into_iter().zip(second).map(|(first, second)| self.join(first, second)).collect())
            }
            _ => self.unfollowed(),
        }
    }
}

/// The first branch; in that of `if let Some(m) = mask`, the value has the name `m`.
fn taken_apart(choice: &ExprIf) -> Block {
    let mut body = choice.then_branch.clone();
    if let Expr::Let(pattern) = &*choice.cond
        && let Pat::TupleStruct(some) = &*pattern.pat
        && let Some(name) = some.elems.first()
    {
        let value = &pattern.expr;
        body.stmts.insert(0, parse_quote!(let #name = #value;));
    }
    body
}

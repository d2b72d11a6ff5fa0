//! Names that take values: `let (a, b) = ...;`, `x = ...;`.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Block, Expr, Ident, Pat, Stmt};

use super::{Binding, Builder, ident};

impl Builder<'_> {
    pub(super) fn local(&mut self, local: &syn::Local) {
        let Some(init) = &local.init else {
            return self.fail(local, "a `let` needs a value: `let name = expression;`");
        };
        let pattern = pattern_len(&local.pat);
        let value = self.expression_for(&init.expr, pattern);
        if let Some(shadowed) = self.scope.loops.last_mut() {
            let mut names = Vec::new();
            pattern_names(&local.pat, &mut names);
            for name in names {
                let before = self.scope.variables.get(&name).cloned();
                shadowed.entry(name).or_insert(before);
            }
        }
        self.bind_pattern(&local.pat, value);
    }

    pub(super) fn assign(&mut self, target: &Expr, value: &Expr) {
        let value =
            self.expression_for(value, if let Expr::Tuple(tuple) = target { Some(tuple.elems.len()) } else { None });
        self.assign_value(target, value);
    }

    pub(super) fn assign_value(&mut self, target: &Expr, value: Binding) {
        match target {
            Expr::Tuple(tuple) => {
                let values = self.take_apart(value, tuple.elems.len(), target.to_token_stream());
                for (target, value) in tuple.elems.iter().zip(values) {
                    self.assign_value(target, value);
                }
            }
            Expr::Infer(_) => self.discard(&value),
            _ => match ident(target) {
                Some(name) => self.define(name, value),
                None => self.fail(target, "only a name or a tuple of names can be given a value"),
            },
        }
    }

    pub(super) fn bind_pattern(&mut self, pat: &Pat, value: Binding) {
        match pat {
            Pat::Ident(name) => self.define(&name.ident, value),
            Pat::Wild(_) => self.discard(&value),
            Pat::Paren(paren) => self.bind_pattern(&paren.pat, value),
            Pat::Tuple(tuple) => {
                let values = self.take_apart(value, tuple.elems.len(), pat.to_token_stream());
                for (pat, value) in tuple.elems.iter().zip(values) {
                    self.bind_pattern(pat, value);
                }
            }
            Pat::Type(typed) => {
                let name = typed.pat.to_token_stream();
                self.errors.at(
                    &typed.ty,
                    format!("the values of `forward` have no types, their shapes follow from the header's: write `let {name} = ...`"),
                );
                self.bind_pattern(&typed.pat, value);
            }
            _ => self.fail(pat, "only a name or a tuple of names can be given a value"),
        }
    }

    pub(super) fn take_apart(&mut self, value: Binding, count: usize, at: TokenStream) -> Vec<Binding> {
        match value {
            Binding::Tuple(values) if values.len() == count => values,
            Binding::Tuple(values) => {
                let message = format!("there are {} values, but {count} names take them", values.len());
                self.errors.at(at, message);
                vec![Binding::Unknown; count]
            }
            Binding::Value(_) => {
                self.errors.at(at, format!("there is one value, but {count} names take it"));
                vec![Binding::Unknown; count]
            }
            Binding::Absent | Binding::Unknown => vec![Binding::Unknown; count],
        }
    }

    pub(super) fn define(&mut self, name: &Ident, value: Binding) {
        let text = name.unraw().to_string();
        if self.scope.modules.contains_key(&text) {
            let what = match self.scope.modules.get(&text).and_then(|module| self.held_layer(module)) {
                Some(layer) => self.network.layers[layer].entry.name.to_lowercase(),
                None => "layer".to_string(),
            };
            self.errors.at(name, format!("`{name}` is already the name of a {what}: the value needs another"));
        }
        if name.to_string().starts_with('_') {
            self.discard(&value);
        }
        self.take(name, &value);
        if let Binding::Value(id) = value {
            let fresh = self.network.ops.last().is_some_and(|op| op.outputs.contains(&id));
            let of_layer = self.network.ops.last().is_some_and(|op| op.layer.is_some() && op.outputs.len() == 1);
            if fresh {
                let value = &mut self.network.values[id];
                value.span = name.span();
                if !of_layer {
                    value.name = format!("{}{name}", self.scope.prefix);
                }
            }
        }
        self.scope.optional.remove(&text);
        self.scope.variables.insert(name.to_string(), value);
    }

    /// Notes the name that took a value, or all values of a tuple.
    fn take(&mut self, name: &Ident, value: &Binding) {
        match value {
            Binding::Value(id) => self.network.values[*id].taken = Some(name.clone()),
            Binding::Tuple(values) => values.iter().for_each(|value| self.take(name, value)),
            Binding::Absent | Binding::Unknown => {}
        }
    }

    pub(super) fn discard(&mut self, value: &Binding) {
        match value {
            Binding::Value(id) => self.network.values[*id].discarded = true,
            Binding::Tuple(values) => values.iter().for_each(|value| self.discard(value)),
            Binding::Absent | Binding::Unknown => {}
        }
    }
}

/// Every name that a body defines, to tell "before it exists" from "unknown".
pub(super) fn later_names(block: &Block) -> Vec<String> {
    let mut found = Vec::new();
    for statement in &block.stmts {
        if let Stmt::Local(local) = statement {
            pattern_names(&local.pat, &mut found);
        }
    }
    found
}

fn pattern_names(pat: &Pat, found: &mut Vec<String>) {
    match pat {
        Pat::Ident(ident) => found.push(ident.ident.to_string()),
        Pat::Tuple(tuple) => tuple.elems.iter().for_each(|pat| pattern_names(pat, found)),
        Pat::Paren(paren) => pattern_names(&paren.pat, found),
        Pat::Type(typed) => pattern_names(&typed.pat, found),
        _ => {}
    }
}

fn pattern_len(pat: &Pat) -> Option<usize> {
    match pat {
        Pat::Tuple(tuple) => Some(tuple.elems.len()),
        Pat::Paren(paren) => pattern_len(&paren.pat),
        Pat::Type(typed) => pattern_len(&typed.pat),
        _ => None,
    }
}

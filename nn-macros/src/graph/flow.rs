//! How values pass through modules: chains, blocks, lists and loops.

use std::rc::Rc;

use nn_shape::catalogue::{Inputs, Outputs};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Expr, Ident, Member, Pat, RangeLimits};

use super::names::later_names;
use super::{Binding, Builder, Callable, Callee, Instance, Module, Scope, ident};
use crate::ast::{self, Arg};
use crate::ir::{self, Bound};
use crate::known::{Known, known};
use crate::substitute::{number, statements};

/// More rounds than this are a slip.
const MOST_ROUNDS: i64 = 1000;

impl Builder<'_> {
    /// A network's or a block's own body.
    pub(super) fn run(&mut self, instance: &Instance, inputs: Vec<Binding>, options: &[Option<Arg>]) -> Binding {
        match &instance.body {
            Callable::Broken | Callable::Dict(_) => Binding::Unknown,
            Callable::Chain(modules, _) => {
                let Some(first) = inputs.into_iter().next() else { return Binding::Unknown };
                self.chain(modules, first)
            }
            Callable::Forward(forward, modules) => {
                let options = self.options(forward, options);
                let forward = &ast::Forward { body: statements(&forward.body, &options.constants), ..forward.clone() };
                let prefix = if instance.name.is_empty() { String::new() } else { format!("{}.", instance.name) };
                let names = forward.inputs.iter().map(ToString::to_string);
                let scope = Scope {
                    prefix,
                    modules: modules.clone(),
                    later: later_names(&forward.body),
                    variables: names.zip(inputs.iter().cloned()).chain(options.values).collect(),
                    optional: options.optional,
                    loops: Vec::new(),
                };
                for (name, input) in forward.inputs.iter().zip(&inputs) {
                    if name.to_string().starts_with('_') {
                        self.discard(input);
                    }
                }
                let outer = std::mem::replace(&mut self.scope, scope);
                let result = self.block(&forward.body, None);
                self.scope = outer;
                result.unwrap_or(Binding::Unknown)
            }
        }
    }

    fn chain(&mut self, modules: &[(Module, TokenStream)], first: Binding) -> Binding {
        let mut value = first;
        for (module, tokens) in modules {
            if let Binding::Tuple(values) = &value {
                let message = format!(
                    "this is given {} values where it takes one: say how data flows in `forward(x) {{ ... }}`",
                    values.len()
                );
                return self.unknown(tokens, message);
            }
            value = self.pass(module, &tokens.to_string(), tokens.clone(), vec![value], &[]);
            if matches!(value, Binding::Unknown) {
                break;
            }
        }
        value
    }

    /// Gives values to a module that is called `name` there.
    pub(super) fn pass(
        &mut self,
        module: &Module,
        name: &str,
        tokens: TokenStream,
        values: Vec<Binding>,
        options: &[Option<Arg>],
    ) -> Binding {
        if values.iter().any(|value| matches!(value, Binding::Unknown)) {
            return Binding::Unknown;
        }
        let takes = match module {
            Module::Broken => return self.unfollowed(),
            Module::Block(instance) if let Callable::Dict(names) = &instance.body => {
                return self.unknown(tokens, super::of_dict(name, names));
            }
            Module::Block(instance) => match &instance.body {
                Callable::Forward(forward, _) => forward.inputs.len(),
                _ => 1,
            },
            Module::Layer(_) | Module::List(..) => 1,
        };
        if values.len() != takes {
            let plural = if takes == 1 { "" } else { "s" };
            return self.unknown(tokens, format!("`{name}` takes {takes} value{plural}, found {}", values.len()));
        }
        match module {
            Module::Layer(layer) => self.pass_layer(*layer, tokens, values),
            Module::List(modules) => {
                let modules = Rc::clone(modules);
                let value = values.into_iter().next();
                self.within(self.list_label(&modules), |this| {
                    value.map_or(Binding::Unknown, |value| this.chain(&modules, value))
                })
            }
            Module::Block(instance) => {
                let instance = Rc::clone(instance);
                self.within(instance.name.clone(), |this| {
                    let values = this.expect(&instance, tokens, values);
                    let outer = this.reported;
                    this.reported |= instance.header.is_some();
                    let result = this.run(&instance, values, options);
                    this.reported = outer;
                    result
                })
            }
            Module::Broken => Binding::Unknown,
        }
    }

    /// Notes that what is computed belongs to a run of a block or list.
    fn within<T>(&mut self, label: String, follow: impl FnOnce(&mut Self) -> T) -> T {
        self.network.runs.push(ir::Run { label, parent: self.run });
        let outer = std::mem::replace(&mut self.run, self.network.runs.len() - 1);
        let result = follow(self);
        self.run = outer;
        result
    }

    /// What messages call a list: the way to its first entry, without the last part.
    fn list_label(&self, modules: &[(Module, TokenStream)]) -> String {
        let first = match modules.first() {
            Some((Module::Layer(layer), _)) => self.network.layers[*layer].label.clone(),
            Some((Module::Block(instance), _)) => instance.name.clone(),
            Some((Module::List(inner), _)) => self.list_label(inner),
            Some((Module::Broken, _)) | None => String::new(),
        };
        first.rsplit_once('.').map_or_else(String::new, |(list, _)| list.to_string())
    }

    /// A layer in a chain.
    fn pass_layer(&mut self, layer: usize, tokens: TokenStream, values: Vec<Binding>) -> Binding {
        let entry = self.network.layers[layer].entry;
        let one = match entry.outputs {
            Outputs::Exactly(count) => count == 1,
            Outputs::Pattern | Outputs::WithState(_) => false,
            Outputs::WithIndices => match self.returns_indices(entry, &self.network.layers[layer].args) {
                Some(returned) => !returned,
                None => return self.unfollowed(),
            },
        };
        if self.network.layers[layer].is_held() {
            let message =
                format!("a {} is a value, not a layer: `forward(x) {{ ... }}` takes it by its name", entry.name);
            return self.unknown(tokens, message);
        }
        if entry.inputs != Inputs::Exactly(1) || !one {
            let message = format!(
                "`{}` does not take one value and give one: say how data flows in `forward(x) {{ ... }}`",
                entry.name
            );
            return self.unknown(tokens, message);
        }
        let callee = Callee { entry, layer: Some(layer), name: entry.name.to_string(), tokens };
        self.finish(callee, values, &[], None)
    }

    /// A network as a layer says what it takes.
    fn expect(&mut self, instance: &Instance, tokens: TokenStream, values: Vec<Binding>) -> Vec<Binding> {
        let Some((network, shapes)) = &instance.header else { return values };
        let entry = &nn_shape::EXPECT;
        let mut checked = Vec::new();
        for (value, sizes) in values.into_iter().zip(shapes) {
            let Binding::Value(value) = value else { return vec![Binding::Unknown] };
            let numbers: Option<Vec<usize>> = sizes
                .iter()
                .map(|size| if let Some(Known::Int(size)) = known(size) { usize::try_from(size).ok() } else { None })
                .collect();
            let tokens_of_shape = quote!(::nn::__private::shape::Arg::sizes(&[#(#sizes),*]));
            let shape = Bound::new(tokens_of_shape, numbers.map(|numbers| nn_shape::Arg::sizes(&numbers)), None);
            let own = instance.name.strip_prefix(&self.scope.prefix).unwrap_or(&instance.name);
            let label = format!("{own} ({network})");
            let callee = Callee { entry, layer: None, name: label, tokens: tokens.clone() };
            checked.extend(self.push(callee, vec![value], vec![shape], 1).into_iter().map(Binding::Value));
        }
        checked
    }

    /// A part of a list or block: `blocks[2]`, `blocks.2`, `encoder.stem`. `None` if the expression is nothing of the kind.
    pub(super) fn part(&mut self, expr: &Expr) -> Option<Option<(Module, String)>> {
        let (base, place, shown) = match expr {
            Expr::Path(_) => {
                let name = ident(expr)?.unraw().to_string();
                return self.scope.modules.get(&name).map(|module| Some((module.clone(), name)));
            }
            Expr::Index(index) => {
                // `heads["a"]`, as in Python.
                if let Expr::Lit(literal) = &*index.index
                    && let syn::Lit::Str(text) = &literal.lit
                    && let Ok(name) = text.parse_with(Ident::parse_any)
                {
                    let Some((module, label)) = self.part(&index.expr)? else { return Some(None) };
                    let member = self.member(&module, &name);
                    return Some(member.map(|member| (member, format!("{label}.{name}"))));
                }
                (&*index.expr, Some(&*index.index), String::new())
            }
            Expr::Field(field) => match &field.member {
                Member::Unnamed(index) => (&*field.base, None, index.index.to_string()),
                Member::Named(name) => {
                    let (module, label) = match self.part(&field.base)? {
                        Some(found) => found,
                        None => return Some(None),
                    };
                    let member = self.member(&module, name);
                    return Some(member.map(|member| (member, format!("{label}.{name}"))));
                }
            },
            Expr::Paren(inner) => return self.part(&inner.expr),
            _ => return None,
        };
        let Some((module, label)) = self.part(base)? else { return Some(None) };
        let Some(modules) = module.entries() else {
            if matches!(module, Module::Broken) {
                self.unfollowed();
            } else {
                self.errors.at(expr, format!("`{label}` is no list"));
            }
            return Some(None);
        };
        let number = match place.map(known) {
            None => shown.parse().ok(),
            Some(Some(Known::Int(number))) => usize::try_from(number).ok(),
            Some(_) if self.is_open(place) => {
                self.unfollowed();
                return Some(None);
            }
            Some(_) => {
                self.errors.at(place, "the macro writes the call out, so it must see the number: write a literal");
                return Some(None);
            }
        };
        match number.and_then(|number| modules.get(number)) {
            Some((module, _)) => Some(Some((module.clone(), format!("{label}.{}", number.unwrap_or_default())))),
            None => {
                let at = place.map_or_else(|| expr.to_token_stream(), ToTokens::to_token_stream);
                self.errors.at(at, format!("`{label}` holds {} layers, counted from 0", modules.len()));
                Some(None)
            }
        }
    }

    /// A layer of a block.
    pub(super) fn member(&self, module: &Module, name: &Ident) -> Option<Module> {
        let modules = match module {
            Module::Block(instance) => match &instance.body {
                Callable::Chain(_, modules) | Callable::Forward(_, modules) | Callable::Dict(modules) => Some(modules),
                Callable::Broken => None,
            },
            Module::Broken => return Some(Module::Broken),
            _ => None,
        };
        let found = modules.and_then(|modules| modules.get(&name.unraw().to_string()).cloned());
        if found.is_none() {
            let mut names: Vec<&str> =
                modules.into_iter().flat_map(|modules| modules.keys()).map(String::as_str).collect();
            names.sort_unstable();
            let held = match (names.is_empty(), module.entries()) {
                (false, _) => format!(", which holds `{}`", names.join("`, `")),
                (true, Some(_)) => ": its layers are called by their numbers, as in `layers[0](x)`".to_string(),
                (true, None) => String::new(),
            };
            self.errors.at(name, format!("there is no layer `{name}` in it{held}"));
        }
        found
    }

    /// `for block in blocks { x = block(x); }`, `for i in 0..3 { ... }`: written out.
    pub(super) fn for_loop(&mut self, loops: &syn::ExprForLoop) {
        let Pat::Ident(name) = &*loops.pat else {
            return self.fail(&loops.pat, "a loop has one name: `for block in blocks { ... }`");
        };
        if let Expr::Range(range) = &*loops.expr {
            return self.for_range(&name.ident, range, &loops.body);
        }
        let Some(found) = self.part(&loops.expr) else {
            return self.fail(&loops.expr, "a loop runs over a list of layers, `for block in blocks`, or over `0..3`");
        };
        let Some((module, label)) = found else { return };
        let Some(modules) = module.entries() else {
            if matches!(module, Module::Broken) {
                self.unfollowed();
                return;
            }
            return self.fail(&loops.expr, format!("`{label}` is no list"));
        };
        let key = name.ident.to_string();
        if self.scope.variables.contains_key(&key) {
            return self.fail(&name.ident, format!("`{key}` is already the name of a value"));
        }
        let outer = self.scope.modules.get(&key).cloned();
        for (module, _) in modules {
            self.scope.modules.insert(key.clone(), module.clone());
            self.round(&loops.body);
        }
        match outer {
            Some(module) => drop(self.scope.modules.insert(key, module)),
            None => drop(self.scope.modules.remove(&key)),
        }
    }

    fn for_range(&mut self, name: &Ident, range: &syn::ExprRange, body: &syn::Block) {
        let end = |expr: &Option<Box<Expr>>| match expr.as_deref().map(known) {
            Some(Some(Known::Int(number))) => Some(number),
            _ => None,
        };
        if self.is_open(range) {
            self.unfollowed();
            return;
        }
        let (Some(from), Some(to)) = (end(&range.start), end(&range.end)) else {
            return self.fail(range, "the macro writes the rounds out, so it must see both ends: write literals");
        };
        let to = if matches!(range.limits, RangeLimits::Closed(_)) { to + 1 } else { to };
        if from < 0 || to - from > MOST_ROUNDS {
            return self.fail(range, format!("a loop runs over 0 to {MOST_ROUNDS} numbers that are not negative"));
        }
        for round in from..to {
            let values = number(&name.to_string(), round as usize, name.span());
            self.round(&statements(body, &values));
        }
    }

    /// Statements that end with a value: what `let` defines in them ends with them.
    pub(super) fn inner(&mut self, body: &syn::Block, pattern: Option<usize>) -> Binding {
        self.scope.loops.push(Default::default());
        let value = self.block(body, pattern);
        self.leave();
        value.unwrap_or(Binding::Unknown)
    }

    /// One round of a loop: what `let` defines in it ends with it.
    pub(super) fn round(&mut self, body: &syn::Block) {
        self.scope.loops.push(Default::default());
        for statement in &body.stmts {
            self.statement(statement);
        }
        self.leave();
    }

    /// What the names meant before.
    fn leave(&mut self) {
        for (name, before) in self.scope.loops.pop().unwrap_or_default() {
            match before {
                Some(binding) => drop(self.scope.variables.insert(name, binding)),
                None => drop(self.scope.variables.remove(&name)),
            }
        }
    }
}

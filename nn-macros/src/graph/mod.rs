//! From `forward(x) { ... }`, or layers that run in order, to single-assignment form.

mod flow;
mod options;

use std::collections::HashMap;
use std::rc::Rc;

use nn_shape::catalogue::{self, Entry, Inputs, Kind, Outputs, Parameter};
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{BinOp, Block, Expr, Ident, Pat, Stmt, UnOp, token};

use crate::arguments::{Owner, bind, text};
use crate::ast::{self, Arg};
use crate::ir::{self, Bound, Content, Network, Op, Value, ValueId};
use crate::report::Errors;
use crate::suggest::did_you_mean;

/// What a name can call.
#[derive(Clone)]
pub(crate) enum Module {
    /// A place in [`Network::layers`].
    Layer(usize),
    Block(Rc<Instance>),
    /// A list, with the tokens of each entry.
    List(Rc<Vec<(Module, TokenStream)>>),
    /// A mistake that was reported.
    Broken,
}

/// A network, or a block for one use of it.
pub(crate) struct Instance {
    /// What messages call it.
    pub(crate) name: String,
    /// A network's name and the shapes of its inputs.
    pub(crate) header: Option<(String, Vec<Vec<Expr>>)>,
    pub(crate) body: Callable,
}

/// How data flows.
pub(crate) enum Callable {
    /// Through one after the other; with the tokens of each.
    Chain(Vec<(Module, TokenStream)>),
    /// As `forward` says, with what its names call.
    Forward(ast::Forward, HashMap<String, Module>),
    /// A mistake that was reported.
    Broken,
}

/// Fills in the operations and values of the network.
///
/// `is_check` is for blocks where they are declared: conditions may be open.
pub(crate) fn build(network: &mut Network, instance: &Instance, is_check: bool, errors: &Errors) -> Option<()> {
    let (name, count) = (network.name.clone(), network.inputs.len());
    let mut builder = Builder { network, errors, is_check, scope: Scope::default() };
    let inputs: Vec<_> = match &instance.body {
        Callable::Broken => return None,
        Callable::Chain(_) if count != 1 => {
            errors.at(name, "a network with several inputs says how they flow: `forward(a, b) { ... }`");
            return None;
        }
        Callable::Chain(_) => vec![builder.value("input".into(), name.span())],
        Callable::Forward(forward, _) => {
            if let (false, Some(option)) = (is_check, forward.options.first()) {
                errors.at(&option.name, "a network takes all its values: only those of a block may be left out");
                return None;
            }
            let names = forward.inputs.len();
            if names != count {
                let at = if names == 0 { forward.keyword.to_token_stream() } else { forward.inputs.to_token_stream() };
                let plural = if count == 1 { "" } else { "s" };
                errors.at(at, format!("the header gives {count} input{plural}, but `forward` takes {names}"));
                return None;
            }
            forward.inputs.iter().map(|input| builder.value(input.to_string(), input.span())).collect()
        }
    };
    let result = builder.run(instance, inputs.into_iter().map(Binding::Value).collect(), &[]);
    let body = if let Callable::Forward(forward, _) = &instance.body { Some(&forward.body) } else { None };
    builder.results(&result, body);
    // What goes through a layer of which nothing is known yet is not followed.
    let open = |module: &Module| matches!(module, Module::Broken);
    if !matches!(&instance.body, Callable::Forward(_, modules) if is_check && modules.values().any(open)) {
        builder.report_unused();
    }
    (!matches!(result, Binding::Unknown) || !matches!(instance.body, Callable::Chain(_))).then_some(())
}

/// Every name that a body defines, to tell "before it exists" from "unknown".
fn later_names(block: &Block) -> Vec<String> {
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
        _ => {}
    }
}

/// `x = y`, `x += y`.
fn is_assignment(expr: &Expr) -> bool {
    match expr {
        Expr::Assign(_) => true,
        Expr::Binary(binary) => compound(&binary.op).is_some(),
        _ => false,
    }
}

/// What an expression stands for.
#[derive(Clone)]
enum Binding {
    Value(ValueId),
    Tuple(Vec<Binding>),
    /// A value that the caller of the block left out.
    Absent,
    /// A mistake that was reported.
    Unknown,
}

struct Builder<'a> {
    network: &'a mut Network,
    errors: &'a Errors,
    is_check: bool,
    scope: Scope,
}

/// What the names of a body mean.
#[derive(Default)]
struct Scope {
    /// The block's place in the network, with a dot behind it; nothing for the network itself.
    prefix: String,
    modules: HashMap<String, Module>,
    variables: HashMap<String, Binding>,
    /// Names that are defined further down.
    later: Vec<String>,
    /// For each loop around the statement, what the names that it defines meant before.
    loops: Vec<HashMap<String, Option<Binding>>>,
}

/// What a call calls.
struct Callee {
    entry: &'static Entry,
    layer: Option<usize>,
    name: String,
    tokens: TokenStream,
}

impl Builder<'_> {
    fn value(&mut self, name: String, span: Span) -> ValueId {
        self.network.values.push(Value { name, uses: 0, span, discarded: false });
        self.network.values.len() - 1
    }

    fn fail<T: Default>(&self, at: impl ToTokens, message: impl std::fmt::Display) -> T {
        self.errors.at(at, message);
        T::default()
    }

    fn block(&mut self, block: &Block) -> Option<Binding> {
        for (index, statement) in block.stmts.iter().enumerate() {
            let last = index + 1 == block.stmts.len();
            match statement {
                Stmt::Expr(Expr::ForLoop(loops), _) => self.for_loop(loops),
                Stmt::Expr(expr, None) if last => return Some(self.expression(expr)),
                Stmt::Expr(Expr::Return(expr), _) => {
                    return self.fail(expr, "the last expression is the result: write it without `return` and `;`");
                }
                Stmt::Expr(expr, Some(_)) if last && !is_assignment(expr) => {
                    return self.fail(expr, "the last expression is the result: leave out the `;` behind it");
                }
                other => self.statement(other),
            }
        }
        match block.stmts.last() {
            Some(Stmt::Local(last)) if let Pat::Ident(name) = &last.pat => self.fail(
                last,
                format!(
                    "the result is missing: end with the expression that the network gives, such as `{}`",
                    name.ident
                ),
            ),
            Some(last) => self.fail(last, "the result is missing: end with the expression that the network gives"),
            None => self.fail(block, "the result is missing: write the expression that the network gives"),
        }
    }

    /// A statement that is not the last expression.
    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Local(local) => self.local(local),
            Stmt::Expr(Expr::Assign(assign), Some(_)) => self.assign(&assign.left, &assign.right),
            Stmt::Expr(Expr::Binary(binary), Some(_)) if compound(&binary.op).is_some() => {
                let value = self.binary(binary);
                self.assign_value(&binary.left, value);
            }
            Stmt::Expr(Expr::ForLoop(loops), _) => self.for_loop(loops),
            Stmt::Expr(Expr::If(choice), _) => self.choose(choice),
            Stmt::Expr(expr, _) => self.fail(expr, "this value is never used: begin with `let name =`"),
            other => self.fail(other, "a statement is `let name = expression;`"),
        }
    }

    fn local(&mut self, local: &syn::Local) {
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

    fn assign(&mut self, target: &Expr, value: &Expr) {
        let value =
            self.expression_for(value, if let Expr::Tuple(tuple) = target { Some(tuple.elems.len()) } else { None });
        self.assign_value(target, value);
    }

    fn assign_value(&mut self, target: &Expr, value: Binding) {
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

    fn bind_pattern(&mut self, pat: &Pat, value: Binding) {
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
            _ => self.fail(pat, "only a name or a tuple of names can be given a value"),
        }
    }

    fn take_apart(&mut self, value: Binding, count: usize, at: TokenStream) -> Vec<Binding> {
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

    fn define(&mut self, name: &Ident, value: Binding) {
        if self.scope.modules.contains_key(&name.to_string()) {
            return self.fail(name, format!("`{name}` is already the name of a layer"));
        }
        if name.to_string().starts_with('_') {
            self.discard(&value);
        }
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
        self.scope.variables.insert(name.to_string(), value);
    }

    fn discard(&mut self, value: &Binding) {
        match value {
            Binding::Value(id) => self.network.values[*id].discarded = true,
            Binding::Tuple(values) => values.iter().for_each(|value| self.discard(value)),
            Binding::Absent | Binding::Unknown => {}
        }
    }

    fn expression(&mut self, expr: &Expr) -> Binding {
        self.expression_for(expr, None)
    }

    /// `pattern` counts the names that take the value, for functions that give as many values as are taken.
    fn expression_for(&mut self, expr: &Expr, pattern: Option<usize>) -> Binding {
        match expr {
            Expr::Path(_) => self.name(expr),
            Expr::Call(call) => self.call(call, pattern),
            Expr::MethodCall(call) => self.method(call, pattern),
            Expr::Binary(binary) => self.binary(binary),
            Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => {
                let value = self.one(&unary.expr, "-");
                self.apply("neg", unary.op.to_token_stream(), vec![value], &[], None)
            }
            Expr::Paren(inner) => self.expression_for(&inner.expr, pattern),
            Expr::Group(inner) => self.expression_for(&inner.expr, pattern),
            Expr::Tuple(tuple) => Binding::Tuple(tuple.elems.iter().map(|expr| self.expression(expr)).collect()),
            Expr::Lit(literal) => self.unknown(literal, "a number is no value: combine it with one, as in `2.0 * x`"),
            Expr::If(choice) => self.chosen(choice, pattern),
            Expr::Return(inner) => self.unknown(inner, "the last expression is the result: write it without `return`"),
            Expr::Array(array) => {
                self.unknown(array, "a list of values stands only inside a call: `cat([a, b], dim = 1)`")
            }
            other => self.unknown(other, "the expressions of `forward` are calls, `+ - * /`, tuples and names"),
        }
    }

    fn unknown(&self, at: impl ToTokens, message: impl std::fmt::Display) -> Binding {
        self.errors.at(at, message);
        Binding::Unknown
    }

    fn name(&mut self, expr: &Expr) -> Binding {
        let Some(name) = ident(expr) else { return self.unknown(expr, "values have plain names") };
        let text = name.to_string();
        match self.scope.variables.get(&text) {
            Some(Binding::Absent) => {
                let message =
                    format!("`{text}` was left out by the caller: it can stand only where a value may be left out");
                return self.unknown(name, message);
            }
            Some(binding) => return binding.clone(),
            None => {}
        }
        if let Some(module) = self.scope.modules.get(&text) {
            let call = match module {
                Module::List(..) => {
                    format!("`{text}` is a list of layers: run it, `{text}(x)`, or a part, `{text}[0](x)`")
                }
                _ => format!("`{text}` is a layer: call it, `{text}(x)`"),
            };
            return self.unknown(name, call);
        }
        if self.scope.later.contains(&text) {
            return self.unknown(name, format!("`{text}` is used before it exists: move its `let` up"));
        }
        let hint = did_you_mean(&text, self.scope.variables.keys().map(String::as_str));
        self.unknown(name, format!("there is no value `{text}`{hint}"))
    }

    fn call(&mut self, call: &syn::ExprCall, pattern: Option<usize>) -> Binding {
        let args: Vec<_> = call.args.iter().map(|arg| Arg::from_expr(arg.clone())).collect();
        if let Expr::Path(path) = &*call.func
            && path.path.segments.len() > 1
        {
            let last = &path.path.segments[path.path.segments.len() - 1].ident;
            return self.unknown(&call.func, format!("write `{last}(...)`, without the path in front"));
        }
        if let Some(name) = ident(&call.func) {
            return self.call_named(name, &args, call.paren_token, pattern);
        }
        // `activation(x)` in a block, where `activation = "gelu"`.
        if let Expr::Lit(literal) = &*call.func
            && let syn::Lit::Str(word) = &literal.lit
            && let Ok(name) = word.parse::<Ident>()
        {
            return self.call_named(&name, &args, call.paren_token, pattern);
        }
        if let Some(found) = self.part(&call.func) {
            let Some((module, label)) = found else { return Binding::Unknown };
            return self.call_module(&module, label, call.func.to_token_stream(), &args, call.paren_token, pattern);
        }
        let declares =
            |call: &syn::ExprCall| ident(&call.func).is_some_and(|name| catalogue::layer(&name.to_string()).is_some());
        let message = match &*call.func {
            Expr::Call(inner) if declares(inner) => "declare the layer above, under a name, and call the name",
            _ => "only layers and functions can be called, by their names",
        };
        self.unknown(&call.func, message)
    }

    fn method(&mut self, call: &syn::ExprMethodCall, pattern: Option<usize>) -> Binding {
        let method = &call.method;
        if let Some(receiver) = ident(&call.receiver)
            && ["self", "torch", "nn", "F"].contains(&receiver.to_string().as_str())
        {
            let path = quote!(#receiver . #method);
            return self.unknown(path, format!("write `{method}(...)`, without `{receiver}.`"));
        }
        if let Some(found) = self.part(&call.receiver) {
            // `encoder.conv1(x)`: a layer of a block.
            let Some((module, label)) = found else { return Binding::Unknown };
            let Some(module) = self.member(&module, method) else { return Binding::Unknown };
            let receiver = &call.receiver;
            let args: Vec<_> = call.args.iter().map(|arg| Arg::from_expr(arg.clone())).collect();
            let (label, tokens) = (format!("{label}.{method}"), quote!(#receiver . #method));
            return self.call_module(&module, label, tokens, &args, call.paren_token, pattern);
        }
        if let Expr::Field(field) = &*call.receiver {
            return self.unknown(quote!(#field . #method), format!("write `{method}(...)`, without the path in front"));
        }
        let mut args = vec![Arg::plain((*call.receiver).clone())];
        args.extend(call.args.iter().map(|arg| Arg::from_expr(arg.clone())));
        self.call_named(method, &args, call.paren_token, pattern)
    }

    fn call_named(&mut self, name: &Ident, args: &[Arg], paren: token::Paren, pattern: Option<usize>) -> Binding {
        let text = name.to_string();
        if let Some(module) = self.scope.modules.get(&text).cloned() {
            return self.call_module(&module, text, name.to_token_stream(), args, paren, pattern);
        }
        match catalogue::function(&text) {
            Some(entry) => {
                let callee = Callee { entry, layer: None, name: text, tokens: name.to_token_stream() };
                self.call_entry(callee, args, paren, pattern)
            }
            None => self.unknown_callee(name),
        }
    }

    fn call_module(
        &mut self,
        module: &Module,
        name: String,
        tokens: TokenStream,
        args: &[Arg],
        paren: token::Paren,
        pattern: Option<usize>,
    ) -> Binding {
        if let Module::Layer(place) = module {
            let callee = Callee { entry: self.network.layers[*place].entry, layer: Some(*place), name, tokens };
            return self.call_entry(callee, args, paren, pattern);
        }
        let Some((values, options)) = self.given(module, &name, args) else { return Binding::Unknown };
        let values = values.iter().map(|arg| self.expression(&arg.value)).collect();
        self.pass(module, &name, tokens, values, &options)
    }

    fn call_entry(&mut self, callee: Callee, args: &[Arg], paren: token::Paren, pattern: Option<usize>) -> Binding {
        let Some((inputs, rest)) = self.inputs(&callee, args) else { return Binding::Unknown };
        let rest = pack_sizes(callee.entry, callee.layer.is_some(), paren, rest);
        self.finish(callee, inputs, &rest, pattern)
    }

    fn unknown_callee(&self, name: &Ident) -> Binding {
        let text = name.to_string();
        if self.scope.variables.contains_key(&text) {
            return self.unknown(name, format!("`{text}` is a value, it cannot be called"));
        }
        if let Some(entry) = catalogue::layer(&text) {
            let message = match entry.function {
                Some(function) => {
                    format!("`{text}` is a layer: declare it above, or call the function `{function}(x)`")
                }
                None => format!("`{text}` is a layer: declare it above under a name, and call the name"),
            };
            return self.unknown(name, message);
        }
        let functions = catalogue::entries().filter_map(|entry| entry.function);
        let hint = did_you_mean(&text, self.scope.modules.keys().map(String::as_str).chain(functions));
        self.unknown(name, format!("there is no layer or function `{text}`{hint}"))
    }

    /// The values that a call takes, and the arguments that remain.
    fn inputs(&mut self, callee: &Callee, args: &[Arg]) -> Option<(Vec<Binding>, Vec<Arg>)> {
        let given = args.iter().take_while(|arg| arg.name.is_none()).count();
        match callee.entry.inputs {
            Inputs::List => {
                let Some(Arg { name: None, value: Expr::Array(array), .. }) = args.first() else {
                    return self.fail(
                        &callee.tokens,
                        format!("`{}` takes a list of values: `{0}([a, b], dim = 1)`", callee.name),
                    );
                };
                Some((array.elems.iter().map(|expr| self.one(expr, &callee.name)).collect(), args[1..].to_vec()))
            }
            Inputs::WithState(states) => self.with_state(callee, args, states).map(|values| (values, Vec::new())),
            Inputs::Exactly(count) => {
                if let (true, Some(arg)) = (given < count, args.get(given)) {
                    let (name, value) = (&arg.name, text(&arg.value));
                    return self
                        .fail(name, format!("values are given without names: write `{}({value})`", callee.name));
                }
                if given < count {
                    let plural = if count == 1 { "" } else { "s" };
                    return self
                        .fail(&callee.tokens, format!("`{}` takes {count} value{plural}, found {given}", callee.name));
                }
                let takes_no_more =
                    callee.entry.call.is_empty() && (callee.layer.is_some() || callee.entry.parameters.is_empty());
                if given > count && takes_no_more {
                    let plural = if count == 1 { "" } else { "s" };
                    return self.fail(
                        &args[count].value,
                        format!("`{}` takes {count} value{plural}, found {given}", callee.name),
                    );
                }
                let values = args[..count].iter().map(|arg| self.one(&arg.value, &callee.name)).collect();
                Some((values, args[count..].to_vec()))
            }
        }
    }

    /// One value and, if it is given, a state.
    fn with_state(&mut self, callee: &Callee, args: &[Arg], states: usize) -> Option<Vec<Binding>> {
        let (name, shown) = (&callee.name, if states == 1 { "h" } else { "(h, c)" });
        if let Some(named) = args.iter().find_map(|arg| arg.name.as_ref()) {
            return self.fail(named, format!("values are given without names: write `{name}(x, {shown})`"));
        }
        let (input, state) = match args {
            [input] => (input, None),
            [input, state] => (input, Some(state)),
            [] => {
                return self
                    .fail(&callee.tokens, format!("`{name}` takes a value: `{name}(x)` or `{name}(x, {shown})`"));
            }
            [_, _, more, ..] => {
                return self.fail(&more.value, format!("`{name}` takes a value and a state: `{name}(x, {shown})`"));
            }
        };
        let mut values = vec![self.one(&input.value, name)];
        let Some(state) = state else { return Some(values) };
        match self.expression(&state.value) {
            Binding::Value(value) if states == 1 => values.push(Binding::Value(value)),
            Binding::Tuple(parts) if parts.len() == states => values.extend(parts),
            Binding::Unknown => values.push(Binding::Unknown),
            _ => return self.fail(&state.value, format!("the state of `{name}` is `{shown}`")),
        }
        Some(values)
    }

    /// An expression that must stand for one value.
    fn one(&mut self, expr: &Expr, taker: &str) -> Binding {
        let binding = self.expression(expr);
        if let Binding::Tuple(parts) = &binding {
            let message = format!(
                "`{taker}` is given {} values where it takes one: take them apart, `let (a, b) = ...;`",
                parts.len()
            );
            return self.unknown(expr, message);
        }
        binding
    }

    /// Whether a name of `forward` stands in tokens that should be a constant.
    fn mentions_value(&self, tokens: &TokenStream) -> bool {
        tokens.clone().into_iter().any(|token| match token {
            TokenTree::Ident(name) => self.scope.variables.contains_key(&name.to_string()),
            TokenTree::Group(group) => self.mentions_value(&group.stream()),
            _ => false,
        })
    }

    /// The values among the arguments behind the inputs: the places of the parameter and of the argument, and the value.
    fn named_values(
        &mut self,
        callee: &Callee,
        parameters: &[Parameter],
        args: &[Arg],
    ) -> Vec<(usize, usize, Option<Binding>)> {
        let mut values = Vec::new();
        for (index, arg) in args.iter().enumerate() {
            let place = match &arg.name {
                Some(name) => parameters.iter().position(|parameter| name == parameter.name),
                None => Some(index),
            };
            let Some(place) = place.filter(|place| parameters.get(*place).is_some_and(|p| p.kind == Kind::Value))
            else {
                continue;
            };
            let value = if self.is_absent(&arg.value) { None } else { Some(self.one(&arg.value, &callee.name)) };
            values.push((place, index, value));
        }
        values
    }

    /// Adds the operation.
    fn finish(&mut self, callee: Callee, inputs: Vec<Binding>, args: &[Arg], pattern: Option<usize>) -> Binding {
        let entry = callee.entry;
        let owner = Owner { name: &callee.name, axes: entry.axes, tokens: &callee.tokens };
        let layer: &[Parameter] = if callee.layer.is_some() { &[] } else { entry.parameters };
        let parameters: Vec<_> = layer.iter().chain(entry.call).copied().collect();
        let named = self.named_values(&callee, &parameters, args);
        let is_named = |index: &usize| named.iter().any(|(_, arg, _)| arg == index);
        let mut constants = args.iter().enumerate().filter(|(index, _)| !is_named(index)).map(|(_, arg)| arg);
        if let Some(arg) = constants.find(|arg| self.mentions_value(&arg.value.to_token_stream())) {
            return self
                .unknown(&arg.value, "sizes are constants, no values: the batch is written -1, other sizes are known");
        }
        let mut bound = bind(&owner, &parameters, args, self.errors);
        let mut values = Vec::new();
        let named: Vec<_> = named.into_iter().filter_map(|(place, _, value)| Some((place, value?))).collect();
        for (place, (parameter, _)) in (inputs.len()..).zip(&named) {
            if let Some(bound) = &mut bound {
                bound[*parameter].is_input(place);
            }
        }
        for input in inputs.into_iter().chain(named.into_iter().map(|(_, value)| value)) {
            match input {
                Binding::Value(id) => values.push(id),
                Binding::Tuple(_) | Binding::Absent | Binding::Unknown => return Binding::Unknown,
            }
        }
        let Some(bound) = bound else { return Binding::Unknown };
        let count = match (entry.outputs, pattern) {
            (Outputs::Exactly(count), _) => count,
            (Outputs::WithState(states), _) => {
                let values = self.push(callee, values, bound, 1 + states);
                let state = Binding::from(values[1..].to_vec());
                return Binding::Tuple(vec![Binding::Value(values[0]), state]);
            }
            (Outputs::Pattern, Some(count)) => count,
            (Outputs::WithIndices, _) => {
                let args = callee.layer.map_or(&bound, |layer| &self.network.layers[layer].args);
                1 + usize::from(returns_indices(entry, args))
            }
            (Outputs::Pattern, None) => {
                let message =
                    format!("`{}` gives several values: take them apart, `let (a, b) = {0}(...);`", callee.name);
                return self.unknown(&callee.tokens, message);
            }
        };
        Binding::from(self.push(callee, values, bound, count))
    }

    fn push(&mut self, callee: Callee, inputs: Vec<ValueId>, args: Vec<Bound>, count: usize) -> Vec<ValueId> {
        for input in &inputs {
            self.network.values[*input].uses += 1;
        }
        let own = || format!("{}{}", self.scope.prefix, callee.name);
        let label = callee.layer.map_or_else(own, |layer| self.network.layers[layer].label.clone());
        let outputs: Vec<_> = (0..count).map(|_| self.value(label.clone(), callee.tokens.span())).collect();
        if let Some(layer) = callee.layer {
            self.network.layers[layer].first_use.get_or_insert(self.network.ops.len());
        }
        self.network.ops.push(Op {
            entry: callee.entry,
            layer: callee.layer,
            label,
            args,
            inputs,
            outputs: outputs.clone(),
            callee: callee.tokens,
        });
        outputs
    }

    /// A function that an operator stands for.
    fn apply(
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

    fn binary(&mut self, binary: &syn::ExprBinary) -> Binding {
        let op = compound(&binary.op).unwrap_or(binary.op);
        let (name, symbol, commutes) = match op {
            BinOp::Add(_) => ("add", "+", true),
            BinOp::Sub(_) => ("sub", "-", false),
            BinOp::Mul(_) => ("mul", "*", true),
            BinOp::Div(_) => ("div", "/", false),
            _ => return self.unknown(binary.op, "the operators of `forward` are + - * /"),
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
                let function = if commutes { format!("{name}_scalar") } else { format!("r{name}_scalar") };
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
                // Constants are written in capitals; anything else is meant to be a value.
                Some(name) => {
                    let text = name.to_string();
                    !self.scope.variables.contains_key(&text)
                        && !self.scope.modules.contains_key(&text)
                        && text.starts_with(char::is_uppercase)
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

    fn results(&mut self, result: &Binding, body: Option<&Block>) {
        let parts = match result {
            Binding::Value(id) => vec![Binding::Value(*id)],
            Binding::Tuple(parts) => {
                self.network.results_tuple = true;
                parts.clone()
            }
            Binding::Absent | Binding::Unknown => return,
        };
        for (index, part) in parts.into_iter().enumerate() {
            match part {
                Binding::Value(id) => {
                    self.network.values[id].uses += 1;
                    self.network.results.push(id);
                }
                Binding::Tuple(_) => {
                    let at = match body.and_then(|body| body.stmts.last()) {
                        Some(Stmt::Expr(Expr::Tuple(tuple), None)) => tuple.elems[index].to_token_stream(),
                        last => last.to_token_stream(),
                    };
                    self.errors.at(at, "the result is a value or a tuple of values: write the inner ones side by side");
                }
                Binding::Absent | Binding::Unknown => {}
            }
        }
    }

    fn report_unused(&self) {
        if !self.errors.is_empty() {
            return;
        }
        self.report_uncalled(&self.network.root);
        for value in &self.network.values {
            if value.uses == 0 && !value.discarded {
                self.errors.push(syn::Error::new(
                    value.span,
                    format!("`{0}` is never used: use it, or discard it, `let _ = {0};`", value.name),
                ));
            }
        }
    }

    /// Layers that nobody calls; where none of a block's is called, the block.
    fn report_uncalled(&self, group: &ir::Group) {
        for child in &group.children {
            let message = |name: &str| format!("`{name}` is declared but never called in `forward`");
            match &child.content {
                Content::Layer(layer) => {
                    let layer = &self.network.layers[*layer];
                    if layer.first_use.is_none() {
                        self.errors.at(&child.place, message(&layer.label));
                    }
                }
                Content::Group(_, inner) | Content::Network(_, inner) => {
                    let mut layers = Vec::new();
                    inner.layers(&mut layers);
                    if layers.iter().all(|layer| self.network.layers[*layer].first_use.is_none()) {
                        self.errors.at(&child.place, message(&child.place.to_string()));
                    } else {
                        self.report_uncalled(inner);
                    }
                }
            }
        }
    }
}

impl From<Vec<ValueId>> for Binding {
    fn from(mut values: Vec<ValueId>) -> Binding {
        if values.len() == 1 {
            return Binding::Value(values.remove(0));
        }
        Binding::Tuple(values.into_iter().map(Binding::Value).collect())
    }
}

/// Whether a layer or function gives the places of what it chose, too.
pub(super) fn returns_indices(entry: &Entry, args: &[Bound]) -> bool {
    let place = entry.parameters.iter().position(|parameter| parameter.name == "return_indices");
    place.is_some_and(|place| args[place].known == Some(nn_shape::Arg::Flag(true)))
}

/// `x.view(-1, 400)` and `x.permute(0, 2, 1)` spread a tuple over their arguments, as PyTorch allows.
fn pack_sizes(entry: &Entry, is_layer: bool, paren_token: token::Paren, args: Vec<Arg>) -> Vec<Arg> {
    let spread =
        !is_layer && entry.parameters.len() == 1 && args.len() > 1 && args.iter().all(|arg| arg.name.is_none());
    if !spread {
        return args;
    }
    let elems = args.into_iter().map(|arg| arg.value).collect();
    vec![Arg::plain(Expr::Tuple(syn::ExprTuple { attrs: Vec::new(), paren_token, elems }))]
}

/// `+=` is `+`.
fn compound(op: &BinOp) -> Option<BinOp> {
    Some(match op {
        BinOp::AddAssign(op) => BinOp::Add(syn::Token![+](op.spans[0])),
        BinOp::SubAssign(op) => BinOp::Sub(syn::Token![-](op.spans[0])),
        BinOp::MulAssign(op) => BinOp::Mul(syn::Token![*](op.spans[0])),
        BinOp::DivAssign(op) => BinOp::Div(syn::Token![/](op.spans[0])),
        _ => return None,
    })
}

fn pattern_len(pat: &Pat) -> Option<usize> {
    match pat {
        Pat::Tuple(tuple) => Some(tuple.elems.len()),
        Pat::Paren(paren) => pattern_len(&paren.pat),
        _ => None,
    }
}

fn ident(expr: &Expr) -> Option<&Ident> {
    if let Expr::Path(path) = expr { path.path.get_ident() } else { None }
}

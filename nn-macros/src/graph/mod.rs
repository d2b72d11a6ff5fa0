//! From `forward(x) { ... }`, or layers that run in order, to single-assignment form.

mod calls;
mod conditions;
mod flow;
mod names;
mod operators;
mod options;
mod unused;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use nn_shape::catalogue::Entry;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{BinOp, Block, Expr, Ident, Pat, Stmt, UnOp};

use crate::ast;
use crate::ir::{Network, Value, ValueId};
use crate::report::Errors;
use crate::suggest::{did_you_mean, instead};

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

impl Module {
    /// The entries of a list, or the layers of a block in order.
    fn entries(&self) -> Option<&[(Module, TokenStream)]> {
        match self {
            Module::List(modules) => Some(modules),
            Module::Block(instance) => match &instance.body {
                Callable::Chain(modules, _) => Some(modules),
                _ => None,
            },
            _ => None,
        }
    }

    /// It and all layers and blocks below.
    fn note(&self, found: &mut LeftOut) {
        match self {
            Module::Layer(layer) => drop(found.layers.insert(*layer)),
            Module::List(modules) => modules.iter().for_each(|(module, _)| module.note(found)),
            Module::Block(instance) => {
                found.blocks.insert(instance.name.clone());
                match &instance.body {
                    Callable::Chain(modules, _) => modules.iter().for_each(|(module, _)| module.note(found)),
                    Callable::Forward(_, modules) | Callable::Dict(modules) => {
                        modules.values().for_each(|module| module.note(found));
                    }
                    Callable::Broken => {}
                }
            }
            Module::Broken => {}
        }
    }
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
    /// Through one after the other; with the tokens of each, and those that have names.
    Chain(Vec<(Module, TokenStream)>, HashMap<String, Module>),
    /// As `forward` says, with what its names call.
    Forward(ast::Forward, HashMap<String, Module>),
    /// Through none: layers under names, each of which is called.
    Dict(HashMap<String, Module>),
    /// A mistake that was reported.
    Broken,
}

/// Fills in the operations and values of the network.
///
/// `open` is for blocks where they are declared: the parameters of which nothing is known.
pub(crate) fn build(
    network: &mut Network,
    instance: &Instance,
    open: Option<&[String]>,
    errors: &Errors,
) -> Option<()> {
    let (name, count, is_check) = (network.name.clone(), network.inputs.len(), open.is_some());
    let mut builder = Builder {
        network,
        errors,
        open,
        is_followed: true,
        scope: Scope::default(),
        run: 0,
        reported: false,
        held: HashMap::new(),
        left_out: LeftOut::default(),
    };
    let inputs: Vec<_> = match &instance.body {
        Callable::Broken | Callable::Dict(_) => return None,
        Callable::Chain(..) if count != 1 => {
            errors.at(name, "a network with several inputs says how they flow: `forward(a, b) { ... }`");
            return None;
        }
        Callable::Chain(..) => vec![builder.value("input".into(), name.span())],
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
    builder.settle_unused();
    (!matches!(result, Binding::Unknown) || !matches!(instance.body, Callable::Chain(..))).then_some(())
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
#[derive(Clone, PartialEq)]
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
    /// Where a block is checked: its parameters of which nothing is known.
    open: Option<&'a [String]>,
    /// Whether nothing that is open hides what becomes of values.
    is_followed: bool,
    scope: Scope,
    /// The run of the block or list that is followed, a place in [`Network::runs`].
    run: usize,
    /// Whether a network as a layer is followed.
    reported: bool,
    /// The values of the network's own tensors, once they are used.
    held: HashMap<usize, ValueId>,
    left_out: LeftOut,
}

/// What branches call that are not taken.
#[derive(Default)]
struct LeftOut {
    /// Places in [`Network::layers`].
    layers: HashSet<usize>,
    /// What messages call them: a block need not have layers.
    blocks: HashSet<String>,
}

/// What the names of a body mean.
#[derive(Default)]
struct Scope {
    /// The block's place in the network, with a dot behind it; nothing for the network itself.
    prefix: String,
    modules: HashMap<String, Module>,
    variables: HashMap<String, Binding>,
    /// Where a block is checked: the values of which it is open whether the caller gives them.
    optional: HashSet<String>,
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
        self.network.values.push(Value { name, uses: 0, span, discarded: false, taken: None });
        self.network.values.len() - 1
    }

    fn fail<T: Default>(&self, at: impl ToTokens, message: impl std::fmt::Display) -> T {
        self.errors.at(at, message);
        T::default()
    }

    fn block(&mut self, block: &Block, pattern: Option<usize>) -> Option<Binding> {
        for (index, statement) in block.stmts.iter().enumerate() {
            let last = index + 1 == block.stmts.len();
            match statement {
                Stmt::Expr(Expr::ForLoop(loops), _) => self.for_loop(loops),
                Stmt::Expr(expr, None) if last => return Some(self.expression_for(expr, pattern)),
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
            Stmt::Expr(Expr::Assign(assign), _) => self.assign(&assign.left, &assign.right),
            Stmt::Expr(Expr::Binary(binary), Some(_)) if compound(&binary.op).is_some() => {
                let value = self.binary(binary);
                self.assign_value(&binary.left, value);
            }
            Stmt::Expr(Expr::ForLoop(loops), _) => self.for_loop(loops),
            Stmt::Expr(Expr::If(choice), _) => self.choose(choice),
            Stmt::Expr(expr @ (Expr::While(_) | Expr::Loop(_) | Expr::Match(_)), _) => self.fail(expr, instead(expr)),
            Stmt::Expr(expr, _) => self.fail(expr, "this value is never used: begin with `let name =`"),
            other => self.fail(other, "a statement is `let name = expression;`"),
        }
    }

    fn expression(&mut self, expr: &Expr) -> Binding {
        self.expression_for(expr, None)
    }

    /// `pattern` counts the names that take the value, for functions that give as many values as are taken.
    fn expression_for(&mut self, expr: &Expr, pattern: Option<usize>) -> Binding {
        match expr {
            Expr::Path(_) => self.name(expr),
            Expr::Index(_) | Expr::Field(_) => self.held_part(expr),
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
            other => self.unknown(other, instead(other)),
        }
    }

    fn unknown(&self, at: impl ToTokens, message: impl std::fmt::Display) -> Binding {
        self.errors.at(at, message);
        Binding::Unknown
    }

    /// What hangs on something that is open.
    fn unfollowed(&mut self) -> Binding {
        self.is_followed = false;
        Binding::Unknown
    }

    /// Whether an expression hangs on a parameter of which nothing is known.
    fn is_open(&self, tokens: impl ToTokens) -> bool {
        let open = self.open.unwrap_or_default();
        !open.is_empty() && mentions(tokens.to_token_stream(), &|name| open.contains(name))
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
        if let Some(module) = self.scope.modules.get(&name.unraw().to_string()) {
            if let Some(layer) = self.held_layer(module) {
                return self.held(layer, text, name.to_token_stream());
            }
            let call = match module {
                Module::Broken => return self.unfollowed(),
                Module::List(..) => {
                    format!("`{text}` is a list of layers: run it, `{text}(x)`, or a part, `{text}[0](x)`")
                }
                Module::Block(instance) if let Callable::Dict(names) = &instance.body => of_dict(&text, names),
                _ => format!("`{text}` is a layer: call it, `{text}(x)`"),
            };
            return self.unknown(name, call);
        }
        if self.is_open(name) {
            return self.unfollowed();
        }
        if self.scope.later.contains(&text) {
            return self.unknown(name, format!("`{text}` is used before it exists: move its `let` up"));
        }
        let hint = did_you_mean(&text, self.scope.variables.keys().map(String::as_str));
        self.unknown(name, format!("there is no value `{text}`{hint}"))
    }

    /// The place of a tensor of the network.
    fn held_layer(&self, module: &Module) -> Option<usize> {
        match module {
            Module::Layer(layer) if self.network.layers[*layer].is_held() => Some(*layer),
            _ => None,
        }
    }

    /// The value of a tensor of the network: one, however often it is used.
    fn held(&mut self, layer: usize, name: String, tokens: TokenStream) -> Binding {
        if let Some(value) = self.held.get(&layer) {
            return Binding::Value(*value);
        }
        let entry = self.network.layers[layer].entry;
        let value = self.finish(Callee { entry, layer: Some(layer), name, tokens }, Vec::new(), &[], None);
        if let Binding::Value(value) = value {
            self.held.insert(layer, value);
        }
        value
    }

    /// `scales[1]`, `block.scale`: a tensor in a list or a block.
    fn held_part(&mut self, expr: &Expr) -> Binding {
        match self.part(expr) {
            Some(Some((Module::Broken, _))) => self.unfollowed(),
            Some(Some((module, label))) => match self.held_layer(&module) {
                Some(layer) => self.held(layer, label, expr.to_token_stream()),
                None => self.unknown(expr, format!("`{label}` is a layer: call it, `{label}(x)`")),
            },
            Some(None) => Binding::Unknown,
            None => self.unknown(expr, instead(expr)),
        }
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
                    self.errors.at(at, "the result is a value or a tuple of values: write the inner ones side by side, or take some of them, `let (y, _) = ...;`");
                }
                Binding::Absent | Binding::Unknown => {}
            }
        }
    }
}

/// Whether a name stands in tokens for which `is_one` holds.
fn mentions(tokens: TokenStream, is_one: &dyn Fn(&String) -> bool) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(name) => is_one(&name.to_string()),
        TokenTree::Group(group) => mentions(group.stream(), is_one),
        _ => false,
    })
}

/// Layers under names are no layer.
fn of_dict(name: &str, names: &HashMap<String, Module>) -> String {
    let mut names: Vec<_> = names.keys().map(String::as_str).collect();
    names.sort_unstable();
    let first = names.first().copied().unwrap_or_default();
    format!("`{name}` holds layers under names ({}): call one of them, `{name}.{first}(x)`", names.join(", "))
}

impl From<Vec<ValueId>> for Binding {
    fn from(mut values: Vec<ValueId>) -> Binding {
        if values.len() == 1 {
            return Binding::Value(values.remove(0));
        }
        Binding::Tuple(values.into_iter().map(Binding::Value).collect())
    }
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

fn ident(expr: &Expr) -> Option<&Ident> {
    if let Expr::Path(path) = expr { path.path.get_ident() } else { None }
}

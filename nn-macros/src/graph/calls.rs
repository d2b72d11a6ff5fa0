//! Calls: of layers, functions and modules, with their values and their constants.

use nn_shape::catalogue::{self, Entry, Inputs, Kind, Outputs, Parameter};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Expr, Ident, token};

use super::{Binding, Builder, Callee, Module, ident, mentions};
use crate::arguments::{Owner, bind, text};
use crate::ast::Arg;
use crate::ir::{Bound, Op, ValueId};
use crate::suggest::{call_instead, did_you_mean, loss};

impl Builder<'_> {
    pub(super) fn call(&mut self, call: &syn::ExprCall, pattern: Option<usize>) -> Binding {
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

    pub(super) fn method(&mut self, call: &syn::ExprMethodCall, pattern: Option<usize>) -> Binding {
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
            if self.held_layer(&module).is_some() {
                return self.method_of_value(call, pattern);
            }
            let Some(module) = self.member(&module, method) else { return Binding::Unknown };
            let receiver = &call.receiver;
            let args: Vec<_> = call.args.iter().map(|arg| Arg::from_expr(arg.clone())).collect();
            let (label, tokens) = (format!("{label}.{method}"), quote!(#receiver . #method));
            return self.call_module(&module, label, tokens, &args, call.paren_token, pattern);
        }
        if let Expr::Field(field) = &*call.receiver {
            return self.unknown(quote!(#field . #method), format!("write `{method}(...)`, without the path in front"));
        }
        self.method_of_value(call, pattern)
    }

    /// `x.relu()` is `relu(x)`.
    fn method_of_value(&mut self, call: &syn::ExprMethodCall, pattern: Option<usize>) -> Binding {
        let mut args = vec![Arg::plain((*call.receiver).clone())];
        args.extend(call.args.iter().map(|arg| Arg::from_expr(arg.clone())));
        self.call_named(&call.method, &args, call.paren_token, pattern)
    }

    fn call_named(&mut self, name: &Ident, args: &[Arg], paren: token::Paren, pattern: Option<usize>) -> Binding {
        let text = name.unraw().to_string();
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
        if let Some(place) = self.held_layer(module) {
            let kind = self.network.layers[place].entry.name;
            let message = format!("`{name}` is a {kind}, not a layer: its name alone is its value, as in `x * {name}`");
            return self.unknown(tokens, message);
        }
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

    fn unknown_callee(&mut self, name: &Ident) -> Binding {
        let text = name.to_string();
        if self.is_open(name) {
            return self.unfollowed();
        }
        if let Some(value) = self.scope.variables.get(&text) {
            if *value == Binding::Unknown {
                return Binding::Unknown;
            }
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
        if let Some((_, layer)) = GIVEN_WEIGHTS.iter().find(|(function, _)| *function == text) {
            let message = format!(
                "PyTorch gives `{text}` its weights; here a layer holds them: declare `{layer}(...)` above under a name, and call the name"
            );
            return self.unknown(name, message);
        }
        if text.ends_with("_loss") || ["cross_entropy", "binary_cross_entropy", "kl_div"].contains(&text.as_str()) {
            return self.unknown(name, loss(&text));
        }
        if let Some(instead) = call_instead(&text) {
            return self.unknown(name, instead);
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

    /// Whether a name of `forward` stands in tokens that should be a constant.
    pub(super) fn mentions_value(&self, tokens: &TokenStream) -> bool {
        mentions(tokens.clone(), &|name| self.scope.variables.contains_key(name))
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
    pub(super) fn finish(
        &mut self,
        callee: Callee,
        inputs: Vec<Binding>,
        args: &[Arg],
        pattern: Option<usize>,
    ) -> Binding {
        let entry = callee.entry;
        let owner = Owner { name: &callee.name, axes: entry.axes, tokens: &callee.tokens };
        let layer: &[Parameter] = if callee.layer.is_some() { &[] } else { entry.parameters };
        let parameters: Vec<_> = layer.iter().chain(entry.call).copied().collect();
        let named = self.named_values(&callee, &parameters, args);
        let is_named = |index: &usize| named.iter().any(|(_, arg, _)| arg == index);
        // A keyword that there is not is a mistake whatever it is given.
        let is_known =
            |arg: &Arg| arg.name.as_ref().is_none_or(|name| parameters.iter().any(|parameter| name == parameter.name));
        let mut constants =
            args.iter().enumerate().filter(|(index, arg)| !is_named(index) && is_known(arg)).map(|(_, arg)| arg);
        if let Some(arg) = constants.find(|arg| self.mentions_value(&arg.value.to_token_stream())) {
            let entries =
                if let Expr::Tuple(tuple) = &arg.value { tuple.elems.iter().collect() } else { vec![&arg.value] };
            let place = entries.into_iter().find(|entry| self.mentions_value(&entry.to_token_stream()));
            return self
                .unknown(place, "sizes are constants, no values: the batch is written -1, other sizes are known");
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
                let Some(returned) = self.returns_indices(entry, args) else { return self.unfollowed() };
                1 + usize::from(returned)
            }
            (Outputs::Pattern, None) => {
                let message =
                    format!("`{}` gives several values: take them apart, `let (a, b) = {0}(...);`", callee.name);
                return self.unknown(&callee.tokens, message);
            }
        };
        Binding::from(self.push(callee, values, bound, count))
    }

    /// Whether a layer or function gives the places of what it chose, too; `None` where the macro cannot see it.
    pub(super) fn returns_indices(&self, entry: &Entry, args: &[Bound]) -> Option<bool> {
        let place = entry.parameters.iter().position(|parameter| parameter.name == "return_indices");
        let Some(bound) = place.map(|place| &args[place]) else { return Some(false) };
        match bound.known {
            Some(known) => Some(known == nn_shape::Arg::Flag(true)),
            None if self.open.is_some() => None,
            None => self.fail(
                &bound.written,
                "the macro must see how many values there are: write `return_indices = true` or leave it out",
            ),
        }
    }

    pub(super) fn push(
        &mut self,
        callee: Callee,
        inputs: Vec<ValueId>,
        args: Vec<Bound>,
        count: usize,
    ) -> Vec<ValueId> {
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
            name: callee.name,
            run: self.run,
            args,
            inputs,
            outputs: outputs.clone(),
            callee: callee.tokens,
            reported: self.reported,
        });
        outputs
    }
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

/// Functions of torch.nn.functional that take what a layer learns.
const GIVEN_WEIGHTS: &[(&str, &str)] = &[
    ("batch_norm", "BatchNorm2d"),
    ("bilinear", "Bilinear"),
    ("conv1d", "Conv1d"),
    ("conv2d", "Conv2d"),
    ("conv3d", "Conv3d"),
    ("conv_transpose1d", "ConvTranspose1d"),
    ("conv_transpose2d", "ConvTranspose2d"),
    ("conv_transpose3d", "ConvTranspose3d"),
    ("embedding", "Embedding"),
    ("embedding_bag", "EmbeddingBag"),
    ("linear", "Linear"),
    ("multi_head_attention_forward", "MultiheadAttention"),
];

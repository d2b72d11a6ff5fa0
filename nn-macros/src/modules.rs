//! Layers, blocks and lists: what a declaration's body stands for.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use nn_shape::catalogue::{self, Entry};
use quote::{ToTokens, format_ident};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Ident, Index, Member};

use crate::arguments::{Owner, bind};
use crate::ast::{self, Body, Call};
use crate::attributes::{Attributes, attributes, check_inits};
use crate::graph::{Callable, Instance, Module};
use crate::held;
use crate::ir::{Child, Content, Group, Layer, Network};
use crate::known::{Known, known};
use crate::report::Errors;
use crate::substitute::instantiate;
use crate::suggest::{container, did_you_mean, layer_instead, own_block};
use crate::template::{Declaration, Templates, is_foreign, key};

/// More repetitions than this are a slip.
const MOST_REPETITIONS: i64 = 1000;

/// Turns bodies into layers, the structs that hold them, and what `forward` can call.
pub(crate) struct Resolver<'a> {
    pub(crate) network: &'a mut Network,
    pub(crate) errors: &'a Errors,
    /// Where a block is checked: its parameters of which nothing is known.
    pub(crate) open: &'a [String],
}

/// Where a module lies.
#[derive(Clone)]
struct Place {
    /// The way from the network.
    path: Vec<Member>,
    /// Its name in the state_dict.
    key: String,
    /// What messages call it.
    label: String,
    frozen: bool,
    specialize: bool,
}

impl Place {
    const ROOT: Place =
        Place { path: Vec::new(), key: String::new(), label: String::new(), frozen: false, specialize: false };

    fn child(&self, member: &Member, key: &str, label: &str) -> Place {
        let join = |parent: &str, own: &str| {
            if parent.is_empty() { own.to_string() } else { format!("{parent}.{own}") }
        };
        let mut path = self.path.clone();
        path.push(member.clone());
        Place { path, key: join(&self.key, key), label: join(&self.label, label), ..*self }
    }
}

impl Resolver<'_> {
    /// The whole network.
    pub(crate) fn root(&mut self, body: &Body, templates: &Templates) -> (Group, Instance) {
        self.body(body, templates, &Place::ROOT)
    }

    fn body(&mut self, body: &Body, templates: &Templates, at: &Place) -> (Group, Instance) {
        self.check_names(body);
        let mut group = Group { label: at.label.clone(), tuple: body.tuple, children: Vec::new() };
        let mut order = Vec::new();
        let mut names = HashMap::new();
        for (index, layer) in body.layers.iter().enumerate() {
            let (child, module) = self.layer(index, layer, body.tuple, templates, at);
            group.children.extend(child);
            match &layer.name {
                Some(name) => drop(names.insert(name.unraw().to_string(), module.clone())),
                None if body.forward.is_some() => {
                    let kind = layer.module.place();
                    self.errors.at(kind, "with `forward`, every layer needs a name to be called by");
                }
                None => {}
            }
            order.push((module, layer.module.place()));
        }
        self.check_keys(body, &group);
        let unnamed = body.forward.is_some() && body.layers.iter().any(|layer| layer.name.is_none());
        let body = match &body.forward {
            _ if unnamed => Callable::Broken,
            Some(forward) => Callable::Forward(forward.clone(), names),
            None => Callable::Chain(order, names),
        };
        (group, Instance { name: at.label.clone(), header: None, body })
    }

    fn layer(
        &mut self,
        index: usize,
        layer: &ast::Layer,
        tuple: bool,
        templates: &Templates,
        at: &Place,
    ) -> (Option<Child>, Module) {
        if let (Some(name), true) = (&layer.name, tuple) {
            self.errors.at(name, "layers in parentheses have no names: write them in braces, or leave the names out");
        }
        let span = layer.module.place().span();
        let member = match &layer.name {
            Some(name) => Member::Named(name.clone()),
            None if tuple => Member::Unnamed(Index { index: index as u32, span }),
            None => Member::Named(format_ident!("_{index}", span = span)),
        };
        let entry = match &layer.module {
            ast::Module::Call(call) => entry(call, templates),
            _ => None,
        };
        let found = match (&layer.module, entry) {
            (ast::Module::Call(call), None) if !is_foreign(&call.kind) && embedded(call).is_none() => {
                Attributes::default()
            }
            _ => attributes(layer, entry, self.errors),
        };
        let key = found
            .key
            .clone()
            .unwrap_or_else(|| layer.name.as_ref().map_or_else(|| index.to_string(), |name| name.unraw().to_string()));
        let kind = layer.module.text();
        let kind = kind.split('(').next().unwrap_or_default();
        let label = match (&layer.name, tuple) {
            (Some(name), _) => name.unraw().to_string(),
            (None, _) if entry.is_none() => index.to_string(),
            (None, true) => format!("{index} ({kind})"),
            (None, false) => kind.to_string(),
        };
        let mut place = at.child(&member, &key, &label);
        place.frozen |= found.frozen;
        place.specialize |= found.specialize;
        let Some((content, module)) = self.module(&layer.module, Some((layer, &found)), templates, &place) else {
            return (None, Module::Broken);
        };
        let child = Child {
            member,
            key,
            docs: found.docs,
            text: layer.module.text(),
            frozen: found.frozen,
            place: layer.place(),
            content,
        };
        (Some(child), module)
    }

    fn module(
        &mut self,
        module: &ast::Module,
        declared: Option<(&ast::Layer, &Attributes)>,
        templates: &Templates,
        at: &Place,
    ) -> Option<(Content, Module)> {
        match module {
            ast::Module::Call(call) if self.is_open(&call.kind) => None,
            ast::Module::Repeat(_, count, _) if self.is_open(count) => None,
            ast::Module::Call(call) => match embedded(call) {
                Some(path) => self.template(&Call { kind: path, args: Vec::new() }, declared, templates, at),
                None if is_foreign(&call.kind) => self.template(call, declared, templates, at),
                None => self.catalogued(call, declared, at),
            },
            ast::Module::Dict(layers, _) => self.dict(layers, templates, at),
            ast::Module::List(modules, _) => self.list(modules.iter(), templates, at),
            ast::Module::Repeat(inner, count, _) => match known(count) {
                Some(Known::Int(count @ 1..=MOST_REPETITIONS)) => {
                    self.list((0..count).map(|_| &**inner), templates, at)
                }
                Some(Known::Int(found)) => {
                    self.errors.at(count, format!("a list holds 1 to {MOST_REPETITIONS} layers: found {found}"));
                    None
                }
                _ => {
                    let message = "the macro writes the layers out, so it must see their number: write a literal";
                    self.errors.at(count, message);
                    None
                }
            },
        }
    }

    /// Whether it hangs on a parameter of which nothing is known.
    fn is_open(&self, tokens: &impl ToTokens) -> bool {
        let mut names = tokens.to_token_stream().into_iter();
        names.any(|token| self.open.iter().any(|open| token.to_string() == *open))
    }

    fn list<'m>(
        &mut self,
        modules: impl Iterator<Item = &'m ast::Module>,
        templates: &Templates,
        at: &Place,
    ) -> Option<(Content, Module)> {
        let mut group = Group { label: at.label.clone(), tuple: true, children: Vec::new() };
        let mut list = Vec::new();
        let mut whole = true;
        for (index, module) in modules.enumerate() {
            let tokens = module.place();
            let member = Member::Unnamed(Index { index: index as u32, span: tokens.span() });
            let key = index.to_string();
            let place = at.child(&member, &key, &key);
            let Some((content, inner)) = self.module(module, None, templates, &place) else {
                whole = false;
                continue;
            };
            let text = module.text();
            group.children.push(Child {
                member,
                key,
                docs: Vec::new(),
                text,
                frozen: false,
                place: tokens.clone(),
                content,
            });
            list.push((inner, tokens));
        }
        whole.then(|| (Content::Group(self.type_name(at), group), Module::List(Rc::new(list))))
    }

    /// Layers under names.
    fn dict(&mut self, layers: &[ast::Layer], templates: &Templates, at: &Place) -> Option<(Content, Module)> {
        let mut group = Group { label: at.label.clone(), tuple: false, children: Vec::new() };
        let mut names = HashMap::new();
        let body = Body { tuple: false, layers: layers.to_vec(), forward: None };
        self.check_names(&body);
        for (index, layer) in layers.iter().enumerate() {
            let (child, module) = self.layer(index, layer, false, templates, at);
            group.children.extend(child);
            names.extend(layer.name.as_ref().map(|name| (name.unraw().to_string(), module)));
        }
        self.check_keys(&body, &group);
        let instance = Instance { name: at.label.clone(), header: None, body: Callable::Dict(names) };
        Some((Content::Group(self.type_name(at), group), Module::Block(Rc::new(instance))))
    }

    /// `ResNet18_layer1_0`
    fn type_name(&self, at: &Place) -> Ident {
        let mut name = self.network.name.to_string();
        for member in &at.path {
            match member {
                Member::Named(part) => name.push_str(&format!("_{}", part.unraw())),
                Member::Unnamed(index) => name.push_str(&format!("_{}", index.index)),
            }
        }
        format_ident!("{name}", span = self.network.name.span())
    }

    /// A block, a network as a layer, or a layer of the user's own.
    fn template(
        &mut self,
        call: &Call,
        declared: Option<(&ast::Layer, &Attributes)>,
        templates: &Templates,
        at: &Place,
    ) -> Option<(Content, Module)> {
        let Some(template) = templates.get(&key(&call.kind)) else {
            // A name that was not looked for because of a mistake is none.
            if self.errors.is_empty() {
                let name = key(&call.kind).replace(' ', "");
                let message = format!("the block has a layer here: if `{name}` is a block, write `{name}()`");
                self.errors.at(&call.kind, message);
            }
            return None;
        };
        match &template.declaration {
            Declaration::Layer(own) => self.bound(call, own.entry(), Some(call.kind.clone()), declared, at),
            Declaration::Block(block) => {
                let body = instantiate(block, call, self.errors)?;
                // The arguments may be blocks of the caller's.
                let own = template.templates.iter().map(|(key, template)| (key.clone(), Rc::clone(template)));
                let templates = templates.iter().map(|(key, template)| (key.clone(), Rc::clone(template))).chain(own);
                let (group, instance) = self.body(&body, &templates.collect(), at);
                Some((Content::Group(self.type_name(at), group), Module::Block(Rc::new(instance))))
            }
            Declaration::Network(network) => {
                if let Some(arg) = call.args.first() {
                    self.errors.at(&arg.value, format!("`{}` is a network: it takes no arguments", network.name));
                    return None;
                }
                let element = crate::resolve::header(&network.attributes, &Errors::ignore()).element;
                if element != self.network.element {
                    let own = &self.network.element;
                    let message = format!("`{}` computes in {element}, this network in {own}", network.name);
                    self.errors.at(&call.kind, message);
                    return None;
                }
                let (group, instance) = self.body(&network.body, &template.templates, at);
                let header = Some((
                    network.name.to_string(),
                    network.inputs.shapes.iter().map(|shape| shape.sizes.clone()).collect(),
                ));
                let instance = Instance { header, ..instance };
                Some((Content::Network(call.kind.clone(), group), Module::Block(Rc::new(instance))))
            }
        }
    }

    /// A layer of torch.nn.
    fn catalogued(
        &mut self,
        call: &Call,
        declared: Option<(&ast::Layer, &Attributes)>,
        at: &Place,
    ) -> Option<(Content, Module)> {
        let name = call.kind.segments.last()?.ident.to_string();
        if let Some(message) = container(&name) {
            self.errors.at(&call.kind, message);
            return None;
        }
        if call.kind.segments.len() > 1 {
            let message = format!("write `{name}`, without the path in front: layers are torch.nn's");
            self.errors.at(&call.kind, message);
            return None;
        }
        let entry = catalogue::layer(&name);
        if entry.is_none() {
            self.errors.at(&call.kind, unknown_layer(&name));
        }
        self.bound(call, entry?, None, declared, at)
    }

    /// A layer whose entry is found.
    fn bound(
        &mut self,
        call: &Call,
        entry: &'static Entry,
        own: Option<syn::Path>,
        declared: Option<(&ast::Layer, &Attributes)>,
        at: &Place,
    ) -> Option<(Content, Module)> {
        let kind = call.kind.to_token_stream();
        let owner = Owner { name: entry.name, axes: entry.axes, tokens: &kind };
        let mut init = declared.map(|(_, found)| found.init.clone()).unwrap_or_default();
        let tensor = if entry.operation == "Held" { Some(held::tensor(&call.args, self.errors)?) } else { None };
        let given = match &tensor {
            Some((args, begins)) => {
                init.splice(0..0, begins.clone());
                args
            }
            None if entry.ignores_arguments => &[][..],
            None => &call.args,
        };
        let args = bind(&owner, entry.parameters, given, self.errors)?;
        let weight_norm = declared.and_then(|(_, found)| found.weight_norm);
        if declared.is_some() {
            check_inits(entry, &args, &init, self.errors);
        }
        let index = self.network.layers.len();
        self.network.layers.push(Layer {
            path: at.path.clone(),
            key: at.key.clone(),
            label: at.label.clone(),
            entry,
            own,
            args,
            init,
            weight_norm,
            frozen: at.frozen || entry.name == "Buffer",
            specialize: at.specialize,
            infers: infers(entry, &call.args),
            text: ast::Module::Call(call.clone()).text(),
            kind,
            first_use: None,
        });
        Some((Content::Layer(index), Module::Layer(index)))
    }

    fn check_names(&self, body: &Body) {
        let mut names = HashSet::new();
        for name in body.layers.iter().filter_map(|layer| layer.name.as_ref()) {
            if !names.insert(name.unraw().to_string()) {
                self.errors.at(name, format!("two layers are called `{name}`"));
            }
        }
    }

    /// Two tensors of one name in the state_dict would be one.
    fn check_keys(&self, body: &Body, group: &Group) {
        if group.children.len() != body.layers.len() {
            return;
        }
        let mut keys = HashMap::new();
        for (declared, child) in body.layers.iter().zip(&group.children) {
            if matches!(&child.content, Content::Layer(index) if self.network.layers[*index].entry.generics == 0) {
                continue;
            }
            let Some(other) = keys.insert(&child.key, declared) else { continue };
            let attributes = || declared.attributes.iter().chain(&other.attributes);
            if let Some(attribute) = attributes().find(|attribute| attribute.path().is_ident("key")) {
                self.errors.at(attribute, format!("two layers have the key \"{}\" in the state_dict", child.key));
            }
        }
    }
}

/// Whether `_` may stand for the sizes that follow from a layer's input: a block's parameter may stand in other places, too.
fn infers(entry: &Entry, args: &[ast::Arg]) -> bool {
    let parameter = |place: usize, arg: &ast::Arg| match &arg.name {
        Some(name) => entry.parameters.iter().find(|parameter| name == parameter.name),
        None => entry.parameters.get(place),
    };
    let is_given = |(place, arg): (usize, &ast::Arg)| {
        arg.blame.is_some() && parameter(place, arg).is_some_and(|parameter| parameter.inferable)
    };
    !args.iter().enumerate().any(is_given)
}

/// The entry of a layer: torch.nn's, or the user's own.
fn entry(call: &Call, templates: &Templates) -> Option<&'static Entry> {
    if !is_foreign(&call.kind) {
        return catalogue::layer(&call.kind.to_token_stream().to_string());
    }
    match &templates.get(&key(&call.kind))?.declaration {
        Declaration::Layer(own) => Some(own.entry()),
        _ => None,
    }
}

/// `net(Encoder)` is the network `Encoder` as a layer.
pub(crate) fn embedded(call: &Call) -> Option<syn::Path> {
    match call.args.as_slice() {
        [ast::Arg { name: None, value: syn::Expr::Path(path), .. }] if call.kind.is_ident("net") => {
            Some(path.path.clone())
        }
        _ => None,
    }
}

fn unknown_layer(name: &str) -> String {
    if let Some(function) = catalogue::function(name) {
        let hint = if function.is_layer {
            format!("write the layer `{}`", function.name)
        } else {
            format!("call `{name}` in `forward`")
        };
        return format!("`{name}` is a function, not a layer: {hint}");
    }
    if let Some(instead) = layer_instead(name) {
        return instead;
    }
    let names = || catalogue::entries().filter(|entry| entry.is_layer).map(|entry| entry.name);
    let is_spelling = names().any(|layer| layer.eq_ignore_ascii_case(name));
    let own = if is_spelling { String::new() } else { own_block(name) };
    format!("there is no layer `{name}`{}{own}", did_you_mean(name, names()))
}

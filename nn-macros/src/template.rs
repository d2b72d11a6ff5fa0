//! Declarations that others use: blocks, and networks as layers.
//!
//! A macro sees only its own tokens. So `block!` and `network!` leave behind a `macro_rules!` of the declaration's name, which hands the
//! declaration's tokens to whoever asks: `network!` expands to `BasicBlock! { resume { ... } }`, and that to `resume! { { the block } ... }`, until
//! every name is known. A declaration carries what it uses itself, found where it was declared.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use nn_shape::catalogue;
use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::{Expr, Path, Result, Visibility, braced, parenthesized};

use crate::ast::{self, Arg, Body, Module};
use crate::modules::embedded;
use crate::own::{self, Own};
use crate::report::Errors;
use crate::suggest::{container, is_misspelt, layer_instead};
use crate::{expand, parse, resolve};

/// The templates that a declaration uses, by the paths that it calls them by.
pub(crate) type Templates = HashMap<String, Rc<Template>>;

/// A declaration that another uses.
pub(crate) struct Template {
    pub(crate) declaration: Declaration,
    pub(crate) templates: Templates,
}

/// What can be used.
pub(crate) enum Declaration {
    Block(ast::Block),
    Network(ast::Network),
    Layer(Box<Own>),
}

impl Declaration {
    fn body(&self) -> Option<&Body> {
        match self {
            Declaration::Block(block) => Some(&block.body),
            Declaration::Network(network) => Some(&network.body),
            Declaration::Layer(_) => None,
        }
    }

    fn name(&self) -> &Ident {
        match self {
            Declaration::Block(block) => &block.name,
            Declaration::Network(network) => &network.name,
            Declaration::Layer(own) => &own.name,
        }
    }

    fn visibility(&self) -> &Visibility {
        match self {
            Declaration::Block(block) => &block.visibility,
            Declaration::Network(network) => &network.visibility,
            Declaration::Layer(own) => &own.visibility,
        }
    }
}

/// The kind of a block or network whose mistakes were reported where it is declared: its name is a type that is an error, too.
const BROKEN: &str = "broken";

/// The kind of a layer of one's own with mistakes: its struct is there, so that what is implemented for it is no error, and has a type that is one.
const MISTAKEN: &str = "mistaken";

/// A declaration as it travels: `block { tokens } { (path) { block { tokens } { ... } } ... }`.
pub(crate) struct Parcel {
    kind: Ident,
    tokens: TokenStream,
    found: Vec<(Path, Parcel)>,
}

impl Parcel {
    /// One that has found nothing yet.
    pub(crate) fn new(kind: &str, tokens: TokenStream) -> Parcel {
        Parcel { kind: format_ident!("{kind}"), tokens, found: Vec::new() }
    }

    fn declaration(&self, errors: &Errors) -> Option<Declaration> {
        let tokens = self.tokens.clone();
        match self.kind.to_string().as_str() {
            "network" => parse::network(tokens, errors).map(Declaration::Network),
            "layer" => own::parse(tokens, errors).map(|own| Declaration::Layer(Box::new(own))),
            _ => parse::block(tokens, errors).map(Declaration::Block),
        }
    }

    fn templates(&self, errors: &Errors) -> Templates {
        let template = |(path, parcel): &(Path, Parcel)| {
            let declaration = parcel.declaration(errors)?;
            Some((key(path), Rc::new(Template { declaration, templates: parcel.templates(errors) })))
        };
        self.found.iter().filter_map(template).collect()
    }

    /// Asks for the next name that is not known, or expands.
    pub(crate) fn expand(self) -> TokenStream {
        if let (Some((_, name)), true) = (parse::name(self.tokens.clone()), self.found.is_empty()) {
            announce(&name);
        }
        let errors = Errors::new();
        let Some(declaration) = self.declaration(&errors) else {
            return self.stand_in(errors);
        };
        if let Some(clash) = self.clash(&declaration) {
            errors.push(clash);
            return errors.into_tokens(parse::name(self.tokens));
        }
        if let Some(mistake) = self.mistake() {
            if errors.is_empty() {
                errors.assert_empty();
                return self.stand_in_for(mistake);
            }
            return self.stand_in(errors);
        }
        if let Some(path) = self.missing(&declaration, &errors).filter(|_| errors.is_empty()) {
            errors.assert_empty();
            return quote!(#path! { ::nn::__private::resume { (#path) #self } });
        }
        let templates = self.templates(&errors);
        match &declaration {
            Declaration::Network(ast) => match resolve::network(ast, &templates, &errors) {
                Some(network) if errors.is_empty() => {
                    errors.assert_empty();
                    let (items, template) = (expand::expand(&network), self.publish(&declaration));
                    quote!(#items #template)
                }
                _ => self.stand_in(errors),
            },
            Declaration::Layer(own) => {
                own.mistakes.iter().for_each(|mistake| errors.push(mistake.clone()));
                let kind = if errors.is_empty() { self.kind.clone() } else { format_ident!("{MISTAKEN}") };
                let template = Parcel { kind, ..self }.publish(&declaration);
                let (items, mistake) = (expand::own(own), expand::mistake(own, errors));
                quote!(#items #template #mistake)
            }
            Declaration::Block(ast) => {
                name_taken(&ast.name).into_iter().for_each(|error| errors.push(error));
                resolve::block(ast, &templates, &errors);
                if !errors.is_empty() {
                    return self.stand_in(errors);
                }
                errors.assert_empty();
                self.publish(&declaration)
            }
        }
    }

    /// A network that is called as the block that it uses. It leaves no template, so that rustc does not speak of two, too.
    fn clash(&self, declaration: &Declaration) -> Option<syn::Error> {
        let name = declaration.name();
        let path =
            used(declaration).into_iter().find(|path| path.is_ident(name) && announced(&name.to_string()) > 1)?;
        let message =
            format!("`{name}` is the name of this declaration, and of a block: choose another for one of them");
        Some(syn::Error::new_spanned(path, message))
    }

    /// The type that is an error, of a declaration with mistakes among those that were found.
    fn mistake(&self) -> Option<TokenStream> {
        self.found.iter().find_map(|(path, parcel)| match parcel.kind.to_string().as_str() {
            BROKEN => Some(quote!(#path)),
            MISTAKEN => {
                let own = own::parse(parcel.tokens.clone(), &Errors::ignore())?;
                let zeros = own.generics().into_iter().map(|_| quote!(0));
                Some(quote!(<#path<#(#zeros),*> as ::nn::__private::Mistaken>::Mistake))
            }
            _ => None,
        })
    }

    /// The mistakes, and what stands for the declaration so that its users are silent: a type that is an error, and a template that says so.
    fn stand_in(self, errors: Errors) -> TokenStream {
        let name = parse::name(self.tokens);
        let template = name.as_ref().map(|(visibility, name)| broken(visibility, name));
        let errors = errors.into_tokens(name);
        quote!(#errors #template)
    }

    /// The same for what uses a broken declaration: its type is the type that is an error already.
    fn stand_in_for(&self, mistake: TokenStream) -> TokenStream {
        let Some((visibility, name)) = parse::name(self.tokens.clone()) else { return TokenStream::new() };
        let template = broken(&visibility, &name);
        quote! {
            #[doc(hidden)]
            #[allow(missing_docs)]
            #visibility type #name = #mistake;
            #template
        }
    }

    /// The first name that is no layer of torch.nn and not found yet.
    fn missing(&self, declaration: &Declaration, errors: &Errors) -> Option<Path> {
        let paths = used(declaration);
        if let Some(path) = paths.iter().find(|path| path.is_ident(declaration.name())) {
            errors.at(path, format!("`{}` cannot contain itself", declaration.name()));
        }
        paths.into_iter().find(|path| self.found.iter().all(|(found, _)| key(found) != key(path)))
    }

    /// The `macro_rules!` that hands the declaration to others.
    fn publish(&self, declaration: &Declaration) -> TokenStream {
        let docs = match declaration {
            Declaration::Block(block) => {
                let attributes = &block.attributes;
                quote!(#(#attributes)* #[doc(inline)])
            }
            Declaration::Network(_) | Declaration::Layer(_) => quote!(#[doc(hidden)]),
        };
        publish(declaration.visibility(), declaration.name(), docs, self.to_token_stream())
    }
}

/// What a declaration uses that is no layer of torch.nn.
fn used(declaration: &Declaration) -> Vec<Path> {
    let mut paths = Vec::new();
    for layer in declaration.body().iter().flat_map(|body| &body.layers) {
        foreign(&layer.module, &mut paths);
    }
    if let Declaration::Block(block) = declaration {
        let defaults = block.parameters.iter().filter_map(|parameter| parameter.default.as_ref());
        defaults.for_each(|default| foreign_argument(default, &mut paths));
        paths.retain(|path| !block.parameters.iter().any(|parameter| path.is_ident(&parameter.name)));
    }
    paths
}

/// A layer of torch.nn is found before any block or layer of its name, which would be left unused without a word.
pub(crate) fn name_taken(name: &Ident) -> Option<syn::Error> {
    let message = || format!("`{name}` is a layer of torch.nn: choose another name");
    catalogue::layer(&name.to_string()).map(|_| syn::Error::new(name.span(), message()))
}

/// The template of a declaration with mistakes of its own.
fn broken(visibility: &Visibility, name: &Ident) -> TokenStream {
    publish(visibility, name, quote!(#[doc(hidden)]), Parcel::new(BROKEN, TokenStream::new()).to_token_stream())
}

/// The `macro_rules!` of this name that hands a parcel to others.
fn publish(visibility: &Visibility, name: &Ident, docs: TokenStream, parcel: TokenStream) -> TokenStream {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    // Exported macros all lie at the root of the crate: the number keeps those of one name apart.
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let hidden = format_ident!("__nn_template_{name}_{number}");
    let parcel = absolute(parcel);
    let export = matches!(visibility, Visibility::Public(_)).then(|| quote!(#[macro_export]));
    quote! {
        #[doc(hidden)]
        #[allow(non_local_definitions, unused_macros)]
        #export
        macro_rules! #hidden {
            ($callback:path { $($state:tt)* }) => { $callback! { { #parcel } $($state)* } };
        }
        #docs
        #[allow(unused_imports)]
        #visibility use #hidden as #name;
    }
}

impl ToTokens for Parcel {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let (kind, own) = (&self.kind, &self.tokens);
        let found = self.found.iter().map(|(path, parcel)| quote!((#path) { #parcel }));
        tokens.extend(quote!(#kind { #own } { #(#found)* }));
    }
}

impl Parse for Parcel {
    fn parse(input: ParseStream<'_>) -> Result<Parcel> {
        let kind = input.parse()?;
        let (own, rest);
        braced!(own in input);
        braced!(rest in input);
        let mut found = Vec::new();
        while !rest.is_empty() {
            let (path, parcel);
            parenthesized!(path in rest);
            braced!(parcel in rest);
            found.push((Path::parse_mod_style(&path)?, parcel.parse()?));
        }
        Ok(Parcel { kind, tokens: own.parse()?, found })
    }
}

/// What a template's macro answers: `{ the template } (path) the asker`.
pub(crate) struct Answer(Parcel);

impl Answer {
    pub(crate) fn into_asker(self) -> Parcel {
        self.0
    }
}

impl Parse for Answer {
    fn parse(input: ParseStream<'_>) -> Result<Answer> {
        let (answer, path);
        braced!(answer in input);
        parenthesized!(path in input);
        let found = (Path::parse_mod_style(&path)?, answer.parse()?);
        let mut asker: Parcel = input.parse()?;
        asker.found.push(found);
        Ok(Answer(asker))
    }
}

/// What a path is called by.
pub(crate) fn key(path: &Path) -> String {
    path.to_token_stream().to_string()
}

/// Whether a name is meant to be a block or a network rather than a layer of torch.nn.
pub(crate) fn is_foreign(path: &Path) -> bool {
    let Some(name) = path.segments.last().map(|segment| segment.ident.to_string()) else { return false };
    if catalogue::layer(&name).is_some() || is_container(path) {
        return false;
    }
    if path.segments.len() > 1 {
        return true;
    }
    let names = || catalogue::entries().filter(|entry| entry.is_layer).map(|entry| entry.name);
    let is_slip = || is_misspelt(&name, names()) || layer_instead(&name).is_some();
    name.starts_with(char::is_uppercase) && (is_announced(&name) || !is_slip())
}

/// Whether a path means one of PyTorch's containers, and no block of that name.
fn is_container(path: &Path) -> bool {
    let (Some(first), Some(last)) = (path.segments.first(), path.segments.last()) else { return false };
    let is_torch = path.segments.len() == 1 || first.ident == "nn" || first.ident == "torch";
    is_torch && container(&last.ident.to_string()).is_some() && !is_announced(&last.ident.to_string())
}

/// How often the declarations of this crate so far have a name: a block may be called `Conv`, which would else be taken for a slip.
static ANNOUNCED: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());

/// Notes a declaration's name when it is met, before it asks for what it uses: what stands behind it is expanded meanwhile.
fn announce(name: &Ident) {
    if let Ok(mut names) = ANNOUNCED.lock() {
        *names.entry(name.to_string()).or_default() += 1;
    }
}

fn announced(name: &str) -> usize {
    ANNOUNCED.lock().map_or(0, |names| names.get(name).copied().unwrap_or_default())
}

fn is_announced(name: &str) -> bool {
    announced(name) > 0
}

fn foreign(module: &Module, paths: &mut Vec<Path>) {
    match module {
        Module::Call(call) if is_foreign(&call.kind) => {
            paths.push(call.kind.clone());
            call.args.iter().for_each(|arg| foreign_argument(&arg.value, paths));
        }
        Module::Call(call) => paths.extend(embedded(call)),
        Module::List(modules, _) => modules.iter().for_each(|module| foreign(module, paths)),
        Module::Repeat(module, ..) => foreign(module, paths),
        Module::Dict(layers, _) => layers.iter().for_each(|layer| foreign(&layer.module, paths)),
    }
}

/// A block that is an argument of a block: `TransformerEncoder(TransformerEncoderLayer(64, 4), 6)`, or by its name alone.
fn foreign_argument(value: &Expr, paths: &mut Vec<Path>) {
    let last = |path: &Path| path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
    let path = match value {
        Expr::Path(path) => Some(&path.path).filter(|path| is_announced(&last(path)) || !is_constant(&last(path))),
        Expr::Call(call) => {
            call.args.iter().for_each(|arg| foreign_argument(&Arg::from_expr(arg.clone()).value, paths));
            if let Expr::Path(path) = &*call.func { Some(&path.path) } else { None }
        }
        _ => None,
    };
    let is_type = |path: &&Path| last(path).starts_with(char::is_uppercase);
    paths.extend(path.filter(is_type).filter(|path| is_foreign(path)).cloned());
}

/// Whether a name is written as constants are, or is one of Rust's and Python's.
fn is_constant(name: &str) -> bool {
    !name.contains(char::is_lowercase) || ["None", "True", "False"].contains(&name)
}

/// `crate::X` means the crate that declares: `$crate::X`.
fn absolute(tokens: TokenStream) -> TokenStream {
    let mut result = TokenStream::new();
    let mut is_visibility = false;
    for token in tokens {
        let after_pub =
            std::mem::replace(&mut is_visibility, matches!(&token, TokenTree::Ident(name) if name == "pub"));
        match token {
            // `pub(crate)` is no path.
            TokenTree::Group(group) if after_pub && group.delimiter() == Delimiter::Parenthesis => {
                result.extend([TokenTree::from(group)]);
            }
            TokenTree::Ident(name) if name == "crate" => {
                let mut dollar = Punct::new('$', Spacing::Alone);
                dollar.set_span(name.span());
                result.extend([TokenTree::from(dollar), TokenTree::from(name)]);
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), absolute(group.stream()));
                inner.set_span(group.span());
                result.extend([TokenTree::from(inner)]);
            }
            other => result.extend([other]),
        }
    }
    result
}

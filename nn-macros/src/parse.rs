//! From tokens to [`crate::ast`].
//!
//! A mistake in one layer does not hide those in others: after an error, reading goes on behind the next comma.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::discouraged::AnyDelimiter;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Error, Expr, Ident, Path, Result, Token, Visibility, braced, bracketed, parenthesized, token};

use crate::ast::{Arg, Block, Body, Call, Forward, Layer, Module, Network, Parameter, Shape, Shapes};
use crate::python::python;
use crate::report::Errors;
use crate::suggest::container;

const EXAMPLE: &str = "`pub struct LeNet5: [1, 28, 28] -> [10] { ... }`";

/// The declaration; `None` if its header cannot be read. Where errors were pushed, layers may be missing.
pub(crate) fn network(tokens: TokenStream, errors: &Errors) -> Option<Network> {
    declaration(tokens, errors, parse_network)
}

/// The block; `None` if its header cannot be read. Where errors were pushed, layers may be missing.
pub(crate) fn block(tokens: TokenStream, errors: &Errors) -> Option<Block> {
    declaration(tokens, errors, parse_block)
}

fn declaration<T>(
    tokens: TokenStream,
    errors: &Errors,
    parse: impl Fn(ParseStream<'_>, &Errors) -> Result<T>,
) -> Option<T> {
    let tokens = torch_where(tokens);
    python(tokens.clone(), errors);
    if !errors.is_empty() {
        return None;
    }
    let parser = |input: ParseStream<'_>| match parse(input, errors) {
        Ok(declaration) => Ok(Some(declaration)),
        Err(error) => {
            errors.push(error);
            input.parse::<TokenStream>()?;
            Ok(None)
        }
    };
    parser.parse2(tokens).unwrap_or_else(|error| {
        // syn also complains about what an error left unread.
        if errors.is_empty() {
            errors.push(error);
        }
        None
    })
}

/// `where(mask, a, b)` is a call here; to Rust, `where` is no name.
fn torch_where(tokens: TokenStream) -> TokenStream {
    let mut rest = tokens.into_iter().peekable();
    let mut found = Vec::new();
    while let Some(token) = rest.next() {
        let called =
            matches!(rest.peek(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis);
        found.push(match token {
            TokenTree::Ident(name) if called && name == "where" => Ident::new_raw("where", name.span()).into(),
            // Others keep their own spans of both ends.
            TokenTree::Group(group) if mentions_where(group.stream()) => {
                let mut inner = proc_macro2::Group::new(group.delimiter(), torch_where(group.stream()));
                inner.set_span(group.span());
                inner.into()
            }
            other => other,
        });
    }
    found.into_iter().collect()
}

fn mentions_where(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(name) => name == "where",
        TokenTree::Group(group) => mentions_where(group.stream()),
        _ => false,
    })
}

/// Visibility and name of a declaration that may hold mistakes anywhere else.
pub(crate) fn name(tokens: TokenStream) -> Option<(Visibility, Ident)> {
    let parser = |input: ParseStream<'_>| {
        input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        input.parse::<Option<Token![struct]>>()?;
        let name = input.parse()?;
        input.parse::<TokenStream>()?;
        Ok((visibility, name))
    };
    parser.parse2(tokens).ok()
}

fn parse_network(input: ParseStream<'_>, errors: &Errors) -> Result<Network> {
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility = input.parse()?;
    if !input.peek(Token![struct]) {
        return Err(input.error(format!("a network begins as a struct does: {EXAMPLE}")));
    }
    input.parse::<Token![struct]>()?;
    let name = input.parse()?;
    if !input.peek(Token![:]) {
        return Err(
            input.error(format!("the name is followed by the shape of the input, without the batch: {EXAMPLE}"))
        );
    }
    input.parse::<Token![:]>()?;
    let inputs = input.parse()?;
    if input.peek(Token![=>]) {
        return Err(Error::new_spanned(input.parse::<Token![=>]>()?, format!("the output follows `->`: {EXAMPLE}")));
    }
    let outputs = if input.peek(Token![->]) {
        input.parse::<Token![->]>()?;
        Some(input.parse()?)
    } else {
        None
    };
    let body = parse_body(input, errors)?;
    if !input.is_empty() {
        return Err(input.error("nothing follows a network: another one has a `network!` of its own"));
    }
    Ok(Network { attributes, visibility, name, inputs, outputs, body })
}

const BLOCK_EXAMPLE: &str = "`pub BasicBlock(cin, cout, stride = 1) { ... }`";

fn parse_block(input: ParseStream<'_>, errors: &Errors) -> Result<Block> {
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility = input.parse()?;
    if input.peek(Token![struct]) {
        return Err(input.error(format!("a block begins with its name: {BLOCK_EXAMPLE}")));
    }
    let name: Ident = input.parse()?;
    if input.peek(Token![:]) {
        return Err(input.error(format!(
            "a block has no shapes, they follow where it is used; its parameters stand in parentheses: {BLOCK_EXAMPLE}"
        )));
    }
    if !input.peek(token::Paren) {
        return Err(Error::new(name.span(), format!("the parameters follow the name: {BLOCK_EXAMPLE}")));
    }
    let content;
    parenthesized!(content in input);
    let parameters = content.parse_terminated(parse_parameter, Token![,])?.into_iter().collect();
    let body = parse_body(input, errors)?;
    if !input.is_empty() {
        return Err(input.error("nothing follows a block: another one has a `block!` of its own"));
    }
    Ok(Block { attributes, visibility, name, parameters, body })
}

fn parse_parameter(input: ParseStream<'_>) -> Result<Parameter> {
    let name: Ident = input.parse()?;
    if input.peek(Token![:]) {
        return Err(input.error("the parameters of a block have no types: a name, and perhaps a default"));
    }
    let default = if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        Some(input.parse()?)
    } else {
        None
    };
    Ok(Parameter { name, default })
}

fn parse_body(input: ParseStream<'_>, errors: &Errors) -> Result<Body> {
    let tuple = input.peek(token::Paren);
    let layers = parse_layers(input, tuple, errors)?;
    if tuple && input.peek(Token![;]) {
        input.parse::<Token![;]>()?;
    }
    let forward = if input.is_empty() { None } else { Some(parse_forward(input)?) };
    Ok(Body { tuple, layers, forward })
}

impl Parse for Shapes {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.peek(token::Paren) {
            let (_, span, content) = input.parse_any_delimiter()?;
            if !content.peek(token::Bracket) && !content.peek(Ident) {
                content.parse::<TokenStream>()?;
                return Err(Error::new(
                    span.join(),
                    "a shape is written in brackets, without the batch: `[1, 28, 28]`",
                ));
            }
            let shapes = Punctuated::<Shape, Token![,]>::parse_terminated(&content)?;
            return Ok(Shapes { shapes: shapes.into_iter().collect(), tuple: true, span: span.join() });
        }
        let shape: Shape = input.parse()?;
        let span = shape.span;
        Ok(Shapes { shapes: vec![shape], tuple: false, span })
    }
}

impl Parse for Shape {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.peek(Ident) {
            let element: Ident = input.parse()?;
            index_element(&element, "u32")?;
            return Ok(Shape { sizes: Vec::new(), index: true, span: element.span() });
        }
        if !input.peek(token::Bracket) {
            return Err(input.error("a shape is written in brackets, without the batch: `[1, 28, 28]`"));
        }
        let content;
        let span = bracketed!(content in input).span.join();
        let is_array = |content: ParseStream<'_>| content.peek2(Token![;]);
        if !is_array(&content) || !(content.peek(Ident) || content.peek(token::Bracket)) {
            let sizes = Punctuated::<Expr, Token![,]>::parse_terminated(&content)?.into_iter().collect();
            return Ok(Shape { sizes, index: false, span });
        }
        if content.peek(Ident) {
            index_element(&content.fork().parse()?, "[u32; 64]")?;
        }
        let inner: Shape = content.parse()?;
        content.parse::<Token![;]>()?;
        let mut sizes = vec![content.parse()?];
        if !content.is_empty() {
            return Err(
                content.error("indices along several axes are an array of arrays: `[[u32; 16]; 8]` has 8 rows of 16")
            );
        }
        sizes.extend(inner.sizes);
        Ok(Shape { sizes, index: true, span })
    }
}

/// The element of a shape of indices.
fn index_element(element: &Ident, example: &str) -> Result<()> {
    if element == "u32" {
        return Ok(());
    }
    let message = format!(
        "indices are `u32`: write `{example}`; numbers have no type, `[64]`, and `#[element(f64)]` says another one"
    );
    Err(Error::new(element.span(), message))
}

fn parse_layers(input: ParseStream<'_>, tuple: bool, errors: &Errors) -> Result<Vec<Layer>> {
    let content;
    if tuple {
        parenthesized!(content in input);
    } else if input.peek(token::Brace) {
        braced!(content in input);
    } else {
        return Err(input.error(format!("the layers follow in braces: {EXAMPLE}")));
    }
    Ok(separated(&content, "layers", errors, |input| parse_layer(input, errors)))
}

/// What commas separate. After an error, reading goes on behind the next comma; `None` is an entry whose mistakes were reported.
fn separated<T>(
    input: ParseStream<'_>,
    what: &str,
    errors: &Errors,
    parse: impl Fn(ParseStream<'_>) -> Result<Option<T>>,
) -> Vec<T> {
    let mut found = Vec::new();
    // Who separates by semicolons does so everywhere.
    let mut said = false;
    while !input.is_empty() {
        match parse(input) {
            Ok(entry) => found.extend(entry),
            Err(error) => {
                errors.push(error);
                while !input.is_empty() && !input.peek(Token![,]) {
                    let _ = input.parse::<TokenTree>();
                }
            }
        }
        if input.peek(Token![,]) {
            let _ = input.parse::<Token![,]>();
        } else if input.peek(Token![;]) {
            if !said {
                errors.push(input.error(format!("{what} are separated by `,`")));
            }
            said = true;
            let _ = input.parse::<Token![;]>();
        } else if !input.is_empty() {
            errors.push(input.error("a `,` is missing in front of this"));
        }
    }
    found
}

fn parse_layer(input: ParseStream<'_>, errors: &Errors) -> Result<Option<Layer>> {
    let attributes = input.call(Attribute::parse_outer)?;
    if input.peek(Token![self]) && input.peek2(Token![.]) {
        return Err(input.error("write the layer's name without `self.`, and a colon behind it: `conv1: Conv2d(...)`"));
    }
    if input.peek(Ident::peek_any) && !input.peek(Ident) && input.peek2(Token![:]) && !input.peek2(Token![::]) {
        let word = input.call(Ident::parse_any)?;
        return Err(Error::new(word.span(), word_as_name(&word)));
    }
    let name = if input.peek(Ident) && input.peek2(Token![:]) && !input.peek2(Token![::]) {
        let name: Ident = input.parse()?;
        input.parse::<Token![:]>()?;
        Some(name)
    } else {
        None
    };
    if input.peek(Ident) && input.peek2(Token![=]) {
        let name: Ident = input.parse()?;
        return Err(Error::new(name.span(), format!("a layer is named with a colon: `{name}: Linear(...)`")));
    }
    if input.peek(Ident) && input.peek2(Token![-]) {
        let (name, dash) = (input.parse::<Ident>()?, input.parse::<Token![-]>()?);
        return Err(Error::new_spanned(
            quote::quote!(#name #dash),
            format!(
                "a name has no `-`: write `{name}_1`; with `#[key = \"{name}-1\"]` in front it has another name in the state_dict"
            ),
        ));
    }
    Ok(parse_module(input, errors)?.map(|module| Layer { attributes, name, module }))
}

/// Why a word cannot be the name of a layer.
fn word_as_name(word: &Ident) -> String {
    let text = word.to_string();
    if text == "_" {
        return "`_` is no name: choose another, or leave the name out, and the colon with it".to_string();
    }
    if ["crate", "self", "super", "Self"].contains(&text.as_str()) {
        return format!(
            "`{word}` cannot be a name in Rust: choose another; with `#[key = \"{word}\"]` in front it is `{word}` in the state_dict"
        );
    }
    format!("`{word}` is a word of Rust's: write `r#{word}`, which is `{word}` in the state_dict")
}

/// `Conv2d(1, 6, 5)`, `[A, B]` or `[A; 9]`.
fn parse_module(input: ParseStream<'_>, errors: &Errors) -> Result<Option<Module>> {
    if input.peek(token::Bracket) {
        return parse_list(input, errors);
    }
    if input.peek(token::Brace) {
        return parse_dict(input, errors);
    }
    let kind = Path::parse_mod_style(input)?;
    let mut path = kind.to_token_stream();
    let mut last = None;
    while input.peek(Token![.]) {
        input.parse::<Token![.]>()?.to_tokens(&mut path);
        let name = input.call(Ident::parse_any)?;
        name.to_tokens(&mut path);
        last = Some(name);
    }
    if let Some(last) = last {
        let message = container(&last.to_string());
        let message = message.unwrap_or_else(|| format!("write `{last}`, without the module in front"));
        return Err(Error::new_spanned(path, message));
    }
    if input.peek(token::Bracket) || input.peek(token::Brace) {
        let (_, span, content) = input.parse_any_delimiter()?;
        content.parse::<TokenStream>()?;
        return Err(Error::new(
            span.join(),
            format!("arguments stand in parentheses: `{}(...)`", kind.to_token_stream()),
        ));
    }
    let args = if input.peek(token::Paren) {
        let content;
        parenthesized!(content in input);
        if kind.is_ident("forward") && input.peek(token::Brace) {
            content.parse::<TokenStream>()?;
            return Err(Error::new_spanned(
                kind,
                "`forward(x) { ... }` stands behind the braces of the layers, not inside them",
            ));
        }
        let before = errors.len();
        let args = separated(&content, "arguments", errors, parse_arg);
        if errors.len() > before {
            return Ok(None);
        }
        args
    } else {
        Vec::new()
    };
    Ok(Some(Module::Call(Call { kind, args })))
}

fn parse_list(input: ParseStream<'_>, errors: &Errors) -> Result<Option<Module>> {
    let content;
    let bracket = bracketed!(content in input);
    let span = bracket.span.join();
    if content.is_empty() {
        return Err(Error::new(span, "a list holds at least one layer"));
    }
    let before = errors.len();
    let first = parse_element(&content, errors)?;
    if content.peek(Token![;]) {
        content.parse::<Token![;]>()?;
        let count = content.parse()?;
        if !content.is_empty() {
            return Err(content.error("a list is `[A, B]` or `[A; 9]`"));
        }
        return Ok(first.map(|module| Module::Repeat(Box::new(module), Box::new(count), span)));
    }
    let mut modules = Vec::from_iter(first);
    if content.peek(Token![,]) {
        content.parse::<Token![,]>()?;
    } else if !content.is_empty() {
        return Err(content.error("a `,` is missing in front of this"));
    }
    modules.extend(separated(&content, "layers", errors, |input| parse_element(input, errors)));
    Ok((errors.len() == before).then_some(Module::List(modules, span)))
}

/// `{ a: Linear(3, 4), b: Linear(3, 2) }`: layers with names.
fn parse_dict(input: ParseStream<'_>, errors: &Errors) -> Result<Option<Module>> {
    let content;
    let span = braced!(content in input).span.join();
    if content.is_empty() {
        return Err(Error::new(span, "braces hold at least one layer, with its name: `{ a: Linear(3, 4) }`"));
    }
    let before = errors.len();
    let layers = separated(&content, "layers", errors, |input| {
        let layer = parse_layer(input, errors)?;
        if let Some(Layer { name: None, module, .. }) = &layer {
            return Err(Error::new_spanned(module.place(), "layers in braces have names: `{ a: Linear(3, 4) }`"));
        }
        Ok(layer)
    });
    Ok((errors.len() == before).then_some(Module::Dict(layers, span)))
}

fn parse_element(input: ParseStream<'_>, errors: &Errors) -> Result<Option<Module>> {
    if input.peek(Ident) && input.peek2(Token![:]) && !input.peek2(Token![::]) {
        return Err(input.error("the layers of a list have no names: they are called by their numbers"));
    }
    parse_module(input, errors)
}

fn parse_arg(input: ParseStream<'_>) -> Result<Option<Arg>> {
    if input.peek(Token![*]) {
        return Err(input.error("arguments are written out, one by one: nothing is unpacked here"));
    }
    if input.peek(Ident) && input.peek2(Token![:]) && !input.peek2(Token![::]) {
        let name: Ident = input.parse()?;
        return Err(Error::new(name.span(), format!("a keyword argument is written with `=`: `{name} = ...`")));
    }
    Ok(Some(Arg::from_expr(input.parse()?)))
}

fn parse_forward(input: ParseStream<'_>) -> Result<Forward> {
    if input.peek(Token![fn]) {
        return Err(input.error("write `forward(x) { ... }`, without `fn`"));
    }
    if input.peek(Token![pub]) || input.peek(Token![struct]) || input.peek(Token![#]) {
        return Err(input.error("nothing follows a network: another one has a `network!` of its own"));
    }
    let keyword: Ident = input.parse().map_err(|error| {
        Error::new(error.span(), "after the layers comes `forward(x) { ... }`, or nothing for layers that run in order")
    })?;
    if keyword == "def" {
        return Err(Error::new(keyword.span(), "write `forward(x) { ... }`, without `def` and `self`"));
    }
    if keyword != "forward" {
        return Err(Error::new(keyword.span(), format!("expected `forward(x) {{ ... }}`, found `{keyword}`")));
    }
    let content;
    parenthesized!(content in input);
    if content.peek(Token![self]) || content.peek(Token![&]) {
        return Err(content.error("write `forward(x)`, without `self`"));
    }
    if content.peek(Token![mut]) {
        return Err(content.error("every name may be given another value: write it without `mut`"));
    }
    let (mut inputs, mut options) = (Punctuated::new(), Vec::new());
    let names = content.parse_terminated(
        |input| {
            let name: Ident = input.parse()?;
            if input.peek(Token![:]) {
                return Err(input.error(format!(
                    "the values of `forward` have no types, the header has their shapes: write `{name}`"
                )));
            }
            let default = if input.peek(Token![=]) {
                Some(input.parse::<Token![=]>().and_then(|_| input.parse())?)
            } else {
                None
            };
            Ok(Parameter { name, default })
        },
        Token![,],
    )?;
    for option in names {
        match &option.default {
            None if options.is_empty() => inputs.push(option.name),
            None => {
                return Err(Error::new(
                    option.name.span(),
                    "what must be given stands in front of what may be left out",
                ));
            }
            Some(_) => options.push(option),
        }
    }
    if input.peek(Token![->]) {
        return Err(input
            .error("`forward` says no types: the shape of the output stands in the header, behind that of the input"));
    }
    let body = input.parse().map_err(|error: Error| match error.to_string().contains("expected `;`") {
        true => Error::new(error.span(), "a `;` is missing in front of this"),
        false => error,
    })?;
    Ok(Forward { keyword, inputs, options, body })
}

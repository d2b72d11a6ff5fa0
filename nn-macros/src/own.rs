//! `layer!`: a layer of the user's own, as it is written and as the language sees it.

use nn_shape::Arg;
use nn_shape::Needs;
use nn_shape::catalogue::{Channels, Entry, Facts, Inputs, Kind, Outputs, Parameter};
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Error, Expr, FnArg, Ident, ItemConst, ItemFn, Pat, Result, ReturnType, Token, Type, Visibility, braced,
    bracketed, parenthesized, token,
};

use crate::known::{Known, known};
use crate::report::Errors;
use crate::template::name_taken;

const EXAMPLE: &str = "`pub struct Film(channels: usize) { weight: [channels] = 1.0 }`";

/// `pub struct Film(channels: usize) { weight: [channels] = 1.0 }` and the functions behind it.
pub(crate) struct Own {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) name: Ident,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) tensors: Vec<Tensor>,
    /// `const hidden: usize = channels / 16;`: sizes that follow.
    pub(crate) sizes: Vec<ItemConst>,
    /// `const fn shape(at: &At, x: Shape) -> Result<Shape, Violation>`
    pub(crate) shape: Option<ItemFn>,
    pub(crate) needs: Option<ItemFn>,
    pub(crate) macs: Option<ItemFn>,
    /// `fn forward<E: Element>(x: E) -> E` of a function that works on each value alone, and its derivative.
    pub(crate) elementwise: Option<(ItemFn, ItemFn)>,
    /// What is wrong with it, as far as struct and config can be written all the same: what is implemented for them is then no error as well.
    pub(crate) mistakes: Vec<Error>,
}

/// `channels: usize`, `eps: f64 = 1e-5`
pub(crate) struct Argument {
    pub(crate) name: Ident,
    pub(crate) ty: Ident,
    kind: Kind,
    default: Option<Arg>,
}

/// `weight: [channels] = 1.0`
pub(crate) struct Tensor {
    pub(crate) docs: Vec<Attribute>,
    /// It is a buffer: nothing learns it.
    pub(crate) buffer: bool,
    pub(crate) name: Ident,
    pub(crate) sizes: Vec<Ident>,
    pub(crate) init: Expr,
}

/// The declaration; `None` if it cannot be read.
pub(crate) fn parse(tokens: TokenStream, errors: &Errors) -> Option<Own> {
    match syn::parse2::<Own>(tokens) {
        Ok(own) => Some(own),
        Err(error) => {
            errors.push(error);
            None
        }
    }
}

impl Parse for Own {
    fn parse(input: ParseStream<'_>) -> Result<Own> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        if !input.peek(Token![struct]) {
            return Err(input.error(format!("a layer begins as a struct does: {EXAMPLE}")));
        }
        input.parse::<Token![struct]>()?;
        let name: Ident = input.parse()?;
        let mut mistakes = Vec::from_iter(name_taken(&name));
        let arguments = if input.peek(token::Paren) {
            let content;
            parenthesized!(content in input);
            let read = |input: ParseStream<'_>| Argument::parse(input, &mut mistakes);
            separated(&content, read)?
        } else {
            Vec::new()
        };
        let tensors = if input.peek(token::Brace) {
            let content;
            braced!(content in input);
            let read = |input: ParseStream<'_>| Tensor::parse(input, &mut mistakes);
            separated(&content, read)?
        } else {
            input.parse::<Token![;]>().map_err(|error| {
                Error::new(error.span(), format!("the tensors of the layer follow in braces, or a `;`: {EXAMPLE}"))
            })?;
            Vec::new()
        };
        let mut own = Own {
            attributes,
            visibility,
            name,
            arguments,
            tensors,
            sizes: Vec::new(),
            shape: None,
            needs: None,
            macs: None,
            elementwise: None,
            mistakes,
        };
        own.functions(input)?;
        own.check();
        Ok(own)
    }
}

impl Own {
    /// The constants and functions behind the struct.
    fn functions(&mut self, input: ParseStream<'_>) -> Result<()> {
        let (mut forward, mut derivative) = (None, None);
        while !input.is_empty() {
            if input.peek(Token![const]) && input.peek2(Ident::peek_any) && !input.peek2(Token![fn]) {
                self.sizes.push(input.parse()?);
                continue;
            }
            let function: ItemFn = input.parse()?;
            let name = function.sig.ident.to_string();
            let place = match name.as_str() {
                "shape" => &mut self.shape,
                "needs" => &mut self.needs,
                "macs" => &mut self.macs,
                "forward" => &mut forward,
                "derivative" => &mut derivative,
                _ => {
                    let message = format!(
                        "`layer!` knows no function `{name}`: there are shape, needs and macs, and forward and derivative of a layer \
                         that works on each value alone"
                    );
                    self.mistakes.push(Error::new(function.sig.ident.span(), message));
                    continue;
                }
            };
            *place = Some(function);
        }
        self.elementwise = match (forward, derivative) {
            (Some(forward), Some(derivative)) => Some((forward, derivative)),
            (None, None) => None,
            (Some(alone), None) | (None, Some(alone)) => {
                let message = "`forward` and `derivative` come together: `fn forward<E: Element>(x: E) -> E` gives one value, \
                               `fn derivative<E: Element>(x: E, y: E) -> E` the slope there";
                self.mistakes.push(Error::new(alone.sig.ident.span(), message));
                None
            }
        };
        Ok(())
    }

    fn check(&mut self) {
        let (mut mistakes, mut unread) = (Vec::new(), false);
        if let Some(ItemFn { sig, .. }) = &self.shape {
            let is_result = match &sig.output {
                ReturnType::Type(_, ty) => {
                    matches!(&**ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Result"))
                }
                ReturnType::Default => false,
            };
            if !is_result {
                let message = "`shape` gives the shape or what is wrong: `const fn shape(at: &At, x: Shape) -> Result<Shape, Violation>`";
                let place = if matches!(sig.output, ReturnType::Default) {
                    sig.ident.to_token_stream()
                } else {
                    sig.output.to_token_stream()
                };
                mistakes.push(Error::new_spanned(place, message));
                unread = true;
            }
        }
        let mut wrong = |place: &Ident, message: String| mistakes.push(Error::new(place.span(), message));
        if let (Some((forward, _)), false) = (&self.elementwise, self.tensors.is_empty()) {
            let name = &self.name;
            let message =
                format!("a layer with tensors has passes of its own: write them in an `impl Layer for {name}`");
            wrong(&forward.sig.ident, message);
        }
        if let (Some(_), Some(shape)) = (&self.elementwise, &self.shape) {
            let message = "a layer that works on each value alone keeps the shape: leave `shape` out";
            wrong(&shape.sig.ident, message.into());
        }
        for size in self.tensors.iter().flat_map(|tensor| &tensor.sizes) {
            if !self.knows(size) {
                let message = format!(
                    "`{size}` is no size: it is an argument of type `usize`, or written behind the struct: `const {size}: usize = ...;`"
                );
                wrong(size, message);
            }
        }
        if generics(&self.tensors).len() > 6 {
            wrong(&self.name, "the tensors of a layer have at most 6 different sizes".into());
        }
        // What stands in its place is never evaluated.
        if let Some(shape) = self.shape.as_mut().filter(|_| unread) {
            shape.sig.output = syn::parse_quote!(-> ::core::result::Result<::nn::own::Shape, ::nn::own::Violation>);
            shape.block = syn::parse_quote!({ ::core::unreachable!() });
        }
        self.mistakes.extend(mistakes);
    }

    /// Whether there is a size of this name.
    pub(crate) fn knows(&self, size: &Ident) -> bool {
        let is_size = |argument: &Argument| argument.name == *size && argument.kind == Kind::Size;
        self.arguments.iter().any(is_size) || self.sizes.iter().any(|own| own.ident == *size)
    }

    /// The sizes of its tensors, which are its struct's const parameters.
    pub(crate) fn generics(&self) -> Vec<&Ident> {
        generics(&self.tensors)
    }

    /// The names of the values that it takes.
    pub(crate) fn inputs(&self) -> Vec<Ident> {
        let Some(shape) = &self.shape else { return vec![Ident::new("x", self.name.span())] };
        shape.sig.inputs.iter().skip(1).filter_map(argument_name).collect()
    }

    /// How many values it gives.
    pub(crate) fn outputs(&self) -> usize {
        let Some(ItemFn { sig, .. }) = &self.shape else { return 1 };
        let ReturnType::Type(_, ty) = &sig.output else { return 1 };
        let Type::Path(result) = &**ty else { return 1 };
        let Some(segment) = result.path.segments.last() else { return 1 };
        let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else { return 1 };
        match arguments.args.first() {
            Some(syn::GenericArgument::Type(Type::Array(array))) => match known(&array.len) {
                Some(Known::Int(count)) => usize::try_from(count).unwrap_or(1),
                _ => 1,
            },
            _ => 1,
        }
    }

    /// Whether its shape function gives an array.
    pub(crate) fn gives_array(&self) -> bool {
        self.shape.as_ref().is_some_and(|shape| shape.sig.output.to_token_stream().to_string().contains('['))
    }

    /// What the derivative reads: the input, the output.
    pub(crate) fn reads(&self) -> (bool, bool) {
        let Some((_, derivative)) = &self.elementwise else { return (false, false) };
        let mut names = derivative.sig.inputs.iter().map(argument_name);
        let mut is_read = || names.next().flatten().is_some_and(|name| !name.to_string().starts_with('_'));
        (is_read(), is_read())
    }

    /// It as an entry of the catalogue. The catalogue's entries live as long as the compiler, and so does this one.
    pub(crate) fn entry(&self) -> &'static Entry {
        let parameters = self.arguments.iter().map(|argument| Parameter {
            name: leak(&argument.name),
            kind: argument.kind,
            default: argument.default,
            inferable: false,
            optional: false,
            doc: "",
        });
        let learns = self.tensors.iter().filter(|tensor| !tensor.buffer).map(|tensor| leak(&tensor.name));
        Box::leak(Box::new(Entry {
            name: leak(&self.name),
            parameters: Vec::leak(parameters.collect()),
            inputs: Inputs::Exactly(self.inputs().len()),
            outputs: Outputs::Exactly(self.outputs()),
            channels: if self.shape.is_none() { Channels::Input } else { Channels::Own },
            generics: self.generics().len(),
            learns: Vec::leak(learns.collect()),
            evaluate: match (&self.elementwise, self.reads()) {
                (None, _) => nn_shape::catalogue::OWN.evaluate,
                (Some(_), (false, false)) => |_, _, inputs, _| Facts::of_each_value(inputs[0], Needs::NOTHING),
                (Some(_), (true, false)) => |_, _, inputs, _| Facts::of_each_value(inputs[0], Needs::INPUTS),
                (Some(_), (false, true)) => |_, _, inputs, _| Facts::of_each_value(inputs[0], Needs::OUTPUTS),
                (Some(_), (true, true)) => {
                    |_, _, inputs, _| Facts::of_each_value(inputs[0], Needs { outputs: true, ..Needs::INPUTS })
                }
            },
            ..nn_shape::catalogue::OWN
        }))
    }
}

fn generics(tensors: &[Tensor]) -> Vec<&Ident> {
    let mut found: Vec<&Ident> = Vec::new();
    for size in tensors.iter().flat_map(|tensor| &tensor.sizes) {
        if !found.contains(&size) {
            found.push(size);
        }
    }
    found
}

/// What commas separate.
fn separated<T>(input: ParseStream<'_>, mut read: impl FnMut(ParseStream<'_>) -> Result<T>) -> Result<Vec<T>> {
    let mut found = Vec::new();
    while !input.is_empty() {
        found.push(read(input)?);
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(found)
}

fn leak(name: &Ident) -> &'static str {
    String::leak(name.to_string())
}

pub(crate) fn argument_name(argument: &FnArg) -> Option<Ident> {
    match argument {
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(name) => Some(name.ident.clone()),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    }
}

impl Argument {
    fn parse(input: ParseStream<'_>, mistakes: &mut Vec<Error>) -> Result<Argument> {
        let name: Ident = input.parse()?;
        if !input.peek(Token![:]) {
            return Err(
                input.error("an argument has a type: `channels: usize`, `eps: f64 = 1e-5`, `flag: bool = true`")
            );
        }
        input.parse::<Token![:]>()?;
        let mut ty: Ident = input.parse()?;
        let mut known_type = true;
        let kind = match ty.to_string().as_str() {
            "usize" => Kind::Size,
            "isize" => Kind::Int,
            "f64" => Kind::Real,
            "bool" => Kind::Flag,
            _ => {
                mistakes.push(Error::new(ty.span(), "the arguments of a layer are `usize`, `isize`, `f64` or `bool`"));
                ty = Ident::new("usize", ty.span());
                known_type = false;
                Kind::Size
            }
        };
        let mut default = None;
        if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            let value: Expr = input.parse()?;
            default = match (kind, known(&value)) {
                (Kind::Size, Some(Known::Int(value @ 0..))) => Some(Arg::size(value as usize)),
                (Kind::Int, Some(Known::Int(value))) => Some(Arg::Int(value)),
                (Kind::Real, Some(Known::Real(value))) => Some(Arg::Real(value)),
                (Kind::Flag, Some(Known::Flag(value))) => Some(Arg::Flag(value)),
                _ if !known_type => None,
                _ => {
                    mistakes.push(Error::new_spanned(value, format!("the default is a literal of type `{ty}`")));
                    None
                }
            };
        }
        Ok(Argument { name, ty, kind, default })
    }
}

impl Tensor {
    /// What stands in brackets; without them that is a mistake, and the sizes are read all the same.
    fn sizes(input: ParseStream<'_>, name: &Ident, mistakes: &mut Vec<Error>) -> Result<Punctuated<Expr, Token![,]>> {
        if input.peek(token::Bracket) {
            let content;
            bracketed!(content in input);
            return Punctuated::parse_terminated(&content);
        }
        mistakes.push(input.error(format!("the sizes of a tensor stand in brackets: `{name}: [channels] = 1.0`")));
        if input.peek(token::Paren) {
            let content;
            parenthesized!(content in input);
            return Punctuated::parse_terminated(&content);
        }
        let size: Ident = input.parse()?;
        Ok(std::iter::once::<Expr>(syn::parse_quote!(#size)).collect())
    }

    fn parse(input: ParseStream<'_>, mistakes: &mut Vec<Error>) -> Result<Tensor> {
        let (mut docs, mut buffer) = (Vec::new(), false);
        for attribute in input.call(Attribute::parse_outer)? {
            match attribute.path() {
                path if path.is_ident("doc") => docs.push(attribute),
                path if path.is_ident("buffer") => buffer = true,
                path => mistakes.push(Error::new_spanned(path, "a tensor has no attribute but `#[buffer]`")),
            }
        }
        let name: Ident = input.parse()?;
        input.parse::<Token![:]>()?;
        let mut sizes = Vec::new();
        for size in Tensor::sizes(input, &name, mistakes)? {
            match &size {
                Expr::Path(path) if path.path.get_ident().is_some() => sizes.extend(path.path.get_ident().cloned()),
                _ => {
                    let message = "the sizes of a tensor are names: write `const taps: usize = 3;` behind the struct";
                    mistakes.push(Error::new_spanned(size, message));
                }
            }
        }
        if sizes.is_empty() || sizes.len() > nn_shape::MAX_RANK {
            return Err(Error::new(name.span(), format!("a tensor has 1 to {} sizes", nn_shape::MAX_RANK)));
        }
        let init = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            input.parse()?
        } else {
            let message = format!("how does `{name}` begin? `= 1.0` fills it, `= nn::init::xavier_uniform()` draws it");
            mistakes.push(Error::new(name.span(), message));
            syn::parse_quote!(0.0)
        };
        Ok(Tensor { docs, buffer, name, sizes, init })
    }
}

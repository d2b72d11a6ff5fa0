//! From tokens to [`crate::ast`].

use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Error, Expr, Ident, Path, Result, Token, braced, bracketed, parenthesized, token};

use crate::ast::{Arg, Forward, Layer, Network, Shape, Shapes};

const EXAMPLE: &str = "`pub struct LeNet5: [1, 28, 28] -> [10] { ... }`";

impl Parse for Network {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        if !input.peek(Token![struct]) {
            return Err(input.error(format!("a network begins as a struct does: {EXAMPLE}")));
        }
        input.parse::<Token![struct]>()?;
        let name = input.parse()?;
        if !input.peek(Token![:]) {
            return Err(input.error(format!("the name is followed by the shape of the input, without the batch: {EXAMPLE}")));
        }
        input.parse::<Token![:]>()?;
        let inputs = input.parse()?;
        let outputs = if input.peek(Token![->]) {
            input.parse::<Token![->]>()?;
            Some(input.parse()?)
        } else {
            None
        };
        let tuple = input.peek(token::Paren);
        let layers = parse_layers(input, tuple)?;
        if tuple && input.peek(Token![;]) {
            input.parse::<Token![;]>()?;
        }
        let forward = if input.is_empty() { None } else { Some(parse_forward(input)?) };
        if !input.is_empty() {
            return Err(input.error("one network! declares one network: nothing may follow it"));
        }
        Ok(Network { attributes, visibility, name, inputs, outputs, tuple, layers, forward })
    }
}

impl Parse for Shapes {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.peek(token::Paren) {
            let content;
            parenthesized!(content in input);
            let shapes = Punctuated::<Shape, Token![,]>::parse_terminated(&content)?;
            return Ok(Shapes { shapes: shapes.into_iter().collect(), tuple: true });
        }
        Ok(Shapes { shapes: vec![input.parse()?], tuple: false })
    }
}

impl Parse for Shape {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if !input.peek(token::Bracket) {
            return Err(input.error("a shape is written in brackets, without the batch: `[1, 28, 28]`"));
        }
        let content;
        let bracket = bracketed!(content in input);
        let index = content.peek(Ident) && content.peek2(Token![;]);
        if index {
            let element: Ident = content.parse()?;
            if element != "u32" {
                return Err(Error::new(element.span(), "indices are `u32`: write `[u32; 64]`"));
            }
            content.parse::<Token![;]>()?;
        }
        let sizes = Punctuated::<Expr, Token![,]>::parse_terminated(&content)?.into_iter().collect();
        Ok(Shape { bracket, sizes, index })
    }
}

fn parse_layers(input: ParseStream<'_>, tuple: bool) -> Result<Vec<Layer>> {
    let content;
    if tuple {
        parenthesized!(content in input);
    } else if input.peek(token::Brace) {
        braced!(content in input);
    } else {
        return Err(input.error(format!("the layers follow in braces: {EXAMPLE}")));
    }
    Ok(Punctuated::<Layer, Token![,]>::parse_terminated(&content)?.into_iter().collect())
}

impl Parse for Layer {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
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
        if input.peek(Token![self]) {
            return Err(input.error("write the layer's name without `self.`, and a colon behind it: `conv1: Conv2d(...)`"));
        }
        let kind = Path::parse_mod_style(input)?;
        if input.peek(Token![.]) {
            input.parse::<Token![.]>()?;
            let layer: Path = Path::parse_mod_style(input)?;
            let name = layer.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
            return Err(Error::new_spanned(&kind, format!("write `{name}`, without the module in front")));
        }
        let args = if input.peek(token::Paren) {
            let content;
            parenthesized!(content in input);
            parse_args(&content)?
        } else {
            Vec::new()
        };
        Ok(Layer { attributes, name, kind, args })
    }
}

fn parse_args(input: ParseStream<'_>) -> Result<Vec<Arg>> {
    let mut args = Vec::new();
    while !input.is_empty() {
        if input.peek(Ident) && input.peek2(Token![:]) && !input.peek2(Token![::]) {
            let name: Ident = input.parse()?;
            return Err(Error::new(name.span(), format!("a keyword argument is written with `=`: `{name} = ...`")));
        }
        args.push(Arg::from_expr(input.parse()?));
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(args)
}

fn parse_forward(input: ParseStream<'_>) -> Result<Forward> {
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
    if content.peek(Token![self]) {
        return Err(content.error("write `forward(x)`, without `self`"));
    }
    let inputs = Punctuated::parse_terminated(&content)?;
    let body = input.parse()?;
    Ok(Forward { keyword, inputs, body })
}

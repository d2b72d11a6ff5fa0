//! What the user wrote.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::{Attribute, Expr, Ident, Path, Token, Visibility};

/// `pub struct LeNet5: [1, 28, 28] -> [10] { ... } forward(x) { ... }`
pub(crate) struct Network {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) name: Ident,
    pub(crate) inputs: Shapes,
    pub(crate) outputs: Option<Shapes>,
    pub(crate) body: Body,
}

/// `pub BasicBlock(cin, cout, stride = 1) { ... } forward(x) { ... }`
pub(crate) struct Block {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) name: Ident,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Body,
}

/// A parameter of a block, and its default.
#[derive(Clone)]
pub(crate) struct Parameter {
    pub(crate) name: Ident,
    pub(crate) default: Option<Expr>,
}

/// Layers and how data flows through them: what networks and blocks have in common.
pub(crate) struct Body {
    /// Layers in parentheses: fields `.0`, `.1`, ...
    pub(crate) tuple: bool,
    pub(crate) layers: Vec<Layer>,
    pub(crate) forward: Option<Forward>,
}

/// One shape, or several in parentheses.
pub(crate) struct Shapes {
    pub(crate) shapes: Vec<Shape>,
    /// Written in parentheses.
    pub(crate) tuple: bool,
    /// The place of all of them.
    pub(crate) span: Span,
}

/// `[1, 28, 28]`, or of indices `[[u32; 28]; 28]`.
pub(crate) struct Shape {
    pub(crate) sizes: Vec<Expr>,
    /// It holds indices.
    pub(crate) index: bool,
    /// The place of the whole shape.
    pub(crate) span: Span,
}

/// `conv1: Conv2d(1, 6, 5, padding = 2)`
#[derive(Clone)]
pub(crate) struct Layer {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) name: Option<Ident>,
    pub(crate) module: Module,
}

impl Layer {
    /// What to underline where the layer as a whole is meant.
    pub(crate) fn place(&self) -> TokenStream {
        self.name.as_ref().map_or_else(|| self.module.place(), ToTokens::to_token_stream)
    }
}

/// What stands behind a layer's name.
#[derive(Clone)]
pub(crate) enum Module {
    /// `Conv2d(1, 6, 5, padding = 2)`
    Call(Call),
    /// `[Linear(3, 4), ReLU]`
    List(Vec<Module>, Span),
    /// `[BasicBlock(64, 64); 9]`
    Repeat(Box<Module>, Box<Expr>, Span),
    /// `{ a: Linear(3, 4), b: Linear(3, 2) }`
    Dict(Vec<Layer>, Span),
}

/// A layer or block with its arguments.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) kind: Path,
    pub(crate) args: Vec<Arg>,
}

impl Module {
    /// What to underline where the module as a whole is meant.
    pub(crate) fn place(&self) -> TokenStream {
        match self {
            Module::Call(call) => {
                crate::modules::embedded(call).map_or_else(|| call.kind.to_token_stream(), ToTokens::into_token_stream)
            }
            Module::List(_, span) | Module::Repeat(_, _, span) | Module::Dict(_, span) => {
                let mut group = proc_macro2::Group::new(proc_macro2::Delimiter::Bracket, TokenStream::new());
                group.set_span(*span);
                group.into_token_stream()
            }
        }
    }

    /// Kind and arguments as the user wrote them, with Python's spacing.
    pub(crate) fn text(&self) -> String {
        match self {
            Module::Call(call) => call.text(),
            Module::List(modules, _) => {
                format!("[{}]", modules.iter().map(Module::text).collect::<Vec<_>>().join(", "))
            }
            Module::Dict(layers, _) => {
                let named = |layer: &Layer| {
                    let name = layer.name.as_ref().map(ToString::to_string).unwrap_or_default();
                    format!("{name}: {}", layer.module.text())
                };
                format!("{{ {} }}", layers.iter().map(named).collect::<Vec<_>>().join(", "))
            }
            Module::Repeat(module, count, _) => format!("[{}; {}]", module.text(), count.to_token_stream()),
        }
    }
}

impl Call {
    fn text(&self) -> String {
        let kind = self.kind.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        let args: Vec<_> = self
            .args
            .iter()
            .map(|arg| {
                let value = crate::arguments::text(&arg.value);
                arg.name.as_ref().map_or(value.clone(), |name| format!("{name}={value}"))
            })
            .collect();
        if args.is_empty() { kind } else { format!("{kind}({})", args.join(", ")) }
    }
}

/// `padding = 2`, or `2`.
#[derive(Clone)]
pub(crate) struct Arg {
    pub(crate) name: Option<Ident>,
    pub(crate) value: Expr,
    /// Where the value came in through a parameter of a block: what the user of the block wrote, which is what to underline.
    pub(crate) blame: Option<TokenStream>,
    /// What the block makes of its parameters, in its own words.
    pub(crate) formula: Option<String>,
}

impl Arg {
    /// An argument without a name.
    pub(crate) fn plain(value: Expr) -> Arg {
        Arg { name: None, value, blame: None, formula: None }
    }

    /// `padding = 2` reaches us as an assignment.
    pub(crate) fn from_expr(expr: Expr) -> Arg {
        if let Expr::Assign(assign) = &expr
            && let Expr::Path(path) = &*assign.left
            && let Some(name) = path.path.get_ident()
        {
            return Arg { name: Some(name.clone()), ..Arg::plain((*assign.right).clone()) };
        }
        Arg::plain(expr)
    }

    /// What the user wrote.
    pub(crate) fn written(&self) -> TokenStream {
        self.blame.clone().unwrap_or_else(|| self.value.to_token_stream())
    }
}

/// `forward(x) { ... }`
#[derive(Clone)]
pub(crate) struct Forward {
    pub(crate) keyword: Ident,
    pub(crate) inputs: syn::punctuated::Punctuated<Ident, Token![,]>,
    /// What a block's caller may leave out: `mask = None` is a value, `is_causal = false` a constant.
    pub(crate) options: Vec<Parameter>,
    pub(crate) body: syn::Block,
}

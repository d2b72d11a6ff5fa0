//! What the user wrote.

use proc_macro2::Span;
use syn::{Attribute, Block, Expr, Ident, Path, Token, Visibility};

/// `pub struct LeNet5: [1, 28, 28] -> [10] { ... } forward(x) { ... }`
pub(crate) struct Network {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) name: Ident,
    pub(crate) inputs: Shapes,
    pub(crate) outputs: Option<Shapes>,
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

/// `[1, 28, 28]`, or `[u32; 64]`.
pub(crate) struct Shape {
    pub(crate) bracket: syn::token::Bracket,
    pub(crate) sizes: Vec<Expr>,
    pub(crate) index: bool,
}

impl Shape {
    /// The place of the whole shape.
    pub(crate) fn span(&self) -> Span {
        self.bracket.span.join()
    }
}

/// `conv1: Conv2d(1, 6, 5, padding = 2)`
pub(crate) struct Layer {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) name: Option<Ident>,
    pub(crate) kind: Path,
    pub(crate) args: Vec<Arg>,
}

/// `padding = 2`, or `2`.
#[derive(Clone)]
pub(crate) struct Arg {
    pub(crate) name: Option<Ident>,
    pub(crate) value: Expr,
}

impl Arg {
    /// `padding = 2` reaches us as an assignment.
    pub(crate) fn from_expr(expr: Expr) -> Arg {
        if let Expr::Assign(assign) = &expr
            && let Expr::Path(path) = &*assign.left
            && let Some(name) = path.path.get_ident()
        {
            return Arg { name: Some(name.clone()), value: (*assign.right).clone() };
        }
        Arg { name: None, value: expr }
    }
}

/// `forward(x) { ... }`
pub(crate) struct Forward {
    pub(crate) keyword: Ident,
    pub(crate) inputs: syn::punctuated::Punctuated<Ident, Token![,]>,
    pub(crate) body: Block,
}

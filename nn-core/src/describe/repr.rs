//! What `print(net)` prints in PyTorch.

use core::fmt::{self, Write};
use core::marker::PhantomData;

use nn_shape::repr::write;

use super::{Description, Module, ModuleKind};
use crate::Network;

/// Displays a network as `print(net)` does in PyTorch.
pub struct Repr<N: ?Sized>(pub(crate) PhantomData<N>);

impl<N: Network> fmt::Display for Repr<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        module(N::DESCRIPTION, 0, 0, f)
    }
}

/// PyTorch's `Module.__repr__`: the class, its arguments, and line by line what it holds.
fn module(of: &Description, place: usize, indent: usize, f: &mut dyn Write) -> fmt::Result {
    let module = &of.modules[place];
    write!(f, "{}(", module.class)?;
    write(module.shown, module.args, module.given, f)?;
    let mut holds = false;
    match module.kind {
        ModuleKind::ModuleList => list(of, place, indent + 2, f)?,
        ModuleKind::ParameterList | ModuleKind::ParameterDict => {
            // A text of one line stays on the module's own.
            let one = of.children(place).count() == 1;
            for child in of.children(place) {
                if one {
                    f.write_str("  ")?
                } else {
                    line(indent + 4, f)?
                }
                parameter(&of.modules[child], module.kind, f)?;
                holds = !one;
            }
        }
        _ => {
            for child in of.children(place).filter(|child| of.modules[*child].kind != ModuleKind::Parameter) {
                holds = true;
                line(indent + 2, f)?;
                write!(f, "({}): ", of.modules[child].name)?;
                self::module(of, child, indent + 2, f)?;
            }
        }
    }
    for (name, class, shown) in module.inner {
        holds = true;
        line(indent + 2, f)?;
        write!(f, "({name}): {class}(")?;
        write(shown, module.args, module.given, f)?;
        f.write_str(")")?;
    }
    if holds || module.kind == ModuleKind::ModuleList {
        line(indent, f)?;
    }
    f.write_str(")")
}

fn line(indent: usize, f: &mut dyn Write) -> fmt::Result {
    write!(f, "\n{:indent$}", "")
}

/// nn.ModuleList prints neighbours with the same text once: `(0-8): 9 x Block(`.
fn list(of: &Description, place: usize, indent: usize, f: &mut dyn Write) -> fmt::Result {
    let text = |child: usize| {
        let mut text = Fingerprint::EMPTY;
        module(of, child, 0, &mut text).map(|()| text)
    };
    let mut children = of.children(place).enumerate().peekable();
    while let Some((first, child)) = children.next() {
        let (own, mut last) = (text(child)?, first);
        while let Some((index, other)) = children.peek()
            && text(*other)? == own
        {
            last = *index;
            children.next();
        }
        line(indent, f)?;
        match last - first {
            0 => write!(f, "({first}): ")?,
            more => write!(f, "({first}-{last}): {} x ", more + 1)?,
        }
        module(of, child, indent, f)?;
    }
    Ok(())
}

/// A line of nn.ParameterList, or of nn.ParameterDict, which calls types by their old names.
fn parameter(of: &Module, list: ModuleKind, f: &mut dyn Write) -> fmt::Result {
    let class = match (list, of.class) {
        (ModuleKind::ParameterDict, "float64") => "DoubleTensor",
        (ModuleKind::ParameterDict, _) => "FloatTensor",
        (_, class) => class,
    };
    write!(f, "({}): Parameter containing: [torch.{class} of size ", of.name)?;
    let sizes = of.args.first().map_or(0, nn_shape::Arg::entries);
    for axis in 0..sizes {
        write!(f, "{}{}", if axis > 0 { "x" } else { "" }, of.args[0].entry(axis))?;
    }
    f.write_str("]")
}

/// Stands for a text, which may be of any length: its length and FNV-1a.
#[derive(Clone, Copy, PartialEq)]
struct Fingerprint {
    len: usize,
    hash: u64,
}

impl Fingerprint {
    const EMPTY: Fingerprint = Fingerprint { len: 0, hash: 0xcbf2_9ce4_8422_2325 };
}

impl Write for Fingerprint {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.len += text.len();
        for byte in text.bytes() {
            self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Ok(())
    }
}

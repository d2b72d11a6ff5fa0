//! Where each tensor lies in a network's struct. All walks over parameters and buffers read these tables, at run time and while rustc
//! evaluates constants: a network adds entries to them, and no code.

mod include;
mod walk;

use crate::{Field, Parameters, Zeroable};

pub use include::{EMPTY, Included, check, hash, include};
#[cfg(feature = "alloc")]
pub(crate) use walk::all;
pub(crate) use walk::{buffers, buffers_mut, copy, zip};

/// A struct that knows where its tensors lie. [`crate::parameters!`] and `network!` implement it.
///
/// # Safety
/// At each place of [`Layout::REGIONS`] lies what it says: a tensor of that shape and type, or a struct of that layout.
pub unsafe trait Layout: Zeroable + Sized {
    /// The parts of the struct that hold tensors, in the order of PyTorch's state_dict: the struct's own parameters, its buffers, and the
    /// structs in it.
    const REGIONS: &'static [Region];
}

/// What [`Region::refresh`] calls.
pub(crate) trait Refresh: Layout {
    /// Computes what follows from parameters that were written to.
    fn refresh(&mut self);
}

/// A part of a struct: a tensor, or a struct with tensors.
#[derive(Clone, Copy, Debug)]
pub struct Region {
    name: &'static str,
    /// Bytes in front of it.
    offset: usize,
    content: Content,
    /// False for a `#[frozen]` layer.
    trainable: bool,
}

#[derive(Clone, Copy, Debug)]
enum Content {
    Tensor(Kind),
    Below(&'static [Region]),
    Numbered(Numbered),
    Derived(Derived),
    Refresh(Refreshing),
    Nothing,
}

/// What a tensor is to the layer that holds it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Role {
    Parameter,
    Buffer,
    Counter,
}

#[derive(Clone, Copy, Debug)]
struct Kind {
    role: Role,
    /// Bytes of a number.
    width: usize,
    shape: &'static [usize],
}

impl Kind {
    /// The type of its numbers, in the words of the format safetensors.
    const fn dtype(&self) -> &'static str {
        match (self.role, self.width) {
            (Role::Counter, _) => "I64",
            (_, 8) => "F64",
            _ => "F32",
        }
    }
}

/// An array of structs whose tensors tell by their names which one they are of: `weight_ih_l0`, `weight_ih_l0_reverse`, `weight_ih_l1`.
#[derive(Clone, Copy, Debug)]
struct Numbered {
    parts: &'static [Region],
    /// Bytes of one struct.
    stride: usize,
    count: usize,
    /// So many have the same number: a second one is the reverse.
    sides: usize,
    /// The number of the first.
    from: usize,
}

impl Numbered {
    /// The number of a part, and whether it is the reverse.
    const fn number(&self, part: usize) -> (usize, bool) {
        (self.from + part / self.sides, part % self.sides == 1)
    }
}

/// A layer one of whose tensors follows from others, which its own parameters are not.
#[derive(Clone, Copy, Debug)]
struct Derived {
    /// The layer's regions in front of that tensor, and behind it.
    parts: [&'static [Region]; 2],
    name: &'static str,
    /// Why it cannot be had by copying, and what to do instead.
    reason: &'static str,
}

/// Computes what follows from parameters of the struct at that place.
type Refreshing = unsafe fn(*mut u8);

impl Region {
    /// A field that holds a parameter, or nothing. The function says which; it is not called.
    pub const fn parameter<L: Parameters, F: Field<Element = L::Element>>(
        name: &'static str,
        offset: usize,
        _field: fn(&L) -> &F,
    ) -> Region {
        Region::of::<F>(name, offset, Role::Parameter)
    }

    /// A field that holds a buffer, or nothing.
    pub const fn buffer<L: Parameters, F: Field<Element = L::Element>>(
        name: &'static str,
        offset: usize,
        _field: fn(&L) -> &F,
    ) -> Region {
        Region::of::<F>(name, offset, Role::Buffer)
    }

    /// A field that holds a counter, or nothing.
    pub const fn counter<L, F: Field<Element = i64>>(
        name: &'static str,
        offset: usize,
        _field: fn(&L) -> &F,
    ) -> Region {
        Region::of::<F>(name, offset, Role::Counter)
    }

    /// A field that is a struct with tensors.
    pub const fn below<L: Parameters, P: Parameters<Element = L::Element>>(
        name: &'static str,
        offset: usize,
        _field: fn(&L) -> &P,
    ) -> Region {
        // A tensor without a name of its own is called as the struct is.
        if let [Region { name: own, offset: inner, content: Content::Tensor(kind), trainable }] = P::REGIONS
            && own.is_empty()
        {
            return Region { name, offset: offset + *inner, content: Content::Tensor(*kind), trainable: *trainable };
        }
        Region::new(name, offset, Content::Below(P::REGIONS))
    }

    /// The directions of a first layer.
    pub const fn layer<L: Parameters, P: Parameters<Element = L::Element>, const D: usize>(
        offset: usize,
        _field: fn(&L) -> &[P; D],
    ) -> Region {
        Region::numbered::<P>(offset, 0, D, D)
    }

    /// The directions of the layers above it.
    pub const fn layers<L: Parameters, P: Parameters<Element = L::Element>, const D: usize, const N: usize>(
        offset: usize,
        _field: fn(&L) -> &[[P; D]; N],
    ) -> Region {
        Region::numbered::<P>(offset, 1, D * N, D)
    }

    /// A field that is a layer, under the names of the struct that holds it; but its tensor of that name follows from others. `reason` says
    /// why no file is copied to it.
    pub(crate) const fn derived<L: Parameters, P: Parameters<Element = L::Element>>(
        name: &'static str,
        offset: usize,
        _field: fn(&L) -> &P,
        reason: &'static str,
    ) -> Region {
        let (mut place, all) = (0, P::REGIONS);
        while !same_text(all[place].name, name) {
            place += 1;
        }
        let (before, from) = all.split_at(place);
        Region::new("", offset, Content::Derived(Derived { parts: [before, from.split_at(1).1], name, reason }))
    }

    /// What is to be done when the parameters of the regions in front of this one were written to.
    pub(crate) const fn refresh<L: Refresh>() -> Region {
        unsafe fn at<L: Refresh>(place: *mut u8) {
            // SAFETY: the caller gives the place of an `L` that it alone borrows.
            unsafe { &mut *place.cast::<L>() }.refresh();
        }
        Region::new("", 0, Content::Refresh(at::<L>))
    }

    /// The same, below which nothing is trained.
    pub const fn frozen(self) -> Region {
        Region { trainable: false, ..self }
    }

    /// The same numbers under the shape that a file gives them.
    pub const fn shaped(self, shape: &'static [usize]) -> Region {
        match self.content {
            Content::Tensor(kind) => {
                assert!(count(kind.shape) == count(shape), "nn: another shape for as many numbers");
                Region { content: Content::Tensor(Kind { shape, ..kind }), ..self }
            }
            _ => self,
        }
    }

    const fn numbered<P: Layout>(offset: usize, from: usize, count: usize, sides: usize) -> Region {
        let numbered = Numbered { parts: P::REGIONS, stride: size_of::<P>(), count, sides, from };
        Region::new("", offset, Content::Numbered(numbered))
    }

    const fn of<F: Field>(name: &'static str, offset: usize, role: Role) -> Region {
        let Some(shape) = F::SHAPE else { return Region::new(name, offset, Content::Nothing) };
        let width = size_of::<F::Element>();
        assert!(size_of::<F>() == count(shape) * width, "nn: a tensor holds as many numbers as its shape says");
        assert!(align_of::<F>() >= align_of::<F::Element>(), "nn: a tensor lies as its numbers have to");
        Region::new(name, offset, Content::Tensor(Kind { role, width, shape }))
    }

    const fn new(name: &'static str, offset: usize, content: Content) -> Region {
        Region { name, offset, content, trainable: true }
    }
}

const fn count(shape: &[usize]) -> usize {
    let (mut count, mut axis) = (1, 0);
    while axis < shape.len() {
        count *= shape[axis];
        axis += 1;
    }
    count
}

pub(crate) const fn same_text(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    i == a.len() && i == b.len()
}

//! The shape of one sample: the batch is left out everywhere.

/// The highest rank of a sample: the channels and three spatial axes of a Conv3d, and two to spare for `Unflatten`.
pub const MAX_RANK: usize = 6;

/// The most tensors that a network takes, and the most that it gives: tuples of more are not `bytemuck::Zeroable`.
pub const MAX_TENSORS: usize = 8;

/// What a tensor holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Element {
    /// Numbers of the network's element type.
    Real,
    /// Indices (class ids, tokens): `u32`.
    Index,
}

/// The sizes of a sample's axes, without the batch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shape {
    dims: [usize; MAX_RANK],
    rank: usize,
    element: Element,
    /// Indices lie below this number, as far as is known.
    bound: usize,
    valid: bool,
    /// It has no batch: every sample takes the same.
    shared: bool,
}

/// How many sizes stand in front of the first 0.
pub const fn rank_of(sizes: [usize; MAX_RANK]) -> usize {
    let mut rank = 0;
    while rank < MAX_RANK && sizes[rank] != 0 {
        rank += 1;
    }
    rank
}

impl Shape {
    /// What an operation gives after a mistake that leaves no shape: every check that meets it stays silent,
    /// so that one mistake is one error.
    pub const INVALID: Shape =
        Shape { dims: [1; MAX_RANK], rank: 1, element: Element::Real, bound: usize::MAX, valid: false, shared: false };

    /// A shape of numbers. More than [`MAX_RANK`] axes give [`Shape::INVALID`].
    pub const fn new(sizes: &[usize]) -> Shape {
        if sizes.len() > MAX_RANK {
            return Shape::INVALID;
        }
        let mut dims = [1; MAX_RANK];
        let mut axis = 0;
        while axis < sizes.len() {
            dims[axis] = sizes[axis];
            axis += 1;
        }
        Shape { dims, rank: sizes.len(), element: Element::Real, bound: usize::MAX, valid: true, shared: false }
    }

    /// The most numbers of a value, or of the parameters of a layer: 2^40, or, where addresses have 32 bits, 2^28.
    pub const MOST: usize = 1 << if usize::BITS < 64 { 28 } else { 40 };

    /// A shape in the header of a network: after sizes that [`crate::check_header`] refuses, it is not valid.
    pub const fn header(sizes: &[usize]) -> Shape {
        let shape = Shape::new(sizes);
        Shape { valid: shape.valid && !shape.is_empty() && shape.len() <= Shape::MOST, ..shape }
    }

    /// The shape with the sizes that were written, though they may be refused.
    pub(crate) const fn written(self) -> Shape {
        Shape { valid: true, ..self }
    }

    /// A shape of indices in the header of a network, `[[u32; 16]; 8]` in the language: the sizes are `[8, 16]`.
    pub const fn index_header(sizes: &[usize]) -> Shape {
        Shape { element: Element::Index, ..Shape::header(sizes) }
    }

    /// A shape of indices.
    pub const fn index(sizes: &[usize]) -> Shape {
        Shape { element: Element::Index, ..Shape::new(sizes) }
    }

    /// `channels` and the last `axes` of three spatial sizes: what a convolution or a pool produces.
    /// A size of 0 stands for a window that does not fit and makes the shape invalid.
    pub const fn spatial(channels: usize, axes: usize, sizes: [usize; 3]) -> Shape {
        let mut shape = Shape::new(&[channels]);
        let mut axis = 3 - axes;
        while axis < 3 {
            if sizes[axis] == 0 {
                return Shape::INVALID;
            }
            shape = shape.push(sizes[axis]);
            axis += 1;
        }
        shape
    }

    /// The spatial sizes behind the channels as three, missing axes in front being 1.
    pub const fn three(&self, axes: usize) -> [usize; 3] {
        let mut sizes = [1; 3];
        let mut axis = 0;
        while axis < axes && axis + 1 < self.rank {
            sizes[3 - axes + axis] = self.dim(axis + 1);
            axis += 1;
        }
        sizes
    }

    /// The same shape with one axis more at the end.
    pub const fn push(mut self, size: usize) -> Shape {
        if self.rank == MAX_RANK {
            return Shape::INVALID;
        }
        self.dims[self.rank] = size;
        self.rank += 1;
        self
    }

    /// The same shape with another size on one axis.
    pub const fn with(mut self, axis: usize, size: usize) -> Shape {
        self.dims[axis] = size;
        self
    }

    /// The same sizes, holding something else.
    pub const fn with_element(mut self, element: Element) -> Shape {
        self.element = element;
        self.bound = usize::MAX;
        self
    }

    /// The same sizes, holding indices below `bound`.
    pub const fn below(mut self, bound: usize) -> Shape {
        self.element = Element::Index;
        self.bound = bound;
        self
    }

    /// What indices lie below; `usize::MAX` where nothing is known of them, as of a user's own.
    pub const fn bound(&self) -> usize {
        self.bound
    }

    /// The same shape of a tensor that every sample takes.
    pub const fn shared(mut self) -> Shape {
        self.shared = true;
        self
    }

    /// The same shape of a value that each sample has of its own.
    pub const fn own(mut self) -> Shape {
        self.shared = false;
        self
    }

    /// Whether every sample takes the same, so that PyTorch knows no batch of it and lays it against the last axes of other values.
    pub const fn is_shared(&self) -> bool {
        self.shared
    }

    /// A shared shape with axes of size 1 in front, as many as `other` has more; any other shape as it is.
    pub(crate) const fn beside(&self, other: Shape) -> Shape {
        if !self.shared || !self.valid || self.rank >= other.rank {
            return *self;
        }
        let mut shape = Shape::new(&[]).with_element(self.element).shared();
        let mut axis = 0;
        while axis < other.rank {
            let missing = other.rank - self.rank;
            shape = shape.push(if axis < missing { 1 } else { self.dims[axis - missing] });
            axis += 1;
        }
        shape
    }

    /// The last `rank` axes.
    pub(crate) const fn end(&self, rank: usize) -> Shape {
        let mut shape = Shape::new(&[]).with_element(self.element);
        let mut axis = self.rank.saturating_sub(rank);
        while axis < self.rank {
            shape = shape.push(self.dim(axis));
            axis += 1;
        }
        shape
    }

    /// The number of axes.
    pub const fn rank(&self) -> usize {
        self.rank
    }

    /// The size of an axis; 1 beyond the rank, and after a mistake.
    pub const fn dim(&self, axis: usize) -> usize {
        if self.valid && axis < MAX_RANK { self.dims[axis] } else { 1 }
    }

    /// The size of the last axis; 1 for a scalar.
    pub const fn last(&self) -> usize {
        if self.rank == 0 { 1 } else { self.dim(self.rank - 1) }
    }

    /// The product of the sizes of the axes `from..to`.
    pub const fn product(&self, from: usize, to: usize) -> usize {
        let mut product: usize = 1;
        let mut axis = from;
        while axis < to && axis < self.rank {
            product = product.saturating_mul(self.dim(axis));
            axis += 1;
        }
        product
    }

    /// The number of values.
    pub const fn len(&self) -> usize {
        self.product(0, self.rank)
    }

    /// True where an axis has size 0.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// False after a mistake that was reported elsewhere.
    pub const fn is_valid(&self) -> bool {
        self.valid
    }

    /// What the tensor holds.
    pub const fn element(&self) -> Element {
        self.element
    }

    /// Equal rank, sizes and element.
    pub const fn same(&self, other: &Shape) -> bool {
        if self.rank != other.rank
            || !matches!(
                (self.element, other.element),
                (Element::Real, Element::Real) | (Element::Index, Element::Index)
            )
        {
            return false;
        }
        let mut axis = 0;
        while axis < self.rank {
            if self.dims[axis] != other.dims[axis] {
                return false;
            }
            axis += 1;
        }
        true
    }
}

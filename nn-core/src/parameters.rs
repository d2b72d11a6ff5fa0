//! Walking through the parameters and buffers of a layer or a network.

#[cfg(feature = "alloc")]
use alloc::string::{String, ToString};
#[cfg(feature = "alloc")]
use alloc::vec::Vec;
use bytemuck::Zeroable;
use core::fmt;
use rand_core::Rng;

use crate::{Element, Layout, Tensor, layout};

/// Parameters and buffers, and their names. Layers implement it through [`crate::parameters!`], networks through `network!`.
pub trait Parameters: Layout {
    /// The element type.
    type Element: Element;

    /// PyTorch's default initialisation, drawn from `random`.
    fn reset(&mut self, random: &mut dyn Rng);

    /// Visits each parameter of several values of this type side by side, in PyTorch's order: some to read, some to write.
    /// Optimisers, loading, saving and comparing all stand on this walk.
    fn zip<'v, const R: usize, const W: usize>(
        read: [&'v Self; R],
        write: [&mut Self; W],
        path: &Path<'_>,
        visit: &mut Zip<'_, 'v, Self::Element, R, W>,
    ) {
        layout::zip(read, write, path, visit);
    }

    /// Visits each buffer: what a layer keeps that is not learnt, such as running statistics.
    fn visit_buffers<'v>(&'v self, path: &Path<'_>, visit: &mut dyn FnMut(Name<'_>, Buffer<'v, Self::Element>)) {
        layout::buffers(self, path, visit);
    }

    /// Visits each buffer for writing.
    fn visit_buffers_mut(&mut self, path: &Path<'_>, visit: &mut dyn FnMut(Name<'_>, BufferMut<'_, Self::Element>)) {
        layout::buffers_mut(self, path, visit);
    }

    /// Visits each parameter.
    fn visit_parameters(&self, visit: &mut dyn FnMut(Parameter<'_>, &[Self::Element])) {
        Self::zip([self], [], &Path::ROOT, &mut |parameter, [values], []| visit(parameter, values));
    }

    /// Visits each parameter for writing.
    fn visit_parameters_mut(&mut self, visit: &mut dyn FnMut(Parameter<'_>, &mut [Self::Element])) {
        Self::zip([], [self], &Path::ROOT, &mut |parameter, [], [values]| visit(parameter, values));
    }

    /// The parameters with their names, in PyTorch's order: `for (name, parameter) in net.named_parameters() { ... }`.
    #[cfg(feature = "alloc")]
    fn named_parameters(&self) -> Vec<(String, NamedParameter<'_, Self::Element>)> {
        let mut list = Vec::new();
        Self::zip([self], [], &Path::ROOT, &mut |Parameter { name, shape, trainable }, [values], []| {
            list.push((name.to_string(), NamedParameter { shape, values, requires_grad: trainable }));
        });
        list
    }

    /// The buffers with their names, in PyTorch's order.
    #[cfg(feature = "alloc")]
    fn named_buffers(&self) -> Vec<(String, Buffer<'_, Self::Element>)> {
        let mut list = Vec::new();
        self.visit_buffers(&Path::ROOT, &mut |name, buffer| list.push((name.to_string(), buffer)));
        list
    }

    /// Parameters and buffers with their names, in PyTorch's order: what a file of weights holds.
    #[cfg(feature = "alloc")]
    fn state_dict(&self) -> Vec<(String, Buffer<'_, Self::Element>)> {
        let mut list = Vec::new();
        layout::all(self, &mut |name, values| list.push((name.to_string(), values)));
        list
    }

    /// Takes over the parameters and buffers of another network of this type: a copy of it, without a heap.
    ///
    /// ```
    /// # mod nn { pub use nn_core::*; }
    /// # fn f<N: nn::Network>(net: &N) {
    /// let mut target = N::gradients(); // zeros, on the heap
    /// target.copy_from(net);
    /// # }
    /// ```
    fn copy_from(&mut self, other: &Self) {
        layout::copy(other, self);
    }

    /// Sets every parameter to zero: for gradients.
    fn set_zero(&mut self) {
        self.visit_parameters_mut(&mut |_, values| values.fill(Self::Element::default()));
    }

    /// How many parameters and running statistics are subnormal: many processors take a hundred times as long over such numbers.
    fn subnormals(&self) -> usize {
        let mut count = 0;
        self.visit_parameters(&mut |_, values| count += crate::subnormals(values));
        self.visit_buffers(&Path::ROOT, &mut |_, buffer| {
            if let Buffer::Real(values, _) = buffer {
                count += crate::subnormals(values);
            }
        });
        count
    }

    /// Puts 0 in place of every subnormal parameter and running statistic, and says how many there were. Answers change by rounding
    /// alone.
    fn flush_subnormals(&mut self) -> usize {
        crate::subnormal::flush_all(self)
    }
}

/// A parameter of [`Parameters::named_parameters`].
#[derive(Clone, Copy, Debug)]
pub struct NamedParameter<'a, E> {
    /// Its shape.
    pub shape: &'static [usize],
    /// Its values, row by row.
    pub values: &'a [E],
    /// False for a `#[frozen]` layer.
    pub requires_grad: bool,
}

/// What [`Parameters::zip`] calls for each parameter.
pub type Zip<'a, 'v, E, const R: usize, const W: usize> = dyn FnMut(Parameter<'_>, [&'v [E]; R], [&mut [E]; W]) + 'a;

/// One parameter, as a visitor sees it.
#[derive(Clone, Copy)]
pub struct Parameter<'a> {
    /// Its name in the state_dict.
    pub name: Name<'a>,
    /// Its shape.
    pub shape: &'static [usize],
    /// False for a `#[frozen]` layer: optimisers leave it alone.
    pub trainable: bool,
}

/// A buffer's values.
#[derive(Clone, Copy, Debug)]
pub enum Buffer<'a, E> {
    /// Numbers, and their shape.
    Real(&'a [E], &'static [usize]),
    /// A counter.
    Count(&'a i64),
}

/// A buffer's values, for writing.
#[derive(Debug)]
pub enum BufferMut<'a, E> {
    /// Numbers, and their shape.
    Real(&'a mut [E], &'static [usize]),
    /// A counter.
    Count(&'a mut i64),
}

/// The way from the network to a layer: a list on the stack.
#[derive(Clone, Copy)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    name: &'a str,
    trainable: bool,
}

impl<'a> Path<'a> {
    /// The network itself.
    pub const ROOT: Path<'static> = Path { parent: None, name: "", trainable: true };

    /// A layer below this one.
    pub fn join(&'a self, name: &'a str) -> Path<'a> {
        Path { parent: Some(self), name, trainable: self.trainable }
    }

    /// The same way, below which nothing is trained.
    pub fn frozen(self) -> Path<'a> {
        Path { trainable: false, ..self }
    }

    /// Whether what lies below is trained.
    pub(crate) fn trains(&self) -> bool {
        self.trainable
    }

    /// The name of something below this layer; perhaps of one of several layers, and of its backward direction: `weight_ih_l0`,
    /// `weight_ih_l1_reverse`.
    pub(crate) fn name(&'a self, last: &'a str, number: Option<(usize, bool)>) -> Name<'a> {
        Name { path: self, last, number }
    }
}

/// A name in the state_dict, such as `layer1.0.conv1.weight`; displays and compares without a heap.
#[derive(Clone, Copy)]
pub struct Name<'a> {
    path: &'a Path<'a>,
    last: &'a str,
    /// The layer of a recurrent one, and whether it runs backwards.
    number: Option<(usize, bool)>,
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
            if !self.name.is_empty() {
                write!(f, "{}.", self.name)?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.path, self.last)?;
        match self.number {
            Some((number, reverse)) => write!(f, "_l{number}{}", if reverse { "_reverse" } else { "" }),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq<str> for Name<'_> {
    fn eq(&self, other: &str) -> bool {
        struct Rest<'a>(&'a str);
        impl fmt::Write for Rest<'_> {
            fn write_str(&mut self, piece: &str) -> fmt::Result {
                self.0 = self.0.strip_prefix(piece).ok_or(fmt::Error)?;
                Ok(())
            }
        }
        let mut rest = Rest(other);
        fmt::Write::write_fmt(&mut rest, format_args!("{self}")).is_ok() && rest.0.is_empty()
    }
}

impl PartialEq<&str> for Name<'_> {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

/// Something that a layer struct holds: a tensor, or nothing.
///
/// # Safety
/// All its bytes are numbers of [`Field::Element`], for which any bytes are valid.
pub unsafe trait Field: Zeroable {
    /// What it holds.
    type Element;
    /// Its shape; `None` if there is nothing.
    const SHAPE: Option<&'static [usize]>;
    /// The values; empty if there is nothing.
    fn values(&self) -> &[Self::Element];
    /// The values; empty if there is nothing.
    fn values_mut(&mut self) -> &mut [Self::Element];
    /// The values, or `None`.
    fn optional(&self) -> Option<&[Self::Element]> {
        Self::SHAPE.map(|_| self.values())
    }
    /// The values, or `None`.
    fn optional_mut(&mut self) -> Option<&mut [Self::Element]> {
        Self::SHAPE.map(|_| self.values_mut())
    }
}

// SAFETY: a tensor is `Pod`, and so are its elements.
unsafe impl<T: Tensor> Field for T {
    type Element = T::Element;
    const SHAPE: Option<&'static [usize]> = Some(T::SHAPE);
    fn values(&self) -> &[T::Element] {
        self.as_slice()
    }
    fn values_mut(&mut self) -> &mut [T::Element] {
        self.as_mut_slice()
    }
}

/// The place of a parameter that a layer does not have (`bias = false`).
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Missing<T>(core::marker::PhantomData<T>);

// SAFETY: a type without bytes.
unsafe impl<T> Zeroable for Missing<T> {}

// SAFETY: a type without bytes.
unsafe impl<T: Field> Field for Missing<T> {
    type Element = T::Element;
    const SHAPE: Option<&'static [usize]> = None;
    fn values(&self) -> &[T::Element] {
        &[]
    }
    fn values_mut(&mut self) -> &mut [T::Element] {
        &mut []
    }
}

/// Whether a layer has one of its optional parameters: [`Present`] or [`Absent`].
pub trait Presence: 'static {
    /// The parameter, or nothing.
    type Of<T: Field>: Field<Element = T::Element>;
    /// The other one: for what a layer has instead.
    type Not: Presence<Not = Self>;
}

/// The layer has the parameter.
pub struct Present;

/// The layer does not have the parameter.
pub struct Absent;

impl Presence for Present {
    type Of<T: Field> = T;
    type Not = Absent;
}

impl Presence for Absent {
    type Of<T: Field> = Missing<T>;
    type Not = Present;
}

/// [`Present`] or [`Absent`] by a constant: `<Flag<{ BIAS }> as Select>::Presence`.
pub struct Flag<const F: bool>;

/// Turns a constant into a [`Presence`].
pub trait Select {
    /// The type.
    type Presence: Presence;
}

impl Select for Flag<true> {
    type Presence = Present;
}

impl Select for Flag<false> {
    type Presence = Absent;
}

/// Implements the walk over parameters and buffers for a layer struct: [`Parameters`] but for `reset`, which is given as a function.
/// `layers` are layers without buffers inside of the layer: their parameters come behind its own.
#[macro_export]
macro_rules! parameters {
    (
        impl [$($generics:tt)*] $layer:ty {
            element: $element:ty,
            parameters: [$($parameter:ident),*],
            $(layers: [$($part:ident: $part_type:ty),*],)?
            $(buffers: [$($buffer:ident),*], $(counters: [$($counter:ident),*],)?)?
            reset: $reset:expr $(,)?
        }
    ) => {
        // SAFETY: its fields are `Field`s and layers, which are `Zeroable`, and numbers.
        unsafe impl<$($generics)*> $crate::Zeroable for $layer {}

        // SAFETY: the places are the fields' own, and the functions give the fields' own types.
        unsafe impl<$($generics)*> $crate::Layout for $layer {
            const REGIONS: &'static [$crate::Region] = &[
                $($crate::Region::parameter(
                    stringify!($parameter),
                    ::core::mem::offset_of!(Self, $parameter),
                    |layer: &Self| &layer.$parameter,
                ),)*
                $($($crate::Region::buffer(
                    stringify!($buffer),
                    ::core::mem::offset_of!(Self, $buffer),
                    |layer: &Self| &layer.$buffer,
                ),)*
                $($($crate::Region::counter(
                    stringify!($counter),
                    ::core::mem::offset_of!(Self, $counter),
                    |layer: &Self| &layer.$counter,
                ),)*)?)?
                $($($crate::Region::below(
                    stringify!($part),
                    ::core::mem::offset_of!(Self, $part),
                    |layer: &Self| &layer.$part,
                ),)*)?
            ];
        }

        impl<$($generics)*> $crate::Parameters for $layer {
            type Element = $element;

            fn reset(&mut self, random: &mut dyn $crate::Rng) {
                let reset: fn(&mut Self, &mut dyn $crate::Rng) = $reset;
                reset(self, random);
            }
        }
    };
}

/// The shape of a tensor; of one that is not there, nothing.
pub const fn field_shape<F: Field>(_field: &F) -> &'static [usize] {
    match F::SHAPE {
        Some(shape) => shape,
        None => &[],
    }
}

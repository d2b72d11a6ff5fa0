//! Tuples of layers: what nn.Sequential and nn.ModuleList are in PyTorch, inside of a layer whose number of parts is an argument.

use rand_core::Rng;

use crate::layers::Linear;
use crate::{Absent, Element, Field, Layout, Parameters, Region};

macro_rules! tuples {
    ($(($($name:ident $index:tt)+))*) => {$(
        // SAFETY: the places are the parts' own, and so are the types.
        unsafe impl<EL: Element, $($name: Parameters<Element = EL>),+> Layout for ($($name,)+) {
            const REGIONS: &'static [Region] = &[
                $(Region::below(stringify!($index), ::core::mem::offset_of!(Self, $index), |tuple: &Self| &tuple.$index)),+
            ];
        }

        /// Each part under its number.
        impl<EL: Element, $($name: Parameters<Element = EL>),+> Parameters for ($($name,)+) {
            type Element = EL;

            fn reset(&mut self, random: &mut dyn Rng) {
                $(self.$index.reset(random);)+
            }
        }
    )*};
}

tuples! {
    (A 0)
    (A 0 B 1)
    (A 0 B 1 C 2)
    (A 0 B 1 C 2 D 3)
    (A 0 B 1 C 2 D 3 F 4)
    (A 0 B 1 C 2 D 3 F 4 G 5)
    (A 0 B 1 C 2 D 3 F 4 G 5 H 6)
    (A 0 B 1 C 2 D 3 F 4 G 5 H 6 I 7)
}

/// A cluster of classes: a linear layer down to fewer features, and one up to the classes.
pub type Cluster<const IN: usize, const FEATURES: usize, const CLASSES: usize, E> =
    (Linear<IN, FEATURES, E, Absent>, Linear<FEATURES, CLASSES, E, Absent>);

/// The weights `[features, in]` and `[classes, features]` of some clusters.
pub trait Tail: Parameters {
    /// How many there are.
    const COUNT: usize;

    /// Calls `visit` with the weights of each.
    fn weights<'a>(&'a self, visit: &mut dyn FnMut(usize, [&'a [Self::Element]; 2]));

    /// Calls `visit` with the weights of each, for writing.
    fn weights_mut<'a>(&'a mut self, visit: &mut dyn FnMut(usize, [&'a mut [Self::Element]; 2]));
}

/// A number of clusters as a type: for [`Clustered`].
pub struct Clusters<const N: usize>;

/// Chooses the layers of so many clusters, which only a constant knows: features and classes of each.
pub trait Clustered<
    const IN: usize,
    const F0: usize,
    const C0: usize,
    const F1: usize,
    const C1: usize,
    const F2: usize,
    const C2: usize,
    const F3: usize,
    const C3: usize,
    const F4: usize,
    const C4: usize,
    const F5: usize,
    const C5: usize,
    const F6: usize,
    const C6: usize,
    const F7: usize,
    const C7: usize,
    E,
>
{
    /// A tuple of them.
    type Tail;
}

macro_rules! clusters {
    ($($count:literal [$($index:tt $features:ident $classes:ident),+];)*) => {$(
        impl<$(const $features: usize, const $classes: usize,)+ const IN: usize, E: Element> Tail
            for ($(Cluster<IN, $features, $classes, E>,)+)
        {
            const COUNT: usize = $count;

            fn weights<'a>(&'a self, visit: &mut dyn FnMut(usize, [&'a [E]; 2])) {
                $({
                    let (down, up) = &self.$index;
                    visit($index, [down.weight.values(), up.weight.values()]);
                })+
            }

            fn weights_mut<'a>(&'a mut self, visit: &mut dyn FnMut(usize, [&'a mut [E]; 2])) {
                $({
                    let (down, up) = &mut self.$index;
                    visit($index, [down.weight.values_mut(), up.weight.values_mut()]);
                })+
            }
        }

        clusters!(@choose $count [$($features $classes),+]);
    )*};
    (@choose $count:literal [$($features:ident $classes:ident),+]) => {
        impl<
            const IN: usize, const F0: usize, const C0: usize, const F1: usize, const C1: usize, const F2: usize,
            const C2: usize, const F3: usize, const C3: usize, const F4: usize, const C4: usize, const F5: usize,
            const C5: usize, const F6: usize, const C6: usize, const F7: usize, const C7: usize, E: Element,
        > Clustered<IN, F0, C0, F1, C1, F2, C2, F3, C3, F4, C4, F5, C5, F6, C6, F7, C7, E> for Clusters<$count> {
            type Tail = ($(Cluster<IN, $features, $classes, E>,)+);
        }
    };
}

clusters! {
    1 [0 F0 C0];
    2 [0 F0 C0, 1 F1 C1];
    3 [0 F0 C0, 1 F1 C1, 2 F2 C2];
    4 [0 F0 C0, 1 F1 C1, 2 F2 C2, 3 F3 C3];
    5 [0 F0 C0, 1 F1 C1, 2 F2 C2, 3 F3 C3, 4 F4 C4];
    6 [0 F0 C0, 1 F1 C1, 2 F2 C2, 3 F3 C3, 4 F4 C4, 5 F5 C5];
    7 [0 F0 C0, 1 F1 C1, 2 F2 C2, 3 F3 C3, 4 F4 C4, 5 F5 C5, 6 F6 C6];
    8 [0 F0 C0, 1 F1 C1, 2 F2 C2, 3 F3 C3, 4 F4 C4, 5 F5 C5, 6 F6 C6, 7 F7 C7];
}

// Where the cutoffs are empty, which is reported as such.
impl<
    const IN: usize,
    const F0: usize,
    const C0: usize,
    const F1: usize,
    const C1: usize,
    const F2: usize,
    const C2: usize,
    const F3: usize,
    const C3: usize,
    const F4: usize,
    const C4: usize,
    const F5: usize,
    const C5: usize,
    const F6: usize,
    const C6: usize,
    const F7: usize,
    const C7: usize,
    E: Element,
> Clustered<IN, F0, C0, F1, C1, F2, C2, F3, C3, F4, C4, F5, C5, F6, C6, F7, C7, E> for Clusters<0>
{
    type Tail = (Cluster<IN, 0, 0, E>,);
}

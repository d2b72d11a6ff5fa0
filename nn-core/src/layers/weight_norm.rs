//! Weight normalisation of any layer with a weight.

use core::marker::PhantomData;
use core::mem::offset_of;
use core::ops::Deref;

use rand_core::Rng;

use super::{
    Bilinear, Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d, Embedding, EmbeddingBag,
    Linear,
};
use crate::kernels::Kernels;
use crate::layout::Refresh;
use crate::{
    Backward, Element, Field, Forward, Layer, Layout, Parameters, Presence, Region, Tensor, Tensor0, Tensor2, Tensor3,
    Tensor4, Tensor5, Zeroable,
};

/// A layer with a `weight`, whose first axis counts rows: [`WeightNorm`] normalises it.
pub trait Weighted: Layer {
    /// The tensor of the weight.
    type Weight: Tensor<Element = Self::Element>;
    /// A number for each row, in as many axes as the weight has.
    type Rows: Tensor<Element = Self::Element>;

    /// The weight.
    fn weight(&self) -> &Self::Weight;

    /// The weight, for writing.
    fn weight_mut(&mut self) -> &mut Self::Weight;
}

/// What has a length of its own: [`EachRow`] or [`Whole`].
pub trait NormOver: 'static {
    /// The lengths of a layer's weight.
    type Lengths<L: Weighted>: Tensor<Element = L::Element>;
}

/// Each row of the weight: PyTorch's `dim = 0`.
pub struct EachRow;

/// The whole weight: PyTorch's `dim = None`.
pub struct Whole;

impl NormOver for EachRow {
    type Lengths<L: Weighted> = L::Rows;
}

impl NormOver for Whole {
    type Lengths<L: Weighted> = Tensor0<L::Element>;
}

/// A layer whose weight is learnt as lengths and directions, `weight = g · v / ‖v‖`, for each row of it or for the whole
/// ([Salimans & Kingma 2016](https://arxiv.org/abs/1602.07868));
/// [`torch.nn.utils.parametrizations.weight_norm`](https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrizations.weight_norm.html).
///
/// In `network!` it is an attribute of the layer: `#[weight_norm] conv: Conv1d(8, 8, 3)`, or `#[weight_norm(dim = None)]` for one length. The
/// layer begins as always, and g and v so that its weight stays what it is.
///
/// Learnt, saved and loaded are the layer's other parameters, then g and v under PyTorch's names, `parametrizations.weight.original0` and
/// `parametrizations.weight.original1`. The weight itself is made of them whenever they are visited for writing, as optimisers and loading
/// do, and in each training pass; who writes to the fields calls [`WeightNorm::refresh`]. It is the layer's own field, `net.conv.weight`:
/// copied into the layer of a network without the attribute, it is what PyTorch's `remove_parametrizations` leaves.
///
/// A direction without length gives a weight of zeros, where PyTorch gives NaN.
#[repr(C)]
pub struct WeightNorm<L: Weighted, D: NormOver = EachRow> {
    /// g, the lengths.
    pub original0: D::Lengths<L>,
    /// v, the directions.
    pub original1: L::Weight,
    /// The layer, with the weight that follows from them.
    pub layer: L,
    over: PhantomData<D>,
}

// SAFETY: two tensors and a layer, all of which are `Zeroable`.
unsafe impl<L: Weighted, D: NormOver> Zeroable for WeightNorm<L, D> {}

// SAFETY: the places are the fields' own, and the functions give the fields' own types.
unsafe impl<L: Weighted, D: NormOver> Layout for WeightNorm<L, D> {
    const REGIONS: &'static [Region] = &[
        Region::derived(
            "weight",
            offset_of!(Self, layer),
            |own: &Self| &own.layer,
            "#[weight_norm] computes it, which a program in the making cannot: load the file at start, \
             or save it after `remove_parametrizations` for a layer without the attribute",
        ),
        Region::parameter("parametrizations.weight.original0", offset_of!(Self, original0), |own: &Self| {
            &own.original0
        }),
        Region::parameter("parametrizations.weight.original1", offset_of!(Self, original1), |own: &Self| {
            &own.original1
        }),
        Region::refresh::<Self>(),
    ];
}

impl<L: Weighted, D: NormOver> Refresh for WeightNorm<L, D> {
    fn refresh(&mut self) {
        WeightNorm::refresh(self);
    }
}

impl<L: Weighted, D: NormOver> WeightNorm<L, D> {
    /// Numbers that are learnt beside the layer's own.
    pub const LENGTHS: usize = <D::Lengths<L> as Tensor>::LEN;

    /// Makes the weight of lengths and directions: after they were written to.
    pub fn refresh(&mut self) {
        let weight = self.layer.weight_mut().values_mut();
        L::Element::weight_norm_forward(self.original0.values(), self.original1.values(), weight);
    }

    /// Takes lengths and directions from the layer's weight: after that was written to.
    pub fn adopt(&mut self) {
        self.original1.values_mut().copy_from_slice(self.layer.weight().values());
        L::Element::weight_norm_lengths(self.original1.values(), self.original0.values_mut());
    }
}

/// The layer's fields: `net.conv.weight`.
impl<L: Weighted, D: NormOver> Deref for WeightNorm<L, D> {
    type Target = L;

    fn deref(&self) -> &L {
        &self.layer
    }
}

impl<L: Weighted, D: NormOver> Parameters for WeightNorm<L, D> {
    type Element = L::Element;

    fn reset(&mut self, random: &mut dyn Rng) {
        self.layer.reset(random);
        self.adopt();
    }
}

impl<L: Weighted, D: NormOver> Layer for WeightNorm<L, D> {
    type Config = L::Config;

    fn initialize(&mut self, config: &L::Config, random: &mut dyn Rng) {
        self.layer.initialize(config, random);
        self.adopt();
    }

    fn forward(&self, config: &L::Config, pass: Forward<'_, L::Element>) {
        self.layer.forward(config, pass);
    }

    fn forward_train(&mut self, config: &L::Config, pass: Forward<'_, L::Element>) {
        self.refresh();
        self.layer.forward_train(config, pass);
    }

    fn backward(&self, config: &L::Config, pass: Backward<'_, L::Element>, gradients: Option<&mut Self>) {
        let Some(gradients) = gradients else { return self.layer.backward(config, pass, None) };
        // The weight's own gradient goes no further than here.
        gradients.layer.weight_mut().values_mut().fill(L::Element::default());
        self.layer.backward(config, pass, Some(&mut gradients.layer));
        L::Element::weight_norm_backward(
            self.original0.values(),
            self.original1.values(),
            gradients.layer.weight().values(),
            gradients.original0.values_mut(),
            gradients.original1.values_mut(),
        );
    }
}

macro_rules! weighted {
    ($([$($generics:tt)*] $layer:ty, $weight:ty, $rows:ty;)*) => {$(
        impl<$($generics)*> Weighted for $layer {
            type Weight = $weight;
            type Rows = $rows;

            fn weight(&self) -> &$weight {
                &self.weight
            }

            fn weight_mut(&mut self) -> &mut $weight {
                &mut self.weight
            }
        }
    )*};
}

weighted! {
    [const IN: usize, const OUT: usize, E: Element, B: Presence] Linear<IN, OUT, E, B>, Tensor2<OUT, IN, E>, Tensor2<OUT, 1, E>;
    [const A: usize, const C: usize, const OUT: usize, E: Element, B: Presence]
        Bilinear<A, C, OUT, E, B>, Tensor3<OUT, A, C, E>, Tensor3<OUT, 1, 1, E>;
    [const IN: usize, const OUT: usize, const K: usize, E: Element, B: Presence]
        Conv1d<IN, OUT, K, E, B>, Tensor3<OUT, IN, K, E>, Tensor3<OUT, 1, 1, E>;
    [const IN: usize, const OUT: usize, const KH: usize, const KW: usize, E: Element, B: Presence]
        Conv2d<IN, OUT, KH, KW, E, B>, Tensor4<OUT, IN, KH, KW, E>, Tensor4<OUT, 1, 1, 1, E>;
    [const IN: usize, const OUT: usize, const KD: usize, const KH: usize, const KW: usize, E: Element, B: Presence]
        Conv3d<IN, OUT, KD, KH, KW, E, B>, Tensor5<OUT, IN, KD, KH, KW, E>, Tensor5<OUT, 1, 1, 1, 1, E>;
    [const IN: usize, const OUT: usize, const GROUP: usize, const K: usize, E: Element, B: Presence]
        ConvTranspose1d<IN, OUT, GROUP, K, E, B>, Tensor3<IN, GROUP, K, E>, Tensor3<IN, 1, 1, E>;
    [const IN: usize, const OUT: usize, const GROUP: usize, const KH: usize, const KW: usize, E: Element, B: Presence]
        ConvTranspose2d<IN, OUT, GROUP, KH, KW, E, B>, Tensor4<IN, GROUP, KH, KW, E>, Tensor4<IN, 1, 1, 1, E>;
    [const IN: usize, const OUT: usize, const GROUP: usize, const KD: usize, const KH: usize, const KW: usize, E: Element, B: Presence]
        ConvTranspose3d<IN, OUT, GROUP, KD, KH, KW, E, B>, Tensor5<IN, GROUP, KD, KH, KW, E>, Tensor5<IN, 1, 1, 1, 1, E>;
    [const NUM: usize, const DIM: usize, E: Element] Embedding<NUM, DIM, E>, Tensor2<NUM, DIM, E>, Tensor2<NUM, 1, E>;
    [const NUM: usize, const DIM: usize, E: Element] EmbeddingBag<NUM, DIM, E>, Tensor2<NUM, DIM, E>, Tensor2<NUM, 1, E>;
}

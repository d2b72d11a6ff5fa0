//! Parameter, Buffer: tensors of the network itself, of which every sample takes a copy.

use core::ops::{Deref, DerefMut};

use nn_shape::Held as Config;
use rand_core::Rng;

use crate::init::Init;
use crate::kernels::Kernels;
use crate::{Backward, Element, Float, Forward, Layer, Layout, Parameters, Region, Tensor, Zeroable};

/// A tensor of the network that is learnt, `scale: Parameter(64)`. Every sample takes the same; its gradient is the sum over the batch.
/// [`torch.nn.parameter.Parameter`](https://docs.pytorch.org/docs/stable/generated/torch.nn.parameter.Parameter.html)
///
/// It is read and written as the tensor that it holds: `net.scale[3]`, `*net.scale = Tensor1([1.0; 64])`. Without an `#[init]` it begins as zeros.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Parameter<T: Tensor<Element: Element>> {
    /// The tensor.
    pub value: T,
}

/// A tensor of the network that is saved and not learnt, `mean: Buffer(3, 1, 1)`. Every sample takes the same.
/// [`torch.nn.parameter.Buffer`](https://docs.pytorch.org/docs/stable/generated/torch.nn.parameter.Buffer.html)
///
/// It is read and written as the tensor that it holds: `*net.mean = Tensor3([[[0.5]]; 3])`. Without an `#[init]` it begins as zeros.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Buffer<T: Tensor<Element: Element>> {
    /// The tensor.
    pub value: T,
}

macro_rules! held {
    ($name:ident: $region:ident) => {
        // SAFETY: a tensor, which is `Zeroable`.
        unsafe impl<T: Tensor<Element: Element>> Zeroable for $name<T> {}

        // SAFETY: the place is the field's own, and the function gives the field's own type. The region has no name: it takes the struct's.
        unsafe impl<T: Tensor<Element: Element>> Layout for $name<T> {
            const REGIONS: &'static [Region] =
                &[Region::$region("", core::mem::offset_of!(Self, value), |held: &Self| &held.value)];
        }

        impl<T: Tensor<Element: Element>> Deref for $name<T> {
            type Target = T;

            fn deref(&self) -> &T {
                &self.value
            }
        }

        impl<T: Tensor<Element: Element>> DerefMut for $name<T> {
            fn deref_mut(&mut self) -> &mut T {
                &mut self.value
            }
        }

        impl<T: Tensor<Element: Element>> $name<T> {
            /// Fills it as `#[init]` says.
            pub fn begin(&mut self, init: &Init, random: &mut dyn Rng) {
                init.fill(self.value.as_mut_slice(), T::SHAPE, random);
            }
        }

        impl<T: Tensor<Element: Element>> Parameters for $name<T> {
            type Element = T::Element;

            fn reset(&mut self, _random: &mut dyn Rng) {
                self.value.as_mut_slice().fill(Float::ZERO);
            }
        }

        impl<T: Tensor<Element: Element>> Layer for $name<T> {
            type Config = Config;

            fn forward(&self, _config: &Config, pass: Forward<'_, T::Element>) {
                for sample in pass.outputs[0].chunks_exact_mut(T::LEN.max(1)) {
                    sample.copy_from_slice(self.value.as_slice());
                }
            }

            fn backward(&self, _config: &Config, pass: Backward<'_, T::Element>, gradients: Option<&mut Self>) {
                let Some(gradients) = gradients else { return };
                for sample in pass.output_gradients[0].chunks_exact(T::LEN.max(1)) {
                    T::Element::accumulate(sample, gradients.value.as_mut_slice());
                }
            }
        }
    };
}

held! { Parameter: parameter }
held! { Buffer: buffer }

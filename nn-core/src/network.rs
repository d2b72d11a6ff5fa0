//! What `network!` gives: the contract of a network.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;
use rand_core::Rng;

use crate::describe::{Description, Dot, Repr, Summary};
#[cfg(feature = "alloc")]
use crate::frozen::FreezeOptions;
use crate::frozen::{Freeze, Frozen};
use crate::{Parameters, Sample, Zeroable};

/// A network declared with `network!`.
///
/// Everything here works on memory that the caller provides, without heap; the methods that return a `Box` are for comfort.
pub trait Network: Parameters {
    /// One input: a tensor, or a tuple of them. Indices are tensors of `u32`.
    type Input: Sample<Self::Element> + Zeroable;
    /// One output: a tensor, or a tuple of them.
    type Output: Sample<Self::Element> + Zeroable;
    /// The gradient of an input: as [`Network::Input`], with `()` in the place of indices, which have none.
    type InputGradient: Sample<Self::Element> + Zeroable;
    /// Memory for evaluating `N` samples at once.
    type Workspace<const N: usize>: Zeroable;
    /// Memory for training on `N` samples at once.
    type Tape<const N: usize>: Zeroable;

    /// The network's name.
    const NAME: &'static str;
    /// Its modules and its graph as plain data.
    const DESCRIPTION: &'static Description;
    /// The learnable numbers.
    const PARAMETERS: usize;
    /// Multiply-adds for one sample.
    const MACS: usize;
    /// Bytes of a [`Network::Workspace`] for one sample: what inference needs beside the parameters, the input and the output.
    const INFERENCE_BYTES: usize;

    /// Evaluation mode, `N` samples at once.
    fn forward_batch<const N: usize>(
        &self,
        input: &[Self::Input; N],
        workspace: &mut Self::Workspace<N>,
        output: &mut [Self::Output; N],
    );

    /// Training mode: batch statistics, dropout. Leaves in the tape what one [`Network::backward`] needs.
    fn forward_train<'t, const N: usize>(
        &mut self,
        input: &[Self::Input; N],
        tape: &'t mut Self::Tape<N>,
    ) -> &'t [Self::Output; N];

    /// The gradients of whatever `output_gradients` are the gradient of: adds those of the parameters to `gradients`, and gives
    /// those of the inputs. What `output_gradients` say in the place of indices is not read. It uses up the tape: gradients take the memory of values that
    /// are not needed any more.
    ///
    /// # Panics
    /// Without a [`Network::forward_train`] with this tape since the last backward pass.
    fn backward<'t, const N: usize>(
        &self,
        tape: &'t mut Self::Tape<N>,
        output_gradients: &[Self::Output; N],
        gradients: &mut Self,
    ) -> &'t [Self::InputGradient; N];

    /// As [`Network::backward`], without the inputs' gradients: what training needs.
    ///
    /// # Panics
    /// As [`Network::backward`].
    fn backward_parameters<const N: usize>(
        &self,
        tape: &mut Self::Tape<N>,
        output_gradients: &[Self::Output; N],
        gradients: &mut Self,
    );

    /// As [`Network::backward_parameters`], but writes the gradients, whatever was there: what a step needs that adds up nothing, without a `set_zero`;
    /// [`torch.autograd.grad`](https://docs.pytorch.org/docs/stable/generated/torch.autograd.grad.html). Those of `#[frozen]` layers stay as they are.
    ///
    /// # Panics
    /// As [`Network::backward`].
    fn grad<const N: usize>(
        &self,
        tape: &mut Self::Tape<N>,
        output_gradients: &[Self::Output; N],
        gradients: &mut Self,
    );

    /// Evaluation mode, one sample.
    fn forward(&self, input: &Self::Input, workspace: &mut Self::Workspace<1>, output: &mut Self::Output) {
        self.forward_batch(core::array::from_ref(input), workspace, core::array::from_mut(output));
    }

    /// Fixes what dropout and its like draw in the passes that follow.
    fn seed<const N: usize>(tape: &mut Self::Tape<N>, seed: u64);

    /// Puts PyTorch's default initialisation, or the layer's `#[init]`, into memory that need not be initialised before: a `static`,
    /// say. Nothing big ever lies on the stack.
    fn init_in<'m>(memory: &'m mut core::mem::MaybeUninit<Self>, random: &mut dyn Rng) -> &'m mut Self {
        // SAFETY: the pointer is valid for writing one `Self`, and all-zero bytes are a valid `Self`: it is `Zeroable`.
        let network = unsafe {
            core::ptr::write_bytes(memory.as_mut_ptr(), 0, 1);
            memory.assume_init_mut()
        };
        network.reset(random);
        network
    }

    /// A new network with PyTorch's default initialisation, or the layer's `#[init]`.
    #[cfg(feature = "alloc")]
    fn init(random: &mut dyn Rng) -> Box<Self> {
        let mut network: Box<Self> = crate::heap::zeroed_box();
        network.reset(random);
        network
    }

    /// Evaluation mode, one sample, in memory of its own. The output comes by value, over the stack: [`Network::forward`] is for large ones.
    #[cfg(feature = "alloc")]
    fn predict(&self, input: &Self::Input) -> Self::Output {
        let mut output = Self::Output::zeroed();
        self.forward(input, &mut Self::workspace::<1>(), &mut output);
        output
    }

    /// Memory for evaluating `N` samples at once.
    #[cfg(feature = "alloc")]
    fn workspace<const N: usize>() -> Box<Self::Workspace<N>> {
        crate::heap::zeroed_box()
    }

    /// Memory for training on `N` samples at once.
    #[cfg(feature = "alloc")]
    fn tape<const N: usize>() -> Box<Self::Tape<N>> {
        crate::heap::zeroed_box()
    }

    /// Gradients of zero: a value of the same struct.
    #[cfg(feature = "alloc")]
    fn gradients() -> Box<Self> {
        crate::heap::zeroed_box()
    }

    /// The inference form, in memory of the caller's, which need not be initialised before.
    fn freeze_in<'m>(&self, memory: &'m mut core::mem::MaybeUninit<Frozen<Self>>) -> &'m mut Frozen<Self>
    where
        Self: Freeze,
    {
        Frozen::new_in(self, None, memory)
    }

    /// The inference form: BatchNorm folded into the convolution or linear layer in front of it, biases, activations and sums of two values
    /// computed where a result is stored, parameters packed for the machine's instruction set. Its answers differ from the network's by
    /// rounding alone: by at most 100 units of the last place of the largest number of a result in the tests. A network of `f64` runs without
    /// vectors of its own.
    ///
    /// ```
    /// # mod nn { pub use nn_core::*; }
    /// # fn f<N: nn::Freeze>(net: &N, input: &N::Input) {
    /// let frozen = net.freeze();
    /// let output = frozen.predict(input);
    /// # }
    /// ```
    #[cfg(feature = "alloc")]
    fn freeze(&self) -> Box<Frozen<Self>>
    where
        Self: Freeze,
    {
        Frozen::new(self, None)
    }

    /// The inference form, faster at the price of rounding errors and memory: see [`FreezeOptions`].
    ///
    /// ```
    /// # mod nn { pub use nn_core::*; }
    /// # fn f<N: nn::Freeze>(net: &N, input: &N::Input) {
    /// let frozen = net.freeze_with(nn::FreezeOptions { winograd_error: 1e-4 });
    /// let output = frozen.predict(input);
    /// # }
    /// ```
    #[cfg(feature = "alloc")]
    fn freeze_with(&self, options: FreezeOptions) -> Box<Frozen<Self, Self::PackedSquares>>
    where
        Self: Freeze,
    {
        Frozen::new(self, Some(options.winograd_error))
    }

    /// What `print(net)` prints in PyTorch.
    fn repr() -> Repr<Self> {
        Repr(core::marker::PhantomData)
    }

    /// A table of layers, blocks and lists: output shapes, parameters, multiply-adds, bytes.
    fn summary() -> Summary<Self> {
        Summary::ALL
    }

    /// The network's graph in the language of Graphviz.
    fn dot() -> Dot<Self> {
        Dot(core::marker::PhantomData)
    }

    /// The network's graph as a picture: the text of an SVG file.
    #[cfg(feature = "alloc")]
    fn svg() -> alloc::string::String {
        crate::describe::svg(Self::NAME, Self::DESCRIPTION)
    }
}

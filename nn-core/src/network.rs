//! What `network!` gives: the contract of a network.

use core::fmt;

#[cfg(feature = "alloc")]
use alloc::boxed::Box;
use rand_core::Rng;

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
    /// Its layers, in the order in which data passes them.
    const LAYERS: &'static [LayerSummary];
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

    /// Training mode: batch statistics, dropout. Leaves in the tape what [`Network::backward`] needs.
    fn forward_train<'t, const N: usize>(
        &mut self,
        input: &[Self::Input; N],
        tape: &'t mut Self::Tape<N>,
    ) -> &'t [Self::Output; N];

    /// The gradients of whatever `output_gradients` are the gradient of: adds those of the parameters to `gradients`, and gives
    /// those of the inputs. What `output_gradients` say in the place of indices is not read.
    fn backward<'t, const N: usize>(
        &self,
        tape: &'t mut Self::Tape<N>,
        output_gradients: &[Self::Output; N],
        gradients: &mut Self,
    ) -> &'t [Self::InputGradient; N];

    /// As [`Network::backward`], without the inputs' gradients: what training needs.
    fn backward_parameters<const N: usize>(
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
        let mut network: Box<Self> = bytemuck::zeroed_box();
        network.reset(random);
        network
    }

    /// Evaluation mode, one sample, in memory of its own.
    #[cfg(feature = "alloc")]
    fn predict(&self, input: &Self::Input) -> Self::Output {
        let mut output = Self::Output::zeroed();
        self.forward(input, &mut Self::workspace::<1>(), &mut output);
        output
    }

    /// Memory for evaluating `N` samples at once.
    #[cfg(feature = "alloc")]
    fn workspace<const N: usize>() -> Box<Self::Workspace<N>> {
        bytemuck::zeroed_box()
    }

    /// Memory for training on `N` samples at once.
    #[cfg(feature = "alloc")]
    fn tape<const N: usize>() -> Box<Self::Tape<N>> {
        bytemuck::zeroed_box()
    }

    /// Gradients of zero: a value of the same struct.
    #[cfg(feature = "alloc")]
    fn gradients() -> Box<Self> {
        bytemuck::zeroed_box()
    }

    /// A table of the layers: output shapes, parameters, multiply-adds.
    fn summary() -> Summary<Self> {
        Summary(core::marker::PhantomData)
    }
}

/// One row of a network's table.
#[derive(Clone, Copy, Debug)]
pub struct LayerSummary {
    /// Its name in the state_dict.
    pub name: &'static str,
    /// Its kind and arguments, as the user wrote them.
    pub layer: &'static str,
    /// The shape of its output.
    pub output: nn_shape::Shape,
    /// Its learnable numbers; 0 from the second use of a layer on.
    pub parameters: usize,
    /// Multiply-adds for one sample.
    pub macs: usize,
}

/// Displays a network as a table.
pub struct Summary<N: ?Sized>(core::marker::PhantomData<N>);

impl<N: Network> fmt::Display for Summary<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |text: fn(&LayerSummary) -> &'static str, least: usize| {
            N::LAYERS.iter().map(|row| text(row).chars().count()).fold(least, usize::max)
        };
        let (name, layer) = (width(|row| row.name, 4), width(|row| row.layer, 5));
        let rule = name + layer + 50;
        writeln!(f, "{}", N::NAME)?;
        writeln!(
            f,
            "{:name$}  {:layer$}  {:18}  {:>12}  {:>13}",
            "name", "layer", "output", "parameters", "multiply-adds"
        )?;
        writeln!(f, "{:─<rule$}", "")?;
        for row in N::LAYERS {
            let output = nn_shape::Message::new().shape(row.output);
            writeln!(
                f,
                "{:name$}  {:layer$}  {:18}  {:>12}  {:>13}",
                row.name,
                row.layer,
                output.as_str(),
                Thousands(row.parameters),
                Thousands(row.macs)
            )?;
        }
        writeln!(f, "{:─<rule$}", "")?;
        let rest = name + layer + 2;
        writeln!(f, "{:rest$}  {:18}  {:>12}  {:>13}", "total", "", Thousands(N::PARAMETERS), Thousands(N::MACS))?;
        write!(
            f,
            "parameters {} bytes, inference memory {} bytes",
            Thousands(size_of::<N>()),
            Thousands(N::INFERENCE_BYTES)
        )
    }
}

/// A number with a separator after each third digit.
struct Thousands(usize);

impl fmt::Display for Thousands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = nn_shape::Message::new();
        let mut unit = 1;
        while self.0 / unit >= 1000 {
            unit *= 1000;
        }
        text = text.number(self.0 / unit);
        while unit > 1 {
            unit /= 1000;
            let group = self.0 / unit % 1000;
            text = text
                .text(",")
                .text(if group < 10 {
                    "00"
                } else if group < 100 {
                    "0"
                } else {
                    ""
                })
                .number(group);
        }
        f.pad(text.as_str())
    }
}

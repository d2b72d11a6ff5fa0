//! Checkpoints: all that a training needs to go on as if it had never stopped.

use std::boxed::Box;
use std::format;
use std::path::Path as FilePath;
use std::string::{String, ToString};
use std::vec::Vec;

use safetensors::Dtype;

use super::save::{self, Tensor};
use super::{Slot, Walk, Weights, WeightsError, real, walk};
use crate::optim::{OptimizerState, ReduceLROnPlateau, State};
use crate::{Parameters, Random};

/// The state of a training, to be saved or brought back: the same list for both, so that it is best written once, in a function.
///
/// ```
/// use nn::optim::AdamW;
/// use nn::prelude::*;
/// use nn::weights::Checkpoint;
///
/// network! { struct Mlp: [2] -> [2] (Linear(2, 16), Tanh, Linear(16, 2)); }
///
/// struct Training { net: Box<Mlp>, optimizer: Box<AdamW<Mlp>>, random: nn::Random, step: u64 }
///
/// impl Training {
///     fn checkpoint(&mut self) -> Checkpoint<'_> {
///         Checkpoint::new()
///             .network(&mut *self.net)
///             .optimizer(&mut *self.optimizer)
///             .random("random", &mut self.random)
///             .count("step", &mut self.step)
///     }
/// }
///
/// # fn main() -> Result<(), nn::weights::WeightsError> {
/// # let path = std::env::temp_dir().join("nn_checkpoint_example.safetensors");
/// let mut random = nn::seed(1);
/// let mut training = Training { net: Mlp::init(&mut random), optimizer: AdamW::boxed(0.01), random, step: 0 };
/// training.checkpoint().save(&path)?;
/// training.step = 7;
/// training.checkpoint().load(&path)?;
/// assert_eq!(training.step, 0);
/// # Ok(())
/// # }
/// ```
///
/// A step after [`Checkpoint::load`] gives the same bits as without the interruption, provided that all it depends on is in the list or
/// follows from what is: seed a tape from the number of the step ([`Network::seed`](crate::Network::seed)) if the network has dropout.
/// [`Trainer`](crate::train::Trainer) does all this.
#[derive(Default)]
#[must_use = "a checkpoint does nothing before `save` or `load`"]
pub struct Checkpoint<'a> {
    parts: Vec<Box<Walk<'a>>>,
}

impl<'a> Checkpoint<'a> {
    /// An empty one.
    pub fn new() -> Self {
        Checkpoint::default()
    }

    /// Parameters and buffers: `network.conv1.weight`. `Weights::open(path)?.prefix("network.")` loads them alone.
    pub fn network<T: Parameters>(self, network: &'a mut T) -> Self {
        self.network_as("network", network)
    }

    /// As [`Checkpoint::network`], under another name: for a second network.
    pub fn network_as<T: Parameters>(self, name: &str, network: &'a mut T) -> Self {
        let own = name.to_string();
        self.part(move |visit| walk(network, &mut |name, slot| visit(&format!("{own}.{name}"), slot)))
    }

    /// An optimiser's options and state: `optimizer.lr`, `optimizer.exp_avg.conv1.weight`.
    pub fn optimizer<T: Parameters, O: OptimizerState<T>>(self, optimizer: &'a mut O) -> Self {
        self.part(move |visit| {
            optimizer.visit_state(&mut |name, state| visit_state(&format!("optimizer.{name}"), state, visit));
        })
    }

    /// A generator of random numbers.
    pub fn random(self, name: &str, random: &'a mut Random) -> Self {
        let name = name.to_string();
        self.part(move |visit| {
            let mut state = random_state(random);
            visit(&name, Slot { dtype: Dtype::U64, shape: &[4], bytes: bytemuck::cast_slice_mut(&mut state) });
            *random = rand_core::SeedableRng::from_seed(bytemuck::cast(state.map(u64::to_le)));
        })
    }

    /// A count: steps or epochs done.
    pub fn count(self, name: &str, count: &'a mut u64) -> Self {
        let name = name.to_string();
        self.part(move |visit| visit(&name, one(Dtype::U64, count)))
    }

    /// A number: the best loss so far, say.
    pub fn number(self, name: &str, number: &'a mut f64) -> Self {
        let name = name.to_string();
        self.part(move |visit| visit(&name, one(Dtype::F64, number)))
    }

    /// The state of a schedule that looks at a metric: `plateau.best`. All other schedules follow from the number of the step.
    pub fn plateau(self, name: &str, plateau: &'a mut ReduceLROnPlateau) -> Self {
        let own = name.to_string();
        self.part(move |visit| {
            plateau.visit_state(&mut |name, number| visit(&format!("{own}.{name}"), one(Dtype::F64, number)));
        })
    }

    /// Writes a safetensors file. It is replaced as a whole or not at all.
    pub fn save(self, path: impl AsRef<FilePath>) -> Result<(), WeightsError> {
        save::write(path.as_ref(), &self.to_bytes())
    }

    /// The bytes that [`Checkpoint::save`] writes.
    pub fn to_bytes(mut self) -> Vec<u8> {
        let mut tensors = Vec::new();
        self.walk(&mut |name, slot| {
            tensors.push((name.to_string(), Tensor::new(slot.dtype, slot.shape, slot.bytes)));
        });
        save::serialize(tensors)
    }

    /// Brings everything back; after an error everything is as it was.
    pub fn load(self, path: impl AsRef<FilePath>) -> Result<(), WeightsError> {
        self.load_from(&Weights::open(path)?)
    }

    /// As [`Checkpoint::load`], from the bytes of a file.
    pub fn load_bytes(self, bytes: &[u8]) -> Result<(), WeightsError> {
        self.load_from(&Weights::from_bytes(bytes)?)
    }

    fn load_from(mut self, weights: &Weights<'_>) -> Result<(), WeightsError> {
        match weights.load(&mut |visit| self.walk(visit)) {
            Ok(_) => Ok(()),
            Err(WeightsError::Mismatch { path, faults, .. }) => {
                let hint = "a checkpoint is for the network, the optimiser and the counts that it was written with";
                Err(WeightsError::Mismatch { path, faults, hints: [String::from(hint)].into() })
            }
            Err(error) => Err(error),
        }
    }

    fn part(mut self, part: impl FnMut(&mut dyn FnMut(&str, Slot<'_>)) + 'a) -> Self {
        self.parts.push(Box::new(part));
        self
    }

    fn walk(&mut self, visit: &mut dyn FnMut(&str, Slot<'_>)) {
        self.parts.iter_mut().for_each(|part| part(visit));
    }
}

fn one<N: bytemuck::Pod>(dtype: Dtype, number: &mut N) -> Slot<'_> {
    Slot { dtype, shape: &[], bytes: bytemuck::bytes_of_mut(number) }
}

fn visit_state<T: Parameters>(name: &str, state: State<'_, T>, visit: &mut dyn FnMut(&str, Slot<'_>)) {
    match state {
        State::Number(number) => visit(name, one(Dtype::F64, number)),
        State::Count(count) => visit(name, one(Dtype::U64, count)),
        State::Flag(flag) => {
            let mut byte = u8::from(*flag);
            visit(name, one(Dtype::BOOL, &mut byte));
            *flag = byte != 0;
        }
        State::Values(values) => values.visit_parameters_mut(&mut |parameter, values| {
            visit(&format!("{name}.{}", parameter.name), real(values, parameter.shape));
        }),
        _ => unreachable!("the enum grows in this workspace only"),
    }
}

/// The four words of the generator, which it shows to serde alone.
fn random_state(random: &Random) -> [u64; 4] {
    let value = serde_json::to_value(random).expect("the generator is four numbers");
    core::array::from_fn(|word| value["s"][word].as_u64().expect("the generator is four numbers"))
}

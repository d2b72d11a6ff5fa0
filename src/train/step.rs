//! One step of a training: a batch, cut into parts that threads may share.

use std::boxed::Box;
use std::vec;
use std::vec::Vec;

use nn_core::kernels::Kernels;

use super::observe::Score;
use super::{Criterion, trainer::Metric};
use crate::data::Dataset;
use crate::{Buffer, BufferMut, Element, Float, Network, Parameters, Path, Zeroable};

/// What is the same for all parts of a step.
pub(super) struct Job<'j, M: Network, L, Y> {
    pub(super) data: &'j dyn Dataset<Input = M::Input, Target = Y>,
    pub(super) loss: &'j L,
    pub(super) metrics: &'j [Metric<'j, M, Y>],
    pub(super) seed: u64,
    pub(super) epoch: u64,
    pub(super) step: u64,
}

/// The memory for one part of a batch: `N` samples.
pub(super) struct Part<M: Network, Y, const N: usize> {
    tape: Box<M::Tape<N>>,
    inputs: Box<[M::Input; N]>,
    targets: Vec<Y>,
    output_gradients: Box<[M::Output; N]>,
    pub(super) sums: Sums,
}

/// A network of a thread's own, and its gradients.
struct Replica<M> {
    network: Box<M>,
    gradients: Box<M>,
}

/// The memory for the steps of a training.
pub(super) struct Workers<M: Network, Y, const N: usize> {
    parts: Vec<Part<M, Y, N>>,
    /// One for each part, if a batch has several parts.
    replicas: Vec<Replica<M>>,
    pub(super) gradients: Box<M>,
}

/// Loss and metrics, added up over samples.
#[derive(Clone, Default)]
pub(super) struct Sums {
    samples: f64,
    loss: f64,
    metrics: Vec<f64>,
}

impl<M, L, Y> Job<'_, M, L, Y>
where
    M: Network,
    L: Criterion<M::Output, Y>,
{
    /// Forward and backward over `N` samples; the gradients are written to `gradients`.
    fn run<const N: usize>(
        &self,
        part: &mut Part<M, Y, N>,
        (network, gradients): (&mut M, &mut M),
        number: u64,
        indices: &[usize],
    ) {
        part.targets.clear();
        for (index, input) in indices.iter().zip(part.inputs.iter_mut()) {
            let mut random = crate::seed(mix([self.seed, self.epoch, *index as u64]));
            part.targets.push(self.data.read(*index, &mut random, input));
        }
        let targets: &[Y; N] = part.targets[..].try_into().expect("a part is full");
        M::seed(&mut part.tape, mix([self.seed, !self.step, number]));
        let outputs = network.forward_train(&part.inputs, &mut part.tape);
        part.sums = Sums::zero(self.metrics.len());
        part.sums.metrics(self.metrics, outputs, targets);
        part.sums.loss(self.loss.forward(outputs, targets, &mut part.output_gradients), N);
        network.grad(&mut part.tape, &part.output_gradients, gradients);
    }
}

impl<M: Network, Y, const N: usize> Workers<M, Y, N> {
    /// Batches of `parts` parts, over `threads` threads.
    pub(super) fn new(parts: usize, threads: usize) -> Self {
        let threads = threads.clamp(1, parts);
        let part = |_| Part {
            tape: M::tape::<N>(),
            inputs: boxed(),
            targets: Vec::with_capacity(N),
            output_gradients: boxed(),
            sums: Sums::default(),
        };
        let replicas = if parts == 1 { 0 } else { threads };
        Workers {
            parts: (0..threads).map(part).collect(),
            replicas: (0..replicas).map(|_| Replica { network: M::gradients(), gradients: M::gradients() }).collect(),
            gradients: M::gradients(),
        }
    }

    /// Leaves the gradients of a batch in `self.gradients`: the mean of its parts'.
    ///
    /// Each part begins with the same parameters and buffers and gives gradients of its own, and all are added in the order of the parts: the
    /// number of threads changes no bit.
    pub(super) fn step<L>(&mut self, job: &Job<'_, M, L, Y>, network: &mut M, batch: &[&[usize]]) -> Sums
    where
        M: Send,
        M::Tape<N>: Send,
        M::Input: Send,
        M::Output: Send,
        Y: Send + Sync,
        L: Criterion<M::Output, Y> + Sync,
    {
        if self.replicas.is_empty() {
            job.run(&mut self.parts[0], (network, &mut self.gradients), 0, batch[0]);
            return self.parts[0].sums.clone();
        }
        self.gradients.set_zero();
        let begin = Buffers::of(network);
        let mut after: Option<Buffers<M::Element>> = None;
        let mut sums = Sums::zero(job.metrics.len());
        let mut renewed = Renewed(Vec::new());
        for replica in &mut self.replicas {
            copy_parameters(network, &mut *replica.network);
        }
        for (round, indices) in batch.chunks(self.parts.len()).enumerate() {
            let first = round * self.parts.len();
            let run = |part: &mut Part<M, Y, N>, replica: &mut Replica<M>, number: usize| {
                begin.write(&mut *replica.network);
                let number = first + number;
                job.run(part, (&mut replica.network, &mut replica.gradients), number as u64, batch[number]);
            };
            std::thread::scope(|scope| {
                let mut workers = self.parts.iter_mut().zip(&mut self.replicas).take(indices.len()).enumerate();
                let own = workers.next();
                workers.for_each(|(number, (part, replica))| {
                    scope.spawn(move || run(part, replica, number));
                });
                own.into_iter().for_each(|(number, (part, replica))| run(part, replica, number));
            });
            for (part, replica) in self.parts.iter().zip(&mut self.replicas).take(indices.len()) {
                sums.add(&part.sums);
                add(&*replica.gradients, &mut *self.gradients);
                renewed.take(network, &mut replica.network);
                let buffers = Buffers::of(&*replica.network);
                match &mut after {
                    Some(after) => after.add(&buffers),
                    None => after = Some(buffers),
                }
            }
        }
        let share = M::Element::ONE / M::Element::from_usize(batch.len());
        self.gradients.visit_parameters_mut(&mut |_, values| M::Element::scale(share, values));
        if let Some(mut after) = after {
            after.scale(share);
            after.write(network);
        }
        renewed.write(network);
        sums
    }
}

/// Evaluates over a whole set.
pub(super) fn evaluate<const N: usize, M, L, Y>(job: &Job<'_, M, L, Y>, network: &M) -> Score
where
    M: Network,
    L: Criterion<M::Output, Y>,
{
    let mut inputs: Box<[M::Input; N]> = boxed();
    let mut outputs: Box<[M::Output; N]> = boxed();
    let mut workspace = M::workspace::<N>();
    let mut sums = Sums::zero(job.metrics.len());
    let order: Vec<_> = (0..job.data.len()).collect();
    for indices in order.chunks(N) {
        let read = |(index, input): (&usize, &mut M::Input)| {
            job.data.read(*index, &mut crate::seed(mix([job.seed, 0, *index as u64])), input)
        };
        let targets: Vec<Y> = indices.iter().zip(inputs.iter_mut()).map(read).collect();
        network.forward_batch(&inputs, &mut workspace, &mut outputs);
        sums.metrics(job.metrics, &outputs[..targets.len()], &targets);
        match <&[Y; N]>::try_from(&targets[..]) {
            Ok(targets) => sums.loss(job.loss.value(&outputs, targets), N),
            // The last ones do not fill a batch.
            Err(_) => outputs.iter().zip(&targets).for_each(|(output, target)| {
                sums.loss(job.loss.value(core::array::from_ref(output), core::array::from_ref(target)), 1);
            }),
        }
    }
    sums.score(job.metrics)
}

impl Sums {
    pub(super) fn zero(metrics: usize) -> Sums {
        Sums { samples: 0.0, loss: 0.0, metrics: vec![0.0; metrics] }
    }

    /// The loss of a batch, which is a mean over its samples.
    fn loss(&mut self, loss: f64, samples: usize) {
        self.samples += samples as f64;
        self.loss += loss * samples as f64;
    }

    fn metrics<M: Network, Y>(&mut self, metrics: &[Metric<'_, M, Y>], outputs: &[M::Output], targets: &[Y]) {
        for (sum, metric) in self.metrics.iter_mut().zip(metrics) {
            *sum += outputs.iter().zip(targets).map(|(output, target)| (metric.value)(output, target)).sum::<f64>();
        }
    }

    pub(super) fn add(&mut self, other: &Sums) {
        self.samples += other.samples;
        self.loss += other.loss;
        self.metrics.iter_mut().zip(&other.metrics).for_each(|(sum, more)| *sum += more);
    }

    pub(super) fn mean_loss(&self) -> f64 {
        self.loss / self.samples
    }

    pub(super) fn score<M: Network, Y>(&self, metrics: &[Metric<'_, M, Y>]) -> Score {
        let means = metrics.iter().zip(&self.metrics).map(|(metric, sum)| (metric.name, sum / self.samples));
        Score { loss: self.mean_loss(), metrics: means.collect() }
    }
}

/// A network's buffers, one after the other.
struct Buffers<E> {
    numbers: Vec<E>,
    counts: Vec<i64>,
}

impl<E: Element> Buffers<E> {
    fn of<M: Parameters<Element = E>>(network: &M) -> Buffers<E> {
        let mut buffers = Buffers { numbers: Vec::new(), counts: Vec::new() };
        network.visit_buffers(&Path::ROOT, &mut |_, buffer| match buffer {
            Buffer::Real(values, _) => buffers.numbers.extend_from_slice(values),
            Buffer::Count(count) => buffers.counts.push(*count),
        });
        buffers
    }

    fn write<M: Parameters<Element = E>>(&self, network: &mut M) {
        let (mut numbers, mut counts) = (&self.numbers[..], self.counts.iter());
        network.visit_buffers_mut(&Path::ROOT, &mut |_, buffer| match buffer {
            BufferMut::Real(values, _) => {
                let (own, rest) = numbers.split_at(values.len());
                values.copy_from_slice(own);
                numbers = rest;
            }
            BufferMut::Count(count) => *count = *counts.next().expect("the same network"),
        });
    }

    /// Adds the numbers; a count is the same for all.
    fn add(&mut self, other: &Buffers<E>) {
        E::accumulate(&other.numbers, &mut self.numbers);
    }

    fn scale(&mut self, factor: E) {
        E::scale(factor, &mut self.numbers);
    }
}

/// The parameters that forward passes changed: an embedding with `max_norm` shortens the rows that it looks up.
///
/// Each part shortens the rows as they were at the beginning, all to the same bits, and the optimiser moves the shortened ones.
struct Renewed<E>(Vec<(usize, usize, E)>);

impl<E: Element> Renewed<E> {
    /// Numbers that are compared at once.
    const CHUNK: usize = 1024;

    /// Notes what a part has changed, and takes it back.
    fn take<M: Parameters<Element = E>>(&mut self, network: &M, replica: &mut M) {
        let (mut tensor, renewed) = (0, &mut self.0);
        M::zip([network], [replica], &Path::ROOT, &mut |_, [before], [after]| {
            let chunks = before.chunks(Self::CHUNK).zip(after.chunks_mut(Self::CHUNK)).enumerate();
            for (chunk, (before, after)) in chunks.filter(|(_, (before, after))| before != after) {
                for (at, (before, after)) in before.iter().zip(after).enumerate().filter(|(_, (a, b))| a != b) {
                    renewed.push((tensor, chunk * Self::CHUNK + at, std::mem::replace(after, *before)));
                }
            }
            tensor += 1;
        });
    }

    /// Changes the network itself.
    fn write<M: Parameters<Element = E>>(mut self, network: &mut M) {
        self.0.sort_unstable_by_key(|(tensor, at, _)| (*tensor, *at));
        let (mut tensor, mut renewed) = (0, self.0.into_iter().peekable());
        network.visit_parameters_mut(&mut |_, values| {
            while let Some((_, at, value)) = renewed.next_if(|(own, ..)| *own == tensor) {
                values[at] = value;
            }
            tensor += 1;
        });
    }
}

fn copy_parameters<M: Parameters>(from: &M, to: &mut M) {
    M::zip([from], [to], &Path::ROOT, &mut |_, [from], [to]| to.copy_from_slice(from));
}

fn add<M: Parameters>(from: &M, to: &mut M) {
    M::zip([from], [to], &Path::ROOT, &mut |_, [from], [to]| M::Element::accumulate(from, to));
}

/// Parameters and buffers.
pub(super) fn copy<M: Parameters>(from: &M, to: &mut M) {
    copy_parameters(from, to);
    Buffers::of(from).write(to);
}

/// Zeros on the heap, never all of them on the stack.
fn boxed<T: Zeroable, const N: usize>() -> Box<[T; N]> {
    let zeros: Vec<T> = (0..N).map(|_| T::zeroed()).collect();
    zeros.into_boxed_slice().try_into().unwrap_or_else(|_| unreachable!("as long as it was made"))
}

/// A seed from several numbers: SplitMix64's finaliser after each.
pub(super) fn mix(numbers: [u64; 3]) -> u64 {
    numbers.iter().fold(0, |seed: u64, number| {
        let mut z = (seed ^ number).wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    })
}

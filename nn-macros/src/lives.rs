//! When each value is needed: the memory plan's input, for evaluation and for training.
//!
//! Time is counted in operations. In evaluation operation `i` runs at step `i + 1`; step 0 brings the inputs. Training goes on: with
//! `n` operations, step `n + 1` hands the results to the user and takes their gradients, and the backward pass of operation `i` runs at
//! step `2n + 1 - i`. Lengths and some ends are constants that only rustc knows, so they are expressions here.

use nn_shape::Arg;
use nn_shape::catalogue::Alias;

use crate::ir::{Network, Op, ValueId};
use crate::merge::Merges;

/// A buffer in the plan.
pub(crate) struct Buffer {
    /// What it holds.
    pub(crate) holds: Holds,
    pub(crate) from: usize,
    /// Last steps, each with the condition under which it counts.
    pub(crate) to: Vec<(usize, Condition)>,
}

/// What a buffer holds, which tells its length.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Holds {
    /// A value of this shape.
    Value(ValueId),
    /// The gradient of a value.
    Gradient(ValueId),
    /// A second gradient of a value that an operation takes twice, added to the first at once.
    Second(ValueId, usize),
    /// Working space of an operation's forward pass.
    ForwardScratch(usize),
    /// Working space of an operation's backward pass.
    BackwardScratch(usize),
    /// What an operation leaves for its backward pass, once.
    SavedBatch(usize),
    /// The same for each sample.
    SavedSample(usize),
    /// The same in words.
    SavedWords(usize),
}

/// When an end of a life counts.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Condition {
    Always,
    /// If the operation's backward pass reads its inputs.
    ReadsInputs(usize),
    /// If the operation's backward pass reads its outputs.
    ReadsOutputs(usize),
}

/// For each value the value whose memory it shares.
pub(crate) fn roots(network: &Network, merges: &Merges, training: bool) -> Vec<ValueId> {
    let mut roots: Vec<_> = (0..network.values.len()).collect();
    for (index, op) in network.ops.iter().enumerate() {
        if merges.merged[index] || is_alias(network, op, training) {
            roots[op.outputs[0]] = roots[op.inputs[0]];
        }
    }
    roots
}

/// Whether an operation only gives its input another shape.
pub(crate) fn is_alias(network: &Network, op: &Op, training: bool) -> bool {
    match op.entry.alias {
        Alias::Always => true,
        Alias::Evaluation => !training || drops_nothing(network, op),
        Alias::Never => false,
    }
}

/// Dropout with the probability 0.
fn drops_nothing(network: &Network, op: &Op) -> bool {
    let place = op.entry.parameters.iter().position(|parameter| parameter.name == "p");
    let p = place.and_then(|place| network.args(op).nth(place)).and_then(|bound| bound.known);
    matches!(p, Some(Arg::Int(0))) || p == Some(Arg::Real(0.0))
}

/// How an evaluation uses memory.
pub(crate) struct Evaluation {
    pub(crate) roots: Vec<ValueId>,
    /// Elements for each sample.
    pub(crate) sample: Vec<Buffer>,
    /// Elements once for the batch.
    pub(crate) batch: Vec<Buffer>,
    /// Words for each sample.
    pub(crate) words: Vec<Buffer>,
    /// The input is read where the user has it.
    pub(crate) borrows_input: bool,
    /// The result is written where the user wants it.
    pub(crate) writes_output: bool,
}

/// The plan's input for evaluation.
pub(crate) fn evaluation(network: &Network, merges: &Merges) -> Evaluation {
    let roots = roots(network, merges, false);
    let indices = network.indices();
    let borrows_input = !network.inputs_tuple && !indices[0];
    let result = roots[network.results[0]];
    let writes_output = !network.results_tuple && result >= network.inputs.len() && !indices[result];
    let end = network.ops.len() + 1;
    let (mut sample, mut words) = (Vec::new(), Vec::new());
    for value in (0..network.values.len()).filter(|value| roots[*value] == *value) {
        let external = (value < network.inputs.len() && borrows_input) || (writes_output && value == result);
        if external {
            continue;
        }
        let (from, mut to) = (defined(network, value), last_use(network, &roots, value));
        if network.results.iter().any(|result| roots[*result] == value) {
            to = end;
        }
        let buffers = if indices[value] { &mut words } else { &mut sample };
        buffers.push(Buffer { holds: Holds::Value(value), from, to: vec![(to.max(from), Condition::Always)] });
    }
    let batch = computing(network, merges, false)
        .map(|op| Buffer { holds: Holds::ForwardScratch(op), from: op + 1, to: vec![(op + 1, Condition::Always)] })
        .collect();
    Evaluation { roots, sample, batch, words, borrows_input, writes_output }
}

fn defined(network: &Network, value: ValueId) -> usize {
    network.ops.iter().position(|op| op.outputs.contains(&value)).map_or(0, |op| op + 1)
}

fn last_use(network: &Network, roots: &[ValueId], value: ValueId) -> usize {
    let uses = network.ops.iter().enumerate().filter(|(_, op)| op.inputs.iter().any(|input| roots[*input] == value));
    uses.map(|(op, _)| op + 1).max().unwrap_or(0)
}

/// The operations that compute.
pub(crate) fn computing<'a>(
    network: &'a Network,
    merges: &'a Merges,
    training: bool,
) -> impl Iterator<Item = usize> + 'a {
    (0..network.ops.len()).filter(move |op| !merges.merged[*op] && !is_alias(network, &network.ops[*op], training))
}

/// Whether a gradient is wanted.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug)]
pub(crate) enum Wanted {
    /// Nothing that can be learnt, and no input, lies behind the value.
    Never,
    /// Only inputs lie behind it.
    ForInput,
    /// Parameters lie behind it.
    Always,
}

/// One backward step.
pub(crate) struct Reverse {
    pub(crate) op: usize,
    pub(crate) wanted: Wanted,
    /// For each input that holds numbers: what to do with its gradient.
    pub(crate) inputs: Vec<InputGradient>,
    /// Outputs that hold numbers whose gradient nobody gave: it is zero.
    pub(crate) zeroed: Vec<ValueId>,
}

/// What a backward step does with the gradient of one of its inputs.
#[derive(Clone, Copy)]
pub(crate) struct InputGradient {
    pub(crate) root: ValueId,
    pub(crate) wanted: Wanted,
    pub(crate) found: Found,
    /// The operation takes the same value twice: this is the second.
    pub(crate) second: bool,
}

/// What a backward step finds where the gradient of an input goes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Found {
    /// Nobody wrote it before.
    Nothing,
    /// What others gave.
    Sum,
    /// The gradient of the step's output, of which this one takes the place.
    OfOutput,
    /// The same, which another input's has become: they are one.
    OfOther,
}

/// How training uses memory.
pub(crate) struct Training {
    pub(crate) roots: Vec<ValueId>,
    pub(crate) sample: Vec<Buffer>,
    pub(crate) batch: Vec<Buffer>,
    pub(crate) words: Vec<Buffer>,
    /// The results that have a gradient: their places, whose memory it is, and whether it is the first to be written there.
    pub(crate) seeds: Vec<(usize, ValueId, bool)>,
    pub(crate) reverse: Vec<Reverse>,
    /// For each value the one whose gradient's memory its own gradient has.
    pub(crate) homes: Vec<ValueId>,
    /// For each input: whether its gradient was ever written.
    pub(crate) input_written: Vec<bool>,
}

/// The plan's input for training.
pub(crate) fn training(network: &Network, merges: &Merges) -> Training {
    let roots = roots(network, merges, true);
    let wanted = wanted(network, &roots);
    let (seeds, mut reverse, first) = reverse(network, merges, &roots, &wanted);
    let homes = homes(network, merges, &roots, &mut reverse);
    let input_written = (0..network.inputs.len()).map(|input| first[input].is_some()).collect();
    let (sample, batch, words) = training_buffers(network, merges, &roots, &reverse, &first, &homes);
    Training { roots, sample, batch, words, seeds, reverse, homes, input_written }
}

fn wanted(network: &Network, roots: &[ValueId]) -> Vec<Wanted> {
    let indices = network.indices();
    let mut wanted = vec![Wanted::Never; network.values.len()];
    for input in (0..network.inputs.len()).filter(|input| !indices[*input]) {
        wanted[input] = Wanted::ForInput;
    }
    for op in &network.ops {
        let inputs = op.inputs.iter().map(|input| wanted[roots[*input]]);
        let strongest = inputs.fold(Wanted::Never, |a, b| if b > a { b } else { a });
        let own = if network.is_trainable(op) { Wanted::Always } else { strongest };
        for output in op.outputs.iter().filter(|output| !indices[**output]) {
            let root = roots[*output];
            wanted[root] = if own > wanted[root] { own } else { wanted[root] };
        }
    }
    wanted
}

type FirstStep = Vec<Option<usize>>;

/// The backward steps in order, the results' gradients that begin them, and when each gradient is first written.
fn reverse(
    network: &Network,
    merges: &Merges,
    roots: &[ValueId],
    wanted: &[Wanted],
) -> (Vec<(usize, ValueId, bool)>, Vec<Reverse>, FirstStep) {
    let (count, indices) = (network.ops.len(), network.indices());
    let mut first: FirstStep = vec![None; network.values.len()];
    let mut seeds = Vec::new();
    for (place, result) in network.results.iter().enumerate().filter(|(_, result)| !indices[**result]) {
        let root = roots[*result];
        seeds.push((place, root, first[root].is_none()));
        first[root].get_or_insert(count + 1);
    }
    let mut steps = Vec::new();
    for op in computing(network, merges, true).collect::<Vec<_>>().into_iter().rev() {
        let step = 2 * count + 1 - op;
        let this = &network.ops[op];
        let own = this
            .outputs
            .iter()
            .map(|output| wanted[roots[*output]])
            .fold(Wanted::Never, |a, b| if b > a { b } else { a });
        // Nothing to learn behind it, or it gives indices alone.
        if own == Wanted::Never {
            continue;
        }
        let outputs = this.outputs.iter().filter(|output| !indices[**output]);
        let zeroed: Vec<_> = outputs.map(|output| roots[*output]).filter(|root| first[*root].is_none()).collect();
        for root in &zeroed {
            first[*root] = Some(step);
        }
        let mut inputs: Vec<InputGradient> = Vec::new();
        for input in this.inputs.iter().filter(|input| !indices[**input]) {
            let root = roots[*input];
            let second = inputs.iter().any(|other| other.root == root);
            let found = if first[root].is_none() || second { Found::Nothing } else { Found::Sum };
            if wanted[root] > Wanted::Never {
                first[root].get_or_insert(step);
            }
            inputs.push(InputGradient { root, wanted: wanted[root], found, second });
        }
        steps.push(Reverse { op, wanted: own, inputs, zeroed });
    }
    (seeds, steps, first)
}

/// The value whose gradient's memory each value's gradient has: mostly its own; in front of an operation that works in place, that of its output, if
/// nobody wrote it before. Both gradients of a sum have it, if what is added to one comes after the other was read for the last time.
fn homes(network: &Network, merges: &Merges, roots: &[ValueId], reverse: &mut [Reverse]) -> Vec<ValueId> {
    let mut homes: Vec<_> = (0..network.values.len()).collect();
    let producers: Vec<_> = homes.iter().map(|value| producer(network, merges, roots, *value)).collect();
    for step in reverse {
        let op = &network.ops[step.op];
        let (own, is_sound) = (step.wanted, step.zeroed.is_empty() && !step.inputs.iter().any(|input| input.second));
        if !merges.in_place[step.op] || !is_sound {
            continue;
        }
        let output = roots[op.outputs[0]];
        let home = homes[output];
        let mut guests =
            (0..homes.len()).filter(|guest| homes[*guest] == home && roots[*guest] == *guest && *guest != output);
        if !guests.all(|guest| producers[guest].is_some_and(|producer| producer > step.op)) {
            continue;
        }
        // Whether who adds to the one's gradient comes after who reads the other's.
        let stays = |one: ValueId, other: ValueId| {
            let mut readers =
                (0..step.op).filter(|op| network.ops[*op].inputs.iter().any(|input| roots[*input] == one));
            readers.all(|reader| producers[other].is_some_and(|producer| reader < producer))
        };
        let suits = |input: &&mut InputGradient| input.found == Found::Nothing && input.wanted == own;
        let mut taking: Vec<_> = step.inputs.iter_mut().filter(suits).collect();
        match &mut taking[..] {
            [one, other] if stays(one.root, other.root) && stays(other.root, one.root) => {
                (one.found, other.found) = (Found::OfOutput, Found::OfOther);
                (homes[one.root], homes[other.root]) = (home, home);
            }
            [one, ..] => (one.found, homes[one.root]) = (Found::OfOutput, home),
            [] => {}
        }
    }
    homes
}

/// The operation that gives a value.
fn producer(network: &Network, merges: &Merges, roots: &[ValueId], value: ValueId) -> Option<usize> {
    computing(network, merges, true).find(|op| network.ops[*op].outputs.iter().any(|output| roots[*output] == value))
}

type Buffers = (Vec<Buffer>, Vec<Buffer>, Vec<Buffer>);

fn training_buffers(
    network: &Network,
    merges: &Merges,
    roots: &[ValueId],
    reverse: &[Reverse],
    first: &FirstStep,
    homes: &[ValueId],
) -> Buffers {
    let count = network.ops.len();
    let backward = |op: usize| 2 * count + 1 - op;
    let end = 2 * count + 2;
    let (mut sample, mut batch, mut words) = (Vec::new(), Vec::new(), Vec::new());
    let indices = network.indices();
    for value in (0..network.values.len()).filter(|value| roots[*value] == *value) {
        let from = defined(network, value);
        let mut to = vec![(last_use(network, roots, value).max(from), Condition::Always)];
        if network.results.iter().any(|result| roots[*result] == value) {
            to.push((count + 1, Condition::Always));
        }
        for step in reverse {
            let op = &network.ops[step.op];
            if op.inputs.iter().any(|input| roots[*input] == value) {
                let condition = if indices[value] { Condition::Always } else { Condition::ReadsInputs(step.op) };
                to.push((backward(step.op), condition));
            }
            if op.outputs.iter().any(|output| roots[*output] == value) {
                let condition = if indices[value] { Condition::Always } else { Condition::ReadsOutputs(step.op) };
                to.push((backward(step.op), condition));
            }
        }
        let buffers = if indices[value] { &mut words } else { &mut sample };
        buffers.push(Buffer { holds: Holds::Value(value), from, to });
        if let Some(from) = first[value].filter(|_| homes[value] == value) {
            let guests = (0..homes.len()).filter(|guest| homes[*guest] == value && roots[*guest] == *guest);
            let to = guests
                .map(|guest| producer(network, merges, roots, guest).map_or(end, backward))
                .fold(from, usize::max);
            sample.push(Buffer { holds: Holds::Gradient(value), from, to: vec![(to, Condition::Always)] });
        }
    }
    let at = |from, to| (from, vec![(to, Condition::Always)]);
    for op in computing(network, merges, true) {
        let (from, to) = at(op + 1, op + 1);
        batch.push(Buffer { holds: Holds::ForwardScratch(op), from, to });
    }
    for step in reverse {
        let (op, run) = (step.op, backward(step.op));
        let (from, to) = at(run, run);
        batch.push(Buffer { holds: Holds::BackwardScratch(op), from, to });
        for (index, input) in step.inputs.iter().enumerate().filter(|(_, input)| input.second) {
            let (from, to) = at(run, run);
            sample.push(Buffer { holds: Holds::Second(input.root, op * 64 + index), from, to });
        }
    }
    for op in computing(network, merges, true) {
        let (from, to) = at(op + 1, backward(op));
        batch.push(Buffer { holds: Holds::SavedBatch(op), from, to });
        let (from, to) = at(op + 1, backward(op));
        sample.push(Buffer { holds: Holds::SavedSample(op), from, to });
        let (from, to) = at(op + 1, backward(op));
        words.push(Buffer { holds: Holds::SavedWords(op), from, to });
    }
    (sample, batch, words)
}

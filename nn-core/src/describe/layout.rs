//! Where everything lies in the picture of a graph.
//!
//! Each block is laid out on its own, from the inside out: what it holds stands in layers, each layer below those that it depends on; a value that
//! passes a layer gets a place there, a bend, so that its line meets no box; an order with few crossings is found by moving each box to
//! the middle of its neighbours, and the places across by least squares with distances kept. For the block around it, a block is a box
//! with ports where values come in and go out.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use super::Description;

/// Free space between neighbours of a layer.
const BESIDE: f32 = 16.0;
/// The least free space between two layers.
const BETWEEN: f32 = 20.0;
/// Free space around what a block holds.
const AROUND: f32 = 12.0;
/// Room for a block's name.
pub(super) const HEAD: f32 = 18.0;

/// How much it matters that a line is straight, by how many of its ends are bends: what goes past others does so at their side.
const STRAIGHT: [f32; 3] = [2.0, 0.0005, 0.01];

/// What a box of the picture stands for.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Holds {
    Step(usize),
    Run(usize),
    /// A value that comes in: the network's input, or a port of a block.
    In(usize),
    /// A value that goes out.
    Out(usize),
    /// A value on its way.
    Bend(usize),
}

/// A box. Places across are those of its middle.
pub(super) struct Item {
    pub(super) holds: Holds,
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) inner: Option<Box<Cluster>>,
    pub(super) layer: usize,
}

/// A line from one box to another of the next layer.
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) value: usize,
}

/// What a block holds, in coordinates of its own.
pub(super) struct Cluster {
    pub(super) items: Vec<Item>,
    pub(super) links: Vec<Link>,
    /// Top and bottom of each layer.
    pub(super) bands: Vec<(f32, f32)>,
    layers: Vec<Vec<usize>>,
    pub(super) width: f32,
    pub(super) height: f32,
}

/// Values that come into a block and go out of it.
struct Ports {
    inputs: Vec<usize>,
    outputs: Vec<usize>,
}

/// The sizes that texts need.
pub(super) trait Sizes {
    fn of(&self, holds: Holds, is_network: bool) -> (f32, f32);
    fn name(&self, run: usize) -> f32;
}

/// The whole network.
pub(super) fn network(of: &Description, sizes: &dyn Sizes) -> Cluster {
    cluster(of, 0, (0..of.inputs.len()).collect(), of.results.to_vec(), sizes)
}

/// The values that pass the border of a run.
fn ports(of: &Description, run: usize) -> Ports {
    let mut ports = Ports { inputs: Vec::new(), outputs: Vec::new() };
    let inside = |step: usize| of.is_within(of.steps[step].run, run);
    let producer = |value: usize| of.steps.iter().position(|step| step.outputs.contains(&value));
    for (place, step) in of.steps.iter().enumerate() {
        for value in step.inputs {
            let from_inside = producer(*value).is_some_and(inside);
            match (inside(place), from_inside) {
                (true, false) if !ports.inputs.contains(value) => ports.inputs.push(*value),
                (false, true) if !ports.outputs.contains(value) => ports.outputs.push(*value),
                _ => {}
            }
        }
    }
    for value in of.results {
        if producer(*value).is_some_and(inside) && !ports.outputs.contains(value) {
            ports.outputs.push(*value);
        }
    }
    ports
}

fn cluster(of: &Description, run: usize, inputs: Vec<usize>, outputs: Vec<usize>, sizes: &dyn Sizes) -> Cluster {
    let mut cluster = Cluster {
        items: Vec::new(),
        links: Vec::new(),
        bands: Vec::new(),
        layers: Vec::new(),
        width: 0.0,
        height: 0.0,
    };
    for value in &inputs {
        cluster.add(Holds::In(*value), sizes.of(Holds::In(*value), run == 0), None, 0);
    }
    let mut makers: Vec<(usize, usize)> = inputs.iter().copied().zip(0..).collect();
    let mut wanted = Vec::new();
    let mut seen = Vec::new();
    for (place, step) in of.steps.iter().enumerate().filter(|(_, step)| of.is_within(step.run, run)) {
        let inner = (step.run != run).then(|| child(of, step.run, run));
        let (holds, ports) = match inner {
            Some(inner) if seen.contains(&inner) => continue,
            Some(inner) => {
                seen.push(inner);
                (Holds::Run(inner), ports(of, inner))
            }
            None => (Holds::Step(place), Ports { inputs: step.inputs.to_vec(), outputs: step.outputs.to_vec() }),
        };
        let above =
            |value: &usize| makers.iter().find(|(made, _)| made == value).map(|(_, item)| cluster.items[*item].layer);
        let layer = ports.inputs.iter().filter_map(above).map(|layer| layer + 1).max().unwrap_or(0);
        let (item, (size, inside)) = (
            cluster.items.len(),
            match holds {
                Holds::Run(inner) => {
                    let inside = self::cluster(of, inner, ports.inputs.clone(), ports.outputs.clone(), sizes);
                    let width = (inside.width + 2.0 * AROUND).max(sizes.name(inner) + 2.0 * AROUND);
                    ((width, inside.height + HEAD), Some(Box::new(inside)))
                }
                _ => (sizes.of(holds, false), None),
            },
        );
        cluster.add(holds, size, inside, layer);
        wanted.extend(ports.inputs.into_iter().map(|value| (value, item)));
        makers.extend(ports.outputs.into_iter().map(|value| (value, item)));
    }
    let last = cluster.items.iter().map(|item| item.layer).max().unwrap_or(0) + 1;
    for value in outputs {
        wanted.push((value, cluster.items.len()));
        cluster.add(Holds::Out(value), sizes.of(Holds::Out(value), run == 0), None, last);
    }
    cluster.sink(&makers, &wanted);
    cluster.connect(&makers, &wanted);
    cluster.order();
    cluster.spread();
    cluster.stack();
    cluster
}

/// The run right inside of `outer` in which a run lies.
fn child(of: &Description, mut run: usize, outer: usize) -> usize {
    while of.runs[run].parent != outer {
        run = of.runs[run].parent;
    }
    run
}

impl Cluster {
    fn add(&mut self, holds: Holds, (width, height): (f32, f32), inner: Option<Box<Cluster>>, layer: usize) {
        self.items.push(Item { holds, x: 0.0, y: 0.0, width, height, inner, layer });
    }

    /// What depends on nothing, such as a bare parameter, stands right above who takes it.
    fn sink(&mut self, makers: &[(usize, usize)], wanted: &[(usize, usize)]) {
        for item in 0..self.items.len() {
            let depends = wanted.iter().any(|(_, taker)| *taker == item);
            if depends || matches!(self.items[item].holds, Holds::In(_)) {
                continue;
            }
            let takers = makers.iter().filter(|(_, maker)| *maker == item);
            let takers = takers.flat_map(|(value, _)| wanted.iter().filter(move |(other, _)| other == value));
            let first = takers.map(|(_, taker)| self.items[*taker].layer).min();
            self.items[item].layer = first.unwrap_or(1).saturating_sub(1);
        }
    }

    /// Lines from layer to layer, with a bend wherever one passes a layer.
    fn connect(&mut self, makers: &[(usize, usize)], wanted: &[(usize, usize)]) {
        let mut bends: Vec<(usize, usize, usize)> = Vec::new();
        for (value, taker) in wanted {
            let Some((_, maker)) = makers.iter().find(|(made, _)| made == value) else { continue };
            let (mut from, goal) = (*maker, self.items[*taker].layer);
            for layer in self.items[*maker].layer + 1..goal {
                let known = bends.iter().find(|(made, at, _)| (made, *at) == (value, layer)).map(|(_, _, item)| *item);
                from = known.unwrap_or_else(|| {
                    let bend = self.items.len();
                    self.add(Holds::Bend(*value), (4.0, 0.0), None, layer);
                    self.links.push(Link { from, to: bend, value: *value });
                    bends.push((*value, layer, bend));
                    bend
                });
            }
            self.links.push(Link { from, to: *taker, value: *value });
        }
        let count = self.items.iter().map(|item| item.layer + 1).max().unwrap_or(0);
        self.layers = vec![Vec::new(); count];
        for (index, item) in self.items.iter().enumerate() {
            self.layers[item.layer].push(index);
        }
    }

    /// The places in their layers of those above or below.
    fn neighbours(&self, item: usize, above: bool) -> impl Iterator<Item = usize> + '_ {
        self.links.iter().filter_map(move |link| match above {
            true => (link.to == item).then_some(link.from),
            false => (link.from == item).then_some(link.to),
        })
    }

    /// An order of each layer with few crossings.
    fn order(&mut self) {
        let mut best = (self.crossings(), self.layers.clone());
        for round in 0..12_usize {
            let down = round.is_multiple_of(2);
            let count = self.layers.len();
            for step in 1..count {
                let layer = if down { step } else { count - 1 - step };
                let places = self.places();
                let mut keyed: Vec<_> = self.layers[layer]
                    .iter()
                    .enumerate()
                    .map(|(place, item)| {
                        let around: Vec<_> = self.neighbours(*item, down).map(|other| places[other] as f32).collect();
                        let sum: f32 = around.iter().sum();
                        (if around.is_empty() { place as f32 } else { sum / around.len() as f32 }, *item)
                    })
                    .collect();
                keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
                self.layers[layer] = keyed.into_iter().map(|(_, item)| item).collect();
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.layers.clone());
            }
        }
        self.layers = best.1;
    }

    fn places(&self) -> Vec<usize> {
        let mut places = vec![0; self.items.len()];
        for layer in &self.layers {
            for (place, item) in layer.iter().enumerate() {
                places[*item] = place;
            }
        }
        places
    }

    fn crossings(&self) -> usize {
        let places = self.places();
        let pairs = |a: &Link, b: &Link| {
            let same = self.items[a.from].layer == self.items[b.from].layer
                && self.items[a.to].layer == self.items[b.to].layer;
            same && places[a.from] < places[b.from] && places[a.to] > places[b.to]
        };
        self.links.iter().map(|a| self.links.iter().filter(|b| pairs(a, b)).count()).sum()
    }

    /// Where a value leaves a box or comes into it, from its middle.
    pub(super) fn port(&self, item: usize, value: usize, out: bool) -> f32 {
        let Some(inner) = &self.items[item].inner else { return 0.0 };
        let holds = if out { Holds::Out(value) } else { Holds::In(value) };
        let port = inner.items.iter().find(|item| item.holds == holds);
        port.map_or(0.0, |port| port.x - inner.width / 2.0)
    }

    /// Places across.
    fn spread(&mut self) {
        for round in 0..40_usize {
            let down = round.is_multiple_of(2);
            for step in 0..self.layers.len() {
                let layer = if down { step } else { self.layers.len() - 1 - step };
                let goals: Vec<_> = self.layers[layer].iter().map(|item| self.goal(*item, round)).collect();
                self.place(layer, &goals);
            }
        }
        self.straighten();
        let left = self.items.iter().map(|item| item.x - item.width / 2.0).fold(f32::INFINITY, f32::min);
        let right = self.items.iter().map(|item| item.x + item.width / 2.0).fold(f32::NEG_INFINITY, f32::max);
        for item in &mut self.items {
            item.x -= left;
        }
        self.width = (right - left).max(0.0);
    }

    /// Where a box would stand straight below or above its neighbours, and how much that matters: lines between bends should be straight.
    fn goal(&self, item: usize, round: usize) -> (f32, f32) {
        let (mut sum, mut weight) = (0.0, 0.0);
        for link in &self.links {
            let (other, is_above) = match (link.to == item, link.from == item) {
                (true, _) => (link.from, true),
                (_, true) => (link.to, false),
                _ => continue,
            };
            // First from above, then from below, in the end from both.
            if round < 20 && is_above != round.is_multiple_of(2) {
                continue;
            }
            let bends = [item, other].iter().filter(|end| matches!(self.items[**end].holds, Holds::Bend(_))).count();
            // Of several that take a value, the first stands below it.
            let is_first =
                self.links.iter().find(|first| first.from == link.from).is_some_and(|first| first.to == link.to);
            let own = STRAIGHT[bends] * if is_first || bends == 2 { 1.0 } else { 0.05 };
            let theirs = self.items[other].x + self.port(other, link.value, is_above);
            sum += own * (theirs - self.port(item, link.value, !is_above));
            weight += own;
        }
        if weight == 0.0 { (self.items[item].x, 0.1) } else { (sum / weight, weight) }
    }

    /// The places of a layer that are nearest to the goals and keep their distances: neighbours that would overlap stand together at
    /// their mean (pool adjacent violators).
    fn place(&mut self, layer: usize, goals: &[(f32, f32)]) {
        let mut offset = 0.0;
        // Of each group: the sum of weighted goals, the weight, its first item.
        let mut groups: Vec<(f32, f32, usize)> = Vec::new();
        let mut offsets = Vec::new();
        for (place, item) in self.layers[layer].iter().enumerate() {
            if place > 0 {
                let before = &self.items[self.layers[layer][place - 1]];
                offset += (before.width + self.items[*item].width) / 2.0 + BESIDE;
            }
            offsets.push(offset);
            let (goal, weight) = goals[place];
            groups.push(((goal - offset) * weight, weight, place));
            while let [.., a, b] = groups.as_slice()
                && a.0 / a.1 > b.0 / b.1
            {
                let joined = (a.0 + b.0, a.1 + b.1, a.2);
                groups.truncate(groups.len() - 2);
                groups.push(joined);
            }
        }
        let mut group = 0;
        for (place, offset) in offsets.into_iter().enumerate() {
            if groups.get(group + 1).is_some_and(|next| next.2 == place) {
                group += 1;
            }
            let item = self.layers[layer][place];
            self.items[item].x = groups[group].0 / groups[group].1 + offset;
        }
    }

    /// Bends of one line stand in one column, where there is room.
    fn straighten(&mut self) {
        for first in 0..self.items.len() {
            let Holds::Bend(value) = self.items[first].holds else { continue };
            let bends: Vec<_> =
                (0..self.items.len()).filter(|other| self.items[*other].holds == Holds::Bend(value)).collect();
            if bends[0] != first {
                continue;
            }
            let (mut low, mut high, mut sum) = (f32::NEG_INFINITY, f32::INFINITY, 0.0);
            for bend in &bends {
                let layer = &self.layers[self.items[*bend].layer];
                let place = layer.iter().position(|item| item == bend).unwrap_or(0);
                let room = |other: &usize| (self.items[*other].width + self.items[*bend].width) / 2.0 + BESIDE;
                if let Some(other) = place.checked_sub(1).and_then(|before| layer.get(before)) {
                    low = low.max(self.items[*other].x + room(other));
                }
                if let Some(other) = layer.get(place + 1) {
                    high = high.min(self.items[*other].x - room(other));
                }
                sum += self.items[*bend].x;
            }
            if low > high + 0.01 {
                continue;
            }
            for bend in &bends {
                self.items[*bend].x = (sum / bends.len() as f32).min(high).max(low);
            }
        }
    }

    /// Places downwards. Lines that go far across get more room.
    fn stack(&mut self) {
        let mut y = 0.0;
        for (layer, items) in self.layers.iter().enumerate() {
            let height = items.iter().map(|item| self.items[*item].height).fold(0.0, f32::max);
            for item in items {
                self.items[*item].y = y + (height - self.items[*item].height) / 2.0;
            }
            self.bands.push((y, y + height));
            let across = self.links.iter().filter(|link| self.items[link.from].layer == layer).map(|link| {
                let from = self.items[link.from].x + self.port(link.from, link.value, true);
                (self.items[link.to].x + self.port(link.to, link.value, false) - from).abs()
            });
            let is_last = layer + 1 == self.layers.len();
            let room = BETWEEN + (across.fold(0.0, f32::max) / 10.0).min(30.0);
            y += height + if is_last { 0.0 } else { room };
        }
        self.height = y;
    }
}

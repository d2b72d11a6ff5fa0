//! Programs that were checked: a run need not look again whether values share a place.

use nn_shape::frozen::{Place, Step};

use super::LayerStep;

/// Steps of which none writes what it reads or works on. A network's are checked while rustc compiles it.
#[derive(Clone, Copy, Debug)]
pub struct Program<'a> {
    steps: &'a [Step],
    layers: &'a [LayerStep],
    /// Elements of the arena that are in use.
    arena: usize,
}

/// From the first element to the one behind the last; empty if it is none of the arena's.
type Range = (usize, usize);

const fn range(place: Place, len: usize) -> Range {
    match place {
        Place::Arena(offset) => (offset, offset.saturating_add(len)),
        _ => (0, 0),
    }
}

const fn meet(a: Range, b: Range) -> bool {
    a.0 < b.1 && b.0 < a.1 && a.0 < a.1 && b.0 < b.1
}

/// Whether both are the same tensor of the output.
const fn same_output(a: Place, b: Place) -> bool {
    match (a, b) {
        (Place::Result(a), Place::Result(b)) => a == b,
        (Place::Output | Place::Result(_), Place::Output | Place::Result(_)) => true,
        _ => false,
    }
}

const MEETS: &str = "nn: two values share a place in the plan of a frozen network";

const fn larger(a: usize, b: Range) -> usize {
    if b.1 > a { b.1 } else { a }
}

/// Checks a step, and gives how much of the arena it uses.
const fn step(step: &Step) -> usize {
    let sizes = &step.sizes;
    let (write, scratch) = (range(step.write, sizes.write), range(Place::Arena(step.scratch), sizes.scratch));
    let mut arena = larger(write.1, scratch);
    assert!(!meet(write, scratch), "{}", MEETS);
    let mut index = 0;
    while index < 2 {
        let read = range(step.reads[index], sizes.reads[index]);
        assert!(!meet(read, write) && !meet(read, scratch), "{}", MEETS);
        assert!(
            !matches!(step.reads[index], Place::Output | Place::Result(_)),
            "nn: a step reads the output of a frozen network"
        );
        arena = larger(arena, read);
        index += 1;
    }
    arena
}

/// The same of a layer.
const fn layer(layer: &LayerStep) -> usize {
    let scratch = range(Place::Arena(layer.scratch.0), layer.scratch.1);
    let mut arena = scratch.1;
    let mut index = 0;
    // The working space stands behind what is written.
    while index <= layer.writes.len() {
        let own =
            if index < layer.writes.len() { range(layer.writes[index].0, layer.writes[index].1) } else { scratch };
        let mut other = 0;
        while other < index {
            assert!(!meet(own, range(layer.writes[other].0, layer.writes[other].1)), "{}", MEETS);
            let both = index < layer.writes.len() && same_output(layer.writes[index].0, layer.writes[other].0);
            assert!(!both, "{}", MEETS);
            other += 1;
        }
        let mut read = 0;
        while read < layer.reads.len() {
            let read_range = range(layer.reads[read].0, layer.reads[read].1);
            assert!(!meet(own, read_range), "{}", MEETS);
            arena = larger(arena, read_range);
            read += 1;
        }
        arena = larger(arena, own);
        index += 1;
    }
    arena
}

impl<'a> Program<'a> {
    /// # Panics
    /// If a step or a layer writes what it reads, or two values to one place.
    pub const fn new(steps: &'a [Step], layers: &'a [LayerStep]) -> Self {
        let (mut arena, mut index) = (0, 0);
        while index < steps.len() {
            arena = larger(arena, (0, step(&steps[index])));
            index += 1;
        }
        index = 0;
        while index < layers.len() {
            arena = larger(arena, (0, layer(&layers[index])));
            index += 1;
        }
        Program { steps, layers, arena }
    }

    /// The steps in front of `place`, and those from it on.
    #[inline(always)]
    pub fn split_at(self, place: usize) -> (Self, Self) {
        let (front, behind) = self.steps.split_at(place);
        (Program { steps: front, ..self }, Program { steps: behind, ..self })
    }

    /// What is done.
    #[inline(always)]
    pub fn steps(self) -> &'a [Step] {
        self.steps
    }

    /// The layers that steps name.
    #[inline(always)]
    pub fn layers(self) -> &'a [LayerStep] {
        self.layers
    }

    /// Elements of the arena that are in use.
    #[inline(always)]
    pub fn arena(self) -> usize {
        self.arena
    }
}

#[cfg(test)]
mod tests {
    use nn_shape::frozen::Work;

    use super::*;

    fn copy(read: Place, write: Place) -> Step {
        Step::new(Work::Copy(4), [read, Place::None], write)
    }

    #[test]
    fn what_lies_apart_is_sound() {
        let steps = [copy(Place::Input, Place::Arena(0)), copy(Place::Arena(0), Place::Arena(4))];
        assert_eq!(Program::new(&steps, &[]).arena(), 8);
    }

    #[test]
    #[should_panic(expected = "share a place")]
    fn a_step_that_writes_what_it_reads_is_refused() {
        Program::new(&[copy(Place::Arena(0), Place::Arena(3))], &[]);
    }

    #[test]
    #[should_panic(expected = "share a place")]
    fn a_layer_that_writes_where_it_works_is_refused() {
        let layer = LayerStep {
            operation: 0,
            reads: &[(Place::Arena(0), 4)],
            writes: &[(Place::Arena(4), 4)],
            scratch: (6, 1),
        };
        Program::new(&[], &[layer]);
    }

    #[test]
    #[should_panic(expected = "share a place")]
    fn a_layer_that_writes_an_output_twice_is_refused() {
        let writes = &[(Place::Result(1), 4), (Place::Arena(0), 4), (Place::Result(1), 4)];
        Program::new(&[], &[LayerStep { operation: 0, reads: &[], writes, scratch: (0, 0) }]);
    }

    #[test]
    fn an_offset_beyond_all_memory_is_not_taken_for_a_small_one() {
        let arena = Program::new(&[copy(Place::Input, Place::Arena(usize::MAX - 1))], &[]).arena();
        assert_eq!(arena, usize::MAX);
    }
}

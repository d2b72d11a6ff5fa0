//! Whatever the arguments and shapes, an operation is an operation: nothing panics, because a panic while the macro expands, or while
//! rustc evaluates a constant, would hide the mistake that it comes from.

use std::panic::catch_unwind;

use nn_shape::catalogue::{Entry, Inputs, Kind, Outputs, Parameter, entries};
use nn_shape::{Arg, Element, MAX_ENTRIES, MAX_RANK, Shape};

/// Numbers that look random.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % end
    }

    fn choose<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn size(&mut self) -> usize {
        const LARGE: [usize; 7] = [1 << 20, 1 << 31, 1 << 32, 1 << 40, (1 << 40) + 1, i64::MAX as usize, usize::MAX];
        if self.below(12) == 0 { self.choose(&LARGE) } else { self.below(9) }
    }

    fn int(&mut self) -> isize {
        if self.below(12) == 0 {
            self.choose(&[isize::MIN, isize::MAX, -100, 100])
        } else {
            self.below(13) as isize - 6
        }
    }

    fn real(&mut self) -> f64 {
        self.choose(&[0.0, 0.5, 1.0, -1.0, 1e300, f64::NAN, f64::INFINITY])
    }

    fn shape(&mut self) -> Shape {
        if self.below(10) == 0 {
            return Shape::INVALID;
        }
        let sizes: Vec<_> = (0..self.below(MAX_RANK + 1)).map(|_| self.size()).collect();
        let shape = Shape::header(&sizes);
        if self.below(20) == 0 { shape.with_element(Element::Index) } else { shape }
    }

    fn arg(&mut self, parameter: &Parameter, axes: usize) -> Arg {
        if parameter.inferable && self.below(4) == 0 {
            return Arg::Inferred;
        }
        if let (Some(default), 0) = (parameter.default, self.below(2)) {
            return default;
        }
        if parameter.optional && self.below(4) == 0 {
            return Arg::None;
        }
        let several = |random: &mut Random| random.below(MAX_ENTRIES + 1);
        match parameter.kind {
            // The working space of a convolution's gradient is looked for over all places between two strides.
            _ if parameter.name == "stride" => Arg::size(self.below(9)),
            Kind::Size => Arg::size(self.size()),
            Kind::AxesOr(words) if self.below(3) == 0 => Arg::Word(self.choose(words)),
            Kind::Axes | Kind::AxesOr(_) if self.below(2) == 0 => {
                let sizes: Vec<_> = (0..axes).map(|_| self.size()).collect();
                Arg::sizes(&sizes)
            }
            Kind::AxesOrNone if self.below(2) == 0 => {
                let sizes: Vec<_> = (0..axes).map(|_| (self.below(3) > 0).then(|| self.size())).collect();
                Arg::optional_sizes(&sizes)
            }
            Kind::Sizes if self.below(2) == 0 => {
                let sizes: Vec<_> = (0..several(self)).map(|_| self.size()).collect();
                Arg::sizes(&sizes)
            }
            Kind::Ints if self.below(2) == 0 => {
                let ints: Vec<_> = (0..several(self)).map(|_| self.int()).collect();
                Arg::ints(&ints)
            }
            Kind::Reals if self.below(2) == 0 => {
                let reals: Vec<_> = (0..several(self)).map(|_| self.real()).collect();
                Arg::reals(&reals)
            }
            Kind::Axes | Kind::AxesOr(_) | Kind::AxesOrNone | Kind::Sizes => Arg::size(self.size()),
            Kind::Int | Kind::Ints => Arg::int(self.int()),
            Kind::Real | Kind::Reals => Arg::real(self.real()),
            Kind::Flag => Arg::flag(self.below(2) == 0),
            Kind::Word(words) => Arg::Word(self.choose(words)),
            // Some of the inputs, or one that is not there.
            Kind::Value => Arg::size(self.below(6)),
            #[allow(unreachable_patterns)]
            _ => Arg::None,
        }
    }
}

fn count(entry: &Entry, random: &mut Random) -> usize {
    match entry.inputs {
        Inputs::Exactly(count) => count,
        Inputs::WithState(states) => 1 + states * random.below(2),
        Inputs::List => random.below(5),
    }
}

#[test]
fn nothing_panics() {
    let mut failed = Vec::new();
    for entry in entries() {
        let mut random = Random(entry.name.len() as u64);
        for _ in 0..4000 {
            let args: Vec<_> =
                entry.parameters.iter().chain(entry.call).map(|parameter| random.arg(parameter, entry.axes)).collect();
            let named = args.iter().zip(entry.parameters.iter().chain(entry.call));
            let named = named.filter(|(arg, parameter)| parameter.kind == Kind::Value && !arg.is_none()).count();
            // Shapes that fit together are met by taking one of them for all, half of the time.
            let (first, same) = (random.shape(), random.below(2) == 0);
            let inputs: Vec<_> =
                (0..count(entry, &mut random) + named).map(|_| if same { first } else { random.shape() }).collect();
            let outputs = match entry.outputs {
                Outputs::Exactly(count) => count,
                _ => 3,
            };
            let output = random.below(outputs);
            let found = catch_unwind(|| (entry.evaluate)(entry.axes, &args, &inputs, output));
            let Ok(facts) = found else {
                failed.push(format!("{} panics: {args:?} {inputs:?}", entry.name));
                break;
            };
            let fixed = matches!(entry.outputs, Outputs::Exactly(_));
            if fixed
                && facts.sound
                && !facts.output.is_valid()
                && !inputs.is_empty()
                && inputs.iter().all(Shape::is_valid)
            {
                failed.push(format!("{} breaks no rule and gives nothing: {args:?} {inputs:?}", entry.name));
                break;
            }
        }
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}

//! The one bound on sizes, whatever the operation.

use crate::{Arg, At, LAYER, Message, Needs, Shape, Violation};

/// What of an operation is larger than [`Shape::MOST`]. Below it, sums over a network are far from overflow.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Excess {
    /// Nothing.
    None,
    /// An argument: its place in the signature, and its number.
    Argument(usize, u64),
    /// One of its values.
    Value(Shape),
    /// So many learnable numbers.
    Parameters(usize),
    /// So much working space.
    Memory(usize),
}

impl Excess {
    /// What the arguments, or else the outputs or the number of parameters exceed. Nothing where an input is not valid.
    pub const fn of(args: &[Arg], inputs: &[Shape], outputs: &[Shape], parameters: usize) -> Excess {
        let mut i = 0;
        while i < inputs.len() {
            if !inputs[i].is_valid() {
                return Excess::None;
            }
            i += 1;
        }
        let mut place = 0;
        while place < args.len() {
            if let Arg::TooLarge(number) = args[place] {
                return Excess::Argument(place, number);
            }
            place += 1;
        }
        let mut i = 0;
        while i < outputs.len() {
            if outputs[i].len() > Shape::MOST {
                return Excess::Value(outputs[i]);
            }
            i += 1;
        }
        if parameters > Shape::MOST { Excess::Parameters(parameters) } else { Excess::None }
    }

    /// The same, or the memory that is needed beside values and parameters.
    pub const fn or_memory(self, needs: &Needs) -> Excess {
        let Needs { saved_batch, saved_sample, saved_words, forward_scratch, backward_scratch, .. } = *needs;
        let sizes = [saved_batch, saved_sample, saved_words, forward_scratch, backward_scratch];
        let mut i = 0;
        while i < sizes.len() {
            if sizes[i] > Shape::MOST && !self.is_some() {
                return Excess::Memory(sizes[i]);
            }
            i += 1;
        }
        self
    }

    /// Whether anything is too large.
    pub const fn is_some(&self) -> bool {
        !matches!(self, Excess::None)
    }

    /// The const parameters of a layer, or others that make a type of a sound size.
    pub const fn sound(&self, generics: [usize; 6]) -> [usize; 6] {
        if self.is_some() { [1; 6] } else { generics }
    }

    /// The broken rule; `names` are those of the signature.
    pub const fn violation(&self, at: &At, names: &[&str]) -> Option<Violation> {
        let (title, what) = match self {
            Excess::None => return None,
            Excess::Argument(place, number) => return too_large(at, *place, names[*place], *number as usize),
            Excess::Value(_) => ("the result is too large", "a value holds"),
            Excess::Parameters(_) => ("too many parameters", "the parameters of a layer hold"),
            Excess::Memory(_) => ("the layer needs too much memory", "the working space of a layer holds"),
        };
        let text = Message::title(at, title)
            .text("\n  rule : ")
            .text(what)
            .text(" at most ")
            .number(Shape::MOST)
            .text(" numbers")
            .found("");
        let text = match self {
            Excess::Value(shape) => text.shape(*shape),
            Excess::Parameters(count) | Excess::Memory(count) => several(text, *count),
            Excess::None | Excess::Argument(..) => text,
        };
        text.fix("write smaller sizes").blame(LAYER)
    }
}

/// A saturated number says no more than that it is large.
const fn several(text: Message, count: usize) -> Message {
    if count == usize::MAX { text.text("far more").text(" numbers") } else { text.number(count).text(" numbers") }
}

const fn too_large(at: &At, place: usize, name: &str, number: usize) -> Option<Violation> {
    Message::title(at, name)
        .text(" is too large")
        .text("\n  rule : no size is above ")
        .number(Shape::MOST)
        .found(name)
        .text(" = ")
        .number(number)
        .fix("write a smaller number")
        .blame(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEW: Shape = Shape::header(&[4]);

    #[test]
    fn an_argument_keeps_its_number() {
        let excess = Excess::of(&[Arg::Inferred, Arg::size(usize::MAX)], &[FEW], &[], 0);
        let violation = excess.violation(&At::NOWHERE, &["in_features", "out_features"]).unwrap();
        assert_eq!(violation.argument, 1);
        assert!(violation.message.as_str().contains("found: out_features = 18446744073709551615"));
        assert!(Excess::of(&[Arg::sizes(&[1, usize::MAX])], &[FEW], &[], 0).is_some());
        assert!(Excess::of(&[Arg::optional_sizes(&[None, Some(Shape::MOST + 1)])], &[FEW], &[], 0).is_some());
    }

    #[test]
    fn values_parameters_and_memory_are_bounded() {
        let args = [Arg::size(Shape::MOST)];
        assert!(!Excess::of(&args, &[FEW], &[Shape::new(&[Shape::MOST])], Shape::MOST).is_some());
        let large = Shape::new(&[1 << 20, 1 << 20, 2]);
        assert_eq!(Excess::of(&args, &[FEW], &[FEW, large], 0), Excess::Value(large));
        assert_eq!(Excess::of(&args, &[FEW], &[FEW], usize::MAX), Excess::Parameters(usize::MAX));
        let needs = Needs { saved_words: Shape::MOST + 1, ..Needs::NOTHING };
        assert_eq!(Excess::None.or_memory(&needs), Excess::Memory(Shape::MOST + 1));
    }

    #[test]
    fn what_comes_after_a_mistake_is_silent() {
        assert!(!Excess::of(&[Arg::size(usize::MAX)], &[Shape::INVALID], &[], usize::MAX).is_some());
    }
}

//! The value of one argument, as the catalogue's signature orders them.

use crate::Shape;

/// The most entries that a tuple argument may have.
pub const MAX_ENTRIES: usize = 8;

/// The value of one argument. The macro writes one `Arg` for each parameter of the signature: what the user wrote, or the default.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Arg {
    /// `None` in PyTorch.
    None,
    /// `_`: follows from the input.
    Inferred,
    /// A whole number.
    Int(i64),
    /// A tuple of whole numbers: the entries, and how many there are. Where an entry may be `None`, -1 stands for it.
    Ints([i64; MAX_ENTRIES], usize),
    /// A real number.
    Real(f64),
    /// A tuple of real numbers.
    Reals([f64; MAX_ENTRIES], usize),
    /// `true` or `false`.
    Flag(bool),
    /// One of a few words, such as a padding mode.
    Word(&'static str),
    /// A size above [`Shape::MOST`], alone or in a tuple: [`crate::Excess`] refuses it, whatever the operation.
    TooLarge(u64),
}

/// Types of constants that may stand where a number may be negative.
#[diagnostic::on_unimplemented(message = "a whole number is expected, found `{Self}`", label = "no whole number")]
pub trait Whole: Copy {
    /// The type itself: what has none is one error, not a second one where it is converted.
    type Own;
}

macro_rules! whole {
    ($($type:ty),*) => { $(
        #[diagnostic::do_not_recommend]
        impl Whole for $type {
            type Own = $type;
        }
    )* };
}

whole!(isize, i8, i16, i32, i64, usize, u8, u16, u32, u64);

impl Arg {
    /// What the user wrote where a number may be negative, which the macro converts by `as`: that alone would take a real number, too.
    pub const fn whole<T: Whole<Own = T>>(value: T) -> T::Own {
        value
    }

    /// A size that the user wrote: the parameter's type makes rustc report a constant of another type there.
    pub const fn size(value: usize) -> Arg {
        if value > Shape::MOST { Arg::TooLarge(value as u64) } else { Arg::Int(value as i64) }
    }

    /// A tuple of sizes.
    pub const fn sizes(values: &[usize]) -> Arg {
        let mut entries = [0; MAX_ENTRIES];
        let mut i = 0;
        while i < values.len() && i < MAX_ENTRIES {
            if values[i] > Shape::MOST {
                return Arg::TooLarge(values[i] as u64);
            }
            entries[i] = values[i] as i64;
            i += 1;
        }
        Arg::Ints(entries, i)
    }

    /// A tuple of sizes in which an entry may be `None`: `(None, 7)`.
    pub const fn optional_sizes(values: &[Option<usize>]) -> Arg {
        let mut entries = [0; MAX_ENTRIES];
        let mut i = 0;
        while i < values.len() && i < MAX_ENTRIES {
            entries[i] = match values[i] {
                Some(size) if size > Shape::MOST => return Arg::TooLarge(size as u64),
                Some(size) => size as i64,
                None => -1,
            };
            i += 1;
        }
        Arg::Ints(entries, i)
    }

    /// A whole number with a sign.
    pub const fn int(value: isize) -> Arg {
        Arg::Int(value as i64)
    }

    /// A tuple of whole numbers with signs.
    pub const fn ints(values: &[isize]) -> Arg {
        let mut entries = [0; MAX_ENTRIES];
        let mut i = 0;
        while i < values.len() && i < MAX_ENTRIES {
            entries[i] = values[i] as i64;
            i += 1;
        }
        Arg::Ints(entries, i)
    }

    /// A real number.
    pub const fn real(value: f64) -> Arg {
        Arg::Real(value)
    }

    /// A tuple of real numbers.
    pub const fn reals(values: &[f64]) -> Arg {
        let mut entries = [0.0; MAX_ENTRIES];
        let mut i = 0;
        while i < values.len() && i < MAX_ENTRIES {
            entries[i] = values[i];
            i += 1;
        }
        Arg::Reals(entries, i)
    }

    /// A truth value.
    pub const fn flag(value: bool) -> Arg {
        Arg::Flag(value)
    }

    /// [`Arg::size`] of what the user wrote. It comes in an array because rustc then reports a constant of another type without a
    /// note about this function.
    pub const fn one_size([value]: [usize; 1]) -> Arg {
        Arg::size(value)
    }

    /// [`Arg::int`] of what the user wrote.
    pub const fn one_int([value]: [isize; 1]) -> Arg {
        Arg::int(value)
    }

    /// [`Arg::real`] of what the user wrote.
    pub const fn one_real([value]: [f64; 1]) -> Arg {
        Arg::real(value)
    }

    /// [`Arg::flag`] of what the user wrote.
    pub const fn one_flag([value]: [bool; 1]) -> Arg {
        Arg::flag(value)
    }

    /// True for `None`.
    pub const fn is_none(&self) -> bool {
        matches!(self, Arg::None)
    }

    /// The whole number as a size, or `otherwise` for `_`, `None` and anything else.
    pub const fn size_or(&self, otherwise: usize) -> usize {
        match self {
            Arg::Int(value) if *value >= 0 => *value as usize,
            _ => otherwise,
        }
    }

    /// The whole number, or `otherwise`.
    pub const fn int_or(&self, otherwise: i64) -> i64 {
        match self {
            Arg::Int(value) => *value,
            _ => otherwise,
        }
    }

    /// The real number, or `otherwise`.
    pub const fn real_or(&self, otherwise: f64) -> f64 {
        match self {
            Arg::Real(value) => *value,
            Arg::Int(value) => *value as f64,
            _ => otherwise,
        }
    }

    /// The truth value; false for anything else.
    pub const fn is_true(&self) -> bool {
        matches!(self, Arg::Flag(true))
    }

    /// True if the argument is this word.
    pub const fn is(&self, word: &str) -> bool {
        let Arg::Word(own) = self else { return false };
        let (own, word) = (own.as_bytes(), word.as_bytes());
        if own.len() != word.len() {
            return false;
        }
        let mut i = 0;
        while i < own.len() {
            if own[i] != word[i] {
                return false;
            }
            i += 1;
        }
        true
    }

    /// The number of entries of a tuple; 1 for a number.
    pub const fn entries(&self) -> usize {
        match self {
            Arg::Ints(_, count) | Arg::Reals(_, count) => *count,
            Arg::None => 0,
            _ => 1,
        }
    }

    /// One entry of a tuple; a number stands for all of them.
    pub const fn entry(&self, index: usize) -> i64 {
        match self {
            Arg::Int(value) => *value,
            Arg::Ints(entries, count) if index < *count => entries[index],
            _ => 0,
        }
    }

    /// One entry of a tuple as a real number; a number stands for all of them.
    pub const fn real_entry(&self, index: usize) -> f64 {
        match self {
            Arg::Real(value) => *value,
            Arg::Reals(entries, count) if index < *count => entries[index],
            _ => self.entry(index) as f64,
        }
    }

    /// An int or a tuple over the last `axes` of three axes, the missing ones in front being `fill`.
    pub const fn axes(&self, axes: usize, fill: usize) -> [usize; 3] {
        let mut sizes = [fill; 3];
        let mut axis = 0;
        while axis < axes {
            let entry = self.entry(axis);
            sizes[3 - axes + axis] = if entry < 0 { 0 } else { entry as usize };
            axis += 1;
        }
        sizes
    }
}

//! What PyTorch prints of a layer's arguments: the text behind its class in `print(net)`.
//!
//! An entry of the catalogue says it in one line, [`repr`](crate::catalogue::Entry::repr), item by item, with commas between:
//!
//! | item | prints |
//! |---|---|
//! | `padding` | `padding=` and the value as it was written: a number, or a tuple |
//! | `#in_channels` | the value alone |
//! | `groups?` | nothing where the value is the default |
//! | `kernel_size*` | a tuple with one entry for each axis: `(3, 3)`, of sizes of any number those that there are |
//! | `padding**` | a tuple with two entries for each axis |
//! | `mode!` | the word in quotes |
//! | `scale_factor.` | a real number even where a whole one was written |
//! | `output_size~` | `None` for an entry that was left open |
//! | `min_val=min_value` | the value of `min_value` under the name `min_val` |
//! | `scale_factor\|size` | the first that is not `None`, else the last |
//! | `bias&affine` | whether both are true |
//! | `padding_idx%num_embeddings` | a negative index from the end |
//! | `'mode=nearest'` | this text |

use core::fmt::{self, Write};

use crate::Arg;
use crate::catalogue::Entry;

/// One item of a layer's printed arguments.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Shown {
    /// What stands in front of `=`; nothing for the value alone.
    pub label: &'static str,
    /// The argument's place in the signature.
    pub place: usize,
    /// How the value is written.
    pub form: Form,
    /// The value that is left out.
    pub unless: Option<Arg>,
    /// Where the value is `None` the next item stands for it, else the next is left out.
    pub or: bool,
}

/// How a value is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// As it was given.
    Plain,
    /// As a tuple of so many entries; 0 for as many as there are.
    Tuple(usize),
    /// As a tuple in which -1 stands for `None`.
    Open,
    /// In quotes.
    Quoted,
    /// As a real number.
    Real,
    /// Whether it and the argument at this place are true.
    And(usize),
    /// An index, which is counted from the end of so many as the argument at this place says if it is negative.
    Wrapped(usize),
    /// No value: the label is the text.
    Text,
}

/// A module that PyTorch prints inside of a layer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Inner {
    /// Its name there.
    pub name: &'static str,
    /// Its class.
    pub class: &'static str,
    /// Its arguments, from those of the layer around it.
    pub repr: &'static str,
}

/// The items of a text, for the parameters of an entry. An item with an unknown name is `None`: a slip in the catalogue.
pub fn items(text: &'static str, entry: &'static Entry) -> impl Iterator<Item = Option<Shown>> {
    let items = text.split(", ").filter(|item| !item.is_empty());
    items.flat_map(move |item| {
        let count = item.split('|').count();
        item.split('|').enumerate().map(move |(index, text)| self::item(text, index + 1 < count, entry))
    })
}

fn item(text: &'static str, or: bool, entry: &'static Entry) -> Option<Shown> {
    if let Some(text) = text.strip_prefix('\'') {
        return Some(Shown { label: text.strip_suffix('\'')?, place: 0, form: Form::Text, unless: None, or });
    }
    let place = |name: &str| entry.parameters.iter().position(|parameter| parameter.name == name);
    let (text, without_default) = text.strip_suffix('?').map_or((text, false), |text| (text, true));
    let (text, form) = match text.strip_suffix("**") {
        Some(text) => (text, Form::Tuple(2 * entry.axes)),
        None => match text.as_bytes().last()? {
            b'*' => (&text[..text.len() - 1], Form::Tuple(entry.axes)),
            b'!' => (&text[..text.len() - 1], Form::Quoted),
            b'.' => (&text[..text.len() - 1], Form::Real),
            b'~' => (&text[..text.len() - 1], Form::Open),
            _ => (text, Form::Plain),
        },
    };
    let (text, form) = match (text.split_once('&'), text.split_once('%')) {
        (Some((text, other)), _) => (text, Form::And(place(other)?)),
        (None, Some((text, other))) => (text, Form::Wrapped(place(other)?)),
        (None, None) => (text, form),
    };
    let (label, name) = match text.strip_prefix('#') {
        Some(name) => ("", name),
        None => text.split_once('=').unwrap_or((text, text)),
    };
    let place = place(name)?;
    let unless = entry.parameters[place].default.filter(|_| without_default);
    Some(Shown { label, place, form, unless, or })
}

/// Writes the items for a layer's arguments, of which some are known better.
pub fn write(shown: &[Shown], args: &[Arg], given: &[(usize, Arg)], f: &mut dyn Write) -> fmt::Result {
    let value = |place: usize| {
        let known = given.iter().find(|(other, _)| *other == place).map(|(_, arg)| *arg);
        known.or(args.get(place).copied()).unwrap_or(Arg::None)
    };
    let (mut first, mut done) = (true, false);
    for item in shown {
        let skipped = core::mem::replace(&mut done, false);
        let arg = value(item.place);
        if skipped {
            done = item.or;
            continue;
        }
        if item.or && arg.is_none() {
            continue;
        }
        done = item.or;
        if item.unless.is_some_and(|default| same(&default, &arg)) {
            continue;
        }
        f.write_str(if first { "" } else { ", " })?;
        first = false;
        f.write_str(item.label)?;
        if !item.label.is_empty() && item.form != Form::Text {
            f.write_str("=")?;
        }
        one(item.form, &arg, &value, f)?;
    }
    Ok(())
}

fn one(form: Form, arg: &Arg, value: &dyn Fn(usize) -> Arg, f: &mut dyn Write) -> fmt::Result {
    match (form, arg) {
        (Form::Text, _) => Ok(()),
        (Form::Tuple(_), Arg::Word(_) | Arg::None) => written(arg, false, f),
        (Form::Tuple(count), _) => {
            let count = if count == 0 { arg.entries() } else { count };
            tuple(count, f, |entry, f| write!(f, "{}", arg.entry(entry)))
        }
        (Form::Open, _) => written(arg, true, f),
        (Form::Quoted, Arg::Word(word)) => write!(f, "'{word}'"),
        (Form::Real, Arg::Int(value)) => real(*value as f64, f),
        (Form::Real, Arg::Ints(_, count) | Arg::Reals(_, count)) => {
            tuple(*count, f, |entry, f| real(arg.real_entry(entry), f))
        }
        (Form::And(other), _) => written(&Arg::Flag(arg.is_true() && value(other).is_true()), false, f),
        (Form::Wrapped(other), Arg::Int(index)) if *index < 0 => write!(f, "{}", index + value(other).int_or(0)),
        _ => written(arg, false, f),
    }
}

/// A value in Python's spelling; `open` says that -1 in a tuple stands for `None`.
fn written(arg: &Arg, open: bool, f: &mut dyn Write) -> fmt::Result {
    match arg {
        Arg::None => f.write_str("None"),
        Arg::Inferred => f.write_str("_"),
        Arg::Int(value) => write!(f, "{value}"),
        Arg::Ints(entries, count) => tuple(*count, f, |entry, f| match entries[entry] {
            -1 if open => f.write_str("None"),
            value => write!(f, "{value}"),
        }),
        Arg::Real(value) => real(*value, f),
        Arg::Reals(entries, count) => tuple(*count, f, |entry, f| real(entries[entry], f)),
        Arg::Flag(flag) => f.write_str(if *flag { "True" } else { "False" }),
        Arg::Word(word) => f.write_str(word),
        Arg::TooLarge(value) => write!(f, "{value}"),
    }
}

fn tuple(count: usize, f: &mut dyn Write, entry: impl Fn(usize, &mut dyn Write) -> fmt::Result) -> fmt::Result {
    f.write_str("(")?;
    for index in 0..count {
        f.write_str(if index > 0 { ", " } else { "" })?;
        entry(index, f)?;
    }
    f.write_str(if count == 1 { ",)" } else { ")" })
}

/// A real number as Python writes it: the shortest digits that give it back, with an exponent below 1e-4 and from 1e16 on.
fn real(value: f64, f: &mut dyn Write) -> fmt::Result {
    let magnitude = if value < 0.0 { -value } else { value };
    if value.is_nan() {
        return f.write_str("nan");
    }
    if magnitude == f64::INFINITY {
        return f.write_str(if value < 0.0 { "-inf" } else { "inf" });
    }
    if magnitude == 0.0 || (1e-4..1e16).contains(&magnitude) {
        return write!(f, "{value:?}");
    }
    let mut text = Digits { bytes: [0; 32], len: 0 };
    write!(text, "{value:e}")?;
    let text = core::str::from_utf8(&text.bytes[..text.len]).unwrap_or_default();
    let Some((digits, exponent)) = text.split_once('e') else { return Err(fmt::Error) };
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
    write!(f, "{digits}e{sign}{exponent:0>2}")
}

struct Digits {
    bytes: [u8; 32],
    len: usize,
}

impl Write for Digits {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

/// Whether an argument is the default, however it is written: a number for all axes, or a tuple of it.
fn same(default: &Arg, arg: &Arg) -> bool {
    match (default, arg) {
        (Arg::Int(_) | Arg::Real(_), Arg::Int(_) | Arg::Real(_) | Arg::Ints(..) | Arg::Reals(..)) => {
            (0..arg.entries()).all(|entry| arg.real_entry(entry) == default.real_or(0.0))
        }
        _ => default == arg,
    }
}

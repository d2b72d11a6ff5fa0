//! The IDX format: MNIST's, Fashion-MNIST's, EMNIST's.
//!
//! Two zero bytes, a type, the number of axes, each axis as a big-endian u32, the numbers in big-endian order.

use std::borrow::Cow;
use std::fmt;
use std::format;
use std::fs;
use std::path::{Path, PathBuf};
use std::string::{String, ToString};
use std::vec::Vec;

use crate::{Element, Float, Tensor};

/// A file in the IDX format, in memory.
///
/// ```
/// use nn::data::Idx;
/// use nn::prelude::*;
///
/// # fn main() -> Result<(), nn::data::IdxError> {
/// // Two images of one row and three columns, and their labels.
/// let images = [0, 0, 0x08, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 0, 51, 255, 255, 0, 0];
/// let labels = [0, 0, 0x08, 1, 0, 0, 0, 2, 7, 2];
/// let images: Vec<Tensor3<1, 1, 3>> = Idx::from_bytes(&images)?.tensors(1.0 / 255.0)?;
/// let labels = Idx::from_bytes(&labels)?.labels(10)?;
/// assert_eq!((images[0][0][0], labels[0]), ([0.0, 0.2, 1.0], 7));
/// # Ok(())
/// # }
/// ```
///
/// MNIST is `Idx::open("train-images-idx3-ubyte")?.tensors::<Tensor3<1, 28, 28>>(1.0 / 255.0)?` and
/// `Idx::open("train-labels-idx1-ubyte")?.labels(10)?`. With the feature `gzip` the files may stay compressed.
#[derive(Clone, PartialEq, Debug)]
pub struct Idx {
    path: Option<PathBuf>,
    kind: Kind,
    shape: Vec<usize>,
    data: Vec<u8>,
}

/// The types of numbers, by the format's codes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    U8 = 0x08,
    I8 = 0x09,
    I16 = 0x0b,
    I32 = 0x0c,
    F32 = 0x0d,
    F64 = 0x0e,
}

/// A file in the IDX format that cannot be read, or that holds something else than what is asked for. Its `Debug` is its `Display`.
pub struct IdxError {
    path: Option<PathBuf>,
    reason: String,
}

impl fmt::Debug for IdxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for IdxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(f, "{}: {}", path.display(), self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

impl std::error::Error for IdxError {}

impl Idx {
    /// Reads a file.
    pub fn open(path: impl AsRef<Path>) -> Result<Idx, IdxError> {
        let path = path.as_ref();
        let name = |reason| IdxError { path: Some(path.into()), reason };
        let bytes = fs::read(path).map_err(|error| name(error.to_string()))?;
        let idx = parse(&bytes).map_err(name)?;
        Ok(Idx { path: Some(path.into()), ..idx })
    }

    /// Reads the bytes of a file.
    pub fn from_bytes(bytes: &[u8]) -> Result<Idx, IdxError> {
        parse(bytes).map_err(|reason| IdxError { path: None, reason })
    }

    /// The sizes of the axes, the number of samples first.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The samples as tensors, each number multiplied by `scale`. Axes of size 1 may be added or left out: images of 28x28 are
    /// `Tensor2<28, 28>` or `Tensor3<1, 28, 28>`.
    pub fn tensors<T: Tensor<Element: Element>>(&self, scale: f64) -> Result<Vec<T>, IdxError> {
        let (count, sample) = self.shape.split_first().ok_or_else(|| self.error("it has no axis of samples".into()))?;
        let long = |shape: &[usize]| shape.iter().copied().filter(|size| *size != 1).collect::<Vec<_>>();
        if long(sample) != long(T::SHAPE) {
            let reason = format!(
                "its samples have the shape {sample:?}, but tensors of shape {:?} are asked for; the file has the shape {:?}",
                T::SHAPE,
                self.shape
            );
            return Err(self.error(reason));
        }
        let mut numbers = self.numbers().map(|number| T::Element::from_f64(number * scale));
        let tensors = (0..*count).map(|_| {
            let mut tensor = T::zeroed();
            tensor.as_mut_slice().iter_mut().zip(&mut numbers).for_each(|(to, from)| *to = from);
            tensor
        });
        Ok(tensors.collect())
    }

    /// The samples as class indices, which are below `classes`.
    pub fn labels(&self, classes: u32) -> Result<Vec<u32>, IdxError> {
        if self.shape.len() != 1 {
            return Err(self.error(format!("labels have one axis, but the file has the shape {:?}", self.shape)));
        }
        let label = |(index, number): (usize, f64)| {
            let label = number as u32;
            let holds = f64::from(label) == number && label < classes;
            holds.then_some(label).ok_or_else(|| {
                self.error(format!(
                    "label {number} of sample {index} is not one of the {classes} classes 0 to {}",
                    classes.saturating_sub(1)
                ))
            })
        };
        self.numbers().enumerate().map(label).collect()
    }

    fn numbers(&self) -> impl Iterator<Item = f64> {
        self.data.chunks_exact(self.kind.width()).map(|bytes| self.kind.number(bytes))
    }

    fn error(&self, reason: String) -> IdxError {
        IdxError { path: self.path.clone(), reason }
    }
}

impl Kind {
    fn new(code: u8) -> Option<Kind> {
        [Kind::U8, Kind::I8, Kind::I16, Kind::I32, Kind::F32, Kind::F64].into_iter().find(|kind| *kind as u8 == code)
    }

    fn width(self) -> usize {
        match self {
            Kind::U8 | Kind::I8 => 1,
            Kind::I16 => 2,
            Kind::I32 | Kind::F32 => 4,
            Kind::F64 => 8,
        }
    }

    fn number(self, bytes: &[u8]) -> f64 {
        match (self, bytes) {
            (Kind::I8, &[a]) => f64::from(a as i8),
            (_, &[a]) => f64::from(a),
            (_, &[a, b]) => f64::from(i16::from_be_bytes([a, b])),
            (Kind::I32, &[a, b, c, d]) => f64::from(i32::from_be_bytes([a, b, c, d])),
            (_, &[a, b, c, d]) => f64::from(f32::from_be_bytes([a, b, c, d])),
            (_, &[a, b, c, d, e, f, g, h]) => f64::from_be_bytes([a, b, c, d, e, f, g, h]),
            _ => f64::NAN,
        }
    }
}

fn parse(bytes: &[u8]) -> Result<Idx, String> {
    let bytes = unpacked(bytes)?;
    let (magic, rest) = bytes.split_first_chunk::<4>().ok_or_else(|| too_short(bytes.len()))?;
    let [0, 0, code, axes] = *magic else {
        return Err(format!("it is no IDX file: that begins with two zero bytes, this one with {magic:02x?}"));
    };
    let kind =
        Kind::new(code).ok_or_else(|| format!("it holds numbers of the type {code:#04x}, which IDX does not have"))?;
    let axes = usize::from(axes);
    let (sizes, data) = rest.split_at_checked(4 * axes).ok_or_else(|| too_short(bytes.len()))?;
    let shape: Vec<_> =
        sizes.chunks_exact(4).map(|size| u32::from_be_bytes([size[0], size[1], size[2], size[3]]) as usize).collect();
    let expected = shape.iter().try_fold(kind.width(), |product, size| product.checked_mul(*size));
    if expected != Some(data.len()) {
        let expected = expected.map_or_else(|| "more than memory can hold".into(), |bytes| format!("{bytes} bytes"));
        let found = data.len();
        return Err(format!(
            "numbers of shape {shape:?} are {expected}, but {found} follow the header; fetch the file again"
        ));
    }
    Ok(Idx { path: None, kind, shape, data: data.into() })
}

fn too_short(len: usize) -> String {
    format!("it ends after {len} bytes, in the middle of the header of an IDX file; fetch the file again")
}

/// What gzip packed, if it did.
#[cfg(feature = "gzip")]
fn unpacked(bytes: &[u8]) -> Result<Cow<'_, [u8]>, String> {
    use std::io::Read;

    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut unpacked = Vec::new();
    // gzip packs by a factor of 1032 at most: more is no honest file.
    let limit = (bytes.len() as u64).saturating_mul(1032);
    flate2::read::MultiGzDecoder::new(bytes)
        .take(limit)
        .read_to_end(&mut unpacked)
        .map_err(|error| format!("gzip cannot unpack it: {error}; fetch the file again"))?;
    Ok(Cow::Owned(unpacked))
}

/// What gzip packed, if it did.
#[cfg(not(feature = "gzip"))]
fn unpacked(bytes: &[u8]) -> Result<Cow<'_, [u8]>, String> {
    match bytes {
        [0x1f, 0x8b, ..] => {
            Err("it is compressed: enable the feature `gzip` of the crate `nn`, or run `gunzip` on it".into())
        }
        _ => Ok(Cow::Borrowed(bytes)),
    }
}

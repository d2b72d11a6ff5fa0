//! Loading.

use std::borrow::Cow;
use std::boxed::Box;
use std::collections::HashSet;
use std::format;
use std::fs;
use std::path::{Path as FilePath, PathBuf};
use std::string::{String, ToString};
use std::vec::Vec;

use safetensors::tensor::{Metadata, TensorView};
use safetensors::{Dtype, SafeTensorError, SafeTensors};

use super::{Fault, Slot, Walk, WeightsError, convert, walk};
use crate::Parameters;

/// A file of weights, and how its tensors are to be brought into a network.
///
/// ```
/// use nn::prelude::*;
/// use nn::weights::Weights;
///
/// network! { struct Mlp: [4] -> [3] { fc1: Linear(4, 16), ReLU, fc2: Linear(16, 3) } }
///
/// # fn main() -> Result<(), nn::weights::WeightsError> {
/// # let bytes = Mlp::init(&mut nn::seed(1)).to_safetensors();
/// # let mut net = Mlp::init(&mut nn::seed(2));
/// Weights::from_bytes(&bytes)?.convert().load_into(&mut *net)?;
/// # Ok(())
/// # }
/// ```
///
/// Without options every tensor of the network must be in the file, with its shape and type, and nothing else. `from_bytes` takes any
/// bytes: a memory map, say, or `include_bytes!`.
pub struct Weights<'a> {
    bytes: Cow<'a, [u8]>,
    path: Option<PathBuf>,
    prefix: String,
    rename: Box<dyn Fn(&str) -> String + 'a>,
    strict: bool,
    convert: bool,
}

/// What [`Weights::load_into`] left out, when it was not strict: PyTorch's `missing_keys` and `unexpected_keys`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Keys {
    /// Of the network, not in the file: these tensors are as they were.
    pub missing: Vec<String>,
    /// In the file, not of the network.
    pub unexpected: Vec<String>,
}

impl Weights<'static> {
    /// Reads a file.
    pub fn open(path: impl AsRef<FilePath>) -> Result<Weights<'static>, WeightsError> {
        let path = path.as_ref();
        let bytes = fs::read(path).map_err(|error| WeightsError::Io { path: path.into(), error })?;
        Weights::new(Cow::Owned(bytes), Some(path.into()))
    }
}

impl<'a> Weights<'a> {
    /// The bytes of a file, wherever they are.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Weights<'a>, WeightsError> {
        Weights::new(Cow::Borrowed(bytes), None)
    }

    fn new(bytes: Cow<'a, [u8]>, path: Option<PathBuf>) -> Result<Weights<'a>, WeightsError> {
        match SafeTensors::deserialize(&bytes) {
            Ok(_) => Ok(Weights {
                bytes,
                path,
                prefix: String::new(),
                rename: Box::new(str::to_string),
                strict: true,
                convert: false,
            }),
            Err(error) => Err(explain(&bytes, path, &error)),
        }
    }

    /// Takes only the tensors whose names begin with `prefix`, and leaves it off: `"model."`.
    pub fn prefix(mut self, prefix: &str) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Gives the name in the file, without the prefix, of each of the network's tensors.
    pub fn rename(mut self, rename: impl Fn(&str) -> String + 'a) -> Self {
        self.rename = Box::new(rename);
        self
    }

    /// Renames by a table of names in the network and in the file. A name stands for a tensor, or for all that lies below it:
    /// `[("conv1", "features.0"), ("fc.weight", "classifier.weight")]`.
    pub fn rename_map<'n: 'a>(self, names: impl IntoIterator<Item = (&'n str, &'n str)>) -> Self {
        let names: Vec<_> = names.into_iter().collect();
        self.rename(move |name| {
            let below = |from: &str| name.strip_prefix(from).filter(|rest| rest.is_empty() || rest.starts_with('.'));
            names.iter().find_map(|(from, to)| Some(format!("{to}{}", below(from)?))).unwrap_or_else(|| name.into())
        })
    }

    /// With `false`, tensors that only the network has stay as they are and tensors that only the file has are left out, as with PyTorch's
    /// `load_state_dict(..., strict=False)`. Shapes and types must agree all the same.
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Converts between F16, BF16, F32 and F64, rounding to nearest.
    pub fn convert(mut self) -> Self {
        self.convert = true;
        self
    }

    /// Fills parameters and buffers. After an error, the network is as it was.
    pub fn load_into<T: Parameters>(&self, network: &mut T) -> Result<Keys, WeightsError> {
        self.load(&mut |visit| walk(network, visit))
    }

    /// Looks at everything first, and writes only if nothing is wrong.
    pub(super) fn load(&self, walk: &mut Walk<'_>) -> Result<Keys, WeightsError> {
        let tensors = SafeTensors::deserialize(&self.bytes).map_err(|error| explain(&self.bytes, None, &error))?;
        let (mut faults, mut keys, mut used) = (Vec::new(), Keys::default(), HashSet::new());
        walk(&mut |name, slot| {
            let key = self.key(name);
            match tensors.tensor(&key) {
                Ok(view) => faults.extend(self.compare(&key, &slot, &view)),
                Err(_) if self.strict => faults.push(Fault::Missing { key: key.clone(), expected: slot.shape.into() }),
                Err(_) => keys.missing.push(name.into()),
            }
            used.insert(key);
        });
        let mut others: Vec<_> =
            tensors.iter().filter(|(key, _)| key.starts_with(&self.prefix) && !used.contains(*key)).collect();
        others.sort_by_key(|(key, view)| (view.data().as_ptr(), *key));
        for (key, view) in others {
            match self.strict {
                true => faults.push(Fault::Unexpected { key: key.into(), found: view.shape().into() }),
                false => keys.unexpected.push(key.into()),
            }
        }
        if !faults.is_empty() {
            let hints = self.hints(&faults, &tensors.names());
            return Err(WeightsError::Mismatch { path: self.path.clone(), faults, hints });
        }
        walk(&mut |name, slot| {
            if let Ok(view) = tensors.tensor(&self.key(name)) {
                convert::copy(view.data(), view.dtype(), slot.bytes, slot.dtype);
            }
        });
        Ok(keys)
    }

    fn key(&self, name: &str) -> String {
        format!("{}{}", self.prefix, (self.rename)(name))
    }

    fn compare(&self, key: &str, slot: &Slot<'_>, view: &TensorView<'_>) -> Option<Fault> {
        let (key, expected, found) = (key.to_string(), slot.shape, view.shape());
        let converts = self.convert && convert::is_float(slot.dtype) && convert::is_float(view.dtype());
        if expected != found {
            Some(Fault::Shape { key, expected: expected.into(), found: found.into() })
        } else if slot.dtype != view.dtype() && !converts {
            let (expected, found) = (slot.dtype.to_string(), view.dtype().to_string());
            Some(Fault::Type { key, shape: slot.shape.into(), expected, found })
        } else {
            None
        }
    }

    fn hints(&self, faults: &[Fault], names: &[&str]) -> Vec<String> {
        let mut hints = Vec::new();
        let missing: Vec<_> = faults.iter().filter_map(Fault::missing).collect();
        // None at all begins with the prefix: as if none had been given.
        let is_wrong = !self.prefix.is_empty() && !names.iter().any(|name| name.starts_with(&self.prefix));
        let (missing, unexpected): (Vec<_>, HashSet<_>) = match is_wrong {
            true => (missing.iter().map(|key| &key[self.prefix.len()..]).collect(), names.iter().copied().collect()),
            false => (missing, faults.iter().filter_map(Fault::unexpected).collect()),
        };
        if is_wrong {
            hints.push(format!("no name in the file begins with {:?}", self.prefix));
        }
        // A part of a larger model, or a wrapper such as DataParallel: everything lies below one name.
        let below = missing.first().and_then(|first| {
            let fits = |prefix: &str| missing.iter().all(|key| unexpected.contains(&format!("{prefix}{key}").as_str()));
            unexpected.iter().filter_map(|key| key.strip_suffix(first)).find(|prefix| fits(prefix))
        });
        if is_wrong && missing.iter().all(|key| unexpected.contains(key)) {
            hints.push("the file has them without a prefix: leave `.prefix(..)` out".into());
        } else if let Some(prefix) = below {
            hints.push(format!("the file has them below `{prefix}`: `.prefix({prefix:?})`"));
        } else if !missing.is_empty() && !unexpected.is_empty() {
            hints.push("`.rename(..)` or `.rename_map(..)` if names differ; `.strict(false)` loads what fits".into());
        } else if !missing.is_empty() || !unexpected.is_empty() {
            hints.push("`.strict(false)` loads what fits".into());
        }
        let float = |name: &str| ["F16", "BF16", "F32", "F64"].contains(&name);
        if faults
            .iter()
            .any(|fault| matches!(fault, Fault::Type { expected, found, .. } if float(expected) && float(found)))
        {
            hints.push("`.convert()` rounds numbers to the network's type".into());
        }
        hints
    }
}

impl Fault {
    fn missing(&self) -> Option<&str> {
        if let Fault::Missing { key, .. } = self { Some(key) } else { None }
    }

    fn unexpected(&self) -> Option<&str> {
        if let Fault::Unexpected { key, .. } = self { Some(key) } else { None }
    }
}

/// Why bytes are no safetensors file, in words that help.
fn explain(bytes: &[u8], path: Option<PathBuf>, error: &SafeTensorError) -> WeightsError {
    if let SafeTensorError::MetadataIncompleteBuffer = error
        && let Some(faults) = truncated(bytes)
        && !faults.is_empty()
    {
        let hints = Vec::from(["the file is cut off: fetch or save it again".into()]);
        return WeightsError::Mismatch { path, faults, hints };
    }
    let pickle = "it is a pickle of PyTorch's; write `safetensors.torch.save_file(model.state_dict(), path)` in Python";
    let reason = match bytes {
        [] => "it is empty".into(),
        [b'P', b'K', 3, 4, ..] | [0x80, 2..=5, ..] => pickle.into(),
        _ if bytes.starts_with(b"version https://git-lfs") => "it is a pointer of Git LFS; run `git lfs pull`".into(),
        [0x1f, 0x8b, ..] => "it is compressed with gzip; unpack it first".into(),
        _ => match error {
            SafeTensorError::MetadataIncompleteBuffer => "bytes follow the last tensor".into(),
            SafeTensorError::InvalidHeaderLength => {
                format!("its header is longer than its {} bytes; it is cut off, or of another format", bytes.len())
            }
            error => error.to_string(),
        },
    };
    WeightsError::Format { path, reason }
}

/// The tensors of a well-formed header that end behind the end of the file.
fn truncated(bytes: &[u8]) -> Option<Vec<Fault>> {
    let length = usize::try_from(u64::from_le_bytes(*bytes.first_chunk()?)).ok()?;
    let data = bytes.get(8..)?.get(length..)?.len();
    let metadata: Metadata = serde_json::from_slice(bytes.get(8..)?.get(..length)?).ok()?;
    let faults = metadata.offset_keys().into_iter().filter_map(|key| {
        let info = metadata.info(&key)?;
        let (begin, end) = info.data_offsets;
        (end > data).then(|| Fault::Truncated {
            shape: info.shape.clone(),
            expected: end - begin,
            found: data.saturating_sub(begin),
            key,
        })
    });
    Some(faults.collect())
}

/// What the file holds: names, types and shapes.
impl std::fmt::Debug for Weights<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut list = f.debug_list();
        if let Ok(tensors) = SafeTensors::deserialize(&self.bytes) {
            let mut rows: Vec<(String, Dtype, Vec<usize>)> =
                tensors.iter().map(|(key, view)| (key.into(), view.dtype(), view.shape().into())).collect();
            rows.sort_by(|a, b| a.0.cmp(&b.0));
            rows.iter().for_each(|(key, dtype, shape)| {
                list.entry(&format_args!("{key}: {dtype} {shape:?}"));
            });
        }
        list.finish()
    }
}

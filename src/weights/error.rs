//! What can be wrong with a file of weights.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::string::String;
use std::vec::Vec;

/// A file of weights that could not be read, written or used. Whatever it is, the network is as it was.
///
/// Its `Debug` is its `Display`: `unwrap` and a `main` that returns it print what a reader needs.
#[non_exhaustive]
pub enum WeightsError {
    /// The file could not be read or written.
    Io {
        /// Where it is.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// It is no safetensors file.
    Format {
        /// Where it is, if it is a file.
        path: Option<PathBuf>,
        /// What is wrong with it.
        reason: String,
    },
    /// Its tensors are not those that are asked for.
    Mismatch {
        /// Where it is, if it is a file.
        path: Option<PathBuf>,
        /// Every tensor at fault.
        faults: Vec<Fault>,
        /// What would help.
        hints: Vec<String>,
    },
}

/// What is wrong with one tensor. Types are the format's words: `F32`, `F64`, `F16`, `I64`.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Fault {
    /// The file lacks it.
    Missing {
        /// Its name in the file.
        key: String,
        /// The network's shape.
        expected: Vec<usize>,
    },
    /// The network lacks it.
    Unexpected {
        /// Its name in the file.
        key: String,
        /// The file's shape.
        found: Vec<usize>,
    },
    /// The shapes differ.
    Shape {
        /// Its name in the file.
        key: String,
        /// The network's shape.
        expected: Vec<usize>,
        /// The file's shape.
        found: Vec<usize>,
    },
    /// The types differ.
    Type {
        /// Its name in the file.
        key: String,
        /// Its shape.
        shape: Vec<usize>,
        /// The network's type.
        expected: String,
        /// The file's type.
        found: String,
    },
    /// The file ends before the tensor does.
    Truncated {
        /// Its name in the file.
        key: String,
        /// Its shape.
        shape: Vec<usize>,
        /// Its length in bytes.
        expected: usize,
        /// How many of them there are.
        found: usize,
    },
}

impl fmt::Display for WeightsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WeightsError::Io { path, error } => write!(f, "{}: {error}", path.display()),
            WeightsError::Format { path, reason } => write!(f, "{} is no safetensors file: {reason}", Named(path)),
            WeightsError::Mismatch { path, faults, hints } => {
                let (count, s) = (faults.len(), if faults.len() == 1 { "" } else { "s" });
                write!(f, "{} does not fit the network: {count} tensor{s}", Named(path))?;
                faults.iter().try_for_each(|fault| write!(f, "\n  {fault}"))?;
                hints.iter().try_for_each(|hint| write!(f, "\nhelp: {hint}"))
            }
        }
    }
}

impl fmt::Debug for WeightsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Missing { key, expected } => write!(f, "missing     {key}: the network has {expected:?}"),
            Fault::Unexpected { key, found } => write!(f, "unexpected  {key}: the file has {found:?}"),
            Fault::Shape { key, expected, found } => {
                write!(f, "shape       {key}: {expected:?} in the network, {found:?} in the file")
            }
            Fault::Type { key, shape, expected, found } => {
                write!(f, "type        {key} {shape:?}: {expected} in the network, {found} in the file")
            }
            Fault::Truncated { key, shape, expected, found } => {
                write!(f, "truncated   {key} {shape:?}: {expected} bytes, of which the file has {found}")
            }
        }
    }
}

impl std::error::Error for WeightsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            WeightsError::Io { error, .. } => Some(error),
            _ => None,
        }
    }
}

/// The file, or that there is none.
struct Named<'a>(&'a Option<PathBuf>);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(path) => write!(f, "{}", path.display()),
            None => f.write_str("what was given"),
        }
    }
}

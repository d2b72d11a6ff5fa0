//! Which tensors a file holds, and where.

use std::collections::HashSet;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use syn::LitStr;

use super::json;

/// A file's tensors.
#[derive(Debug)]
pub(super) struct Header {
    /// Where what follows the header begins.
    pub(super) data: usize,
    /// As they lie.
    pub(super) tensors: Vec<Tensor>,
}

/// A tensor of the file.
#[derive(Debug, PartialEq)]
pub(super) struct Tensor {
    pub(super) name: String,
    pub(super) dtype: String,
    pub(super) shape: Vec<usize>,
    /// Where its bytes lie behind the header.
    pub(super) begin: usize,
    pub(super) end: usize,
}

impl Tensor {
    /// What it must have; `None` for types that no network has.
    fn bytes(&self) -> Option<Option<usize>> {
        let width = width(&self.dtype)?;
        Some(self.shape.iter().try_fold(width, |bytes, size| bytes.checked_mul(*size)))
    }
}

/// Bytes of one element.
pub(super) fn width(dtype: &str) -> Option<usize> {
    match dtype {
        "BOOL" | "U8" | "I8" | "F8_E5M2" | "F8_E4M3" => Some(1),
        "F16" | "BF16" | "I16" | "U16" => Some(2),
        "F32" | "I32" | "U32" => Some(4),
        "F64" | "I64" | "U64" => Some(8),
        _ => None,
    }
}

/// Beside the source file, as with `include_bytes!`, or else in the package's folder.
pub(super) fn locate(text: &str, literal: &LitStr) -> Result<PathBuf, String> {
    let beside = literal.span().unwrap().local_file().and_then(|file| Some(file.parent()?.join(text)));
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(|folder| Path::new(&folder).join(text));
    let found = beside.into_iter().chain(package).find(|place| place.is_file());
    let missing = "there is no such file, neither beside this source file nor in the package's folder";
    found.ok_or(missing)?.canonicalize().map_err(|error| error.to_string())
}

/// The header of a file, of which no more is read.
pub(super) fn read(path: &Path) -> Result<Header, String> {
    let mut file = File::open(path).map_err(|error| error.to_string())?;
    read_from(&mut file)
}

fn read_from(file: &mut (impl Read + Seek)) -> Result<Header, String> {
    let io = |error: std::io::Error| error.to_string();
    let len = file.seek(SeekFrom::End(0)).map_err(io)?;
    file.rewind().map_err(io)?;
    let mut size = [0; 8];
    file.read_exact(&mut size).map_err(|_| "it is no safetensors file: it is shorter than a header")?;
    let header = match u64::from_le_bytes(size) {
        long if long > len - 8 => return Err(other_format(&size).into()),
        header => header as usize,
    };
    let mut text = vec![0; header];
    file.read_exact(&mut text).map_err(io)?;
    let text = String::from_utf8(text).map_err(|_| "it is no safetensors file: its header is not UTF-8")?;
    let mut tensors = tensors(&text)?;
    tensors.sort_by_key(|tensor| (tensor.begin, tensor.end));
    lie_in_a_row(&tensors, len as usize - 8 - header)?;
    Ok(Header { data: 8 + header, tensors })
}

/// What it is instead, if the header would be longer than the file.
fn other_format(start: &[u8; 8]) -> &'static str {
    match start {
        [b'P', b'K', 3, 4, ..] | [0x80, 2..=5, ..] => {
            "it is a pickle of PyTorch's; write `safetensors.torch.save_file(model.state_dict(), path)` in Python"
        }
        b"version " => "it is a pointer of Git LFS; run `git lfs pull`",
        [0x1f, 0x8b, ..] => "it is compressed with gzip; unpack it first",
        _ => "it is no safetensors file, or it is cut off: its header would be longer than the file",
    }
}

/// As the format has it, each begins where the one before ends, and the last ends with the file.
fn lie_in_a_row(tensors: &[Tensor], data: usize) -> Result<(), String> {
    let mut end = 0;
    for tensor in tensors {
        let Tensor { name, dtype, shape, .. } = tensor;
        if tensor.begin > tensor.end {
            return Err(format!("it is damaged: {name} ends before it begins"));
        }
        if tensor.end > data {
            return Err(format!("it is cut off: {name} {shape:?} ends behind the end of the file"));
        }
        if tensor.begin < end {
            return Err(format!("it is damaged: {name} begins before the tensor in front of it ends"));
        }
        if tensor.begin > end {
            return Err(format!("it is damaged: bytes of no tensor lie in front of {name}"));
        }
        if let Some(bytes) = tensor.bytes()
            && bytes != Some(tensor.end - tensor.begin)
        {
            let own = tensor.end - tensor.begin;
            return Err(format!("it is damaged: {name} has {own} bytes, which are not {shape:?} of {dtype}"));
        }
        end = tensor.end;
    }
    if end < data { Err("it is damaged: bytes follow the last tensor".into()) } else { Ok(()) }
}

/// The header: `{"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ...}`.
fn tensors(header: &str) -> Result<Vec<Tensor>, String> {
    let wrong = || "it is no safetensors file: its header is not that of one".to_string();
    let Some(json::Value::Object(entries)) = json::parse(header) else { return Err(wrong()) };
    let mut names = HashSet::new();
    let mut tensors = Vec::new();
    for (name, entry) in entries {
        if !names.insert(super::hash(&name)) {
            return Err(format!("it is damaged: it holds {name} twice"));
        }
        if name == "__metadata__" {
            continue;
        }
        let Some(json::Value::Text(dtype)) = entry.get("dtype") else { return Err(wrong()) };
        let sizes = |field| entry.get(field).and_then(json::Value::sizes).ok_or_else(wrong);
        let [begin, end] = sizes("data_offsets")?[..] else { return Err(wrong()) };
        tensors.push(Tensor { name, dtype: dtype.clone(), shape: sizes("shape")?, begin, end });
    }
    Ok(tensors)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn tensor(name: &str, dtype: &str, shape: &[usize], begin: usize, end: usize) -> Tensor {
        Tensor { name: name.into(), dtype: dtype.into(), shape: shape.into(), begin, end }
    }

    #[test]
    fn headers_are_read() {
        let header = r#" {"__metadata__":{"format":"pt"}, "a.\"\u0062":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},
            "n":{"shape":[],"dtype":"I64","data_offsets":[24,32]}}   "#;
        assert_eq!(tensors(header), Ok(vec![tensor("a.\"b", "F32", &[2, 3], 0, 24), tensor("n", "I64", &[], 24, 32)]));
        assert_eq!(tensors("{}"), Ok(Vec::new()));
    }

    #[test]
    fn bad_headers_are_errors() {
        let whole = r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#;
        assert!(tensors(whole).is_ok());
        for end in 0..whole.len() {
            assert!(tensors(&whole[..end]).is_err(), "{}", &whole[..end]);
        }
        let changes =
            [("[2]", "[-2]"), ("[2]", "[2.5]"), ("[0,8]", "[0]"), ("8]", "99999999999999999999]"), ("\"F32\"", "3")];
        for (from, to) in changes {
            assert!(tensors(&whole.replace(from, to)).is_err(), "{to}");
        }
        assert!(tensors(&format!("{}{}", "[".repeat(100_000), "]".repeat(100_000))).is_err());
    }

    /// The bytes of a file, of whatever header.
    fn file(header: &[u8], data: usize) -> Vec<u8> {
        [&(header.len() as u64).to_le_bytes(), header, &vec![0; data]].concat()
    }

    fn error(bytes: &[u8]) -> String {
        read_from(&mut Cursor::new(bytes)).expect_err("a nasty file")
    }

    #[test]
    fn damaged_files_are_named_for_what_they_are() {
        let one = |begin: usize, end: usize| format!(r#"{{"dtype":"F32","shape":[2],"data_offsets":[{begin},{end}]}}"#);
        let whole = format!(r#"{{"a":{},"b":{}}}"#, one(0, 8), one(8, 16));
        assert_eq!(
            read_from(&mut Cursor::new(file(whole.as_bytes(), 16))).unwrap().tensors,
            [tensor("a", "F32", &[2], 0, 8), tensor("b", "F32", &[2], 8, 16)]
        );
        let two = |a: String, b: String| file(format!(r#"{{"a":{a},"b":{b}}}"#).as_bytes(), 16);
        let cases: &[(Vec<u8>, &str)] = &[
            (vec![], "shorter than a header"),
            (vec![7; 7], "shorter than a header"),
            (u64::MAX.to_le_bytes().into(), "longer than the file"),
            ((1u64 << 62).to_le_bytes().repeat(9), "longer than the file"),
            (b"PK\x03\x04 and more".into(), "pickle"),
            (b"\x80\x02\x8a\x0al\xfc\x9cF\xf9".into(), "pickle"),
            (b"version https://git-lfs.github.com/spec/v1".into(), "git lfs pull"),
            (b"\x1f\x8b\x08 and more of it".into(), "gzip"),
            (file(b"{\"\xff\":1}", 0), "not UTF-8"),
            (file(b"", 0), "not that of one"),
            (file(b"{", 0), "not that of one"),
            (file(b"{}garbage", 0), "not that of one"),
            (file("[".repeat(1 << 20).as_bytes(), 0), "not that of one"),
            (file("{\"a\":".repeat(1 << 20).as_bytes(), 0), "not that of one"),
            (file(br#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],}}"#, 8), "not that of one"),
            (file(br#"{"a\ud800":1}"#, 0), "not that of one"),
            (file(b"{}", 1), "bytes follow the last tensor"),
            (two(one(0, 8), one(4, 12)), "b begins before the tensor in front of it ends"),
            (two(one(0, 8), one(0, 8)), "b begins before the tensor in front of it ends"),
            (two(one(0, 4), one(8, 16)), "a has 4 bytes, which are not [2] of F32"),
            (two(one(1, 9), one(9, 16)), "bytes of no tensor lie in front of a"),
            (two(one(0, 8), one(16, 8)), "b ends before it begins"),
            (two(one(0, 8), one(8, 24)), "cut off: b [2] ends behind the end of the file"),
            (two(one(0, 8), one(8, usize::MAX)), "cut off: b"),
            (file(format!(r#"{{"a":{},"a":{}}}"#, one(0, 8), one(8, 16)).as_bytes(), 16), "it holds a twice"),
            (file(format!(r#"{{"a":{},"\u0061":{}}}"#, one(0, 8), one(8, 16)).as_bytes(), 16), "it holds a twice"),
            (
                file(br#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0),
                "a has 0 bytes, which are not [4611686018427387904, 4] of F32",
            ),
        ];
        for (bytes, message) in cases {
            let error = error(bytes);
            assert!(error.contains(message), "{message}: {error}");
        }
    }

    /// What fuzzing found for the reader of the library. Neither of the two may accept what the other calls damaged.
    #[test]
    fn the_corpus_is_read_or_refused() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/corpus/weights");
        let mut count = 0;
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let bytes = std::fs::read(&path).unwrap();
            let (own, other) = (read_from(&mut Cursor::new(&bytes)), safetensors::SafeTensors::deserialize(&bytes));
            if let (Ok(own), Ok(other)) = (&own, &other) {
                for tensor in &own.tensors {
                    let view = other.tensor(&tensor.name).unwrap();
                    assert_eq!(view.shape(), tensor.shape);
                    assert_eq!(view.data(), &bytes[own.data + tensor.begin..own.data + tensor.end]);
                }
            }
            assert_eq!(own.is_ok(), other.is_ok(), "{}: {own:?}, {other:?}", path.display());
            count += 1;
        }
        assert!(count > 50, "{folder} has its files");
    }
}

//! `include_weights!`: the tensors of a file become a network while rustc compiles.
//!
//! The macro reads the file's header only. What it emits makes rustc compare the header with the network (a constant that fails to evaluate)
//! and copy the tensors to their places in the struct (one operation for each).

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::{LitStr, Token, Type};

use crate::json;

/// `"lenet.safetensors", LeNet5`
pub(crate) struct Include {
    file: LitStr,
    network: Type,
}

/// A tensor of the file.
#[derive(Debug, PartialEq)]
struct Tensor {
    name: String,
    dtype: String,
    shape: Vec<usize>,
    /// Where its bytes lie behind the header.
    begin: usize,
    end: usize,
}

impl Parse for Include {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let file = input.parse()?;
        input.parse::<Token![,]>()?;
        let network = input.parse()?;
        input.parse::<Option<Token![,]>>()?;
        Ok(Include { file, network })
    }
}

impl Include {
    pub(crate) fn expand(self) -> TokenStream {
        let text = self.file.value();
        match locate(&text, &self.file).and_then(|path| Ok((read(&path)?, path))) {
            Ok(((begin, tensors), path)) => self.tokens(&text, &path, begin, &tensors),
            Err(reason) => syn::Error::new(self.file.span(), format!("{text}: {reason}")).into_compile_error(),
        }
    }

    fn tokens(&self, text: &str, path: &Path, begin: usize, tensors: &[Tensor]) -> TokenStream {
        let (network, path) = (&self.network, path.to_string_lossy());
        let name = network.to_token_stream().to_string().replace(' ', "");
        let mut entries: Vec<_> = tensors.iter().map(|tensor| (hash(&tensor.name), tensor)).collect();
        entries.sort_by_key(|(hash, _)| *hash);
        let entries = entries.iter().map(|(hash, tensor)| {
            let Tensor { name, dtype, shape, .. } = tensor;
            let begin = begin + tensor.begin;
            quote! {
                ::nn::__private::layout::Included {
                    hash: #hash, name: #name, dtype: #dtype, shape: &[#(#shape),*], begin: #begin,
                }
            }
        });
        // The file name is what rustc underlines.
        let check = quote_spanned! {self.file.span()=>
            ::nn::__private::layout::check::<#network>(#text, #name, __ENTRIES)
        };
        quote! {{
            const __ENTRIES: &[::nn::__private::layout::Included] = &[#(#entries),*];
            // A free constant: rustc evaluates it in `cargo check`, too.
            const _: () = {
                const WEIGHTS: () = #check;
            };
            // `include_bytes!` has the file read again when it changes; as part of a constant it is not in the program a second time.
            static __NETWORK: #network = ::nn::__private::layout::include::<#network>(::core::include_bytes!(#path), __ENTRIES);
            &__NETWORK
        }}
    }
}

/// As `hash` in nn-core's `layout`.
fn hash(name: &str) -> u64 {
    let step = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    name.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

/// Beside the source file, as with `include_bytes!`, or else in the package's folder.
fn locate(text: &str, literal: &LitStr) -> Result<PathBuf, String> {
    let beside = literal.span().unwrap().local_file().and_then(|file| Some(file.parent()?.join(text)));
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(|folder| Path::new(&folder).join(text));
    let found = beside.into_iter().chain(package).find(|place| place.is_file());
    let missing = "there is no such file, neither beside this source file nor in the package's folder";
    found.ok_or(missing)?.canonicalize().map_err(|error| error.to_string())
}

/// How long the header is, and the tensors.
fn read(path: &Path) -> Result<(usize, Vec<Tensor>), String> {
    let io = |error: std::io::Error| error.to_string();
    let mut file = File::open(path).map_err(io)?;
    let len = file.seek(SeekFrom::End(0)).map_err(io)?;
    file.rewind().map_err(io)?;
    let mut size = [0; 8];
    file.read_exact(&mut size).map_err(|_| "it is no safetensors file: it is shorter than a header")?;
    let pickle = "it is a pickle of PyTorch's; write `safetensors.torch.save_file(model.state_dict(), path)` in Python";
    let size = match u64::from_le_bytes(size) {
        long if long > len - 8 => {
            let other = "it is no safetensors file, or it is cut off: its header would be longer than the file";
            return Err(if size.starts_with(b"PK\x03\x04") { pickle } else { other }.into());
        }
        size => size as usize,
    };
    let mut header = vec![0; size];
    file.read_exact(&mut header).map_err(io)?;
    let header = String::from_utf8(header).map_err(|_| "its header is not UTF-8")?;
    let tensors = tensors(&header)?;
    let data = len as usize - 8 - size;
    for Tensor { name, shape, begin, end, .. } in &tensors {
        if begin > end || *end > data {
            return Err(format!("it is cut off: {name} {shape:?} ends behind the end of the file"));
        }
    }
    Ok((8 + size, tensors))
}

/// The header: `{"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ...}`.
fn tensors(header: &str) -> Result<Vec<Tensor>, String> {
    let wrong = || "its header is not that of a safetensors file".to_string();
    let Some(json::Value::Object(entries)) = json::parse(header) else { return Err(wrong()) };
    let mut names = std::collections::HashSet::new();
    let tensor = |(name, entry): (String, json::Value)| {
        let Some(json::Value::Text(dtype)) = entry.get("dtype") else { return Err(wrong()) };
        let sizes = |field| entry.get(field).and_then(json::Value::sizes).ok_or_else(wrong);
        let [begin, end] = sizes("data_offsets")?[..] else { return Err(wrong()) };
        if !names.insert(hash(&name)) {
            return Err(format!("it holds {name} twice"));
        }
        Ok(Tensor { name, dtype: dtype.clone(), shape: sizes("shape")?, begin, end })
    };
    entries.into_iter().filter(|(name, _)| name != "__metadata__").map(tensor).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read() {
        let header = r#" {"__metadata__":{"format":"pt"}, "a.\"\u0062":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},
            "n":{"shape":[],"dtype":"I64","data_offsets":[24,32]}}   "#;
        let tensor = |name: &str, dtype: &str, shape: &[usize], begin, end| Tensor {
            name: name.into(),
            dtype: dtype.into(),
            shape: shape.into(),
            begin,
            end,
        };
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
}

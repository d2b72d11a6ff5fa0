//! Files that do not fit: the error names everything, and the network is as it was.

use nn::prelude::*;
use nn::weights::{Fault, Weights, WeightsError};

use crate::{fresh, path, read};

/// What is said about a file, after a look at the network.
fn refusal(bytes: &[u8]) -> WeightsError {
    let mut net = fresh();
    let before = net.to_safetensors();
    let result = Weights::from_bytes(bytes).and_then(|weights| weights.load_into(&mut *net));
    assert!(net.to_safetensors() == before, "the network has changed");
    result.expect_err("the file does not fit")
}

/// A file of other tensors, zeros all of them.
fn file(tensors: &[(&str, &str, &[usize])]) -> Vec<u8> {
    let (mut header, mut end) = (String::new(), 0);
    for (name, dtype, shape) in tensors {
        let width = match *dtype {
            "F16" | "BF16" => 2,
            "F32" | "I32" => 4,
            _ => 8,
        };
        let begin = end;
        end += width * shape.iter().product::<usize>();
        let comma = if header.is_empty() { "" } else { "," };
        header += &format!(r#"{comma}"{name}":{{"dtype":"{dtype}","shape":{shape:?},"data_offsets":[{begin},{end}]}}"#);
    }
    let header = format!("{{{header}}}");
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.bytes());
    bytes.resize(bytes.len() + end, 0);
    bytes
}

#[test]
fn every_tensor_at_fault_is_named() {
    let bytes = file(&[
        ("conv.weight", "F32", &[3, 3, 3, 3]),
        ("conv.bias", "F16", &[3]),
        ("bn.weight", "F32", &[3]),
        ("bn.bias", "F32", &[3]),
        ("bn.running_mean", "F32", &[1, 3]),
        ("bn.running_var", "F32", &[3]),
        ("bn.num_batches_tracked", "F32", &[]),
        ("fc.weight", "F32", &[18, 5]),
        ("head.weight", "F32", &[2, 5]),
        ("out.bias", "F32", &[2]),
    ]);
    let expected = "\
what was given does not fit the network: 7 tensors
  shape       conv.weight: [3, 1, 3, 3] in the network, [3, 3, 3, 3] in the file
  type        conv.bias [3]: F32 in the network, F16 in the file
  shape       fc.weight: [5, 18] in the network, [18, 5] in the file
  missing     out.weight: the network has [2, 5]
  shape       bn.running_mean: [3] in the network, [1, 3] in the file
  type        bn.num_batches_tracked []: I64 in the network, F32 in the file
  unexpected  head.weight: the file has [2, 5]
help: `.rename(..)` or `.rename_map(..)` if names differ; `.strict(false)` loads what fits
help: `.convert()` rounds numbers to the network's type";
    assert_eq!(refusal(&bytes).to_string(), expected);
    let mut net = fresh();
    let before = net.to_safetensors();
    let loose = Weights::from_bytes(&bytes).unwrap().strict(false).convert();
    let error = loose.load_into(&mut *net).unwrap_err();
    assert!(matches!(&error, WeightsError::Mismatch { faults, .. } if faults.len() == 4), "{error}");
    assert!(net.to_safetensors() == before);
}

#[test]
fn a_common_prefix_is_found() {
    let text = refusal(&read("small_wrapped.safetensors")).to_string();
    assert!(text.contains("21 tensors"), "{text}");
    assert!(text.contains("help: the file has them below `module.`: `.prefix(\"module.\")`"), "{text}");
}

#[test]
fn a_wrong_prefix_is_named() {
    let with = |file: &str| {
        let bytes = read(file);
        let weights = Weights::from_bytes(&bytes).unwrap().prefix("model.");
        weights.load_into(&mut *fresh()).unwrap_err().to_string()
    };
    let (wrapped, plain) = (with("small_wrapped.safetensors"), with("small.safetensors"));
    assert!(wrapped.contains("help: no name in the file begins with \"model.\""), "{wrapped}");
    assert!(wrapped.contains("help: the file has them below `module.`: `.prefix(\"module.\")`"), "{wrapped}");
    assert!(plain.contains("help: the file has them without a prefix: leave `.prefix(..)` out"), "{plain}");
}

#[test]
fn a_file_that_was_cut_off() {
    let whole = read("small.safetensors");
    let error = refusal(&whole[..whole.len() - 100]);
    let WeightsError::Mismatch { faults, .. } = &error else { panic!("{error}") };
    let names: Vec<_> = faults
        .iter()
        .map(|fault| match fault {
            Fault::Truncated { key, expected, found, .. } => (key.as_str(), *expected, *found),
            other => panic!("{other}"),
        })
        .collect();
    assert_eq!(names, [("fc.weight", 360, 308), ("out.bias", 8, 0), ("out.weight", 40, 0)]);
    // Wherever it ends.
    for end in 0..whole.len() {
        refusal(&whole[..end]);
    }
}

#[test]
fn every_changed_byte_of_the_header_is_survived() {
    let whole = read("small.safetensors");
    let header = 8 + usize::from(whole[0]) + 256 * usize::from(whole[1]);
    let mut net = fresh();
    for place in 0..header {
        for bit in 0..8 {
            let mut bytes = whole.clone();
            bytes[place] ^= 1 << bit;
            let _ = Weights::from_bytes(&bytes).and_then(|weights| weights.load_into(&mut *net));
        }
    }
}

#[test]
fn other_files_are_recognised() {
    let path = |name| nn::weights::Weights::open(path(name)).unwrap_err().to_string();
    assert!(path("small.pt").contains("safetensors.torch.save_file(model.state_dict(), path)"), "{}", path("small.pt"));
    assert!(path("nothing.safetensors").contains("nothing.safetensors: No such file"));
    let mut longer = read("small.safetensors");
    longer.push(0);
    for (bytes, words) in [
        (&b""[..], "it is empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "git lfs pull"),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00", "gzip"),
        (b"\xff\xff\xff\xff\xff\xff\xff\xff{}", "header too large"),
        (b"\x02\x00\x00\x00\x00\x00\x00\x00[]", "JSON"),
        (b"\x05\x00", "too small"),
        (&longer, "bytes follow the last tensor"),
    ] {
        let error = refusal(bytes).to_string();
        assert!(error.contains(words), "{error}");
    }
}

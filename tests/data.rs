//! IDX files: every type of number, and every way to be bad.

use nn::data::{Idx, pairs};
use nn::prelude::*;
use nn::{data::Dataset, seed};

/// A file of that type, shape and content.
fn idx(code: u8, shape: &[u32], data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, code, shape.len() as u8];
    shape.iter().for_each(|size| bytes.extend(size.to_be_bytes()));
    bytes.extend(data);
    bytes
}

#[test]
fn every_type_of_number() {
    let read = |code, data: &[u8]| -> Vec<Tensor1<1, f64>> {
        let width = [1, 1, 0, 2, 4, 4, 8][usize::from(code - 8)];
        Idx::from_bytes(&idx(code, &[(data.len() / width) as u32], data)).unwrap().tensors(0.5).unwrap()
    };
    assert_eq!(read(0x08, &[0, 255]), [[0.0], [127.5]].map(Tensor1));
    assert_eq!(read(0x09, &[0x80, 1]), [[-64.0], [0.5]].map(Tensor1));
    assert_eq!(read(0x0b, &(-300i16).to_be_bytes()), [[-150.0]].map(Tensor1));
    assert_eq!(read(0x0c, &70_000i32.to_be_bytes()), [[35_000.0]].map(Tensor1));
    assert_eq!(read(0x0d, &1.25f32.to_be_bytes()), [[0.625]].map(Tensor1));
    assert_eq!(read(0x0e, &(-2.5f64).to_be_bytes()), [[-1.25]].map(Tensor1));
}

#[test]
fn images_and_labels() {
    let images = idx(0x08, &[2, 2, 3], &[0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15]);
    let images = Idx::from_bytes(&images).unwrap();
    assert_eq!(images.shape(), [2, 2, 3]);
    let flat: Vec<Tensor2<2, 3>> = images.tensors(1.0).unwrap();
    let deep: Vec<Tensor3<1, 2, 3>> = images.tensors(1.0).unwrap();
    assert_eq!(flat[1].0, [[10.0, 11.0, 12.0], [13.0, 14.0, 15.0]]);
    assert_eq!(deep[0][0], [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]);
    let labels = Idx::from_bytes(&idx(0x08, &[2], &[3, 9])).unwrap().labels(10).unwrap();
    let data = pairs(&deep, &labels);
    let mut image = deep[0];
    assert_eq!((data.read(1, &mut seed(0), &mut image), image), (9, deep[1]));
}

#[test]
fn bad_files() {
    let whole = idx(0x08, &[2, 2], &[1, 2, 3, 4]);
    for end in 0..whole.len() {
        assert!(Idx::from_bytes(&whole[..end]).is_err());
    }
    for (bytes, words) in [
        (
            whole[..6].to_vec(),
            "it ends after 6 bytes, in the middle of the header of an IDX file; fetch the file again",
        ),
        (whole[..14].to_vec(), "numbers of shape [2, 2] are 4 bytes, but 2 follow the header; fetch the file again"),
        (
            [&whole[..], &[0]].concat(),
            "numbers of shape [2, 2] are 4 bytes, but 5 follow the header; fetch the file again",
        ),
        (idx(0x0a, &[1], &[1]), "it holds numbers of the type 0x0a, which IDX does not have"),
        (idx(0x08, &[u32::MAX; 9], &[1]), "are more than memory can hold"),
        (b"<html>404".to_vec(), "it is no IDX file: that begins with two zero bytes, this one with [3c, 68, 74, 6d]"),
    ] {
        let error = Idx::from_bytes(&bytes).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
    let error = Idx::open("no/such/train-images-idx3-ubyte").unwrap_err().to_string();
    assert!(error.starts_with("no/such/train-images-idx3-ubyte: No such file"), "{error}");
}

#[test]
fn files_of_something_else() {
    let images = Idx::from_bytes(&idx(0x08, &[2, 2, 3], &[0; 12])).unwrap();
    let error = images.tensors::<Tensor2<3, 2>>(1.0).unwrap_err().to_string();
    let words = "its samples have the shape [2, 3], but tensors of shape [3, 2] are asked for; the file has the shape [2, 2, 3]";
    assert_eq!(error, words);
    let error = images.labels(10).unwrap_err().to_string();
    assert_eq!(error, "labels have one axis, but the file has the shape [2, 2, 3]");
    let labels = Idx::from_bytes(&idx(0x08, &[3], &[0, 10, 1])).unwrap();
    let error = labels.labels(10).unwrap_err().to_string();
    assert_eq!(error, "label 10 of sample 1 is not one of the 10 classes 0 to 9");
    let scalar = Idx::from_bytes(&idx(0x08, &[], &[1])).unwrap();
    assert_eq!(scalar.tensors::<Tensor1<1>>(1.0).unwrap_err().to_string(), "it has no axis of samples");
}

#[cfg(feature = "gzip")]
#[test]
fn gzip_is_unpacked() {
    use std::io::Write;

    let whole = idx(0x08, &[3], &[3, 1, 2]);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&whole).unwrap();
    let packed = encoder.finish().unwrap();
    assert_eq!(Idx::from_bytes(&packed).unwrap().labels(4).unwrap(), [3, 1, 2]);
    for end in 2..packed.len() {
        let error = Idx::from_bytes(&packed[..end]).unwrap_err().to_string();
        assert!(error.starts_with("gzip cannot unpack it"), "{error}");
    }
}

#[cfg(not(feature = "gzip"))]
#[test]
fn gzip_needs_a_feature() {
    let error = Idx::from_bytes(&[0x1f, 0x8b, 8, 0]).unwrap_err().to_string();
    assert_eq!(error, "it is compressed: enable the feature `gzip` of the crate `nn`, or run `gunzip` on it");
}

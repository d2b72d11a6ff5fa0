//! There and back.

use nn::prelude::*;
use nn::weights::{Keys, Precision, Weights};
use safetensors::SafeTensors;

use crate::{Small, fresh, path, read};

#[test]
fn pytorch_and_rust_agree_on_what_the_network_does() {
    let mut net = fresh();
    net.load_safetensors(path("small.safetensors")).unwrap();
    assert_eq!(net.bn.num_batches_tracked.0, 2);
    let bytes = read("small_output.safetensors");
    let record = SafeTensors::deserialize(&bytes).unwrap();
    let numbers = |key: &str| -> Vec<f32> {
        record.tensor(key).unwrap().data().chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect()
    };
    for (x, y) in numbers("x").chunks_exact(35).zip(numbers("y").chunks_exact(2)) {
        let output = net.predict(&Tensor::from_slice(x));
        assert!(output.iter().zip(y).all(|(a, b)| (a - b).abs() < 1e-6), "{output:?}, PyTorch gives {y:?}");
    }
}

/// Python's `safetensors` wrote this file from the same tensors.
#[test]
fn what_is_saved_is_byte_for_byte_what_python_saves() {
    let mut net = fresh();
    net.load_safetensors(path("small.safetensors")).unwrap();
    assert!(net.to_safetensors() == read("small.safetensors"));
}

#[test]
fn other_float_types_are_converted_as_pytorch_does() {
    for name in ["f16", "bf16", "f64"] {
        let (from, to) =
            (read(&format!("small_{name}.safetensors")), read(&format!("small_{name}_as_f32.safetensors")));
        let mut net = fresh();
        Weights::from_bytes(&from).unwrap().convert().load_into(&mut *net).unwrap();
        assert!(net.to_safetensors() == to, "{name}");
    }
}

network! {
    struct Rounded: [32] -> [64] { fc: Linear(32, 64, bias = false) }
}

network! {
    #[element(f64)]
    struct RoundedDouble: [32] -> [64] { fc: Linear(32, 64, bias = false) }
}

/// Numbers in the middle between two others, their neighbours, those that become infinite or nothing.
#[test]
fn saved_as_halves_a_file_is_what_python_saves() {
    let mut net = fresh();
    net.load_safetensors(path("small.safetensors")).unwrap();
    let (mut single, mut double) = (Rounded::gradients(), RoundedDouble::gradients());
    single.load_safetensors(path("rounding_f32.safetensors")).unwrap();
    double.load_safetensors(path("rounding_f64.safetensors")).unwrap();
    for (precision, name) in [(Precision::F16, "f16"), (Precision::BF16, "bf16")] {
        assert!(net.to_safetensors_as(precision) == read(&format!("small_{name}.safetensors")), "{name}");
        assert!(single.to_safetensors_as(precision) == read(&format!("rounding_f32_to_{name}.safetensors")), "{name}");
        assert!(double.to_safetensors_as(precision) == read(&format!("rounding_f64_to_{name}.safetensors")), "{name}");
    }
    assert!(net.to_safetensors_as(Precision::F64) == read("small_f64.safetensors"));
    assert!(net.to_safetensors_as(Precision::F32) == net.to_safetensors());
    assert!(double.to_safetensors_as(Precision::F64) == double.to_safetensors());
}

/// What was rounded once is not rounded again.
#[test]
fn halves_there_and_back() {
    for (name, precision) in [("f16", Precision::F16), ("bf16", Precision::BF16)] {
        let bytes = read(&format!("rounding_f32_to_{name}.safetensors"));
        let (mut single, mut double) = (Rounded::gradients(), RoundedDouble::gradients());
        Weights::from_bytes(&bytes).unwrap().convert().load_into(&mut *single).unwrap();
        Weights::from_bytes(&bytes).unwrap().convert().load_into(&mut *double).unwrap();
        assert!(single.to_safetensors_as(precision) == bytes && double.to_safetensors_as(precision) == bytes, "{name}");
        assert!(single.to_safetensors_as(Precision::F64) == double.to_safetensors(), "{name}");
    }
    let file = std::env::temp_dir().join(format!("nn_{}_half.safetensors", std::process::id()));
    let mut net = fresh();
    net.save_safetensors_as(&file, Precision::BF16).unwrap();
    assert!(std::fs::read(&file).unwrap() == net.to_safetensors_as(Precision::BF16));
    let error = net.load_safetensors(&file).unwrap_err().to_string();
    assert!(error.contains("F32 in the network, BF16 in the file") && error.contains(".convert()"), "{error}");
    std::fs::remove_file(&file).unwrap();
}

network! {
    #[element(f64)]
    struct Double: [2] -> [1] (Linear(2, 1));
}

#[test]
fn networks_of_f64() {
    let net = Double::init(&mut nn::seed(5));
    let bytes = net.to_safetensors();
    let mut again = Double::init(&mut nn::seed(6));
    Weights::from_bytes(&bytes).unwrap().load_into(&mut *again).unwrap();
    assert_eq!(net.0.weight, again.0.weight);
}

#[test]
fn a_part_of_a_larger_file() {
    let bytes = read("small_wrapped.safetensors");
    let mut net = fresh();
    Weights::from_bytes(&bytes).unwrap().prefix("module.").load_into(&mut *net).unwrap();
    assert!(net.to_safetensors() == read("small.safetensors"));
}

#[test]
fn names_are_mapped() {
    network! {
        struct Renamed: [1, 7, 5] -> [2] {
            stem: Conv2d(1, 3, 3, stride = 2),
            stem_norm: BatchNorm2d(3),
            ReLU,
            Flatten,
            fc: Linear(_, 5, bias = false),
            Tanh,
            head: Linear(5, 2),
        }
    }
    let bytes = read("small.safetensors");
    let (mut by_map, mut by_rule) = (Renamed::init(&mut nn::seed(1)), Renamed::init(&mut nn::seed(2)));
    let names = [("stem", "conv"), ("stem_norm", "bn"), ("head.weight", "out.weight"), ("head.bias", "out.bias")];
    Weights::from_bytes(&bytes).unwrap().rename_map(names).load_into(&mut *by_map).unwrap();
    let rule = |name: &str| name.replace("stem_norm", "bn").replace("stem", "conv").replace("head", "out");
    Weights::from_bytes(&bytes).unwrap().rename(rule).load_into(&mut *by_rule).unwrap();
    assert!(by_map.to_safetensors() == by_rule.to_safetensors());
    assert_eq!(by_map.stem_norm.num_batches_tracked.0, 2);
}

#[test]
fn loading_what_fits() {
    network! { struct Other: [5] -> [3] { out: Linear(5, 2), new: Linear(2, 3) } }
    let bytes = read("small.safetensors");
    let mut net = Other::init(&mut nn::seed(3));
    let before = net.new.weight;
    let keys = Weights::from_bytes(&bytes).unwrap().strict(false).load_into(&mut *net).unwrap();
    let unexpected = [
        "bn.num_batches_tracked",
        "bn.bias",
        "bn.running_mean",
        "bn.running_var",
        "bn.weight",
        "conv.bias",
        "conv.weight",
        "fc.weight",
    ];
    assert_eq!(
        keys,
        Keys {
            missing: ["new.weight", "new.bias"].map(String::from).into(),
            unexpected: unexpected.map(String::from).into()
        }
    );
    let mut small = fresh();
    small.load_safetensors(path("small.safetensors")).unwrap();
    assert_eq!((net.out.weight, net.new.weight), (small.out.weight, before));
}

#[test]
fn files_are_replaced_as_a_whole() {
    let folder = std::env::temp_dir().join(format!("nn_weights_{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("small.safetensors");
    std::fs::write(&file, "old").unwrap();
    let net = Small::init(&mut nn::seed(4));
    net.save_safetensors(&file).unwrap();
    assert!(std::fs::read(&file).unwrap() == net.to_safetensors());
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "nothing else is left behind");
    let error = net.save_safetensors(folder.join("no/such/folder.safetensors")).unwrap_err();
    assert!(error.to_string().contains("no/such/folder.safetensors: No such file"), "{error}");
    std::fs::remove_dir_all(folder).unwrap();
}

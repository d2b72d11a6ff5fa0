//! The networks of `examples/architectures` answer what PyTorch's answer, with PyTorch's names: record.py wrote the answers.

#[path = "../../examples/architectures/mod.rs"]
mod networks;

use nn::{BufferMut, Network, Path, Zeroable};
use safetensors::SafeTensors;

/// What `values` in record.py computes.
struct Formula {
    state: u64,
}

impl Formula {
    fn new(name: &str) -> Formula {
        let hash = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        Formula { state: name.bytes().fold(0xcbf2_9ce4_8422_2325, hash) }
    }

    fn next(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        (mixed >> 40) as f64 / f64::from(1 << 23) - 1.0
    }

    fn fill(name: &str, shape: &[usize], values: &mut [f32]) {
        let mut formula = Formula::new(name);
        let fan_in = values.len() / shape.first().copied().unwrap_or(1);
        for value in values {
            let unit = formula.next();
            *value = if shape.len() > 1 {
                unit * (6.0 / fan_in as f64).sqrt()
            } else if name.ends_with("running_var") {
                1.0 + unit / 2.0
            } else if name.ends_with("weight") {
                1.0 + unit / 4.0
            } else {
                unit / 10.0
            } as f32;
        }
    }
}

fn answers_as_pytorch<M: Network<Element = f32>>()
where
    M::Input: nn::Tensor<Element = f32>,
    M::Output: nn::Tensor<Element = f32>,
{
    use nn::Tensor;

    let mut net = M::init(&mut nn::seed(0));
    net.visit_parameters_mut(&mut |parameter, values| {
        Formula::fill(&parameter.name.to_string(), parameter.shape, values);
    });
    net.visit_buffers_mut(&Path::ROOT, &mut |name, buffer| {
        if let BufferMut::Real(values, shape) = buffer {
            Formula::fill(&name.to_string(), shape, values);
        }
    });
    let mut input = nn_box::<M::Input>();
    let mut formula = Formula::new("input");
    input.as_mut_slice().fill_with(|| formula.next() as f32);
    let (mut workspace, mut output) = (M::workspace::<1>(), nn_box::<M::Output>());
    net.forward(&input, &mut workspace, &mut output);

    let file = std::fs::read("tests/architectures/answers.safetensors").unwrap();
    let file = SafeTensors::deserialize(&file).unwrap();
    let expected = file.tensor(M::NAME).unwrap();
    let expected: Vec<f32> =
        expected.data().chunks_exact(4).map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap())).collect();
    assert_eq!(expected.len(), output.as_slice().len());
    let size = expected.iter().fold(0.0_f32, |size, value| size.max(value.abs()));
    let error = expected.iter().zip(output.as_slice()).fold(0.0_f32, |error, (a, b)| error.max((a - b).abs())) / size;
    assert!(error < 2e-5, "{}: {error} of the largest answer", M::NAME);
}

fn nn_box<T: Zeroable>() -> Box<T> {
    Box::new(T::zeroed())
}

#[test]
fn resnet18() {
    answers_as_pytorch::<networks::ResNet18>();
}

#[test]
fn unet() {
    answers_as_pytorch::<networks::UNet>();
}

#[test]
fn densenet() {
    answers_as_pytorch::<networks::DenseNet>();
}

#[test]
fn squeeze_and_excitation() {
    answers_as_pytorch::<networks::SqueezeNet>();
}

#[test]
fn mobilenet() {
    answers_as_pytorch::<networks::MobileNet>();
}

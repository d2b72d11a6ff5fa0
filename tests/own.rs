//! Layers of one's own: passes, gradients, names and listing are those of the built-in layers.

use nn::own::*;
use nn::prelude::*;

layer! {
    /// Feature-wise linear modulation: `y[c, ..] = weight[c] x[c, ..] + bias[c]`.
    pub struct Film(channels: usize) {
        /// One factor for each channel.
        weight: [channels] = 1.0,
        bias: [channels] = 0.25,
    }

    const fn shape(at: &At, x: Shape) -> Result<Shape, Violation> {
        if x.rank() > 0 && x.dim(0) == channels {
            return Ok(x);
        }
        Err(Message::title(at, "the number of channels does not match")
            .rule("the input has `channels` channels")
            .found("channels = ")
            .number(channels)
            .text(", and ")
            .source(at, 0, x)
            .fix("write channels = ")
            .number(x.dim(0))
            .violation(0))
    }
}

impl<const CHANNELS: usize, E: Element> Layer for Film<CHANNELS, E> {
    type Config = FilmConfig;

    fn forward(&self, config: &FilmConfig, pass: Forward<'_, E>) {
        let plane = config.x.len() / CHANNELS;
        let planes = pass.outputs[0].chunks_exact_mut(plane).zip(pass.inputs[0].chunks_exact(plane));
        for (place, (to, from)) in planes.enumerate() {
            let (weight, bias) = (self.weight[place % CHANNELS], self.bias[place % CHANNELS]);
            to.iter_mut().zip(from).for_each(|(to, from)| *to = weight * *from + bias);
        }
    }

    fn backward(&self, config: &FilmConfig, pass: Backward<'_, E>, gradients: Option<&mut Self>) {
        let plane = config.x.len() / CHANNELS;
        let output = pass.output_gradients[0];
        if let Some(gradients) = gradients {
            let planes = output.chunks_exact(plane).zip(pass.inputs[0].chunks_exact(plane));
            for (place, (gradient, from)) in planes.enumerate() {
                let channel = place % CHANNELS;
                for (gradient, from) in gradient.iter().zip(from) {
                    gradients.weight[channel] += *gradient * *from;
                    gradients.bias[channel] += *gradient;
                }
            }
        }
        if let Some((to, accumulate)) = pass.input_gradients[0].target() {
            for (place, (to, gradient)) in to.chunks_exact_mut(plane).zip(output.chunks_exact(plane)).enumerate() {
                for (to, gradient) in to.iter_mut().zip(gradient) {
                    let value = self.weight[place % CHANNELS] * *gradient;
                    *to = if accumulate { *to + value } else { value };
                }
            }
        }
    }
}

layer! {
    /// Snake: `y = x + sin²(αx) / α`.
    pub struct Snake(alpha: f64 = 1.0);

    fn forward<E: Element>(x: E) -> E {
        let sine = (alpha * x).sin();
        x + sine * sine / alpha
    }

    fn derivative<E: Element>(x: E) -> E {
        E::ONE + (alpha * x + alpha * x).sin()
    }
}

layer! {
    /// The mean and the difference of two signals, mixed by a matrix of `taps` lags; counts nothing, remembers its last mean.
    struct Mid(size: usize, swap: bool = false) {
        mix: [size, taps] = nn::init::xavier_uniform(),
        #[buffer]
        last: [half] = 0.5,
    }

    const taps: usize = 2;
    const half: usize = a.dim(0) / 2;

    const fn shape(at: &At, a: Shape, b: Shape) -> Result<[Shape; 2], Violation> {
        if a.rank() != 1 || !a.same(&b) {
            return Err(Message::title(at, "the two signals differ")
                .rule("both inputs have one axis, of the same size")
                .found("")
                .source(at, 0, a)
                .text(", ")
                .source(at, 1, b)
                .fix("give it two signals of one size")
                .violation(LAYER));
        }
        Ok([a, b])
    }

    const fn needs(a: Shape) -> Needs {
        Needs { inputs: true, saved_sample: 1, ..Needs::NOTHING }
    }

    const fn macs(a: Shape) -> usize {
        4 * size
    }
}

impl<const SIZE: usize, const TAPS: usize, const HALF: usize, E: Element> Layer for Mid<SIZE, TAPS, HALF, E> {
    type Config = MidConfig;

    fn forward(&self, config: &MidConfig, pass: Forward<'_, E>) {
        let (first, second) = if config.swap { (1, 0) } else { (0, 1) };
        let inputs = pass.inputs[0].iter().zip(pass.inputs[1]);
        for (place, (a, b)) in inputs.enumerate() {
            let (left, right) = (self.mix[place % SIZE][0], self.mix[place % SIZE][1]);
            pass.outputs[first][place] = left * *a + right * *b;
            pass.outputs[second][place] = *a * *b;
        }
    }

    fn forward_train(&mut self, config: &MidConfig, pass: Forward<'_, E>) {
        self.last[0] = pass.inputs[0][0];
        pass.saved.sample.fill(E::ONE);
        let Forward { batch, inputs, indices, outputs, index_outputs, saved, scratch, random } = pass;
        self.forward(config, Forward { batch, inputs, indices, outputs, index_outputs, saved, scratch, random });
    }

    fn backward(&self, config: &MidConfig, pass: Backward<'_, E>, mut gradients: Option<&mut Self>) {
        assert!(pass.saved.sample.iter().all(|saved| *saved == E::ONE), "the saved values are there");
        let (first, second) = if config.swap { (1, 0) } else { (0, 1) };
        let [to_a, to_b] = pass.input_gradients else { unreachable!("two inputs have two gradients") };
        let (mut to_a, mut to_b) = (to_a.accumulator(), to_b.accumulator());
        for place in 0..pass.inputs[0].len() {
            let (a, b) = (pass.inputs[0][place], pass.inputs[1][place]);
            let (sum, product) = (pass.output_gradients[first][place], pass.output_gradients[second][place]);
            let (left, right) = (self.mix[place % SIZE][0], self.mix[place % SIZE][1]);
            if let Some(gradients) = &mut gradients {
                gradients.mix[place % SIZE][0] += sum * a;
                gradients.mix[place % SIZE][1] += sum * b;
            }
            to_a.iter_mut().for_each(|to| to[place] += left * sum + b * product);
            to_b.iter_mut().for_each(|to| to[place] += right * sum + a * product);
        }
    }
}

/// Declared in a module, used by a block of it, which a network elsewhere uses.
mod gates {
    nn::layer! {
        /// `y = x · sigmoid(βx)`
        pub struct Swish(beta: f64 = 1.0);

        fn forward<E: nn::Element>(x: E) -> E {
            x / (E::ONE + (-(beta * x)).exp())
        }

        fn derivative<E: nn::Element>(x: E, y: E) -> E {
            let gate = E::ONE / (E::ONE + (-(beta * x)).exp());
            gate + beta * y * (E::ONE - gate)
        }
    }

    nn::block! {
        pub Gated(size, beta = 1.5) {
            fc: Linear(size, size),
            swish: crate::gates::Swish(beta),
            film: crate::Film(size),
        }
        forward(x) {
            x + film(swish(fc(x)))
        }
    }
}

const WIDTH: usize = 6;

network! {
    #[element(f64)]
    struct Net: [2, 3] -> ([6], [6]) {
        conv: Conv1d(2, 5, 2),
        #[init(weight: normal)]
        film: Film(5),
        snake: Snake(0.5),
        fc: Linear(10, 6),
        gates: [gates::Gated(6), gates::Gated(WIDTH, beta = 0.5)],
        mid: Mid(WIDTH, swap = true),
    }
    forward(x) {
        let x = fc(flatten(snake(film(conv(x))), 1));
        let y = gates(x);
        let (a, b) = mid(x, y);
        (tanh(a), b)
    }
}

network! {
    struct Single: [4] -> [4] {
        gates::Swish,
        Snake,
        Film(4),
    }
}

#[test]
fn names_and_numbers_are_those_of_any_layer() {
    let net = Net::init(&mut nn::seed(1));
    let mut names = Vec::new();
    net.visit_parameters(&mut |parameter, _| names.push(format!("{} {:?}", parameter.name, parameter.shape)));
    assert_eq!(names[2..4], ["film.weight [5]", "film.bias [5]"]);
    assert_eq!(names[6..8], ["gates.0.fc.weight [6, 6]", "gates.0.fc.bias [6]"]);
    assert_eq!(names.last().unwrap(), "mid.mix [6, 2]");
    net.visit_buffers(&nn::Path::ROOT, &mut |name, _| assert_eq!(name.to_string(), "mid.last"));
    assert!(net.film.bias.iter().all(|bias| *bias == 0.25) && net.mid.last.iter().all(|last| *last == 0.5));
    assert!(net.film.weight.iter().any(|weight| *weight != 1.0), "drawn by #[init]");
    assert!(net.mid.mix.as_slice().iter().all(|mix| mix.abs() <= (6.0_f64 / 8.0).sqrt() && *mix != 0.0));
    assert_eq!(Net::PARAMETERS, 5 * 2 * 2 + 5 + 10 + 10 * 6 + 6 + 2 * (6 * 6 + 6 + 12) + 12);
    assert_eq!(Net::MACS, 5 * 2 * 2 * 2 + 10 + 10 + 60 + 2 * (36 + 6 + 6) + 24);
}

#[test]
fn values() {
    let mut net = Single::init(&mut nn::seed(2));
    net._2.weight.0 = [1.0, 2.0, 3.0, 4.0];
    let x = [-1.5_f32, 0.0, 0.5, 2.0];
    let expected: Vec<f32> = (0..4)
        .map(|place| {
            let swish = x[place] / (1.0 + (-x[place]).exp());
            (swish + swish.sin() * swish.sin()) * (place + 1) as f32 + 0.25
        })
        .collect();
    let found = net.predict(&Tensor1(x));
    assert!(found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-5), "{found:?} {expected:?}");
}

#[test]
fn training_mode_updates_buffers() {
    let mut net = Net::init(&mut nn::seed(3));
    net.forward_train(&[Tensor2([[0.5, -1.0, 2.0], [0.25, 1.0, 1.5]])], &mut Net::tape::<1>());
    assert!(net.mid.last[0] != 0.5 && net.mid.last[1] == 0.5);
}

/// Every gradient against the slope between two points.
#[test]
fn gradients_are_the_slopes() {
    const STEP: f64 = 1e-5;
    let mut net = Net::init(&mut nn::seed(4));
    let x = [Tensor2([[0.5, -1.0, 2.0], [0.25, 1.0, 1.5]]), Tensor2([[0.75, -0.3, 0.2], [-1.25, 0.4, 0.9]])];
    let cotangent = |place: usize| (place as f64 * 0.7).cos();
    let loss = |net: &Net, x: &[Tensor2<2, 3, f64>; 2]| -> f64 {
        let outputs = x.iter().map(|x| net.predict(x)).enumerate();
        outputs
            .flat_map(|(n, (a, b))| {
                let numbers: Vec<f64> = a.iter().chain(b.iter()).copied().collect();
                numbers.into_iter().enumerate().map(move |(place, value)| value * cotangent(n * 12 + place))
            })
            .sum()
    };
    let mut tape = Net::tape::<2>();
    net.forward_train(&x, &mut tape);
    let part = |n: usize, from: usize| Tensor1::<6, f64>(std::array::from_fn(|place| cotangent(n * 12 + from + place)));
    let mut gradients = Net::gradients();
    let inputs = net.backward(&mut tape, &[(part(0, 0), part(0, 6)), (part(1, 0), part(1, 6))], &mut gradients);

    let check = |what: &str, found: f64, slope: f64| {
        assert!((found - slope).abs() < 1e-7 * slope.abs().max(1.0), "{what}: gradient {found}, slope {slope}");
    };
    let mut found = Vec::new();
    gradients.visit_parameters(&mut |parameter, values| {
        found.extend(values.iter().enumerate().map(|(at, value)| (format!("{}", parameter.name), at, *value)));
    });
    for (name, at, gradient) in found {
        let mut moved = |by: f64| {
            net.visit_parameters_mut(&mut |parameter, values| {
                if parameter.name.to_string() == name {
                    values[at] += by;
                }
            });
            loss(&net, &x)
        };
        let (above, below) = (moved(STEP), moved(-2.0 * STEP));
        moved(STEP);
        check(&format!("{name}[{at}]"), gradient, (above - below) / (2.0 * STEP));
    }
    for n in 0..2 {
        for at in 0..6 {
            let moved = |by: f64| {
                let mut x = x;
                x[n].as_mut_slice()[at] += by;
                loss(&net, &x)
            };
            let slope = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
            check(&format!("input {n}[{at}]"), inputs[n].as_slice()[at], slope);
        }
    }
}

/// A function of each value costs the macro nothing: a network of it and of torch.nn's layers can be frozen.
#[test]
fn functions_of_each_value_freeze() {
    network! {
        struct Small: [1, 8, 8] -> [3] {
            conv: Conv2d(1, 4, 3),
            Snake(2.0),
            Flatten,
            fc: Linear(144, 3),
        }
    }
    let net = Small::init(&mut nn::seed(5));
    let x = Tensor3([std::array::from_fn(|row| std::array::from_fn(|column| (row * 8 + column) as f32 / 32.0 - 1.0))]);
    let (plain, mut frozen) = (net.predict(&x), Tensor1::<3>::default());
    net.freeze().forward(&x, &mut nn::Frozen::<Small>::workspace(), &mut frozen);
    assert!(plain.iter().zip(&*frozen).all(|(a, b)| (a - b).abs() < 1e-5), "{plain:?} {frozen:?}");
}

/// With all arguments, as PyTorch's layers.
#[test]
fn own_layers_are_printed() {
    let text = "\
Single(
  (0): Swish(beta=1.0)
  (1): Snake(alpha=1.0)
  (2): Film(channels=4)
)";
    assert_eq!(Single::init(&mut nn::seed(1)).to_string(), text);
}

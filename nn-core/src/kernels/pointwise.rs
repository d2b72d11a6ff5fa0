//! Functions of one number over a slice. The function is chosen outside of the loop, so that each has a loop of its own.

use nn_shape::Function;

use crate::Float;

/// 1 / √2
const FRAC_1_SQRT_2: f64 = core::f64::consts::FRAC_1_SQRT_2;
/// √(2 / π)
const SQRT_2_OVER_PI: f64 = core::f64::consts::FRAC_2_SQRT_PI * FRAC_1_SQRT_2;
/// The coefficient of x³ in GELU's approximation (Hendrycks and Gimpel, arXiv:1606.08415).
const GELU_CUBE: f64 = 0.044715;

/// `output[i] = function(input[i])`.
pub(super) fn forward<E: Float>(function: &Function, input: &[E], output: &mut [E]) {
    let number = E::from_f64;
    match *function {
        Function::Relu => map(input, output, |x| x.maximum(E::ZERO)),
        Function::LeakyRelu { slope } => {
            let slope = number(slope);
            map(input, output, |x| if x > E::ZERO { x } else { x * slope })
        }
        Function::Sigmoid => map(input, output, sigmoid),
        Function::Tanh => map(input, output, |x| x.tanh()),
        Function::Gelu => map(input, output, |x| x * normal(x)),
        Function::GeluTanh => map(input, output, |x| number(0.5) * x * (E::ONE + gelu_inner(x).tanh())),
        Function::Neg => map(input, output, |x| -x),
        Function::Add(c) => {
            let c = number(c);
            map(input, output, |x| x + c)
        }
        Function::SubtractFrom(c) => {
            let c = number(c);
            map(input, output, |x| c - x)
        }
        Function::Multiply(c) => {
            let c = number(c);
            map(input, output, |x| x * c)
        }
        Function::Divide(c) => {
            let c = number(c);
            map(input, output, |x| x / c)
        }
        Function::DivideInto(c) => {
            let c = number(c);
            map(input, output, |x| c / x)
        }
    }
}

/// `input_gradient[i] (+)= function'(..) · output_gradient[i]`. `known` holds what [`Function::reads`] says: inputs, outputs or nothing.
pub(super) fn backward<E: Float>(
    function: &Function,
    known: &[E],
    output_gradient: &[E],
    input_gradient: &mut [E],
    accumulate: bool,
) {
    let number = E::from_f64;
    // Where the derivative is constant, the gradient itself stands in for what is not read.
    let known = if known.is_empty() { output_gradient } else { known };
    let slices = Slices { known, output_gradient, input_gradient, accumulate };
    match *function {
        Function::Relu => slices.map(|y, g| if y <= E::ZERO { E::ZERO } else { g }),
        Function::LeakyRelu { slope } => {
            let slope = number(slope);
            slices.map(|x, g| if x > E::ZERO { g } else { g * slope })
        }
        Function::Sigmoid => slices.map(|y, g| g * (E::ONE - y) * y),
        Function::Tanh => slices.map(|y, g| g * (E::ONE - y * y)),
        Function::Gelu => slices.map(|x, g| {
            let density = (number(-0.5) * x * x).exp() * number(0.5 * SQRT_2_OVER_PI);
            g * (normal(x) + x * density)
        }),
        Function::GeluTanh => slices.map(|x, g| {
            let tanh = gelu_inner(x).tanh();
            let inner = number(SQRT_2_OVER_PI) * (E::ONE + number(3.0 * GELU_CUBE) * x * x);
            let half = number(0.5);
            g * (half * (E::ONE + tanh) + half * x * (E::ONE - tanh * tanh) * inner)
        }),
        Function::Neg | Function::SubtractFrom(_) => slices.map(|_, g| -g),
        Function::Add(_) => slices.map(|_, g| g),
        Function::Multiply(c) => {
            let c = number(c);
            slices.map(|_, g| g * c)
        }
        Function::Divide(c) => {
            let c = number(c);
            slices.map(|_, g| g / c)
        }
        Function::DivideInto(c) => {
            let c = number(c);
            slices.map(|x, g| -g * ((c / x) / x))
        }
    }
}

#[inline(always)]
fn map<E: Float>(input: &[E], output: &mut [E], function: impl Fn(E) -> E) {
    assert_eq!(input.len(), output.len(), "a function of one number");
    for (output, input) in output.iter_mut().zip(input) {
        *output = function(*input);
    }
}

/// What a backward pass reads and writes.
struct Slices<'a, E> {
    known: &'a [E],
    output_gradient: &'a [E],
    input_gradient: &'a mut [E],
    accumulate: bool,
}

impl<E: Float> Slices<'_, E> {
    #[inline(always)]
    fn map(self, derivative: impl Fn(E, E) -> E) {
        let len = self.input_gradient.len();
        assert!(
            self.known.len() == len && self.output_gradient.len() == len,
            "the gradient of a function of one number"
        );
        let from = self.known.iter().zip(self.output_gradient);
        if self.accumulate {
            for (to, (known, gradient)) in self.input_gradient.iter_mut().zip(from) {
                *to += derivative(*known, *gradient);
            }
        } else {
            for (to, (known, gradient)) in self.input_gradient.iter_mut().zip(from) {
                *to = derivative(*known, *gradient);
            }
        }
    }
}

/// 1 / (1 + exp(-x)); exp may overflow, and 1 / ∞ is 0.
#[inline(always)]
pub(super) fn sigmoid<E: Float>(x: E) -> E {
    E::ONE / (E::ONE + (-x).exp())
}

/// Φ(x), the normal distribution's cumulative function.
#[inline(always)]
fn normal<E: Float>(x: E) -> E {
    E::from_f64(0.5) * (E::ONE + (x * E::from_f64(FRAC_1_SQRT_2)).erf())
}

#[inline(always)]
fn gelu_inner<E: Float>(x: E) -> E {
    E::from_f64(SQRT_2_OVER_PI) * (x + E::from_f64(GELU_CUBE) * x * x * x)
}

//! Functions of one number over a slice. The function is chosen outside of the loop, so that each has a loop of its own.

use nn_shape::Function;

use super::math::{power, sigmoid};
use crate::Float;
use crate::simd::{bound_by_memory, on_every_isa};

/// 1 / √2
const FRAC_1_SQRT_2: f64 = core::f64::consts::FRAC_1_SQRT_2;
/// √(2 / π)
const SQRT_2_OVER_PI: f64 = core::f64::consts::FRAC_2_SQRT_PI * FRAC_1_SQRT_2;
/// The coefficient of x³ in GELU's approximation (Hendrycks and Gimpel, arXiv:1606.08415).
const GELU_CUBE: f64 = 0.044715;

/// `output[i] = function(input[i])`. No closure: the long ones would be functions of their own, without the instructions of the set.
macro_rules! map {
    ($input:ident, $output:ident, |$x:ident| $function:expr) => {{
        assert_eq!($input.len(), $output.len(), "a function of one number");
        for (output, $x) in $output.iter_mut().zip($input) {
            let $x = *$x;
            *output = $function;
        }
    }};
}

/// `input_gradient[i] (+)= derivative(known[i], output_gradient[i])`, part by part: what writes or adds is the same for all functions, and each function is one
/// loop.
macro_rules! slope {
    ($slices:ident, |$known:pat_param, $gradient:ident| $derivative:expr) => {{
        let Slices { known, output_gradient, input_gradient, accumulate } = $slices;
        let len = input_gradient.len();
        let fits = |values: &[E]| values.is_empty() || values.len() == len;
        assert!(fits(known) && fits(output_gradient), "the gradient of a function of one number");
        let mut part = [E::ZERO; PART];
        for (to, start) in input_gradient.chunks_mut(PART).zip((0..).step_by(PART)) {
            let gradient = if output_gradient.is_empty() { &*to } else { &output_gradient[start..] };
            // Where the derivative is constant, the gradient itself stands in for what is not read.
            let known = if known.is_empty() { gradient } else { &known[start..] };
            let part = &mut part[..to.len()];
            for (part, (known, gradient)) in part.iter_mut().zip(known.iter().zip(gradient)) {
                let ($known, $gradient) = (*known, *gradient);
                *part = $derivative;
            }
            give(part, to, accumulate);
        }
    }};
}

on_every_isa! {
    /// `output[i] = function(input[i])`.
    pub(super) fn forward<E: Float>(function: &Function, input: &[E], output: &mut [E]) = forward_body;
}

#[inline(always)]
fn forward_body<E: Float>(function: &Function, input: &[E], output: &mut [E]) {
    let number = E::from_f64;
    match *function {
        Function::Relu => map!(input, output, |x| x.maximum(E::ZERO)),
        Function::LeakyRelu { slope } => {
            let slope = number(slope);
            map!(input, output, |x| if x > E::ZERO { x } else { x * slope })
        }
        Function::Sigmoid => map!(input, output, |x| sigmoid(x)),
        Function::Tanh => map!(input, output, |x| x.tanh()),
        Function::Gelu => map!(input, output, |x| x * normal(x)),
        Function::GeluTanh => map!(input, output, |x| number(0.5) * x * (E::ONE + gelu_inner(x).tanh())),
        Function::Clamp { low, high } | Function::Bound { low, high } => {
            let (low, high) = (number(low), number(high));
            map!(input, output, |x| x.maximum(low).minimum(high))
        }
        Function::Elu { negative, positive, rate } => {
            let (negative, positive, rate) = (number(negative), number(positive), number(rate));
            map!(input, output, |x| if x < E::ZERO { (x * rate).exp_m1() * negative } else { x * positive })
        }
        Function::Silu => map!(input, output, |x| x / (E::ONE + (-x).exp())),
        Function::Mish => map!(input, output, |x| x * tanh_softplus(x)),
        Function::Hardshrink(lambda) => {
            let lambda = number(lambda);
            map!(input, output, |x| if x >= -lambda && x <= lambda { E::ZERO } else { x })
        }
        Function::Softshrink(lambda) => {
            let lambda = number(lambda);
            // x · 0 keeps a NaN.
            let shrink = |x| if x > lambda { x - lambda } else { x * E::ZERO };
            map!(input, output, |x| if x < -lambda { x + lambda } else { shrink(x) })
        }
        Function::Tanhshrink => map!(input, output, |x| x - x.tanh()),
        Function::Softsign => map!(input, output, |x| x / (x.abs() + E::ONE)),
        Function::Softplus { beta, threshold } => {
            let (beta, threshold) = (number(beta), number(threshold));
            map!(input, output, |x| if x * beta > threshold { x } else { (x * beta).exp().ln_1p() / beta })
        }
        Function::LogSigmoid => map!(input, output, |x| x.minimum(E::ZERO) - (-x.abs()).exp().ln_1p()),
        Function::Hardsigmoid => map!(input, output, |x| gate(x) / number(6.0)),
        Function::Hardswish => map!(input, output, |x| x * gate(x) / number(6.0)),
        Function::Threshold { threshold, value } => {
            let (threshold, value) = (number(threshold), number(value));
            map!(input, output, |x| if x <= threshold { value } else { x })
        }
        Function::Power(2.0) => map!(input, output, |x| x * x),
        Function::Power(exponent) => map!(input, output, |x| power(x, exponent)),
        Function::Exp => map!(input, output, |x| x.exp()),
        Function::Log => map!(input, output, |x| x.ln()),
        Function::Sqrt => map!(input, output, |x| x.sqrt()),
        Function::Rsqrt => map!(input, output, |x| E::ONE / x.sqrt()),
        Function::Expm1 => map!(input, output, |x| x.exp_m1()),
        Function::Log1p => map!(input, output, |x| x.ln_1p()),
        Function::Erf => map!(input, output, |x| x.erf()),
        Function::Sin => map!(input, output, |x| x.sin()),
        Function::Cos => map!(input, output, |x| x.cos()),
        Function::Abs => map!(input, output, |x| x.abs()),
        Function::Neg => map!(input, output, |x| -x),
        Function::Add(c) => {
            let c = number(c);
            map!(input, output, |x| x + c)
        }
        Function::SubtractFrom(c) => {
            let c = number(c);
            map!(input, output, |x| c - x)
        }
        Function::Multiply(c) => {
            let c = number(c);
            map!(input, output, |x| x * c)
        }
        Function::Divide(c) => {
            let c = number(c);
            map!(input, output, |x| x / c)
        }
        Function::DivideInto(c) => {
            let c = number(c);
            map!(input, output, |x| c / x)
        }
    }
}

on_every_isa! {
    /// `input_gradient[i] (+)= function'(..) · output_gradient[i]`. `known` holds what [`Function::reads`] says: inputs, outputs or
    /// nothing.
    pub(super) fn backward<E: Float>(
        function: &Function, known: &[E], output_gradient: &[E], input_gradient: &mut [E], accumulate: bool,
    ) = backward_body;
}

#[inline(always)]
fn backward_body<E: Float>(
    function: &Function,
    known: &[E],
    output_gradient: &[E],
    input_gradient: &mut [E],
    accumulate: bool,
) {
    let number = E::from_f64;
    let slices = Slices { known, output_gradient, input_gradient, accumulate };
    match *function {
        Function::Relu => slices.map_at_once(|y, g| if y <= E::ZERO { E::ZERO } else { g }),
        Function::LeakyRelu { slope } => {
            let slope = number(slope);
            slope!(slices, |x, g| if x > E::ZERO { g } else { g * slope })
        }
        Function::Sigmoid => slices.map_at_once(|y, g| g * (E::ONE - y) * y),
        Function::Tanh => slices.map_at_once(|y, g| g * (E::ONE - y * y)),
        Function::Gelu => slope!(slices, |x, g| {
            let density = (number(-0.5) * x * x).exp() * number(0.5 * SQRT_2_OVER_PI);
            g * (normal(x) + x * density)
        }),
        Function::GeluTanh => slope!(slices, |x, g| {
            let tanh = gelu_inner(x).tanh();
            let inner = number(SQRT_2_OVER_PI) * (E::ONE + number(3.0 * GELU_CUBE) * x * x);
            let half = number(0.5);
            g * (half * (E::ONE + tanh) + half * x * (E::ONE - tanh * tanh) * inner)
        }),
        Function::Clamp { low, high } | Function::Bound { low, high } => {
            let (low, high) = (number(low), number(high));
            slope!(slices, |x, g| if x > low && x < high { g } else { E::ZERO })
        }
        Function::Elu { negative, positive, rate } => {
            let (negative, positive, rate) = (number(negative), number(positive), number(rate));
            slope!(slices, |x, g| if x > E::ZERO { g * positive } else { g * rate * negative * (x * rate).exp() })
        }
        Function::Silu => slope!(slices, |x, g| {
            let sigmoid = sigmoid(x);
            g * sigmoid * (E::ONE + x * (E::ONE - sigmoid))
        }),
        Function::Mish => slope!(slices, |x, g| {
            let tanh = tanh_softplus(x);
            g * (tanh + x * sigmoid(x) * (E::ONE - tanh * tanh))
        }),
        Function::Hardshrink(lambda) | Function::Softshrink(lambda) => {
            let lambda = number(lambda);
            slope!(slices, |x, g| if x > lambda || x < -lambda { g } else { E::ZERO })
        }
        Function::Tanhshrink => slope!(slices, |x, g| {
            let tanh = x.tanh();
            g - g * (E::ONE - tanh * tanh)
        }),
        Function::Softsign => slope!(slices, |x, g| {
            let divisor = x.abs() + E::ONE;
            g / divisor - g * (x / divisor / divisor) * sign(x)
        }),
        Function::Softplus { beta, threshold } => {
            let (beta, threshold) = (number(beta), number(threshold));
            slope!(slices, |x, g| {
                let power = (x * beta).exp();
                if x * beta > threshold { g } else { g * power / (power + E::ONE) }
            })
        }
        Function::LogSigmoid => slope!(slices, |x, g| {
            let power = (-x.abs()).exp();
            let share = power / (E::ONE + power);
            if x < E::ZERO { g * (E::ONE - share) } else { g * share }
        }),
        Function::Hardsigmoid => {
            let three = number(3.0);
            // PyTorch's sixth is an f32 in its f64 code too.
            let sixth = number(f64::from(1.0f32 / 6.0));
            slope!(slices, |x, g| if x > -three && x < three { g * sixth } else { E::ZERO })
        }
        Function::Hardswish => {
            let three = number(3.0);
            let bend = |x, g| if x >= three { g } else { g * (x / three + number(0.5)) };
            slope!(slices, |x, g| if x <= -three { E::ZERO } else { bend(x, g) })
        }
        Function::Threshold { threshold, .. } => {
            let threshold = number(threshold);
            slope!(slices, |x, g| if x <= threshold { E::ZERO } else { g })
        }
        Function::Power(0.0) => slope!(slices, |_, g| g * E::ZERO),
        Function::Power(exponent) => {
            let factor = number(exponent);
            slope!(slices, |x, g| g * (factor * power(x, exponent - 1.0)))
        }
        Function::Exp => slope!(slices, |y, g| g * y),
        Function::Log => slope!(slices, |x, g| g / x),
        Function::Sqrt => slope!(slices, |y, g| g / (y + y)),
        Function::Rsqrt => slope!(slices, |y, g| number(-0.5) * g * (y * y * y)),
        Function::Expm1 => slope!(slices, |y, g| g * (y + E::ONE)),
        Function::Log1p => slope!(slices, |x, g| g / (x + E::ONE)),
        Function::Erf => slope!(slices, |x, g| g * number(core::f64::consts::FRAC_2_SQRT_PI) * (-(x * x)).exp()),
        Function::Sin => slope!(slices, |x, g| g * x.cos()),
        Function::Cos => slope!(slices, |x, g| -g * x.sin()),
        Function::Abs => slope!(slices, |x, g| g * sign(x)),
        Function::Neg | Function::SubtractFrom(_) => slope!(slices, |_, g| -g),
        Function::Add(_) => slope!(slices, |_, g| g),
        Function::Multiply(c) => {
            let c = number(c);
            slope!(slices, |_, g| g * c)
        }
        Function::Divide(c) => {
            let c = number(c);
            slope!(slices, |_, g| g / c)
        }
        Function::DivideInto(c) => {
            let c = number(c);
            slope!(slices, |x, g| -g * ((c / x) / x))
        }
    }
}

/// What a backward pass reads and writes.
struct Slices<'a, E> {
    known: &'a [E],
    output_gradient: &'a [E],
    input_gradient: &'a mut [E],
    accumulate: bool,
}

/// Derivatives that are computed before they are written or added.
pub(super) const PART: usize = 512;

impl<E: Float> Slices<'_, E> {
    /// As `slope!`, without the way through a part.
    #[inline(always)]
    fn map_at_once(self, derivative: impl Fn(E, E) -> E) {
        let len = self.input_gradient.len();
        assert!(self.known.len() == len, "the gradient of a function of one number");
        if self.output_gradient.is_empty() {
            for (gradient, known) in self.input_gradient.iter_mut().zip(self.known) {
                *gradient = derivative(*known, *gradient);
            }
            return;
        }
        assert!(self.output_gradient.len() == len, "the gradient of a function of one number");
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

bound_by_memory! {
    /// Writes or adds a part.
    pub(super) fn give<E: Float>(part: &[E], to: &mut [E], accumulate: bool) = give_body;
}

#[inline(always)]
fn give_body<E: Float>(part: &[E], to: &mut [E], accumulate: bool) {
    if accumulate {
        to.iter_mut().zip(part).for_each(|(to, part)| *to += *part);
    } else {
        to.copy_from_slice(part);
    }
}

/// tanh(log(1 + exp(x))): with e = exp(x), ((1 + e)² - 1) / ((1 + e)² + 1).
#[inline(always)]
fn tanh_softplus<E: Float>(x: E) -> E {
    let power = x.exp();
    let product = power * (power + E::from_f64(2.0));
    if x > E::from_f64(20.0) { E::ONE } else { product / (product + E::from_f64(2.0)) }
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

/// min(max(x + 3, 0), 6)
#[inline(always)]
fn gate<E: Float>(x: E) -> E {
    (x + E::from_f64(3.0)).maximum(E::ZERO).minimum(E::from_f64(6.0))
}

/// 1, -1, or 0 for 0 and for NaN.
#[inline(always)]
fn sign<E: Float>(x: E) -> E {
    if x > E::ZERO {
        E::ONE
    } else if x < E::ZERO {
        -E::ONE
    } else {
        E::ZERO
    }
}

//! A CycleGAN learns: two generators, one for each way, and two critics, which tell drawn pictures from generated ones.

use nn::loss::{L1Loss, MSELoss};
use nn::optim::Adam;
use nn::prelude::*;

use crate::cyclegan::Generator;
use crate::picture::Picture;

/// Height and width of the pictures that are learnt from.
pub(crate) const SIZE: usize = 64;

network! {
    /// A small generator.
    pub(crate) struct Small: [3, 64, 64] -> [3, 64, 64] {
        generator: Generator(3, 16, 3),
    }
}

network! {
    /// A number for each region of the picture: 1 where it seems drawn, 0 where generated.
    pub(crate) struct Critic: [3, 64, 64] -> [1, 15, 15] {
        Conv2d(3, 24, 4, stride = 2, padding = 1), LeakyReLU(0.2),
        Conv2d(24, 48, 4, stride = 2, padding = 1), InstanceNorm2d(48), LeakyReLU(0.2),
        Conv2d(48, 1, 4, padding = 1),
    }
}

/// What a network needs to learn.
pub(crate) struct Learner<M: Network> {
    pub(crate) network: Box<M>,
    gradients: Box<M>,
    optimizer: Box<Adam<M>>,
}

impl<M: Network<Element = f32>> Learner<M> {
    pub(crate) fn new(lr: f64, random: &mut nn::Random) -> Learner<M> {
        let mut optimizer = Adam::boxed(lr);
        optimizer.betas.0 = 0.5;
        Learner { network: M::init(random), gradients: M::gradients(), optimizer }
    }

    pub(crate) fn step(&mut self, lr: f64) {
        self.optimizer.set_lr(lr);
        self.optimizer.step(&mut self.network, &self.gradients);
        self.gradients.set_zero();
    }
}

/// Memory of the passes.
pub(crate) struct Tapes {
    there: Box<nn::Tape<Small, 1>>,
    back: Box<nn::Tape<Small, 1>>,
    critic: Box<nn::Tape<Critic, 1>>,
    /// Where the critics' gradients go while they judge for the generators' sake.
    unused: Box<Critic>,
}

impl Tapes {
    pub(crate) fn new() -> Tapes {
        Tapes { there: Small::tape(), back: Small::tape(), critic: Critic::tape(), unused: Critic::gradients() }
    }
}

/// How far a picture comes back changed, and how little the critic is deceived.
#[derive(Clone, Copy, Default)]
pub(crate) struct Losses {
    pub(crate) cycle: f32,
    pub(crate) deceit: f32,
}

/// One way: a picture from its domain to the other and back, and a picture that is in the other domain already.
pub(crate) fn way(
    there: &mut Learner<Small>,
    back: &mut Learner<Small>,
    critic: &mut Learner<Critic>,
    (picture, other): (&Picture<SIZE>, &Picture<SIZE>),
    tapes: &mut Tapes,
) -> Losses {
    let (picture, other) = (std::slice::from_ref(picture), std::slice::from_ref(other));
    let (picture, other): (&[_; 1], &[_; 1]) = (picture.try_into().expect("one"), other.try_into().expect("one"));
    let mut slopes = [Picture::default()];

    // There and back again: the same picture.
    let generated = *there.network.forward_train(picture, &mut tapes.there);
    let returned = back.network.forward_train(&generated, &mut tapes.back);
    let cycle = L1Loss::new().forward(returned, picture, &mut slopes);
    scale(&mut slopes, 10.0);
    slopes = *back.network.backward(&mut tapes.back, &slopes, &mut back.gradients);

    // The critic shall take the generated picture for a drawn one.
    let mut judgement = [Tensor3::default()];
    let (drawn, made) = ([Tensor3([[[1.0; 15]; 15]])], [Tensor3::default()]);
    let judged = critic.network.forward_train(&generated, &mut tapes.critic);
    let deceit = MSELoss::new().forward(judged, &drawn, &mut judgement);
    let deceiving = critic.network.backward(&mut tapes.critic, &judgement, &mut tapes.unused);
    slopes[0].as_mut_slice().iter_mut().zip(deceiving[0].as_slice()).for_each(|(sum, slope)| *sum += slope);
    there.network.backward_parameters(&mut tapes.there, &slopes, &mut there.gradients);

    // A picture that is in the other domain already stays as it is.
    let same = there.network.forward_train(other, &mut tapes.there);
    L1Loss::new().forward(same, other, &mut slopes);
    scale(&mut slopes, 5.0);
    there.network.backward_parameters(&mut tapes.there, &slopes, &mut there.gradients);

    // The critic learns to tell the two.
    for (seen, truth) in [(&generated, &made), (other, &drawn)] {
        let judged = critic.network.forward_train(seen, &mut tapes.critic);
        MSELoss::new().forward(judged, truth, &mut judgement);
        judgement[0].as_mut_slice().iter_mut().for_each(|slope| *slope *= 0.5);
        critic.network.backward_parameters(&mut tapes.critic, &judgement, &mut critic.gradients);
    }
    Losses { cycle, deceit }
}

fn scale(slopes: &mut [Picture<SIZE>; 1], factor: f32) {
    slopes[0].as_mut_slice().iter_mut().for_each(|slope| *slope *= factor);
}

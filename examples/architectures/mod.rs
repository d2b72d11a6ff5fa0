//! Networks that everyone knows, each on a page.

pub(crate) mod cyclegan;
pub(crate) mod dense;
pub(crate) mod gpt;
pub(crate) mod mobilenet;
pub(crate) mod resnet;
pub(crate) mod squeeze;
pub(crate) mod tcn;
pub(crate) mod unet;

pub(crate) use cyclegan::CycleGan;
pub(crate) use dense::DenseNet;
pub(crate) use gpt::Gpt;
pub(crate) use mobilenet::MobileNet;
pub(crate) use resnet::ResNet18;
pub(crate) use squeeze::SqueezeNet;
pub(crate) use tcn::Tcn;
pub(crate) use unet::UNet;

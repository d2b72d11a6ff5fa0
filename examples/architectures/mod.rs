//! Networks that everyone knows, each on a page.

pub(crate) mod dense;
pub(crate) mod mobilenet;
pub(crate) mod resnet;
pub(crate) mod squeeze;
pub(crate) mod unet;

pub(crate) use dense::DenseNet;
pub(crate) use mobilenet::MobileNet;
pub(crate) use resnet::ResNet18;
pub(crate) use squeeze::SqueezeNet;
pub(crate) use unet::UNet;

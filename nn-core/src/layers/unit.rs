//! Layers without anything to learn: a zero-sized struct for each name of the catalogue.

/// Structs that share an operation, a forward and a backward pass.
macro_rules! unit_layers {
    ($config:ty, $forward:path, $backward:path; $($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name<E: $crate::Element = f32>(core::marker::PhantomData<E>);

        $crate::parameters! {
            impl [E: $crate::Element] $name<E> {
                element: E,
                parameters: [],
                reset: |_, _| {},
            }
        }

        impl<E: $crate::Element> $crate::Layer for $name<E> {
            type Config = $config;

            fn forward(&self, config: &$config, pass: $crate::Forward<'_, E>) {
                $forward(config, pass);
            }

            fn backward(&self, config: &$config, pass: $crate::Backward<'_, E>, _gradients: Option<&mut Self>) {
                $backward(config, pass);
            }
        }
    )*};
}
pub(crate) use unit_layers;
